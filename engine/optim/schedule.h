// Schedules: the learning rate as a function of time, computed in the program by ops, so that a rate explains itself.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "engine/graph/buffers.h"

namespace chainrule {

enum class ScheduleKind : std::uint8_t { kConstant, kStepwise, kExponential, kCosine, kPlateau };
inline constexpr std::array<std::string_view, 5> kScheduleNames = {"constant", "stepwise", "exponential", "cosine", "plateau"};

struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::kConstant;
  bool warm_up = false;  // before each of them
  bool operator==(const ScheduleOptions&) const = default;
};

/// Appends the tensor "lr" [1], which append_updates uses: η = lr.base · w · d, with the warm-up w and the decay d of
/// the update that t = schedule.t others went before; w and d are left out where the options have none.
/// Hyper tensors: lr.base; warm-up: warmup.steps (W), warmup.start (a);
/// stepwise and exponential: decay.steps (s), decay.factor (γ); cosine: decay.steps (T), decay.floor (f);
/// plateau: plateau.patience (p), plateau.threshold (h), decay.factor (γ).
/// States: schedule.t; of plateau: plateau.best, plateau.wait, lr.decay, from the loss `watched` at each update, by default the program's.
/// After a warm-up of W updates the decay's t begins at 0: PyTorch's SequentialLR; plateau watches from the first update on.
/// Requires: append_backward has run, append_updates has not. The formulas are in engine/ops/schedule_steps.h.
void append_schedule(Program& program, const ScheduleOptions& options, TensorId watched = kNoTensor);

/// The rates of updates `first` to `first` + `count` − 1, as `program` computes them: its hyper tensors as `buffers` has
/// them. A plateau's decay, which only training tells, stays what it is after the last update.
/// Requires: append_schedule has run on `program`.
std::vector<float> scheduled_rates(const Program& program, const Buffers<float>& buffers, std::int64_t first, std::int64_t count);

}  // namespace chainrule
