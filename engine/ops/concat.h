// Joining and cutting along the channel axis.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[n, c, ...] = a[n, c, ...] for c < Ca, b[n, c − Ca, ...] otherwise.
/// Shapes: a [N,Ca,...], b [N,Cb,...], y [N,Ca+Cb,...].
struct Concat {
  static constexpr std::string_view kName = "concat";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y[n, c, ...] = x[n, begin + c, ...]: the gradient of Concat, cut out of the whole.
/// Shapes: x [N,C,...], y has attribute shape [N,Cy,...] with begin >= 0 and begin + Cy <= C.
struct Slice {
  static constexpr std::string_view kName = "slice";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
