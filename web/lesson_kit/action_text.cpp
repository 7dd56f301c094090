#include "web/lesson_kit/action_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/text.h"

namespace chainrule {
namespace {

constexpr std::string_view kPlainInside = "-._~ !\"#$&'()*+/<=>?@[\\]^`{|}";  // all but those with a meaning here
constexpr std::size_t kMostNotes = 4;  // of a text that is wrong all over
constexpr double kLargestIndex = 9007199254740992.0;  // 2^53: whole numbers up to here are doubles

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string short_number(float value) {
  std::string text = shortest_text(value);
  const std::size_t zero = text.starts_with('-') ? 1 : 0;
  if (text.size() > zero + 2 && text[zero] == '0' && text[zero + 1] == '.') text.erase(zero, 1);
  return text;
}

bool read_number(std::string_view text, float& value) {
  if (text == "NaN") return value = std::numeric_limits<float>::quiet_NaN(), true;
  const bool negative = text == "-Infinity";
  if (negative || text == "Infinity") {
    value = (negative ? -1.0f : 1.0f) * std::numeric_limits<float>::infinity();
    return true;
  }
  const Result<float> read = parse_float(text);
  if (read.ok()) value = read.value();
  return read.ok();
}

std::string numbers_text(std::span<const float> numbers) {
  std::string text;
  for (const float number : numbers) text += (text.empty() ? "" : ":") + short_number(number);
  return text;
}

bool read_numbers(std::string_view text, std::vector<float>& numbers) {
  if (text.empty()) return true;
  for (const std::string_view part : split(text, ':')) {
    float number = 0;
    if (!read_number(part, number)) return false;
    numbers.push_back(number);
  }
  return true;
}

std::string fields_of(const Action& action, std::span<const ParamSpec> specs) {
  const std::string name = percent_encoded(action.name, kPlainInside);
  switch (action.kind) {
    case Action::Kind::kSet: {
      const ParamSpec* spec = find_param(specs, action.name);
      return "s," + name + "," + (spec != nullptr ? percent_encoded(param_text(*spec, action.number), kPlainInside) : "");
    }
    case Action::Kind::kEdit:
      return "e," + name + "," + std::to_string(static_cast<long long>(action.number)) + "," + numbers_text(action.data);
    case Action::Kind::kAssign: return "a," + name + "," + numbers_text(action.data);
    case Action::Kind::kCommand: break;
  }
  std::string text = "c," + name + "," + short_number(static_cast<float>(action.number));
  if (!action.data.empty() || !action.text.empty()) text += "," + numbers_text(action.data);
  if (!action.text.empty()) text += "," + percent_encoded(action.text, kPlainInside);
  return text;
}

// A param that an entry sets. Values out of range are an error here: only whole links clamp.
Result<Action> read_set(const std::string& name, std::string_view value, std::span<const ParamSpec> specs) {
  const ParamSpec* spec = find_param(specs, name);
  if (spec == nullptr) return Error{"The link sets " + printable(name) + ", which this lesson does not have; it is ignored."};
  if (spec->restarts)
    return Error{"The link sets " + spec->label + " (" + spec->name + ") on the way, but that starts over; it is ignored."};
  const Result<double> parsed = parse_param(*spec, percent_decoded(value));
  if (parsed.ok()) return Action::set(name, parsed.value());
  return Error{"The link's " + spec->label + " (" + spec->name + ") cannot be " + printable(value) + "; it is " +
               allowed_text(*spec) + ", and this change is ignored."};
}

// The fields after the step. An error without a sentence: not of this form.
Result<Action> read_action(std::span<const std::string_view> fields, std::span<const ParamSpec> specs) {
  const Error wrong{""};
  if (fields.size() < 3 || fields[0].size() != 1) return wrong;
  const std::string name = percent_decoded(fields[1]);
  if (name.empty()) return wrong;
  std::vector<float> numbers;
  switch (fields[0][0]) {
    case 's': return fields.size() == 3 ? read_set(name, fields[2], specs) : wrong;
    case 'e': {
      const Result<long long> index = parse_integer(fields[2]);
      if (fields.size() != 4 || !index.ok() || index.value() < 0 || static_cast<double>(index.value()) > kLargestIndex ||
          !read_numbers(fields[3], numbers) || numbers.size() != 1)
        return wrong;
      return Action::edit(name, index.value(), numbers[0]);
    }
    case 'a':
      if (fields.size() != 3 || !read_numbers(fields[2], numbers)) return wrong;
      return Action::assign(name, std::move(numbers));
    case 'c': {
      float number = 0;
      if (fields.size() > 5 || !read_number(fields[2], number)) return wrong;
      if (fields.size() > 3 && !read_numbers(fields[3], numbers)) return wrong;
      return Action::command(name, static_cast<double>(number), std::move(numbers),
                             fields.size() > 4 ? percent_decoded(fields[4]) : "");
    }
    default: return wrong;
  }
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out + (text.size() > most ? "...\"" : "\"");
}

std::string percent_encoded(std::string_view text, std::string_view plain) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || plain.find(c) != plain.npos;
    if (stays) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  const auto hex = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::string action_text(std::span<const LoggedAction> actions, std::span<const ParamSpec> specs) {
  std::string text;
  std::int64_t step = 0;
  for (const LoggedAction& logged : actions) {
    if (!text.empty()) text += ';';
    if (logged.step != step) text += std::to_string(logged.step);
    text += "," + fields_of(*logged.action, specs);
    step = logged.step;
  }
  return text;
}

std::vector<LoggedAction> parse_actions(std::string_view text, std::span<const ParamSpec> specs,
                                        std::vector<std::string>& notes) {
  std::vector<LoggedAction> actions;
  if (text.empty()) return actions;
  std::int64_t step = 0;
  std::size_t told = 0, ignored = 0;
  const auto note = [&](std::string sentence) { ++told <= kMostNotes ? notes.push_back(std::move(sentence)) : void(++ignored); };
  for (const std::string_view entry : split(text, ';')) {
    const std::vector<std::string_view> fields = split(entry, ',');
    const Result<long long> at = fields[0].empty() ? Result<long long>(step) : parse_integer(fields[0]);
    const bool known = at.ok() && at.value() >= step && at.value() <= kMostLinkSteps;
    Result<Action> action = known ? read_action(std::span(fields).subspan(1), specs) : Result<Action>(Error{""});
    if (!action.ok()) {
      note(!action.error_message().empty() ? action.error_message()
                                           : "The link's change " + printable(entry) + " cannot be read; it is ignored.");
      continue;
    }
    step = at.value();
    actions.push_back({step, std::make_shared<const Action>(std::move(action).value())});
  }
  if (ignored > 0) notes.push_back("Of the link's changes, " + std::to_string(ignored) + " more cannot be used; they are ignored.");
  return actions;
}

std::string action_name(const Action& action, std::span<const ParamSpec> specs) {
  switch (action.kind) {
    case Action::Kind::kSet: {
      const ParamSpec* spec = find_param(specs, action.name);
      return spec == nullptr ? action.name : spec->label + " = " + param_text(*spec, action.number);
    }
    case Action::Kind::kEdit:
      return action.name + "[" + std::to_string(static_cast<long long>(action.number)) + "] = " + numbers_text(action.data);
    case Action::Kind::kAssign:
    case Action::Kind::kCommand: break;
  }
  return action.name;
}

}  // namespace chainrule
