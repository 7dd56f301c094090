// Losses of planes on the device: small fully connected networks, all points in one dispatch, and LeNet point by point, against the
// CPU's losses.
#include <emscripten.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/data/batcher.h"
#include "engine/data/toy2d.h"
#include "engine/landscape/points_on_gpu.h"
#include "engine/nn/layers.h"
#include "engine/nn/models.h"
#include "tests/shaders/checks.h"

namespace chainrule::test {
namespace {

constexpr double kTolerance = 2e-5;  // of a loss; below 0.01 of that

struct Shape2d {
  std::vector<int> units;
  int samples = 500;
  SquaredErrorForm form = SquaredErrorForm::kHalfSum;
  Activation output = Activation::kTanh;
};

ForwardPass dense_pass(const Shape2d& shape, Activation hidden) {
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{shape.samples, 2});
  pass.target = graph.input("target", Shape{shape.samples, shape.units.back()});
  TensorId value = pass.x;
  for (std::size_t layer = 0; layer < shape.units.size(); ++layer)
    value = dense(graph, "l" + std::to_string(layer), value, shape.units[layer],
                  {.activation = layer + 1 < shape.units.size() ? hidden : shape.output, .bias = layer != 3});
  graph.begin_loss();
  pass.each = graph.apply(OpKind::kSquaredError, {.form = shape.form}, {value, pass.target}, "loss.each");
  pass.program = graph.program();
  return pass;
}

Plane random_plane(const ParameterLayout& layout, float scale) {
  Rng rng(5, "init");
  Plane plane;
  for (std::vector<float>* part : {&plane.centre, &plane.u, &plane.v})
    for (std::size_t k = 0; k < layout.size(); ++k) part->push_back(scale * rng.normal());
  return plane;
}

std::vector<PlaceInPlane> grid(int side) {
  std::vector<PlaceInPlane> places;
  for (int point = 0; point < side * side; ++point)
    places.push_back({2.0f * static_cast<float>(point % side) / static_cast<float>(side) - 1.0f, 2.0f * static_cast<float>(point / side) / static_cast<float>(side) - 1.0f});
  return places;
}

/// All places, in submissions of as many as it takes, against losses of `set` at every `stride`-th of them.
Check compare(Bench& bench, PointsOnGpu& gpu, EvaluationSet& set, Plane plane, std::vector<PlaceInPlane> places, std::size_t stride, double& worst) {
  gpu.set_plane(plane);
  for (std::size_t first = 0; first < places.size(); first += gpu.most()) {
    const std::span<const PlaceInPlane> some = std::span<const PlaceInPlane>(places).subspan(first, std::min(gpu.most(), places.size() - first));
    const gpu::Ticket ticket = gpu.submit(some);
    std::optional<std::vector<float>> losses;
    while (!(losses = gpu.poll(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!losses) co_return bench.expect(false, bench.device->message());
    bench.expect(losses->size() == some.size(), "not as many losses as points");
    for (std::size_t i = 0; i < some.size(); i += stride) {
      std::vector<float> theta(plane.centre.size());
      for (std::size_t k = 0; k < theta.size(); ++k) theta[k] = plane.at(k, some[i].a, some[i].b);
      const double expected = static_cast<double>(set.loss_at(theta)), found = static_cast<double>((*losses)[i]);
      const double difference = std::abs(found - expected) / std::max(std::abs(expected), 0.01);
      if (!(difference <= worst)) worst = difference;
      if (!(difference <= kTolerance)) bench.expect(false, "point " + std::to_string(i) + ": " + std::to_string(found) + " instead of " + std::to_string(expected));
    }
  }
  bench.remark = "largest relative difference " + std::to_string(worst * 1e6) + "e-6";
}

Check dense_plane(Bench& bench, Activation hidden) {
  const std::vector<Shape2d> shapes = {{{8, 8, 1}}, {{2, 1}, 7}, {{8, 8, 8, 1}, 4}, {{5, 3, 2, 1}, 33}, {{1}, 1}, {{4, 6, 7}, 10, SquaredErrorForm::kMean, hidden}};
  double worst = 0.0;
  for (const Shape2d& shape : shapes) {
    const Points2d points = toy_points(Toy2d::kSpiral, shape.samples, 0.1f, 5);
    std::vector<float> target;
    for (int i = 0; i < shape.samples * shape.units.back(); ++i) target.push_back(i % 3 == 0 ? 1.0f : -1.0f);
    EvaluationSet set(dense_pass(shape, hidden), std::vector<float>(points.x.begin(), points.x.begin() + 2 * shape.samples), target);
    const auto gpu = DensePointsOnGpu::of(*bench.pipelines, set);
    if (gpu == nullptr) co_return bench.expect(false, "no kernel for it");
    for (const int side : {1, 9, 33}) {
      Check comparing = compare(bench, *gpu, set, random_plane(set.layout(), 0.5f), grid(side), side == 33 ? 17 : 1, worst);
      while (!comparing.tick()) co_await later;
    }
  }
}

ForwardPass lenet_pass(int batch) {
  const DigitClassifier built = build_digit_model({.batch = batch});
  ForwardPass pass{built.graph.program(), built.x, built.labels, built.head.each};
  pass.program.loss = built.head.loss;
  return pass;
}

std::unique_ptr<EvaluationSet> digits_for_lenet(const Bench& bench, int samples, int batch) {
  std::vector<float> x(static_cast<std::size_t>(samples) * 784), labels(static_cast<std::size_t>(samples));
  std::vector<std::uint32_t> order(labels.size());
  for (std::size_t n = 0; n < order.size(); ++n) order[n] = static_cast<std::uint32_t>(n);
  gather(*bench.digits, order, x, labels);
  return std::make_unique<EvaluationSet>(lenet_pass(batch), x, labels);
}

Check lenet_plane(Bench& bench, gpu::GemmForm form) {
  constexpr int kSamples = 16;
  const auto held = digits_for_lenet(bench, kSamples, 8);
  EvaluationSet& set = *held;
  auto made = ProgramPointsOnGpu::create(*bench.pipelines, lenet_pass(kSamples), set, form);
  if (!made.ok()) co_return bench.expect(false, made.error_message());
  double worst = 0.0;
  Check comparing = compare(bench, *made.value(), set, random_plane(set.layout(), 0.03f), grid(form == gpu::GemmForm::kTiled ? 3 : 9), 5, worst);
  while (!comparing.tick()) co_await later;
}

/// Milliseconds for all places: of the device, until it has answered, and of the CPU, on this thread. Medians of three rounds.
Check race(Bench& bench, PointsOnGpu& gpu, PlaneLosses& cpu, Plane plane, std::vector<PlaceInPlane> places) {
  std::vector<double> on_gpu, on_cpu;
  gpu.set_plane(plane);
  for (int round = 0; round < 4; ++round) {  // the first warms up
    double begin = emscripten_get_now();
    for (std::size_t first = 0; first < places.size(); first += gpu.most()) {
      const gpu::Ticket ticket = gpu.submit(std::span<const PlaceInPlane>(places).subspan(first, std::min(gpu.most(), places.size() - first)));
      while (!gpu.poll(ticket) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    }
    on_gpu.push_back(emscripten_get_now() - begin);
    begin = emscripten_get_now();
    for (std::size_t first = 0; first < places.size(); first += cpu.points_at_once()) {
      cpu.begin(plane, std::span<const PlaceInPlane>(places).subspan(first, std::min(cpu.points_at_once(), places.size() - first)));
      std::int64_t budget = std::int64_t{1} << 50;
      while (cpu.advance(budget).empty()) {
      }
    }
    on_cpu.push_back(emscripten_get_now() - begin);
  }
  const auto median = [](std::vector<double>& times) {
    std::sort(times.begin() + 1, times.end());
    return times[2];
  };
  char text[160];
  std::snprintf(text, sizeof text, "%zu points: WebGPU %.1f ms, our CPU kernels %.1f ms, %.2f times as fast", places.size(), median(on_gpu), median(on_cpu),
                median(on_cpu) / median(on_gpu));
  bench.remark = text;
}

Check dense_speed(Bench& bench) {
  const Points2d points = toy_points(Toy2d::kSpiral, 500, 0.1f, 5);
  std::vector<float> target;
  for (const float label : points.label) target.push_back(2.0f * label - 1.0f);
  EvaluationSet set(dense_pass({{8, 8, 1}}, Activation::kTanh), points.x, target);
  const auto gpu = DensePointsOnGpu::of(*bench.pipelines, set);
  const auto cpu = DensePlaneLosses::of(set);
  Check racing = race(bench, *gpu, *cpu, random_plane(set.layout(), 0.5f), grid(129));
  while (!racing.tick()) co_await later;
}

Check lenet_speed(Bench& bench) {
  auto set = digits_for_lenet(bench, 256, 32);
  const gpu::GemmForm form = bench.device->limits().fallback ? gpu::GemmForm::kRegisters : gpu::GemmForm::kTiled;
  auto made = ProgramPointsOnGpu::create(*bench.pipelines, lenet_pass(256), *set, form);
  if (!made.ok()) co_return bench.expect(false, made.error_message());
  const Plane plane = random_plane(set->layout(), 0.03f);
  AnyPlaneLosses cpu(std::move(set));
  Check racing = race(bench, *made.value(), cpu, plane, grid(2));
  while (!racing.tick()) co_await later;
}

}  // namespace

std::vector<NamedCheck> plane_speed_checks() {
  return {{"speed of planes, 2-8-8-1 on 500 points", dense_speed}, {"speed of planes, LeNet on 256 digits", lenet_speed}};
}

std::vector<NamedCheck> plane_checks() {
  std::vector<NamedCheck> checks;
  for (std::size_t i = 0; i < kActivationNames.size(); ++i)
    checks.push_back({"plane of " + std::string(kActivationNames[i]) + " networks", [i](Bench& bench) { return dense_plane(bench, static_cast<Activation>(i)); }});
  checks.push_back({"plane of LeNet", [](Bench& bench) { return lenet_plane(bench, gpu::GemmForm::kRegisters); }});
  checks.push_back({"plane of LeNet, tiled", [](Bench& bench) { return lenet_plane(bench, gpu::GemmForm::kTiled); }});
  return checks;
}

}  // namespace chainrule::test
