// The updates of the optimizers, as ops like any other, so that a new weight can say where it came from.
// θ is a parameter, g its gradient; lr, β and ε are one-element tensors, so that they are operands too.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// θ′ = θ − lr · g. Operands: θ, g, lr. Shapes: θ, g, θ′ alike, lr [1].
struct SgdStep {
  static constexpr std::string_view kName = "gradient descent step";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// δ′ = lr · g + β · δ, the step of momentum; θ′ = θ − δ′ is a Subtract.
/// Operands: δ, g, lr, β. Source: deck 004; Polyak (1964).
struct Velocity {
  static constexpr std::string_view kName = "velocity";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// m′ = β · m + (1 − β) · g. Operands: m, g, β. Source: Kingma and Ba (2015), algorithm 1, first moment.
struct MovingAverage {
  static constexpr std::string_view kName = "moving average";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// v′ = β · v + (1 − β) · (g · g). Operands: v, g, β. Source: as above, second moment.
struct MovingAverageOfSquares {
  static constexpr std::string_view kName = "moving average of squares";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// θ′ = θ − lr · (m / (1 − b1)) / (√(v / (1 − b2)) + ε), where b1 = β1^t and b2 = β2^t are kept as running products.
/// Operands: θ, m, v, lr, b1, b2, ε, with m and v already updated. Source: Kingma and Ba (2015), algorithm 1.
struct AdamStep {
  static constexpr std::string_view kName = "Adam step";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
