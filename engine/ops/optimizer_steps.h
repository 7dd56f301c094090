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

/// m̂ = m / (1 − b), where b = β^t: the moment without its bias towards the 0 that it started from.
/// Operands: m, b. Source: Kingma and Ba (2015), algorithm 1.
struct CorrectedMoment {
  static constexpr std::string_view kName = "corrected moment";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// m̂ = m · (1 − b): a known mistake in place of the above, kept to be looked at. The first Adam step is 10 lr long with it.
/// Operands: m, b. Source: ConvNetJS, trainers, method adam.
struct MultipliedMoment {
  static constexpr std::string_view kName = "multiplied moment";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// s = m / (√v + ε): a direction, each element measured by how large its gradients have been.
/// Operands: m (or g), v, ε. Errors: NaN where v < 0. Source: Duchi, Hazan and Singer (2011).
struct ScaledByRoot {
  static constexpr std::string_view kName = "scaled by a root";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// v′ = v + g · g, AdaGrad's memory. Operands: v, g. Source: Duchi, Hazan and Singer (2011).
struct SumOfSquares {
  static constexpr std::string_view kName = "sum of squares";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// c = max(v − u · u, 0), the variance of the gradient: the mean of squares less the square of the mean. Rounding may leave
/// it just below 0, which the maximum mends. Operands: v, u. Source: Graves (2013), equation 40.
struct CentredSquares {
  static constexpr std::string_view kName = "centred squares";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// b′ = β · b + g: momentum as PyTorch has it, without the rate, which comes when the parameter moves.
/// Operands: b, g, β. Source: Sutskever et al. (2013).
struct MomentumSum {
  static constexpr std::string_view kName = "momentum sum";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// θ′ = θ − lr · (g + β · b), with b already updated: the step looks ahead by another β · b.
/// Operands: θ, g, b, lr, β. Source: Nesterov (1983), in PyTorch's form.
struct NesterovStep {
  static constexpr std::string_view kName = "Nesterov step";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// g′ = g + λ · θ: the gradient of L + λ/2 · θ², weight decay. Operands: g, θ, λ. Source: Krogh and Hertz (1992).
struct DecayedGradient {
  static constexpr std::string_view kName = "gradient with weight decay";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
