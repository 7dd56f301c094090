#include "engine/optim/optimizer.h"

namespace chainrule {

void append_momentum(Program& program, const OptimizerOptions& options) {
  const TensorId lr = add_rate(program, 0.01f);
  const TensorId momentum = add_hyper(program, "momentum", 0.9f);
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const TensorId velocity = add_state(program, w, "velocity");
    const TensorId gradient = followed_gradient(program, w, options);
    const TensorId step = add_update(program, velocity, OpKind::kVelocity, {velocity, gradient, lr, momentum});
    add_update(program, w, OpKind::kSubtract, {w, step}, "θ′ = θ − δ′");
  }
}

}  // namespace chainrule
