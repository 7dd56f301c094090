// Numbers to text and back, the same on every machine.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace chainrule {

/// The shortest decimal text that reads back as the same number; "NaN", "Infinity", "-Infinity"; -0 is "-0".
std::string shortest_text(float value);
std::string shortest_text(double value);

/// `digits` significant decimal digits, plain notation where that is short, otherwise 1.23e-7.
std::string significant_text(double value, int digits);

/// `decimals` digits after the point.
std::string fixed_text(double value, int decimals);

/// 60000 -> "60,000".
std::string grouped_text(long long value);

/// The whole of `text` as one number. Errors: empty, not a number, out of float's range.
Result<float> parse_float(std::string_view text);
Result<long long> parse_integer(std::string_view text);

/// `text` as the inside of a JSON string, quotes included.
std::string json_quoted(std::string_view text);

/// A JSON number; non-finite values become the strings "NaN", "Infinity", "-Infinity".
std::string json_number(double value);
std::string json_number(float value);

}  // namespace chainrule
