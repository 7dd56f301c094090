// Cross-entropy of the softmax, fused: the loss of classification.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// Output 0: l[n] = −ln p[n,t] = ln(sum_j exp(z[n,j] − m)) − (z[n,t] − m), with t = label[n] and m = max_j z[n,j]
/// Output 1: p[n,i] = exp(z[n,i] − m) / sum_j exp(z[n,j] − m), the softmax
/// Shapes: z [N,C], label [N] (the class number as a float), l [N], p [N,C].
/// Units: l in nats. Ensures: the sum starts at 0 and runs over j. Fused, because ln p of a p that underflowed is −∞.
/// Requires: labels are whole numbers 0..C−1.
struct SoftmaxCrossEntropy {
  static constexpr std::string_view kName = "softmax cross-entropy";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"class", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dz[n,i] = (p[n,i] − [i = label[n]]) · dl[n]
/// Shapes: p [N,C], label [N], dl [N], dz [N,C].
/// Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; the difference p − y of the decks.
struct SoftmaxCrossEntropyGrad {
  static constexpr std::string_view kName = "softmax cross-entropy gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
