// Deck 003's worked backpropagation in full (NUMBERS.md, N1), through Graph, the dense layer, squared error and SGD in
// float: every value that the slide computes, and the new output after the update.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/buffers.h"
#include "engine/nn/layers.h"
#include "engine/optim/optimizer.h"

namespace chainrule {
namespace {

// The float engine rounds each operation to 6e-8; the slide's numbers differ from each other by far more than 1e-6.
constexpr double kTolerance = 1e-6;

class WorkedExample : public testing::Test {
 protected:
  WorkedExample() {
    Graph graph;
    const TensorId x = graph.input("x", Shape{1, 2});
    const TensorId target = graph.input("target", Shape{1, 1});
    const LayerOptions sigmoid{.activation = Activation::kLogistic, .bias = false};
    const TensorId h = dense(graph, "h", x, 2, sigmoid);
    const TensorId o = dense(graph, "o", h, 1, sigmoid);
    graph.begin_loss();
    const TensorId error = graph.apply(OpKind::kSquaredError, {}, {o, target}, "E");
    program_ = graph.program();
    append_backward(program_, error);
    append_updates(program_, OptimizerKind::kSgd);
    buffers_ = Buffers<float>(program_);
    set("x", {0.05f, 0.10f});
    set("target", {0.10f});
    set("h.w", {0.14f, 0.19f, 0.24f, 0.29f});  // row j: the weights into unit j
    set("o.w", {0.35f, 0.40f});
    set("lr", {1.0f});
    run();
  }

  void set(std::string_view name, std::initializer_list<float> values) {
    ASSERT_NE(program_.find(name), kNoTensor) << name;
    std::ranges::copy(values, buffers_[program_.find(name)].begin());
  }
  void run() {
    for (const OpCall& call : program_.calls) run_reference(call, buffers_);
  }
  void expect(std::span<const float> got, std::initializer_list<double> wanted, std::string_view name) {
    ASSERT_EQ(got.size(), wanted.size()) << name;
    std::size_t i = 0;
    for (const double value : wanted) {
      const double error = std::abs(static_cast<double>(got[i]) - value) / std::abs(value);
      EXPECT_LT(error, kTolerance) << name << "[" << i << "] is " << got[i] << ", not " << value;
      worst_ = std::max(worst_, error);
      ++i;
    }
  }
  void expect(std::string_view name, std::initializer_list<double> wanted) {
    ASSERT_NE(program_.find(name), kNoTensor) << name;
    expect(std::as_const(buffers_)[program_.find(name)], wanted, name);
  }
  std::span<const float> updated(std::string_view name) {
    return std::as_const(buffers_)[program_.info(program_.find(name)).after];
  }

  Program program_;
  Buffers<float> buffers_;
  double worst_ = 0.0;
};

TEST_F(WorkedExample, Forward) {
  expect("h.net", {0.026, 0.041});
  expect("h.out", {0.506499633858, 0.510248564387});
  expect("o.net", {0.381374297605});
  expect("o.out", {0.594204523997});
  expect("E", {0.122119055770});
  std::printf("largest relative error: %.3g\n", worst_);
}

TEST_F(WorkedExample, Backward) {
  expect("o.out.grad", {0.494204523997});                  // dE/dout = out − t
  expect("o.net.grad", {0.119165316736});                  // the slide's delta_o
  expect("o.w.grad", {0.060357189295, 0.060803931789});
  expect("h.out.grad", {0.041707860858, 0.047666126694});
  expect("h.net.grad", {0.010425203256, 0.011911525154});  // delta_h1, delta_h2
  expect("h.w.grad", {0.000521260163, 0.001042520326, 0.000595576258, 0.001191152515});
  // dout/dnet = 0.241125507658 is not a tensor: it is delta_o over dE/dout.
  const double slope = static_cast<double>(buffers_[program_.find("o.net.grad")][0]) /
                       static_cast<double>(buffers_[program_.find("o.out.grad")][0]);
  EXPECT_NEAR(slope, 0.241125507658, 0.241125507658 * kTolerance);
  std::printf("largest relative error: %.3g\n", worst_);
}

TEST_F(WorkedExample, UpdateAndTheNextForwardPass) {
  expect(updated("o.w"), {0.289642810705, 0.339196068211}, "o.w after");
  expect(updated("h.w"), {0.139478739837, 0.188957479674, 0.239404423742, 0.288808847485}, "h.w after");
  expect("o.w", {0.35, 0.40});  // the old weights are still there
  buffers_.trade_places();
  run();
  expect("o.w", {0.289642810705, 0.339196068211});
  expect("o.out", {0.579264842144});
  expect("E", {0.114847394458});
  std::printf("largest relative error: %.3g\n", worst_);
}

// "What if only w5 is updated?" The exact weight and the slide's rounded 0.31.
TEST_F(WorkedExample, OnlyW5Updated) {
  set("o.w", {static_cast<float>(0.289642810705), 0.40f});
  run();
  expect("o.out", {0.586812388564});
  expect("E", {0.118493150830});
  set("o.w", {0.31f, 0.40f});
  run();
  expect("o.out", {0.589310150843});
  expect("E", {0.119712211859});
}

// The hidden deltas are sums over one output here, but each also gets its own derivation: the call that made it.
TEST_F(WorkedExample, PhasesAreInOrderAndNamesAreTheDecks) {
  Phase last = Phase::kForward;
  for (const OpCall& call : program_.calls) {
    EXPECT_GE(call.phase, last);
    last = call.phase;
  }
  EXPECT_EQ(last, Phase::kUpdate);
  EXPECT_EQ(program_.find("h.b"), kNoTensor);
  EXPECT_EQ(program_.find("x.grad"), kNoTensor) << "no gradient of the inputs was asked for";
}

}  // namespace
}  // namespace chainrule
