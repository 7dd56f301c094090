#include "engine/optim/optimizer.h"

namespace chainrule {

void append_adam(Program& program) {
  const TensorId lr = add_hyper(program, "lr", 0.001f);
  const TensorId beta1 = add_hyper(program, "beta1", 0.9f);
  const TensorId beta2 = add_hyper(program, "beta2", 0.999f);
  const TensorId epsilon = add_hyper(program, "epsilon", 1e-8f);
  // β^t, one factor a step.
  const auto power = [&](TensorId beta) {
    const TensorId state = add_state(program, beta, "power");
    program.tensors[static_cast<std::size_t>(state)].fill = 1.0f;
    return add_update(program, state, OpKind::kMultiply, {state, beta}, "βᵗ = βᵗ⁻¹ · β");
  };
  const TensorId power1 = power(beta1), power2 = power(beta2);
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const TensorId gradient = program.gradient_of[static_cast<std::size_t>(w)];
    const TensorId m = add_state(program, w, "m"), v = add_state(program, w, "v");
    const TensorId m_next = add_update(program, m, OpKind::kMovingAverage, {m, gradient, beta1});
    const TensorId v_next = add_update(program, v, OpKind::kMovingAverageOfSquares, {v, gradient, beta2});
    add_update(program, w, OpKind::kAdamStep, {w, m_next, v_next, lr, power1, power2, epsilon});
  }
}

}  // namespace chainrule
