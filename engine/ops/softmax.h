// Softmax over the classes of each sample.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// p[n,i] = exp(z[n,i] − m) / sum_j exp(z[n,j] − m) with m = max_j z[n,j], which cancels and keeps exp from overflowing.
/// Shapes: z and p [N,C]. Ensures: the sum starts at 0 and runs over j.
/// Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 6.29 and 6.33.
struct Softmax {
  static constexpr std::string_view kName = "softmax";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"class", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// dz[n,i] = p[n,i] · (dp[n,i] − sum_j dp[n,j] · p[n,j])
/// Shapes: p, dp, dz [N,C]. Ensures: the sum starts at 0 and runs over j.
struct SoftmaxGrad {
  static constexpr std::string_view kName = "softmax gradient";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"class", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
