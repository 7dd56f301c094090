#include "engine/optim/optimizer.h"

namespace chainrule {

namespace {

/// β^t, one factor a step.
TensorId add_power(Program& program, TensorId beta) {
  const TensorId state = add_state(program, beta, "power");
  program.tensors[static_cast<std::size_t>(state)].fill = 1.0f;
  return add_update(program, state, OpKind::kMultiply, {state, beta}, "βᵗ = βᵗ⁻¹ · β");
}

/// What stands in place of the moment `name` of `w` in the step: itself, or <w>.<name>.hat.
TensorId add_hat(Program& program, TensorId w, const std::string& name, TensorId moment, TensorId power, AdamForm form) {
  if (form == AdamForm::kUncorrected) return moment;
  const bool multiplied = form == AdamForm::kMultiplied;
  const std::string number = name == "m" ? "1" : "2";
  return add_part(program, w, name + ".hat", multiplied ? OpKind::kMultipliedMoment : OpKind::kCorrectedMoment, {moment, power},
                  name + "̂ = " + name + (multiplied ? " · (1 − β" : " / (1 − β") + number + "ᵗ)");
}

}  // namespace

void append_adam(Program& program, const OptimizerOptions& options) {
  const TensorId lr = add_rate(program, 0.001f);
  const TensorId beta1 = add_hyper(program, "beta1", 0.9f);
  const TensorId beta2 = add_hyper(program, "beta2", 0.999f);
  const TensorId epsilon = add_hyper(program, "epsilon", 1e-8f);
  const bool corrects = options.adam != AdamForm::kUncorrected;
  const TensorId power1 = corrects ? add_power(program, beta1) : kNoTensor;
  const TensorId power2 = corrects ? add_power(program, beta2) : kNoTensor;
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const TensorId gradient = followed_gradient(program, w, options);
    const TensorId m = add_state(program, w, "m"), v = add_state(program, w, "v");
    const TensorId m_next = add_update(program, m, OpKind::kMovingAverage, {m, gradient, beta1});
    const TensorId v_next = add_update(program, v, OpKind::kMovingAverageOfSquares, {v, gradient, beta2});
    if (options.adam == AdamForm::kCorrected && !options.in_parts) {
      add_update(program, w, OpKind::kAdamStep, {w, m_next, v_next, lr, power1, power2, epsilon});
      continue;
    }
    const TensorId m_hat = add_hat(program, w, "m", m_next, power1, options.adam);
    const TensorId v_hat = add_hat(program, w, "v", v_next, power2, options.adam);
    const TensorId direction = add_part(program, w, "direction", OpKind::kScaledByRoot, {m_hat, v_hat, epsilon},
                                        corrects ? "s = m̂ / (√v̂ + ε)" : "s = m / (√v + ε)");
    add_update(program, w, OpKind::kSgdStep, {w, direction, lr}, "θ′ = θ − η · s");
  }
}

}  // namespace chainrule
