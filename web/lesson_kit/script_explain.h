// An Explanation as JSON, see script_api.h.
#pragma once

#include "web/lesson_kit/json.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

inline constexpr std::size_t kScriptTextTerms = 32;

/// Requires: offset >= 0, limit >= 0.
JsonText explanation_json(const Explanation& explanation, std::int64_t offset, std::int64_t limit);

}  // namespace chainrule
