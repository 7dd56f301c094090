// The gradient that comes back along an edge is what came to its end, times the edge's local derivative; and the local
// derivative is the slope that central differences measure.
#include "engine/graph/paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/buffers.h"
#include "engine/graph/graph.h"
#include "engine/math/rng.h"

namespace chainrule::test {
namespace {

struct Built {
  Program program;
  std::vector<GradientPath> paths;
  TensorId loss = kNoTensor;
};

Built with_paths(const Graph& graph, TensorId loss) {
  Built built{graph.program(), {}, loss};
  append_backward(built.program, loss);
  built.paths = gradient_paths(built.program);
  append_local_derivatives(built.program, built.paths);
  return built;
}

/// A graph of single numbers: each new one is an op of earlier ones, any of them, so that values are used again and again.
Built random_scalars(Rng& rng) {
  Graph graph;
  std::vector<TensorId> values;
  for (int leaf = 0; leaf < 3; ++leaf) values.push_back(graph.parameter("p" + std::to_string(leaf), Shape{1, 1}, {}));
  const auto any = [&] { return values[rng.below(static_cast<std::uint32_t>(values.size()))]; };
  for (int made = 0; made < 9; ++made) {
    const std::string name = "v" + std::to_string(made);
    const OpKind kinds[] = {OpKind::kAdd, OpKind::kSubtract, OpKind::kMultiply, OpKind::kNegate, OpKind::kActivate, OpKind::kMatMul};
    const OpKind kind = kinds[rng.below(6)];
    OpAttributes attributes;
    if (kind == OpKind::kActivate) attributes.activation = rng.below(2) == 0 ? Activation::kLogistic : Activation::kTanh;
    std::vector<TensorId> inputs = {any()};
    if (kind != OpKind::kNegate && kind != OpKind::kActivate) inputs.push_back(any());
    values.push_back(graph.apply(kind, attributes, inputs, name));
  }
  // Nothing may grow beyond all bounds.
  OpAttributes tanh;
  tanh.activation = Activation::kTanh;
  const TensorId last = graph.apply(OpKind::kActivate, tanh, {values.back()}, "last");
  return with_paths(graph, graph.apply(OpKind::kSum, {}, {last}, "loss"));
}

void run_forward(const Program& program, Buffers<double>& buffers) {
  for (const OpCall& call : program.calls)
    if (call.phase == Phase::kForward || call.phase == Phase::kLoss) run_reference(call, buffers);
}

// d output / d input of one call alone: its input is moved, nothing else.
double measured(const OpCall& call, int slot, Buffers<double> buffers) {
  constexpr double kStep = 1e-6;
  // The same tensor may stand in both slots: a copy of the call reads the moved one from a buffer of its own.
  double moved[2] = {};
  const double at = buffers[call.inputs[static_cast<std::size_t>(slot)]][0];
  double out[2] = {};
  for (const int side : {0, 1}) {
    moved[0] = at + (side == 0 ? -kStep : kStep);
    std::vector<const double*> in;
    for (std::size_t s = 0; s < call.inputs.size(); ++s) in.push_back(static_cast<int>(s) == slot ? moved : buffers[call.inputs[s]].data());
    double* outputs[] = {&out[side]};
    op_info(call.kind).run_double(call.attributes, {call.in_shapes, call.out_shapes, in, outputs});
  }
  return (out[1] - out[0]) / (2 * kStep);
}

TEST(GradientPaths, LocalTimesUpstreamIsWhatComesBackOnRandomGraphs) {
  Rng rng(11, "data");
  int edges = 0, shared = 0;
  for (int graph = 0; graph < 200; ++graph) {
    SCOPED_TRACE(graph);
    const Built built = random_scalars(rng);
    const Program& program = built.program;
    Buffers<double> buffers(program);
    for (const TensorId id : program.of_kind(TensorKind::kParameter)) buffers[id][0] = static_cast<double>(rng.uniform(-1.5f, 1.5f));
    for (const OpCall& call : program.calls) run_reference(call, buffers);
    std::vector<double> sums(program.tensors.size(), 0.0);
    std::vector<int> counts(program.tensors.size(), 0);
    for (const GradientPath& path : built.paths) {
      const OpCall& call = program.calls[static_cast<std::size_t>(path.call)];
      ASSERT_NE(path.local, kNoTensor);
      const double local = buffers[path.local][0], upstream = buffers[path.upstream][0];
      EXPECT_NEAR(local * upstream, buffers[path.gradient][0], 1e-12 * std::max(1.0, std::abs(local * upstream)));
      EXPECT_NEAR(local, measured(call, path.slot, buffers), 1e-7 * std::max(1.0, std::abs(local)));
      const auto input = static_cast<std::size_t>(call.inputs[static_cast<std::size_t>(path.slot)]);
      sums[input] += buffers[path.gradient][0];
      ++counts[input];
      ++edges;
    }
    // The paths' sum is the gradient, and the gradient is the slope of the loss.
    for (std::size_t id = 0; id < sums.size(); ++id) {
      if (counts[id] == 0) continue;
      shared += counts[id] > 1;
      const double gradient = buffers[program.gradient_of[id]][0];
      EXPECT_NEAR(sums[id], gradient, 1e-12 * std::max(1.0, std::abs(gradient)));
    }
    for (const TensorId id : program.of_kind(TensorKind::kParameter)) {
      if (program.gradient_of[static_cast<std::size_t>(id)] == kNoTensor) continue;
      double sides[2];
      for (const int side : {0, 1}) {
        Buffers<double> moved = buffers;
        moved[id][0] += side == 0 ? -1e-6 : 1e-6;
        run_forward(program, moved);
        sides[side] = moved[built.loss][0];
      }
      const double gradient = buffers[program.gradient_of[static_cast<std::size_t>(id)]][0];
      EXPECT_NEAR((sides[1] - sides[0]) / 2e-6, gradient, 1e-6 * std::max(1.0, std::abs(gradient)));
    }
  }
  EXPECT_GT(edges, 1000);
  EXPECT_GT(shared, 100) << "too few values that are used twice";
}

// Whole tensors: σ′ element by element; matrix products are rules.
TEST(GradientPaths, OfTensors) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 3}), t = graph.input("t", Shape{2, 4});
  const TensorId w = graph.parameter("w", Shape{4, 3}, {}), b = graph.parameter("b", Shape{4}, {});
  OpAttributes turned, logistic;
  turned.transpose_b = true;
  logistic.activation = Activation::kLogistic;
  const TensorId sum = graph.apply(OpKind::kMatMul, turned, {x, w}, "sum");
  const TensorId net = graph.apply(OpKind::kBias, {}, {sum, b}, "net");
  const TensorId out = graph.apply(OpKind::kActivate, logistic, {net}, "out");
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {out, t}, "each");
  const Built built = with_paths(graph, graph.apply(OpKind::kMean, {}, {each}, "E"));
  const Program& program = built.program;
  Buffers<double> buffers(program);
  Rng rng(3, "data");
  for (const TensorId id : {x, t, w, b})
    for (double& number : buffers[id]) number = static_cast<double>(rng.normal());
  for (const OpCall& call : program.calls) run_reference(call, buffers);
  std::vector<std::string> local, rule;
  for (const GradientPath& path : built.paths) {
    const OpCall& call = program.calls[static_cast<std::size_t>(path.call)];
    const std::string edge = program.info(call.outputs[0]).name + "/" + program.info(call.inputs[static_cast<std::size_t>(path.slot)]).name;
    (path.local == kNoTensor ? rule : local).push_back(edge);
    if (path.local == kNoTensor) continue;
    EXPECT_EQ(program.info(path.local).shape.size(), program.info(path.gradient).shape.size()) << edge;
    // Its upstream number is that of the same element, or of its sample, or the only one.
    const auto back = buffers[path.upstream];
    const std::size_t share = buffers[path.local].size() / back.size();
    for (std::size_t i = 0; i < buffers[path.local].size(); ++i)
      EXPECT_NEAR(buffers[path.local][i] * back[i / share], buffers[path.gradient][i], 1e-14) << edge << " " << i;
  }
  EXPECT_EQ(local, (std::vector<std::string>{"E/each", "each/out", "out/net", "net/sum"}));
  EXPECT_EQ(rule, (std::vector<std::string>{"net/b", "sum/w"}));
}

TEST(GradientPaths, OneOperandTwiceHasTwoEdges) {
  Graph graph;
  const TensorId w = graph.parameter("w", Shape{1, 1}, {});
  const Built built = with_paths(graph, graph.apply(OpKind::kSum, {}, {graph.apply(OpKind::kMultiply, {}, {w, w}, "y")}, "loss"));
  ASSERT_EQ(built.paths.size(), 3u);
  EXPECT_NE(built.paths[1].gradient, built.paths[2].gradient);
  EXPECT_NE(built.paths[1].local, built.paths[2].local);
  EXPECT_EQ(built.program.info(built.paths[2].local).name, "y.by.w#2");
}

}  // namespace
}  // namespace chainrule::test
