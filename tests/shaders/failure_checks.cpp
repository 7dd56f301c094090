// What the device refuses, and its loss.
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/shaders/checks.h"
#include "web/gpu/gpu.h"

namespace chainrule::test {
namespace {

Program linear_program() {
  const DigitClassifier built = build_digit_model({.model = DigitModel::kLinear, .batch = 4});
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, OptimizerKind::kSgd);
  return program;
}

Check too_large(Bench& bench) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{32768, 32768});  // 4 GB
  graph.apply(OpKind::kNegate, {}, {x}, "y");
  const auto made = gpu::WebGpuProgram::create(*bench.pipelines, graph.program(), {.keep = {graph.program().calls[0].outputs[0]}});
  bench.expect(!made.ok(), "a tensor of 4 GB is taken");
  if (!made.ok()) bench.remark = made.error_message();
  co_return;
}

/// Lost while runs are under way: they never answer, and everything after is harmless. Then another device is asked for.
Check lost(Bench& bench) {
  const Program program = linear_program();
  auto made = gpu::WebGpuProgram::create(*bench.pipelines, program, {});
  bench.expect(made.ok(), made.ok() ? "" : made.error_message());
  const gpu::Ticket ticket = made.value()->run(8);
  gpu::destroy_device();
  for (int ticks = 0; ticks < 2000 && bench.device->state() == gpu::DeviceState::kReady; ++ticks) co_await later;
  bench.expect(bench.device->state() == gpu::DeviceState::kLost, "the device does not say that it is lost");
  bench.remark = bench.device->message();
  made.value()->run(8);
  for (int ticks = 0; ticks < 20; ++ticks) co_await later;
  bench.expect(!made.value()->report(ticket).has_value(), "a run on a lost device has answered");

  gpu::request_device();
  while (gpu::access() == gpu::Access::kAsked) co_await later;
  bench.expect(gpu::access() == gpu::Access::kReady, "there is no other device: " + gpu::refusal());
  gpu::Pipelines pipelines(gpu::device());
  auto again = gpu::WebGpuProgram::create(pipelines, program, {});
  bench.expect(again.ok(), "the program cannot be made anew");
  const gpu::Ticket second = again.value()->run(3);
  std::optional<gpu::RunReport> report;
  for (int ticks = 0; ticks < 2000 && !(report = again.value()->report(second)); ++ticks) co_await later;
  bench.expect(report && report->finite && report->losses.size() == 3, "the other device does not train");
}

/// A weight that is not a number is found by the run that meets it.
Check not_finite(Bench& bench) {
  const Program program = linear_program();
  auto made = gpu::WebGpuProgram::create(*bench.pipelines, program, {});
  for (const bool spoilt : {false, true}) {
    if (spoilt) {
      std::vector<float> weights(7840, 0.1f);
      weights[777] = __builtin_nanf("");
      made.value()->upload(program.find("fc1.w"), weights);
    }
    const gpu::Ticket ticket = made.value()->run(2);
    std::optional<gpu::RunReport> report;
    while (!(report = made.value()->report(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    bench.expect(report && report->finite == !spoilt, spoilt ? "a NaN was overlooked" : "numbers are finite, and it says that they are not");
  }
}

}  // namespace

std::vector<NamedCheck> failure_checks() {
  return {{"refuses what is too large", too_large},
          {"finds what is not finite", not_finite},
          {"a lost device", lost}};
}

}  // namespace chainrule::test
