// Quotients, powers, elementary functions, and the larger or smaller of two numbers: what formulas are made of beside
// sums and products (elementwise.h). All element by element.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y = a / b. Backward: da = dy / b, db = −(dy · y) / b. Shapes: a, b, y alike.
struct Divide {
  static constexpr std::string_view kName = "divide";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// db = −(dy · y) / b, of y = a / b. Operands: b, y, dy.
struct DivisorGrad {
  static constexpr std::string_view kName = "divisor gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = a^b, by math::pow: NaN where a < 0 and b is not whole. Shapes: a, b, y alike.
struct Power {
  static constexpr std::string_view kName = "power";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// da = dy · (b · a^(b − 1)), and 0 where b is 0. Operands: a, b, dy.
struct PowerBaseGrad {
  static constexpr std::string_view kName = "power base gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// db = dy · (y · ln a), and 0 where a is 0: the limit for b > 0. Operands: a, y, dy.
struct PowerExponentGrad {
  static constexpr std::string_view kName = "power exponent gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = f(x) with f one of functions.def: e^x | ln x | √x | |x| | sin x | cos x | tan x = sin x / cos x
/// Outside of f's domain y is NaN or infinite. Shapes: y as x.
struct Elementary {
  static constexpr std::string_view kName = "function";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dx = dy · y | dy / x | dy / (2 · y) | dy · sign x | dy · cos x | dy · (−sin x) | dy / (cos x · cos x)
/// At the kink of |x|, x = 0, it is 0: a subgradient, by convention. Operands: x, y, dy.
struct ElementaryGrad {
  static constexpr std::string_view kName = "function gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = max(a, b), or with `smaller` min(a, b); a where both are equal; NaN where either is. Shapes: a, b, y alike.
struct Extreme {
  static constexpr std::string_view kName = "extreme";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// Gradient of Extreme's a, or with `second` of its b: dy where that one was taken, else 0. Operands: a, b, dy.
struct ExtremeGrad {
  static constexpr std::string_view kName = "extreme gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
