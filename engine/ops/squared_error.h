// Squared error of each sample.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// Half sum (the decks' E): l[n] = 1/2 · sum_j (y[n,j] − t[n,j])²
/// Mean:                   l[n] = (sum_j (y[n,j] − t[n,j])²) / C
/// Shapes: y and t [N,C], l [N]. Ensures: the sum starts at 0 and runs over j; the factor is applied last.
struct SquaredError {
  static constexpr std::string_view kName = "squared error";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"output", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// Half sum: dy[n,j] = (y[n,j] − t[n,j]) · dl[n].  Mean: dy[n,j] = 2 · (y[n,j] − t[n,j]) / C · dl[n].
/// Shapes: y, t [N,C], dl [N], dy [N,C]. With y and t exchanged it is the gradient of t.
struct SquaredErrorGrad {
  static constexpr std::string_view kName = "squared error gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
