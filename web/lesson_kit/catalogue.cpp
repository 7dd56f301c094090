#include "web/lesson_kit/catalogue.h"

#include <algorithm>

namespace chainrule {

Result<const LessonEntry*> find_lesson(std::span<const LessonEntry> lessons, std::string_view slug) {
  for (const LessonEntry& entry : lessons)
    if (entry.info.slug == slug) return &entry;
  std::string shown;
  for (const char c : slug.substr(0, 40)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  return Error{"There is no lesson \"" + shown + "\"; the contents list all " + std::to_string(lessons.size()) + "."};
}

}  // namespace chainrule
