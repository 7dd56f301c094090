#include "web/lesson_kit/param_table.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace chainrule {

ParamValues::ParamValues(std::vector<ParamSpec> specs) : specs_(std::move(specs)) {
  for (const ParamSpec& spec : specs_) values_.push_back(spec.initial);
}

double ParamValues::operator[](std::string_view name) const {
  const ParamSpec* spec = find_param(specs_, name);
  CHECK(spec != nullptr, "no param is named ", name);
  return values_[static_cast<std::size_t>(spec - specs_.data())];
}

void ParamValues::put(std::string_view name, double value) {
  const ParamSpec* spec = find_param(specs_, name);
  CHECK(spec != nullptr, "no param is named ", name);
  values_[static_cast<std::size_t>(spec - specs_.data())] = value;
}

Result<const ParamSpec*> ParamValues::row_of(const Action& action) const {
  if (action.kind != Action::Kind::kSet) return Error{"This lesson takes no such action: \"" + action.name + "\"."};
  const ParamSpec* spec = find_param(specs_, action.name);
  if (spec == nullptr) return Error{"This lesson has no param \"" + action.name + "\"."};
  if (clamp_param(*spec, action.number) != action.number) return Error{parse_param(*spec, shortest_text(action.number)).error()};
  return spec;
}

Status ParamValues::check(std::span<const double> values) const {
  CHECK(values.size() == specs_.size(), "a value for each param");
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (clamp_param(specs_[i], values[i]) == values[i]) continue;
    return Error{"The saved state sets " + specs_[i].label + " to " + shortest_text(values[i]) + "; it is " + allowed_text(specs_[i]) + "."};
  }
  return Done{};
}

void ParamValues::restore(std::span<const double> values) {
  for (std::size_t i = 0; i < specs_.size(); ++i)
    if (specs_[i].changes_model) values_[i] = values[i];
}

}  // namespace chainrule
