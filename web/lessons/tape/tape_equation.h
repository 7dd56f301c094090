// What is written on the tape: symbol = symbols = numbers = result, all from the number's derivation.
#pragma once

#include <string>
#include <vector>

#include "web/lessons/tape/tape_lesson.h"
#include "web/lessons/tape/tape_symbol.h"
#include "web/widgets/derivation_maths.h"

namespace chainrule {

/// A number as the lesson writes it.
std::string tape_number(float value, TapeDigits digits);
/// The float that is meant by that text: what a reader would calculate with.
float shown_value(float value, TapeDigits digits);

/// The same for an equation.
MathsNumber tape_maths(const TapeSymbol& symbol, float value, TapeDigits digits, ImU32 color);

/// Its colour: forward values, parameters, gradients and errors are told apart.
ImU32 tape_color(const Theme& theme, const NetModel& model, TensorId tensor);

struct TapeEquation {
  std::vector<MathsItem> items;
  std::vector<ElementRef> operands;  // by the ids of items
};

/// Of an entry of the tape. The relation before the result is = where the shown digits give the shown result, else ≈.
TapeEquation tape_equation(const Theme& theme, const TapeLesson& lesson, const TapeEntry& entry, TapeDigits digits);

/// How the slope of the error in one parameter is measured: ∂E/∂w ≈ (E(w + h) − E(w − h)) / 2h, with the numbers.
std::vector<MathsItem> measured_equation(const Theme& theme, const NetModel& model, TensorId parameter, std::int64_t index, bool numbered);

}  // namespace chainrule
