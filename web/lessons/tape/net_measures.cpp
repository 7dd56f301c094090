#include "web/lessons/tape/net_measures.h"

#include "engine/optim/optimizer.h"

namespace chainrule {
namespace {

constexpr std::string_view kStart = ".start";

}  // namespace

std::vector<TensorId> append_measures(Program& program, const NetSpec& spec) {
  const TensorId lr = program.find("lr"), distance = add_hyper(program, "distance", 0.7f);
  std::vector<TensorId> from_outside = {distance};
  const auto call = [&](OpKind kind, std::vector<TensorId> inputs, const std::string& name, Phase phase, const char* formula) {
    return program.add_call(kind, {}, std::move(inputs), name, TensorKind::kGradient, phase, formula);
  };
  for (int layer = 0; layer < spec.layers(); ++layer) {
    const std::string name = spec.layer_name(layer), weights = name + ".w";
    const TensorId w = program.find(weights), net = program.find(name + ".net");
    const TensorId dw = program.gradient_of[static_cast<std::size_t>(w)], dnet = program.gradient_of[static_cast<std::size_t>(net)];
    call(OpKind::kMeanMagnitude, {dw}, weights + ".grad.size", Phase::kBackward, "y = (Σ_n |∂E/∂w_n|) / N");
    call(OpKind::kMeanMagnitude, {dnet}, name + ".net.grad.size", Phase::kBackward, "y = (Σ_n |∂E/∂net_n|) / N");
    TensorInfo start;
    start.name = weights + std::string(kStart);
    start.shape = program.info(w).shape;
    start.kind = TensorKind::kConstant;
    const TensorId first = program.add_tensor(std::move(start));
    from_outside.push_back(first);
    const TensorId moved = call(OpKind::kSubtract, {w, first}, weights + ".moved", Phase::kForward, "y = w − w_0");
    call(OpKind::kMeanMagnitude, {moved}, weights + ".moved.size", Phase::kForward, "y = (Σ_n |w_n − w_{0,n}|) / N");
    const TensorId step = call(OpKind::kScale, {lr, dw}, weights + ".step", Phase::kUpdate, "y = η · ∂E/∂w");
    call(OpKind::kRepeats, {distance, step}, weights + ".updates", Phase::kUpdate, "y = d / |η · ∂E/∂w|");
    const TensorId next = call(OpKind::kSgdStep, {w, dw, lr}, weights + ".next", Phase::kUpdate, "w′ = w − η · ∂E/∂w");
    const TensorId change = call(OpKind::kSubtract, {next, w}, weights + ".change", Phase::kUpdate, "y = w′ − w");
    call(OpKind::kRepeats, {distance, change}, weights + ".updates32", Phase::kUpdate, "y = d / |w′ − w|");
    call(OpKind::kFloatGap, {w, dw}, weights + ".gap", Phase::kUpdate, "y = |v − w|");
  }
  return from_outside;
}

TensorId measured_weight(const Program& program, TensorId start) {
  const std::string& name = program.info(start).name;
  if (!name.ends_with(kStart)) return kNoTensor;
  return program.find(name.substr(0, name.size() - kStart.size()));
}

}  // namespace chainrule
