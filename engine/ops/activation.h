// Activation functions, applied to each number on its own.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y = f(x) with f one of activations.def:
///   identity x | binary step [x > 0] | logistic 1/(1+e^−x) | tanh | arctan | softsign x/(1+|x|) |
///   ReLU x if x > 0 else 0 | leaky ReLU x if x > 0 else slope·x | softplus ln(1+e^x)
/// Shapes: y as x.
struct Activate {
  static constexpr std::string_view kName = "activation";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dx = dy · f′(x), with f′ written in y where that is the usual form:
///   1 | 0 | y·(1−y) | 1−y² | 1/(1+x²) | 1/(1+|x|)² | 1 if x > 0 else 0 | 1 if x > 0 else slope | logistic(x)
/// At the kink of (leaky) ReLU, x = 0, the value of the left branch is taken: a subgradient, by convention.
/// Shapes: x, y, dy, dx alike.
struct ActivateGrad {
  static constexpr std::string_view kName = "activation gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
