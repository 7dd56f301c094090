#include "engine/optim/optimizer.h"

namespace chainrule {

void append_adagrad(Program& program, const OptimizerOptions& options) {
  const TensorId lr = add_rate(program, 0.01f);
  const TensorId epsilon = add_hyper(program, "epsilon", 1e-10f);
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const TensorId v = add_state(program, w, "v");
    const TensorId gradient = followed_gradient(program, w, options);
    const TensorId v_next = add_update(program, v, OpKind::kSumOfSquares, {v, gradient});
    const TensorId direction = add_part(program, w, "direction", OpKind::kScaledByRoot, {gradient, v_next, epsilon}, "s = g / (√v + ε)");
    add_update(program, w, OpKind::kSgdStep, {w, direction, lr}, "θ′ = θ − η · s");
  }
}

}  // namespace chainrule
