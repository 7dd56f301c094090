#include "web/widgets/value_text.h"

#include <cmath>
#include <cstdlib>

#include "engine/base/text.h"

namespace chainrule {
namespace {

/// Characters, not bytes.
int length_of(const std::string& text) {
  int length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  return length;
}

}  // namespace

std::string with_minus_signs(std::string text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-')
      out += "−";
    else
      out += text[at];
  }
  return out;
}

std::string value_text(float value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0.0f ? "∞" : "−∞";
  if (value != 0.0f && std::abs(value) < 1e9f && value == std::floor(value)) return with_minus_signs(std::to_string(static_cast<long long>(value)));
  return with_minus_signs(digits > 0 ? significant_text(value, digits) : shortest_text(value));
}

std::string cell_text(float value, int decimals, int most) {
  if (!std::isfinite(value)) return value_text(value, 3);
  for (int places = decimals; places >= 0; --places) {
    std::string text = with_minus_signs(fixed_text(value, places));
    if (length_of(text) <= most) return text;
  }
  return with_minus_signs(significant_text(value, 1));
}

double read_value_text(std::string text) {
  constexpr std::string_view kMinus = "−";
  for (std::size_t at = 0; (at = text.find(kMinus, at)) != text.npos;) text.replace(at, kMinus.size(), "-");
  return std::strtod(text.c_str(), nullptr);
}

std::string percent_text(double fraction, int decimals) {
  if (!std::isfinite(fraction)) return "–";
  return fixed_text(100.0 * fraction, decimals) + " %";
}

}  // namespace chainrule
