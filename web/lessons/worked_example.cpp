// "Worked example": deck 003's network with its numbers, one number at a time.
#include "web/lessons/tape/tape_lesson.h"

namespace chainrule {

std::unique_ptr<Lesson> make_worked_example() {
  TapeLessonSetup setup{.info = {.slug = "worked-example",
                                 .title = "Worked example",
                                 .summary = "Backpropagation through two hidden units and one output, every factor with its number.",
                                 .topic = "Backpropagation",
                                 .decks = "003",
                                 .is_read = true,
                                 .is_random = false},
                        .example = "deck-003",
                        .fixed = true,
                        .slide = true};
  return std::make_unique<TapeLesson>(std::move(setup));
}

}  // namespace chainrule
