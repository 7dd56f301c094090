// A bound on the length of a tensor.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[i] = x[i] · R / max(R, √(Σ_j x[j]²)): x where it is not longer than R, else shortened to the length R, its direction kept.
/// Operands: x, R. Shapes: x, y alike, R [1]. Ensures: the sum starts at 0 and runs in row-major order; R/R is 1, so that a
/// short x is left as it is, bit for bit. Requires: R > 0.
/// Source: projection onto a ball; Erhan, Bengio, Courville, Vincent, "Visualizing higher-layer features of a deep network" (2009)
/// bound an input so while they look for the one that a unit answers to most.
struct NormLimit {
  static constexpr std::string_view kName = "norm limit";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"element", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
