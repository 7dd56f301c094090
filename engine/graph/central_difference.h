// How steep a program's loss is in one number: measured, not derived. What gradient checks compare with.
#pragma once

#include "engine/graph/buffers.h"

namespace chainrule {

/// The loss on either side of a number θ, and the slope between: (L(θ + h) − L(θ − h)) / 2h, off by O(h²).
struct MeasuredSlope {
  double above = 0.0, below = 0.0, h = 0.0;  // L(θ + h), L(θ − h)
  double slope() const { return (above - below) / (2.0 * h); }
};

/// Of the one-element tensor `loss`, with the reference kernels in double, all numbers as `buffers` has them.
/// Requires: element `index` of `moved` is set from outside, and `loss` is computed by calls of phases forward and loss.
MeasuredSlope measure_slope(const Program& program, const Buffers<float>& buffers, TensorId loss, TensorId moved, std::int64_t index, double h);

}  // namespace chainrule
