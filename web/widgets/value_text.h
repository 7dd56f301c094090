// How widgets write numbers: a true minus sign, NaN and ∞ named as such, never wider than asked for.
#pragma once

#include <string>

namespace chainrule {

/// `value` with at most `digits` significant digits; "−" is U+2212, "NaN", "∞", "−∞"; whole numbers below a billion in full. digits 0: the shortest text that
/// reads back as the same float.
std::string value_text(float value, int digits);

/// For a cell of a grid: `decimals` digits after the point where they fit in `most` characters, otherwise fewer, then 1e5.
std::string cell_text(float value, int decimals, int most);

/// A fraction as "99.38 %"; NaN: "–".
std::string percent_text(double fraction, int decimals);

/// The number that a reader of such a text calculates with; 0 for what is no number.
double read_value_text(std::string text);

/// A text of the engine's with its hyphens before digits as minus signs.
std::string with_minus_signs(std::string text);

}  // namespace chainrule
