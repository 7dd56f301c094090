// "Any network": backpropagation on a network that people build, one number at a time.
#include "web/lessons/tape/tape_lesson.h"

namespace chainrule {

std::unique_ptr<Lesson> make_backprop() {
  TapeLessonSetup setup{.info = {.slug = "backprop",
                                 .title = "Backpropagation on any network",
                                 .summary = "Build a network, change any of its numbers, and watch the chain rule carry the change through.",
                                 .topic = "Backpropagation",
                                 .decks = "000, 001, 002, 004",
                                 .is_read = true},
                        .example = "own"};
  return std::make_unique<TapeLesson>(std::move(setup));
}

}  // namespace chainrule
