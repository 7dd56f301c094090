#include "engine/optim/optimizer.h"

namespace chainrule {

void append_updates(Program& program, OptimizerKind kind, const OptimizerOptions& options) {
  using Append = void (*)(Program&, const OptimizerOptions&);
  constexpr Append kAppend[] = {
#define OPTIMIZER(Type, name, function) &function,
#include "engine/optim/optimizers.def"
#undef OPTIMIZER
  };
  kAppend[static_cast<std::size_t>(kind)](program, options);
}

void append_changes(Program& program) {
  for (const TensorId w : program.of_kind(TensorKind::kParameter))
    program.add_call(OpKind::kSubtract, {}, {program.info(w).after, w}, program.info(w).name + ".change",
                     TensorKind::kGradient, Phase::kUpdate, "Δθ = θ′ − θ");
}

TensorId add_rate(Program& program, float rate) { return add_hyper(program, "lr", rate); }

TensorId followed_gradient(Program& program, TensorId parameter, const OptimizerOptions& options) {
  const TensorId gradient = program.gradient_of[static_cast<std::size_t>(parameter)];
  if (!options.weight_decay) return gradient;
  return add_part(program, parameter, "grad.decayed", OpKind::kDecayedGradient,
                  {gradient, parameter, add_hyper(program, "weight_decay", 0.0001f)});
}

TensorId add_part(Program& program, TensorId parameter, const std::string& suffix, OpKind kind, std::vector<TensorId> inputs,
                  std::string formula) {
  return program.add_call(kind, {}, std::move(inputs), program.info(parameter).name + "." + suffix, TensorKind::kGradient,
                          Phase::kUpdate, std::move(formula));
}

TensorId add_hyper(Program& program, std::string name, float value) {
  if (const TensorId known = program.find(name); known != kNoTensor) return known;
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
