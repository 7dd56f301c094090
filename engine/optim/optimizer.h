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

/// Which moments Adam steps with.
enum class AdamForm : std::uint8_t {
  kCorrected,    // m̂ = m/(1 − β1^t), v̂ = v/(1 − β2^t), as published
  kUncorrected,  // m and v as they are, deck 004's form: with constant gradients the first step is 3.16 lr, the 12th 6.57 lr
  kMultiplied,   // m·(1 − β1^t), v·(1 − β2^t), the mistake of ConvNetJS: the first step is 10 lr
};

/// What an optimizer may do besides. Each reads only its own.
struct OptimizerOptions {
  bool weight_decay = false;  // every optimizer: g + λθ in place of g; hyper tensor weight_decay
  bool centred = false;       // rmsprop: divides by the root of the variance, not of the mean square
  bool momentum = false;      // rmsprop: b′ = βb + s, and b′ is the direction; hyper tensor momentum
  AdamForm adam = AdamForm::kCorrected;
  bool in_parts = false;      // adam: m̂, v̂ and the direction are tensors of their own, as the other forms have them
  bool operator==(const OptimizerOptions&) const = default;
};

/// Appends θ′ for every parameter of `program`, and the hyper tensors lr and those named below; the rate is the tensor
/// "lr" where the program has one already (engine/optim/schedule.h).
/// Requires: append_backward has run.
void append_updates(Program& program, OptimizerKind kind, const OptimizerOptions& options = {});

/// θ′ = θ − lr · g
void append_sgd(Program& program, const OptimizerOptions& options);
/// δ′ = lr · g + momentum · δ; θ′ = θ − δ′ (deck 004). State: θ.velocity.
void append_momentum(Program& program, const OptimizerOptions& options);
/// b′ = momentum · b + g; θ′ = θ − lr · (g + momentum · b′). State: θ.velocity.
/// Source: Nesterov (1983) in the form of PyTorch's SGD(nesterov=True), which evaluates the gradient where θ is.
void append_nesterov(Program& program, const OptimizerOptions& options);
/// v′ = v + g²; s = g / (√v′ + epsilon); θ′ = θ − lr · s. State: θ.v; s is θ.direction.
/// Source: Duchi, Hazan and Singer (2011); a rate that falls besides is a schedule.
void append_adagrad(Program& program, const OptimizerOptions& options);
/// v′ = rho · v + (1 − rho) · g²; s = g / (√v′ + epsilon); θ′ = θ − lr · s. State: θ.v; s is θ.direction.
/// Centred: u′ = rho · u + (1 − rho) · g, and v′ − u′² (θ.variance) in place of v′. State: θ.mean.
/// With momentum: b′ = momentum · b + s in place of s. State: θ.velocity.
/// Source: Hinton (2012), lecture 6e; Graves (2013) for both options; PyTorch's RMSprop.
void append_rmsprop(Program& program, const OptimizerOptions& options);
/// m′ = beta1 m + (1 − beta1) g; v′ = beta2 v + (1 − beta2) g²; θ′ = θ − lr · m̂ / (√v̂ + epsilon). State: θ.m, θ.v.
/// In parts, and in other forms than the published one: θ.m.hat, θ.v.hat, θ.direction.
/// Source: Kingma and Ba (2015), algorithm 1.
void append_adam(Program& program, const OptimizerOptions& options);

/// Appends <parameter>.change = θ′ − θ for every parameter: what the step did to it. Requires: append_updates has run.
void append_changes(Program& program);

/// The tensor named lr: what a schedule computes, or a hyper tensor of value `rate`.
TensorId add_rate(Program& program, float rate);
/// What the optimizer follows for `parameter`: its gradient, or with weight decay <parameter>.grad.decayed.
TensorId followed_gradient(Program& program, TensorId parameter, const OptimizerOptions& options);
/// A tensor like `parameter`, named parameter.suffix, that an update call computes on its way.
TensorId add_part(Program& program, TensorId parameter, const std::string& suffix, OpKind kind, std::vector<TensorId> inputs,
                  std::string formula = "");
/// A one-element tensor that a person sets; the one that is there if the name is taken.
TensorId add_hyper(Program& program, std::string name, float value);
/// A state tensor like `parameter`, named parameter.suffix, zero at the start.
TensorId add_state(Program& program, TensorId parameter, const std::string& suffix);
/// Appends an update call whose result is the next value of `before`.
TensorId add_update(Program& program, TensorId before, OpKind kind, std::vector<TensorId> inputs, std::string formula = "");

}  // namespace chainrule
