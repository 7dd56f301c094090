// Reverse mode on whole graphs: values used more than once, the names of their paths, and what needs no gradient.
#include <gtest/gtest.h>

#include "engine/graph/buffers.h"
#include "engine/graph/graph.h"
#include "tests/engine/support/gradient_check.h"

namespace chainrule::test {
namespace {

struct Built {
  Program program;
  Buffers<double> buffers;
};

/// loss = sum of `value`, its backward calls, and random parameters and inputs.
Built finish(Graph& graph, TensorId value, bool input_gradients = false) {
  Built built;
  const TensorId loss = graph.apply(OpKind::kSum, {}, {value}, "loss");
  built.program = graph.program();
  append_backward(built.program, loss, input_gradients);
  built.buffers = Buffers<double>(built.program);
  std::uint32_t seed = 5;
  for (const TensorKind kind : {TensorKind::kParameter, TensorKind::kInput})
    for (const TensorId id : built.program.of_kind(kind)) {
      std::uint32_t i = 0;
      for (double& number : built.buffers[id]) number = test_number(seed, i++);
      ++seed;
    }
  return built;
}

void expect_gradients(Built& built) {
  const GradientReport report =
      check_gradients(built.program, built.buffers, built.program.of_kind(TensorKind::kParameter));
  EXPECT_TRUE(report.passed()) << report.worst << " at " << report.where;
  EXPECT_GT(report.smallest, 1e-2);
}

TensorId activate(Graph& graph, Activation activation, TensorId x, std::string name) {
  OpAttributes attributes;
  attributes.activation = activation;
  return graph.apply(OpKind::kActivate, attributes, {x}, std::move(name));
}

// y = tanh(x) · σ(x): x feeds two ops. The gradient is path1 + path2, each by itself a tensor with a name.
TEST(Backward, ValueUsedTwiceHasTwoPathsAndTheirSum) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{2, 3}, {});
  const TensorId a = activate(graph, Activation::kTanh, x, "a"), b = activate(graph, Activation::kLogistic, x, "b");
  Built built = finish(graph, graph.apply(OpKind::kMultiply, {}, {a, b}, "y"));
  expect_gradients(built);

  const Program& program = built.program;
  const TensorId path1 = program.find("x.grad.path1"), path2 = program.find("x.grad.path2"), sum = program.find("x.grad");
  ASSERT_NE(path1, kNoTensor);
  ASSERT_NE(path2, kNoTensor);
  ASSERT_NE(sum, kNoTensor);
  EXPECT_EQ(program.find("x.grad.path3"), kNoTensor);
  EXPECT_EQ(program.gradient_of[static_cast<std::size_t>(x)], sum);
  run_all(program, built.buffers);
  for (std::size_t i = 0; i < 6; ++i) {
    const double tanh = built.buffers[a][i], logistic = built.buffers[b][i];
    // Backward meets the last use first: path1 comes through σ, path2 through tanh.
    EXPECT_NEAR(built.buffers[path1][i], tanh * (logistic * (1 - logistic)), 1e-15);
    EXPECT_NEAR(built.buffers[path2][i], logistic * (1 - tanh * tanh), 1e-15);
    EXPECT_EQ(built.buffers[sum][i], built.buffers[path1][i] + built.buffers[path2][i]);
  }
}

// x feeds three ops: ((path1 + path2) + path3), in that order, with the partial sum named.
TEST(Backward, ThreePathsAreAddedInOrder) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{4}, {});
  const TensorId a = activate(graph, Activation::kTanh, x, "a"), b = activate(graph, Activation::kLogistic, x, "b"),
                 c = activate(graph, Activation::kSoftplus, x, "c");
  const TensorId ab = graph.apply(OpKind::kMultiply, {}, {a, b}, "ab");
  Built built = finish(graph, graph.apply(OpKind::kMultiply, {}, {ab, c}, "y"));
  expect_gradients(built);
  const Program& program = built.program;
  const TensorId partial = program.find("x.grad.sum2");
  ASSERT_NE(partial, kNoTensor);
  ASSERT_NE(program.find("x.grad.path3"), kNoTensor);
  run_all(program, built.buffers);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(built.buffers[program.find("x.grad")][i],
              built.buffers[partial][i] + built.buffers[program.find("x.grad.path3")][i]);
}

// The same operand twice in one call: x · x, dx = 2 x; x + x, dx = 2.
TEST(Backward, OneOperandTwiceInOneCall) {
  for (const OpKind kind : {OpKind::kMultiply, OpKind::kAdd}) {
    Graph graph;
    const TensorId x = graph.parameter("x", Shape{3}, {});
    Built built = finish(graph, graph.apply(kind, {}, {x, x}, "y"));
    expect_gradients(built);
    run_all(built.program, built.buffers);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(built.buffers[built.program.find("x.grad")][i], kind == OpKind::kAdd ? 2.0 : 2.0 * built.buffers[x][i]);
  }
}

