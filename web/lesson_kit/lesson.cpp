#include "web/lesson_kit/lesson.h"

#include <algorithm>

namespace chainrule {

std::span<const std::string_view> Lesson::phase_names() const {
  static constexpr std::string_view kNames[] = {"forward", "loss", "backward", "update"};
  return kNames;
}

const ParamSpec* find_param(std::span<const ParamSpec> params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &ParamSpec::name);
  return found == params.end() ? nullptr : &*found;
}

Effect Lesson::effect(const Action& action) const {
  if (action.kind != Action::Kind::kSet) return Effect::kModel;
  const ParamSpec* spec = find_param(params(), action.name);
  return spec != nullptr && spec->changes_model ? Effect::kModel : Effect::kView;
}

// Only numbers are dragged. A choice that is set to another and back may lose what the first one kept.
bool Lesson::merge(Action& last, const Action& next) const {
  if (last.kind != next.kind || last.name != next.name) return false;
  if (next.kind == Action::Kind::kEdit) {
    if (last.number != next.number) return false;
  } else if (next.kind == Action::Kind::kSet) {
    const ParamSpec* spec = find_param(params(), next.name);
    const bool number = spec != nullptr && (spec->type == ParamType::kReal || spec->type == ParamType::kInteger);
    if (!number || spec->restarts) return false;
  } else if (next.kind != Action::Kind::kAssign) {
    return false;
  }
  last = next;
  return true;
}

}  // namespace chainrule
