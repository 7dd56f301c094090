#include "engine/optim/optimizer.h"

namespace chainrule {

void append_sgd(Program& program) {
  const TensorId lr = add_hyper(program, "lr", 0.01f);
  for (const TensorId w : program.of_kind(TensorKind::kParameter))
    add_update(program, w, OpKind::kSgdStep, {w, program.gradient_of[static_cast<std::size_t>(w)], lr});
}

}  // namespace chainrule