// y = x + tanh(W x): the residual block. y's gradient is passed on unchanged as one of x's paths, and keeps its name.
TEST(Backward, ResidualAdd) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{2, 3}, {}), w = graph.parameter("w", Shape{3, 3}, {});
  const TensorId net = graph.apply(OpKind::kMatMul, {}, {x, w}, "net");
  const TensorId f = activate(graph, Activation::kTanh, net, "f");
  const TensorId y = graph.apply(OpKind::kAdd, {}, {x, f}, "y");
  const TensorId squared = graph.apply(OpKind::kMultiply, {}, {y, activate(graph, Activation::kLogistic, net, "gate")}, "z");
  Built built = finish(graph, squared);
  expect_gradients(built);
  const Program& program = built.program;
  const TensorId dy = program.gradient_of[static_cast<std::size_t>(y)];
  EXPECT_EQ(program.info(dy).name, "y.grad");
  EXPECT_EQ(program.find("f.grad"), dy) << "the sum passes its gradient on unchanged";
  EXPECT_EQ(program.find("x.grad.path1"), kNoTensor) << "path 1 of x is y.grad itself";
  EXPECT_NE(program.find("x.grad.path2"), kNoTensor);
}

// Names stay unique over all these graphs: a name finds one tensor.
TEST(Backward, GradientNamesAreUnique) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{2, 3}, {});
  const TensorId a = activate(graph, Activation::kTanh, x, "a");
  const TensorId b = graph.apply(OpKind::kAdd, {}, {a, x}, "b");
  const TensorId c = graph.apply(OpKind::kAdd, {}, {b, a}, "c");
  const TensorId d = graph.apply(OpKind::kMultiply, {}, {c, b}, "d");
  Built built = finish(graph, d);
  expect_gradients(built);
  for (std::size_t i = 0; i < built.program.tensors.size(); ++i)
    EXPECT_EQ(built.program.find(built.program.tensors[i].name), static_cast<TensorId>(i))
        << "two tensors are named " << built.program.tensors[i].name;
}

TEST(Backward, ConcatOfTwoBranches) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{2, 3}, {}), w = graph.parameter("w", Shape{3, 4}, {});
  const TensorId a = activate(graph, Activation::kTanh, graph.apply(OpKind::kMatMul, {}, {x, w}, "net"), "a");
  const TensorId joined = graph.apply(OpKind::kConcat, {}, {a, x}, "joined");
  const TensorId v = graph.parameter("v", Shape{7, 2}, {});
  const TensorId y = activate(graph, Activation::kLogistic, graph.apply(OpKind::kMatMul, {}, {joined, v}, "net2"), "y");
  Built built = finish(graph, y);
  expect_gradients(built);
}

TEST(Backward, InputsGetAGradientOnlyWhenAsked) {
  for (const bool asked : {false, true}) {
    Graph graph;
    const TensorId x = graph.input("x", Shape{2, 3}), w = graph.parameter("w", Shape{3, 1}, {});
    const TensorId y = graph.apply(OpKind::kMatMul, {}, {x, w}, "y");
    const TensorId t = graph.input("t", Shape{2, 1});
    graph.begin_loss();
    Built built = finish(graph, graph.apply(OpKind::kSquaredError, {}, {y, t}, "each"), asked);
    EXPECT_EQ(built.program.gradient_of[static_cast<std::size_t>(x)] != kNoTensor, asked);
    EXPECT_EQ(built.program.gradient_of[static_cast<std::size_t>(t)] != kNoTensor, asked);
    std::vector<TensorId> checked = {w};
    if (asked) checked.insert(checked.end(), {x, t});
    const GradientReport report = check_gradients(built.program, built.buffers, checked);
    EXPECT_TRUE(report.passed()) << report.worst << " at " << report.where;
  }
}

// A value that the loss does not depend on costs no backward call, and a constant branch neither.
TEST(Backward, NothingIsComputedForNothing) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 3}), w = graph.parameter("w", Shape{3, 2}, {});
  const TensorId unused = graph.parameter("unused", Shape{3, 2}, {});
  graph.apply(OpKind::kMatMul, {}, {x, unused}, "dangling");
  Built built = finish(graph, graph.apply(OpKind::kMatMul, {}, {x, w}, "y"));
  EXPECT_EQ(built.program.gradient_of[static_cast<std::size_t>(unused)], kNoTensor);
  int backward = 0;
  for (const OpCall& call : built.program.calls) backward += call.phase == Phase::kBackward;
  EXPECT_EQ(backward, 2);  // Spread for the sum, and dw = xᵀ·dy
}

TEST(Backward, Errors) {
  Graph graph;
  const TensorId x = graph.parameter("x", Shape{2, 2}, {});
  const TensorId y = graph.apply(OpKind::kNegate, {}, {x}, "y");
  Program program = graph.program();
  EXPECT_DEATH_IF_SUPPORTED(append_backward(program, y), "the loss is one number, not 2×2");
  OpAttributes slice;
  slice.shape = Shape{2, 1};
  const TensorId part = graph.apply(OpKind::kSlice, slice, {y}, "part");
  const TensorId loss = graph.apply(OpKind::kSum, {}, {part}, "loss");
  Program sliced = graph.program();
  EXPECT_DEATH_IF_SUPPORTED(append_backward(sliced, loss), "slice has no backward");
}

}  // namespace
}  // namespace chainrule::test
