// Computes what a displayed equation says: a reader with a float32 calculator, who knows nothing of tapes.
#pragma once

#include <optional>
#include <string_view>

namespace chainrule::test {

/// The value of an expression of numbers, + − · /, parentheses, |x| and functions, in float32, operators of equal rank
/// from left to right. Empty where the text is no such expression. Strict about signs: a minus that is not at the
/// beginning of its group must stand in parentheses, and minus is U+2212, also in exponents.
std::optional<float> evaluate_text(std::string_view text);

}  // namespace chainrule::test
