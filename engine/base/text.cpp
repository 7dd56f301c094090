#include "engine/base/text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace chainrule {
namespace {

/// Exponents are padded to two digits by the standard library: 1.2e-07 becomes 1.2e-7.
std::string without_padding(std::string text) {
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text[exponent + 2] == '0') text.erase(exponent + 2, 1);
  return text;
}

template <class T>
std::string shortest(T value) {
  if (value != value) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return without_padding(std::string(buffer, end));
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
  return without_padding(buffer);
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return shortest(value);
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

std::string grouped_text(long long value) {
  const std::string plain = std::to_string(value);
  const std::size_t sign = value < 0 ? 1 : 0;
  std::string grouped;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    if (at > sign && (plain.size() - at) % 3 == 0) grouped += ',';
    grouped += plain[at];
  }
  return grouped;
}

Result<float> parse_float(std::string_view text) {
  const std::string copy(text);
  const auto not_a_number = [&] { return Error{json_quoted(copy) + " is not a number; write it like 0.05 or 1e-3."}; };
  if (copy.empty()) return Error{"A number is expected, but the field is empty."};
  for (const char c : copy) {
    if ((c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E')
      return not_a_number();
  }
  char* end = nullptr;
  const float value = std::strtof(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size()) return not_a_number();
  if (!std::isfinite(value)) return Error{json_quoted(copy) + " is beyond the largest float, 3.4028235e38; use a smaller number."};
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
