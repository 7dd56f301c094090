// Catalogue: all lessons there are, in the order of the table of contents. The list is web/lessons/lessons.def.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

struct LessonEntry {
  LessonInfo info;
  std::unique_ptr<Lesson> (*make)();
};

/// One entry a line of lessons.def; made at the first call, never changed. Defined in web/lessons/catalogue.cpp.
std::span<const LessonEntry> lessons();

/// Errors: a sentence that names the slug and where the lessons are listed.
Result<const LessonEntry*> find_lesson(std::span<const LessonEntry> lessons, std::string_view slug);

}  // namespace chainrule
