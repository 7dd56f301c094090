// The learning rate of a step, as ops like any other, so that it can be clicked: factors of the base rate.
// t counts the updates before the present one, from 0; every operand is a one-element tensor.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y = max(t − W, 0): the time of a schedule that begins after W updates of warm-up. Operands: t, W.
struct TimeAfter {
  static constexpr std::string_view kName = "time after the warm-up";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = a + (1 − a) · (t / W) for t < W, else 1: from the part a of the rate to all of it. Operands: t, W, a.
/// Source: Goyal et al. (2017), gradual warm-up; PyTorch's LinearLR.
struct WarmUp {
  static constexpr std::string_view kName = "warm-up";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = γ^⌊t / s⌋: every s updates the rate is multiplied by γ. Operands: t, s, γ. Source: PyTorch's StepLR.
struct StepDecay {
  static constexpr std::string_view kName = "step decay";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = γ^(t / s): a little at every update, γ after s of them. Operands: t, s, γ. Source: PyTorch's ExponentialLR at s = 1.
struct ExponentialDecay {
  static constexpr std::string_view kName = "exponential decay";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y = f + (1 − f) · (1 + cos(π · (t / T))) / 2 for t < T, else f: half a cosine from 1 to f. Operands: t, T, f.
/// Source: Loshchilov and Hutter (2017), equation 5, without restarts; PyTorch's CosineAnnealingLR.
struct CosineDecay {
  static constexpr std::string_view kName = "cosine decay";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

// Reduce on plateau has a memory: the least loss so far, for how long it has stood, and the factor. The three ops read
// the memory before the update. "Better" is L < L* · (1 − h). Source: PyTorch's ReduceLROnPlateau, mode min.

/// L*′ = L where that is better, else L*. Operands: L*, L, h.
struct PlateauBest {
  static constexpr std::string_view kName = "least loss so far";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// n′ = 0 where L is better, or the wait was over; else n + 1. It is over where n + 1 > p. Operands: n, L*, L, h, p.
struct PlateauWait {
  static constexpr std::string_view kName = "updates without a better loss";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// d′ = d · γ where the wait was over and L is not better, else d. Operands: d, n, L*, L, h, p, γ.
struct PlateauFactor {
  static constexpr std::string_view kName = "plateau factor";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
