#include "web/lesson_kit/lesson.h"

#include <algorithm>

namespace chainrule {

const ParamSpec* find_param(std::span<const ParamSpec> params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &ParamSpec::name);
  return found == params.end() ? nullptr : &*found;
}

bool Lesson::changes_model(const Action& action) const {
  if (action.kind != Action::Kind::kSet) return true;
  const ParamSpec* spec = find_param(params(), action.name);
  return spec != nullptr && spec->changes_model;
}

}  // namespace chainrule
