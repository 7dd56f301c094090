#include "engine/optim/optimizer.h"

namespace chainrule {

void append_updates(Program& program, OptimizerKind kind) {
  using Append = void (*)(Program&);
  constexpr Append kAppend[] = {
#define OPTIMIZER(Type, name, function) &function,
#include "engine/optim/optimizers.def"
#undef OPTIMIZER
  };
  kAppend[static_cast<std::size_t>(kind)](program);
}

void append_changes(Program& program) {
  for (const TensorId w : program.of_kind(TensorKind::kParameter))
    program.add_call(OpKind::kSubtract, {}, {program.info(w).after, w}, program.info(w).name + ".change",
                     TensorKind::kGradient, Phase::kUpdate, "Δθ = θ′ − θ");
}

TensorId add_hyper(Program& program, std::string name, float value) {
  TensorInfo info;
  info.name = std::move(name);
  info.shape = Shape{1};
  info.kind = TensorKind::kHyper;
  info.fill = value;
  return program.add_tensor(std::move(info));
}

TensorId add_state(Program& program, TensorId parameter, const std::string& suffix) {
  TensorInfo info;
  info.name = program.info(parameter).name + "." + suffix;
  info.shape = program.info(parameter).shape;
  info.kind = TensorKind::kState;
  return program.add_tensor(std::move(info));
}

TensorId add_update(Program& program, TensorId before, OpKind kind, std::vector<TensorId> inputs, std::string formula) {
  const TensorId after = program.add_call(kind, {}, std::move(inputs), program.info(before).name,
                                          program.info(before).kind, Phase::kUpdate, std::move(formula));
  program.pair(before, after);
  return after;
}

}  // namespace chainrule
