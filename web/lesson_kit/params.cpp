#include "web/lesson_kit/params.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"

namespace chainrule {
namespace {

// A limit such as 0.1 has a float beside it, which texts and sliders mean; it is allowed too.
double as_float(double value) { return static_cast<double>(static_cast<float>(value)); }

}  // namespace

std::string allowed_text(const ParamSpec& spec) {
  std::string names;
  switch (spec.type) {
    case ParamType::kSwitch:
      return "on or off";
    case ParamType::kChoice:
      for (const std::string& choice : spec.choices) names += (names.empty() ? "" : ", ") + choice;
      return "one of " + names;
    case ParamType::kInteger:
    case ParamType::kReal:
      break;
  }
  return std::string(spec.type == ParamType::kInteger ? "a whole number" : "a number") + " from " +
         shortest_text(spec.minimum) + " to " + shortest_text(spec.maximum);
}

std::string param_text(const ParamSpec& spec, double value) {
  switch (spec.type) {
    case ParamType::kSwitch:
      return value != 0 ? "on" : "off";
    case ParamType::kChoice:
      return spec.choices.at(static_cast<std::size_t>(clamp_param(spec, value)));
    case ParamType::kInteger:
      return std::to_string(static_cast<long long>(value));
    case ParamType::kReal:
      return shortest_text(static_cast<float>(value));
  }
  return "";
}

Result<double> parse_param(const ParamSpec& spec, std::string_view text) {
  const auto refused = [&] {
    return Error{spec.label + " (" + spec.name + ") cannot be \"" + std::string(text) + "\"; it is " +
                 allowed_text(spec) + "."};
  };
  if (spec.type == ParamType::kSwitch) {
    if (text == "on" || text == "1" || text == "true") return 1.0;
    if (text == "off" || text == "0" || text == "false") return 0.0;
    return refused();
  }
  if (spec.type == ParamType::kChoice) {
    const auto found = std::find(spec.choices.begin(), spec.choices.end(), text);
    if (found == spec.choices.end()) return refused();
    return static_cast<double>(found - spec.choices.begin());
  }
  double value = 0;
  if (spec.type == ParamType::kInteger) {
    const Result<long long> whole = parse_integer(text);
    if (!whole.ok()) return refused();
    value = static_cast<double>(whole.value());
  } else {
    const Result<float> real = parse_float(text);
    if (!real.ok()) return refused();
    value = static_cast<double>(real.value());
  }
  if (clamp_param(spec, value) != value) return refused();
  return value;
}

double clamp_param(const ParamSpec& spec, double value) {
  if (std::isnan(value)) return spec.initial;
  switch (spec.type) {
    case ParamType::kSwitch:
      return value != 0 ? 1.0 : 0.0;
    case ParamType::kChoice:
      return std::clamp(std::floor(value), 0.0, static_cast<double>(spec.choices.size()) - 1.0);
    case ParamType::kInteger:
      return std::clamp(std::round(value), spec.minimum, spec.maximum);
    case ParamType::kReal:
      break;
  }
  return std::clamp(value, std::min(spec.minimum, as_float(spec.minimum)),
                    std::max(spec.maximum, as_float(spec.maximum)));
}

}  // namespace chainrule
