#include "engine/optim/optimizer.h"

namespace chainrule {

void append_sgd(Program& program, const OptimizerOptions& options) {
  const TensorId lr = add_rate(program, 0.01f);
  for (const TensorId w : program.of_kind(TensorKind::kParameter))
    add_update(program, w, OpKind::kSgdStep, {w, followed_gradient(program, w, options), lr});
}

}  // namespace chainrule
