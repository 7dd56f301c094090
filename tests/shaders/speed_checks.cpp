// Measurements: how long each call of a network takes on this adapter, and whole steps. Asked for by the word "speed".
#include <emscripten.h>

#include <algorithm>
#include <cstdio>

#include "engine/math/rng.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/shaders/checks.h"

namespace chainrule::test {
namespace {

void fill_inputs(gpu::WebGpuProgram& gpu, const Program& program) {
  Rng rng(1, "data");
  for (std::size_t id = 0; id < program.tensors.size(); ++id) {
    const TensorInfo& info = program.tensors[id];
    if (info.producer >= 0 || info.kind == TensorKind::kHyper || info.kind == TensorKind::kConstant) continue;
    std::vector<float> values(static_cast<std::size_t>(info.shape.size()));
    for (float& value : values) value = info.name == "label" ? static_cast<float>(rng.below(10)) : rng.uniform(-0.1f, 0.1f);
    gpu.upload(static_cast<TensorId>(id), values);
  }
}

/// Calls `say` with the milliseconds of one step of `program`: the median of three runs of `steps`, after one that warms up.
Check measure(Bench& bench, Program program, std::vector<TensorId> keep, gpu::GemmForm form, int steps, std::function<void(double)> say) {
  if (!has_form(bench, form)) co_return;
  auto made = gpu::WebGpuProgram::create(*bench.pipelines, program, {.form = form, .keep = std::move(keep)});
  if (!made.ok()) co_return bench.expect(false, made.error_message());
  const auto gpu = std::move(made).value();
  fill_inputs(*gpu, program);
  std::vector<double> times;
  for (int run = 0; run < 4; ++run) {
    const double begin = emscripten_get_now();
    const gpu::Ticket ticket = gpu->run(run == 0 ? 1 : steps);
    while (!gpu->report(ticket) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (run > 0) times.push_back((emscripten_get_now() - begin) / steps);
  }
  std::ranges::sort(times);
  say(times[1]);
  if (bench.device->state() != gpu::DeviceState::kReady) bench.expect(false, bench.device->message());
}

Program step_of(DigitModel model, int batch) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = batch});
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  return program;
}

Check calls_of_network(Bench& bench, DigitModel model, int batch, gpu::GemmForm form) {
  const Program network = step_of(model, batch);
  std::string table;
  for (const OpCall& call : network.calls) {
    Program one;
    std::vector<TensorId> inputs;
    for (std::size_t slot = 0; slot < call.inputs.size(); ++slot) {
      TensorInfo info;
      info.name = network.info(call.inputs[slot]).name == "label" ? "label" : "in" + std::to_string(slot);
      info.shape = call.in_shapes[slot];
      info.kind = TensorKind::kInput;
      inputs.push_back(one.add_tensor(info));
    }
    one.add_call(call.kind, call.attributes, inputs, "out", TensorKind::kActivation, Phase::kForward);
    Check measuring = measure(bench, one, one.calls[0].outputs, form, 4, [&](double milliseconds) {
      char line[200];
      std::snprintf(line, sizeof line, "\n        %-24s %-26s %9.3f ms %8.2f GFLOP/s", network.info(call.outputs[0]).name.c_str(),
                    std::string(op_info(call.kind).name).c_str(), milliseconds, 2e-6 * static_cast<double>(Program::work_of(call)) / milliseconds);
      table += line;
    });
    while (!measuring.tick()) co_await later;
  }
  bench.remark = table;
}

Check whole_steps(Bench& bench, DigitModel model, int batch, gpu::GemmForm form) {
  Check measuring = measure(bench, step_of(model, batch), {}, form, 4, [&](double milliseconds) {
    bench.remark = std::to_string(batch * 1000.0 / milliseconds) + " images/s, " + std::to_string(milliseconds) + " ms a step";
  });
  while (!measuring.tick()) co_await later;
}

Check square_matmul(Bench& bench, int size, gpu::GemmForm form) {
  Graph graph;
  const TensorId a = graph.input("a", Shape{size, size}), b = graph.input("b", Shape{size, size});
  const TensorId y = graph.apply(OpKind::kMatMul, {}, {a, b}, "y");
  const double flops = 2.0 * size * size * size;
  Check measuring = measure(bench, graph.program(), {y}, form, size < 2048 ? 4 : 1, [&](double milliseconds) {
    bench.remark = std::to_string(flops / milliseconds * 1e-6) + " GFLOP/s, " + std::to_string(milliseconds) + " ms";
  });
  while (!measuring.tick()) co_await later;
}

/// A convolution of bench/works.mjs: pictures of side x side, kernels of size x size.
struct Convolution {
  const char* name;
  int channels, side, maps, size, pad;
};
constexpr Convolution kConvolutions[] = {{"conv-28", 1, 28, 20, 5, 0}, {"conv-12", 20, 12, 50, 5, 0}, {"conv-32", 16, 32, 32, 3, 1}};

Check convolution(Bench& bench, Convolution of, bool with_gradients, gpu::GemmForm form) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{32, of.channels, of.side, of.side});
  const TensorId w = graph.input("w", Shape{of.maps, of.channels, of.size, of.size});
  const TensorId y = graph.apply(OpKind::kConv2d, {.pad = of.pad}, {x, w}, "y");
  Program program = graph.program();
  std::vector<TensorId> keep{y};
  double flops = 2.0 * static_cast<double>(Program::work_of(program.calls[0]));
  if (with_gradients) {
    flops *= 3.0;
    const auto gradient = [&](OpKind kind, TensorId other, TensorId to, const char* name) {
      program.add_call(kind, {.pad = of.pad, .shape = program.info(to).shape}, {y, other}, name, TensorKind::kGradient, Phase::kBackward);
      keep.push_back(program.calls.back().outputs[0]);
    };
    gradient(OpKind::kConv2dInputGrad, w, x, "dx");
    gradient(OpKind::kConv2dKernelGrad, x, w, "dw");
  }
  Check measuring = measure(bench, program, keep, form, 4, [&](double milliseconds) {
    bench.remark = std::to_string(flops / milliseconds * 1e-6) + " GFLOP/s, " + std::to_string(milliseconds) + " ms";
  });
  while (!measuring.tick()) co_await later;
}

}  // namespace

std::vector<NamedCheck> speed_checks() {
  std::vector<NamedCheck> checks;
  for (const gpu::GemmForm form : gpu::kGemmForms) {
    for (const int size : {256, 512, 1024, 2048, 4096})
      checks.push_back({"speed of matmul " + std::to_string(size) + ", " + form_name(form), [=](Bench& bench) { return square_matmul(bench, size, form); }});
    for (const Convolution& of : kConvolutions)
      for (const bool gradients : {false, true})
        checks.push_back({"speed of " + std::string(of.name) + (gradients ? "-gradients, " : ", ") + form_name(form),
                          [=](Bench& bench) { return convolution(bench, of, gradients, form); }});
    for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp})
      for (const int batch : {32, 256}) {
        const std::string name = std::string(kDigitModelNames[static_cast<std::size_t>(model)]) + " " + std::to_string(batch) + ", " + form_name(form);
        checks.push_back({"speed of training " + name, [=](Bench& bench) { return whole_steps(bench, model, batch, form); }});
        checks.push_back({"speed of the calls of " + name, [=](Bench& bench) { return calls_of_network(bench, model, batch, form); }});
      }
  }
  return checks;
}

}  // namespace chainrule::test
