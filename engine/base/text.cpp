#include "engine/base/text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace chainrule {
namespace {

template <class T>
std::string shortest(T value) {
  if (value != value) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

template <class T>
std::string json_of(T value) {
  return std::isfinite(value) ? shortest(value) : "\"" + shortest(value) + "\"";
}

}  // namespace

std::string shortest_text(float value) { return shortest(value); }
std::string shortest_text(double value) { return shortest(value); }

std::string significant_text(double value, int digits) {
  if (!std::isfinite(value)) return shortest(value);
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
  return buffer;
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return shortest(value);
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

std::string grouped_text(long long value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return value < 0 ? "-" + digits : digits;
}

Result<float> parse_float(std::string_view text) {
  const std::string copy(text);
  const std::string quoted = "\"" + copy + "\"";
  if (copy.empty()) return Error{"A number is expected, but the field is empty."};
  for (const char c : copy) {
    if ((c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E')
      return Error{quoted + " is not a number; write it like 0.05 or 1e-3."};
  }
  char* end = nullptr;
  const float value = std::strtof(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size()) return Error{quoted + " is not a number; write it like 0.05 or 1e-3."};
  if (!std::isfinite(value)) return Error{quoted + " is beyond the largest float, 3.4028235e38; use a smaller number."};
  return value;
}

Result<long long> parse_integer(std::string_view text) {
  long long value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size())
    return Error{"\"" + std::string(text) + "\" is not a whole number; write it like 32."};
  return value;
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string json_number(double value) { return json_of(value); }
std::string json_number(float value) { return json_of(value); }

}  // namespace chainrule
