// How far the next float is: what an update must move a weight by, at least, to move it at all.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[i] = |v − w[i]|, where v is the number of the element type that follows w[i] on the way against g[i]: the
/// next smaller one where g[i] > 0, the next larger one where g[i] < 0 or is 0. An update by at most half of y[i]
/// leaves w[i] where it is (a tie goes to the even of the two). NaN where w[i] is not finite.
/// Operands: w, g. Shapes: w, g, y alike. Source: IEEE 754-2019, 5.3.1, nextUp and nextDown.
struct FloatGap {
  static constexpr std::string_view kName = "gap to the next float";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
