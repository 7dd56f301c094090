// Bias: one number per unit or feature map, added to all its positions.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[n,c,...] = x[n,c,...] + b[c]
/// Shapes: x and y [N,C] or [N,C,H,W]; b [C].
struct Bias {
  static constexpr std::string_view kName = "bias";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// db[c] = sum over samples n and positions p of dy[n,c,p]: the bias is shared, so its gradients add up.
/// Shapes: dy [N,C] or [N,C,H,W]; db [C] (attribute shape).
/// Ensures: the sum starts at 0 and runs over n, then over positions in row-major order.
struct BiasGrad {
  static constexpr std::string_view kName = "bias gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"sample", "row", "column"};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
