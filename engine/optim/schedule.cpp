#include "engine/optim/schedule.h"

#include <limits>

#include "engine/optim/optimizer.h"

namespace chainrule {
namespace {

TensorId number(Program& program, TensorKind kind, std::string name, float value) {
  TensorInfo info;
  info.name = std::move(name);
  info.shape = Shape{1};
  info.kind = kind;
  info.fill = value;
  return program.add_tensor(std::move(info));
}

TensorId computed(Program& program, OpKind kind, std::vector<TensorId> inputs, std::string name, std::string formula = "") {
  return program.add_call(kind, {}, std::move(inputs), std::move(name), TensorKind::kGradient, Phase::kUpdate, std::move(formula));
}

/// lr.decay as it is before the update that reads the loss: the rate of an update knows the losses of those before it.
TensorId append_plateau(Program& program, TensorId loss) {
  const TensorId factor = add_hyper(program, "decay.factor", 0.5f);
  const TensorId patience = add_hyper(program, "plateau.patience", 10.0f), threshold = add_hyper(program, "plateau.threshold", 1e-4f);
  const TensorId decay = number(program, TensorKind::kState, "lr.decay", 1.0f);
  const TensorId best = number(program, TensorKind::kState, "plateau.best", std::numeric_limits<float>::max());
  const TensorId wait = number(program, TensorKind::kState, "plateau.wait", 0.0f);
  add_update(program, best, OpKind::kPlateauBest, {best, loss, threshold});
  add_update(program, wait, OpKind::kPlateauWait, {wait, best, loss, threshold, patience});
  add_update(program, decay, OpKind::kPlateauFactor, {decay, wait, best, loss, threshold, patience, factor});
  return decay;
}

TensorId append_decay(Program& program, ScheduleKind kind, TensorId t, TensorId watched) {
  if (kind == ScheduleKind::kPlateau) return append_plateau(program, watched == kNoTensor ? program.loss : watched);
  const TensorId steps = add_hyper(program, "decay.steps", 100.0f);
  if (kind == ScheduleKind::kCosine)
    return computed(program, OpKind::kCosineDecay, {t, steps, add_hyper(program, "decay.floor", 0.0f)}, "lr.decay");
  const TensorId factor = add_hyper(program, "decay.factor", 0.5f);
  return computed(program, kind == ScheduleKind::kStepwise ? OpKind::kStepDecay : OpKind::kExponentialDecay, {t, steps, factor}, "lr.decay");
}

}  // namespace

void append_schedule(Program& program, const ScheduleOptions& options, TensorId watched) {
  CHECK(program.find("lr") == kNoTensor, "the program has a rate already");
  const TensorId base = add_hyper(program, "lr.base", 0.01f);
  const TensorId t = number(program, TensorKind::kState, "schedule.t", 0.0f);
  add_update(program, t, OpKind::kAdd, {t, number(program, TensorKind::kConstant, "schedule.one", 1.0f)}, "t′ = t + 1");
  TensorId rate = base, time = t;
  if (options.warm_up) {
    const TensorId steps = add_hyper(program, "warmup.steps", 10.0f), start = add_hyper(program, "warmup.start", 0.1f);
    const TensorId warm = computed(program, OpKind::kWarmUp, {t, steps, start}, "lr.warmup");
    const bool decays = options.kind != ScheduleKind::kConstant;
    rate = computed(program, OpKind::kMultiply, {base, warm}, decays ? "lr.warm" : "lr", "η = η₀ · w");
    if (decays && options.kind != ScheduleKind::kPlateau)
      time = computed(program, OpKind::kTimeAfter, {t, steps}, "schedule.after");
  }
  if (options.kind != ScheduleKind::kConstant)
    computed(program, OpKind::kMultiply, {rate, append_decay(program, options.kind, time, watched)}, "lr",
             options.warm_up ? "η = (η₀ · w) · d" : "η = η₀ · d");
  else if (!options.warm_up)
    program.add_call(OpKind::kReshape, {.shape = Shape{1}}, {base}, "lr", TensorKind::kGradient, Phase::kUpdate, "η = η₀");
}

std::vector<float> scheduled_rates(const Program& program, const Buffers<float>& buffers, std::int64_t first, std::int64_t count) {
  const TensorId rate = program.find("lr"), t = program.find("schedule.t"), decay = program.find("lr.decay");
  CHECK(rate != kNoTensor && t != kNoTensor, "the program has no schedule");
  // The calls that lead to the rate; of what is kept from step to step they read only what is set here.
  std::vector<bool> wanted(program.tensors.size(), false);
  wanted[static_cast<std::size_t>(rate)] = true;
  std::vector<const OpCall*> calls;
  for (std::size_t at = program.calls.size(); at-- > 0;) {
    const OpCall& call = program.calls[at];
    if (!wanted[static_cast<std::size_t>(call.outputs[0])]) continue;
    calls.insert(calls.begin(), &call);
    for (const TensorId input : call.inputs) wanted[static_cast<std::size_t>(input)] = true;
  }
  Buffers<float> scratch = buffers;
  if (decay != kNoTensor && program.info(decay).after != kNoTensor) scratch[decay][0] = buffers[program.info(decay).after][0];
  std::vector<float> rates;
  for (std::int64_t i = 0; i < count; ++i) {
    scratch[t][0] = static_cast<float>(first + i);
    for (const OpCall* call : calls) run_reference(*call, scratch);
    rates.push_back(scratch[rate][0]);
  }
  return rates;
}

}  // namespace chainrule
