// A whole tensor to one number, and one number back to a whole tensor.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y = sum_i x[i]. Shapes: x any, y [1]. Ensures: the sum starts at 0 and runs in row-major order.
struct Sum {
  static constexpr std::string_view kName = "sum";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"element", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y = (sum_i x[i]) / size. Shapes and order as Sum; divided once at the end.
struct Mean {
  static constexpr std::string_view kName = "mean";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"element", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y[i] = x / divisor, with attribute divisor: 1 for the gradient of Sum, the size for that of Mean.
/// Shapes: x [1], y has attribute shape.
struct Spread {
  static constexpr std::string_view kName = "spread";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = (sum_i |x[i]|) / size: how large a tensor's numbers are. No squares, which would leave the range of floats long
/// before the numbers do. Shapes: x any, y [1]. Ensures: order as Sum; divided once at the end.
struct MeanMagnitude {
  static constexpr std::string_view kName = "mean magnitude";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"element", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
