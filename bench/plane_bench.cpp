// How often a loss plane of 128 × 128 points refreshes: a 2-8-8-1 network on 500 points, one thread; beside it the same
// losses one point at a time through the network's program.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "engine/data/toy2d.h"
#include "engine/landscape/plane_losses.h"
#include "engine/nn/layers.h"

namespace chainrule {
namespace {

constexpr int kSide = 128, kSamples = 500;

ForwardPass network(Activation hidden) {
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{kSamples, 2});
  pass.target = graph.input("target", Shape{kSamples, 1});
  TensorId value = dense(graph, "h1", pass.x, 8, {.activation = hidden});
  value = dense(graph, "h2", value, 8, {.activation = hidden});
  value = dense(graph, "o", value, 1, {.activation = Activation::kTanh});
  graph.begin_loss();
  pass.each = graph.apply(OpKind::kSquaredError, {}, {value, pass.target}, "loss.each");
  pass.program = graph.program();
  return pass;
}

/// Seconds for `points` points of the plane; the sum of losses keeps the compiler from dropping them.
double seconds(PlaneLosses& losses, const Plane& plane, int points, float& sum) {
  const auto start = std::chrono::steady_clock::now();
  PlaceInPlane places[AnyPlaneLosses::kMost];
  for (int first = 0; first < points; first += static_cast<int>(losses.points_at_once())) {
    for (std::size_t i = 0; i < losses.points_at_once(); ++i) {
      const int point = first + static_cast<int>(i);
      places[i] = {static_cast<float>(point % kSide) / 64 - 1, static_cast<float>(point / kSide) / 64 - 1};
    }
    losses.begin(plane, std::span(places).first(losses.points_at_once()));
    std::int64_t budget = 1LL << 40;
    sum += losses.advance(budget)[0];
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(Activation hidden) {
  const Points2d data = toy_points(Toy2d::kSpiral, kSamples, 0.05f, 1);
  EvaluationSet set(network(hidden), data.x, data.label);
  Rng rng(1, "init");
  Plane plane;
  plane.centre = std::vector<float>(set.layout().size());
  for (float& weight : plane.centre) weight = rng.normal();
  plane.u = filter_normalized_direction(set.layout(), plane.centre, rng);
  plane.v = filter_normalized_direction(set.layout(), plane.centre, rng);
  const auto four = DensePlaneLosses::of(set);
  AnyPlaneLosses one(std::make_unique<EvaluationSet>(network(hidden), data.x, data.label));
  float sum = 0.0f;
  // The shortest of many runs of a few rows counts: other programs only ever add time.
  constexpr int kParts = 32;
  const auto whole = [&](PlaneLosses& losses, int runs) {
    double shortest = 1e30;
    for (int run = 0; run < runs; ++run) shortest = std::min(shortest, seconds(losses, plane, kSide * kSide / kParts, sum));
    return shortest * kParts;
  };
  const double fast = whole(*four, 200), through_program = whole(one, 10);
  std::printf("%-6s %10.1f planes/s %10.1f through the program %8.1fx   (sum %g)\n",
              std::string(kActivationNames[static_cast<std::size_t>(hidden)]).c_str(), 1 / fast, 1 / through_program,
              through_program / fast, static_cast<double>(sum));
}

}  // namespace
}  // namespace chainrule

int main() {
  std::printf("128 x 128 losses of a 2-8-8-1 network on 500 points\n");
  chainrule::measure(chainrule::Activation::kRelu);
  chainrule::measure(chainrule::Activation::kTanh);
}
