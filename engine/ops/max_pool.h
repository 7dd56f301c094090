// Max pooling: the largest value of each window.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[n,c,p,q] = max over r, s of x[n, c, p·stride + r, q·stride + s]
/// Shapes: x [N,C,H,W], y [N,C,P,Q] with P = floor((H − window) / stride) + 1, Q alike; window and stride are square.
/// Ensures: compare-and-select in row-major order from the first element; a tie keeps the earlier one.
struct MaxPool {
  static constexpr std::string_view kName = "max pool";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"row", "column", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dx[n,c,h,w] = sum over the windows (p,q) that hold (h,w): dy[n,c,p,q] if x[n,c,h,w] won that window, else 0.
/// Shapes: x [N,C,H,W], dy [N,C,P,Q], dx as x.
/// Ensures: the sum starts at 0 and runs over p, then q; the winner is the first maximum in row-major order, as in MaxPool.
struct MaxPoolGrad {
  static constexpr std::string_view kName = "max pool gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"row", "column", ""};
  CHAINRULE_OP_FACES;
};

/// All sizes of one pooling.
struct PoolSizes {
  int N, C, H, W, P, Q, window, stride;
  std::ptrdiff_t maps() const { return std::ptrdiff_t{N} * C; }
  std::ptrdiff_t numbers_of_map() const { return std::ptrdiff_t{H} * W; }
};
/// Requires: x [N,C,H,W] at least as large as the window.
PoolSizes pool_sizes(const OpAttributes& attributes, const Shape& x);

}  // namespace chainrule
