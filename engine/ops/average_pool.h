// Average pooling (LeNet's subsampling without its trained scale).
#pragma once

#include "engine/ops/max_pool.h"

namespace chainrule {

/// y[n,c,p,q] = (sum over r, s of x[n, c, p·stride + r, q·stride + s]) / window²
/// Shapes: as MaxPool. Ensures: the sum starts at 0 and runs row-major, then is divided once.
struct AveragePool {
  static constexpr std::string_view kName = "average pool";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"row", "column", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dx[n,c,h,w] = (sum of dy[n,c,p,q] over the windows (p,q) that hold (h,w)) / window²
/// Shapes: dy [N,C,P,Q], dx [N,C,H,W] (attribute shape). Ensures: the sum starts at 0 and runs over p, then q.
struct AveragePoolGrad {
  static constexpr std::string_view kName = "average pool gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"row", "column", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
