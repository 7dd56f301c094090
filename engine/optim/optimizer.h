// Optimizers append the update calls to a program that has its backward calls. Their rates are hyper tensors, their
// memory is state tensors, so that an update explains itself like any other number.
#pragma once

#include <array>
#include <string_view>

#include "engine/graph/program.h"

namespace chainrule {

enum class OptimizerKind : std::uint8_t {
#define OPTIMIZER(Type, name, function) k##Type,
#include "engine/optim/optimizers.def"
#undef OPTIMIZER
};

inline constexpr std::array kOptimizerNames = {
#define OPTIMIZER(Type, name, function) std::string_view(name),
#include "engine/optim/optimizers.def"
#undef OPTIMIZER
};

/// Appends θ′ for every parameter of `program`, and the hyper tensors lr (and momentum; or beta1, beta2, epsilon).
/// Requires: append_backward has run.
void append_updates(Program& program, OptimizerKind kind);

/// θ′ = θ − lr · g
void append_sgd(Program& program);
/// δ′ = lr · g + momentum · δ; θ′ = θ − δ′ (deck 004)
void append_momentum(Program& program);
/// m′ = β1 m + (1 − β1) g; v′ = β2 v + (1 − β2) g²; θ′ = θ − lr · m̂ / (√v̂ + ε), m̂ = m′/(1 − β1^t), v̂ = v′/(1 − β2^t)
/// Source: Kingma and Ba (2015), algorithm 1.
void append_adam(Program& program);

/// Appends <parameter>.change = θ′ − θ for every parameter: what the step did to it. Requires: append_updates has run.
void append_changes(Program& program);

/// A one-element tensor that a person sets.
TensorId add_hyper(Program& program, std::string name, float value);
/// A state tensor like `parameter`, named parameter.suffix, zero at the start.
TensorId add_state(Program& program, TensorId parameter, const std::string& suffix);
/// Appends an update call whose result is the next value of `before`.
TensorId add_update(Program& program, TensorId before, OpKind kind, std::vector<TensorId> inputs, std::string formula = "");

}  // namespace chainrule
