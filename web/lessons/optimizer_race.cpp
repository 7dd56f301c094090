// "Optimizer race": deck 004's optimizers side by side.
#include "web/lessons/race/race_lesson.h"

namespace chainrule {

std::unique_ptr<Lesson> make_optimizer_race() { return std::make_unique<RaceLesson>(); }

}  // namespace chainrule
