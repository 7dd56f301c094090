#include "engine/optim/optimizer.h"

namespace chainrule {

void append_rmsprop(Program& program, const OptimizerOptions& options) {
  const TensorId lr = add_rate(program, 0.01f);
  const TensorId rho = add_hyper(program, "rho", 0.99f), epsilon = add_hyper(program, "epsilon", 1e-8f);
  const TensorId momentum = options.momentum ? add_hyper(program, "momentum", 0.9f) : kNoTensor;
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const TensorId v = add_state(program, w, "v");
    const TensorId gradient = followed_gradient(program, w, options);
    TensorId squares = add_update(program, v, OpKind::kMovingAverageOfSquares, {v, gradient, rho}, "v′ = ρ · v + (1 − ρ) · (g · g)");
    if (options.centred) {
      const TensorId mean = add_state(program, w, "mean");
      const TensorId mean_next = add_update(program, mean, OpKind::kMovingAverage, {mean, gradient, rho}, "u′ = ρ · u + (1 − ρ) · g");
      squares = add_part(program, w, "variance", OpKind::kCentredSquares, {squares, mean_next});
    }
    TensorId direction = add_part(program, w, "direction", OpKind::kScaledByRoot, {gradient, squares, epsilon},
                                  options.centred ? "s = g / (√c + ε)" : "s = g / (√v + ε)");
    if (options.momentum) {
      const TensorId velocity = add_state(program, w, "velocity");
      direction = add_update(program, velocity, OpKind::kMomentumSum, {velocity, direction, momentum}, "b′ = β · b + s");
    }
    add_update(program, w, OpKind::kSgdStep, {w, direction, lr}, options.momentum ? "θ′ = θ − η · b" : "θ′ = θ − η · s");
  }
}

}  // namespace chainrule
