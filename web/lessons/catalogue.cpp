#include "web/lesson_kit/catalogue.h"

#include <vector>

namespace chainrule {

#define LESSON(name) std::unique_ptr<Lesson> make_##name();
#include "web/lessons/lessons.def"
#undef LESSON

std::span<const LessonEntry> lessons() {
  // Making a lesson is cheap before its first reset, and a lesson's description stands in one place: in the lesson.
  static const std::vector<LessonEntry> entries = {
#define LESSON(name) {make_##name()->info(), &make_##name},
#include "web/lessons/lessons.def"
#undef LESSON
  };
  return entries;
}

}  // namespace chainrule
