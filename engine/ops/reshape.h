// Reshape: the same numbers under another shape.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[i] = x[i] in row-major order. Copies, so that no two tensors share a buffer and each number has one name.
/// Shapes: y has attribute shape, with as many elements as x.
struct Reshape {
  static constexpr std::string_view kName = "reshape";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

}  // namespace chainrule
