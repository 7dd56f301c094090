// Optimizers: single steps by hand (NUMBERS.md, N5), on deck 004's valley f = 1/2 (x² + 10 y²) from (10, 1).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/optim/optimizer.h"
#include "engine/graph/buffers.h"
#include "engine/graph/graph.h"
#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;

/// f = 1/2 sum of scale · w², with scale = (1, 10): its gradient is (x, 10 y).
class Valley {
 public:
  explicit Valley(OptimizerKind kind, const OptimizerOptions& options = {}) {
    Graph graph;
    const TensorId w = graph.parameter("w", Shape{1, 2}, {});
    const TensorId scale = graph.input("root", Shape{1, 2}), zero = graph.input("zero", Shape{1, 2});
    const TensorId scaled = graph.apply(OpKind::kMultiply, {}, {w, scale}, "scaled");
    graph.begin_loss();
    const TensorId f = graph.apply(OpKind::kSquaredError, {}, {scaled, zero}, "f");
    program = graph.program();
    append_backward(program, f);
    append_updates(program, kind, options);
    buffers = Buffers<double>(program);
    set("root", {1.0, std::sqrt(10.0)});
    set("w", {10.0, 1.0});
  }
  void set(std::string_view name, std::initializer_list<double> values) {
    ASSERT_NE(program.find(name), kNoTensor) << name;
    std::copy(values.begin(), values.end(), buffers[program.find(name)].begin());
  }
  /// One step; afterwards `now` finds the updated values.
  void step() {
    for (const OpCall& call : program.calls) run_reference(call, buffers);
    buffers.trade_places();
  }
  std::span<const double> now(std::string_view name) { return std::as_const(buffers)[program.find(name)]; }
  /// f of the weights as they are now.
  double f() {
    for (const OpCall& call : program.calls)
      if (call.phase != Phase::kUpdate) run_reference(call, buffers);
    return now("f")[0];
  }

  Program program;
  Buffers<double> buffers;
};

// f(10, 1) = (100 + 10)/2 = 55. Gradient (10, 10); lr 0.1: (10 − 1, 1 − 1) = (9, 0), f = 81/2 = 40.5.
TEST(Optimizer, GradientDescentByHand) {
  Valley valley(OptimizerKind::kSgd);
  valley.set("lr", {0.1});
  EXPECT_NEAR(valley.f(), 55.0, 1e-12);
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.0, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], 0.0, 1e-12);
  EXPECT_NEAR(valley.f(), 40.5, 1e-12);
}

// Stable below lr = 2/10: y is multiplied by 1 − 10 lr, which is −0.9 at 0.19 and −1.1 at 0.21.
TEST(Optimizer, GradientDescentDivergesBeyondTheBound) {
  for (const double lr : {0.19, 0.21}) {
    Valley valley(OptimizerKind::kSgd);
    valley.set("lr", {lr});
    for (int step = 0; step < 20; ++step) valley.step();
    EXPECT_NEAR(valley.now("w")[1], std::pow(1.0 - 10.0 * lr, 20), 1e-9);
    EXPECT_NEAR(valley.now("w")[0], 10.0 * std::pow(1.0 - lr, 20), 1e-9);
  }
}

// lr 0.02, momentum 0.9, deck 004's form. Step 1: δ = 0.02·(10, 10) = (0.2, 0.2), w = (9.8, 0.8).
// Step 2: δ = 0.02·(9.8, 8) + 0.9·0.2 = (0.376, 0.34), w = (9.424, 0.46).
TEST(Optimizer, MomentumByHand) {
  Valley valley(OptimizerKind::kMomentum);
  valley.set("lr", {0.02});
  valley.set("momentum", {0.9});
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.8, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], 0.8, 1e-12);
  EXPECT_NEAR(valley.now("w.velocity")[0], 0.2, 1e-12);
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.424, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], 0.46, 1e-12);
  EXPECT_NEAR(valley.now("w.velocity")[1], 0.34, 1e-12);
}

// The first step of bias-corrected Adam has the length lr, whatever the gradient: m̂ = g, v̂ = g², g/√g² = ±1.
// Moments after it: m = 0.1·10 = 1, v = 0.001·100 = 0.1.
TEST(Optimizer, AdamByHand) {
  Valley valley(OptimizerKind::kAdam);
  valley.set("lr", {0.1});
  valley.set("beta1", {0.9});
  valley.set("beta2", {0.999});
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.9, 1e-9);
  EXPECT_NEAR(valley.now("w")[1], 0.9, 1e-9);
  EXPECT_NEAR(valley.now("w.m")[0], 1.0, 1e-12);
  EXPECT_NEAR(valley.now("w.v")[0], 0.1, 1e-12);
  EXPECT_NEAR(valley.now("beta1.power")[0], 0.9, 1e-12);
  // Step 2: g = (9.9, 9); m = (1.89, 1.8), m̂ = m/0.19; v = (0.0999 + 0.09801, 0.0999 + 0.081), v̂ = v/0.001999.
  valley.step();
  const double step_x = 0.1 * (1.89 / 0.19) / (std::sqrt(0.19791 / 0.001999) + 1e-8);
  const double step_y = 0.1 * (1.8 / 0.19) / (std::sqrt(0.1809 / 0.001999) + 1e-8);
  EXPECT_NEAR(valley.now("w")[0], 9.9 - step_x, 1e-9);
  EXPECT_NEAR(valley.now("w")[1], 0.9 - step_y, 1e-9);
  EXPECT_NEAR(valley.now("beta2.power")[0], 0.999 * 0.999, 1e-12);
}

// PyTorch's form, lr 0.02, momentum 0.9. Step 1: b = g = (10, 10), step = 0.02·(10 + 0.9·10) = 0.38.
// Step 2: g = (9.62, 6.2), b = 0.9·10 + g = (18.62, 15.2), step = 0.02·(g + 0.9·b) = (0.52756, 0.3976).
TEST(Optimizer, NesterovByHand) {
  Valley valley(OptimizerKind::kNesterov);
  valley.set("lr", {0.02});
  valley.set("momentum", {0.9});
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.62, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], 0.62, 1e-12);
  valley.step();
  EXPECT_NEAR(valley.now("w.velocity")[0], 18.62, 1e-12);
  EXPECT_NEAR(valley.now("w")[0], 9.62 - 0.52756, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], 0.62 - 0.3976, 1e-12);
}

// lr 0.5. Step 1: v = g² = 100, s = 10/√100 = 1: (9.5, 0.5). Step 2: g = (9.5, 5), v = (190.25, 125).
TEST(Optimizer, AdaGradByHand) {
  Valley valley(OptimizerKind::kAdaGrad);
  valley.set("lr", {0.5});
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 9.5, 1e-9);
  EXPECT_NEAR(valley.now("w")[1], 0.5, 1e-9);
  valley.step();
  EXPECT_NEAR(valley.now("w.v")[0], 190.25, 1e-9);
  EXPECT_NEAR(valley.now("w")[0], 9.5 - 0.5 * 9.5 / std::sqrt(190.25), 1e-9);
  EXPECT_NEAR(valley.now("w")[1], 0.5 - 0.5 * 5.0 / std::sqrt(125.0), 1e-9);
}

// lr 0.1, ρ 0.99. Step 1: v = 0.01·100 = 1, s = 10/1 = 10: w = (9, 0).
// Centred: u = 0.1, c = 1 − 0.01 = 0.99, s = 10/√0.99. With momentum the first step is the same, the second adds 0.9 of it.
TEST(Optimizer, RmsPropByHand) {
  for (const bool centred : {false, true})
    for (const bool momentum : {false, true}) {
      Valley valley(OptimizerKind::kRmsProp, {.centred = centred, .momentum = momentum});
      valley.set("lr", {0.1});
      valley.set("rho", {0.99});
      if (momentum) valley.set("momentum", {0.9});
      valley.step();
      const double s1 = centred ? 10.0 / std::sqrt(0.99) : 10.0, x1 = 10.0 - 0.1 * s1;
      EXPECT_NEAR(valley.now("w")[0], x1, 1e-7);
      valley.step();
      const double v = 0.99 + 0.01 * x1 * x1, mean = 0.099 + 0.01 * x1;
      const double s2 = x1 / std::sqrt(centred ? v - mean * mean : v);
      EXPECT_NEAR(valley.now("w")[0], x1 - 0.1 * (s2 + (momentum ? 0.9 * s1 : 0.0)), 1e-7);
    }
}

// Deck 004's Adam (ERRATA E24): the first step is 0.1/√0.001 = 3.1623 lr, to (9.683772, 0.683772). ConvNetJS's: 10 lr.
TEST(Optimizer, AdamWithoutCorrectionByHand) {
  Valley slide(OptimizerKind::kAdam, {.adam = AdamForm::kUncorrected});
  slide.set("lr", {0.1});
  slide.set("beta1", {0.9});
  slide.set("beta2", {0.999});
  slide.step();
  EXPECT_NEAR(slide.now("w")[0], 9.683772, 1e-6);
  EXPECT_NEAR(slide.now("w")[1], 0.683772, 1e-6);
  EXPECT_EQ(slide.program.find("beta1.power"), kNoTensor) << "nothing is corrected";
  Valley multiplied(OptimizerKind::kAdam, {.adam = AdamForm::kMultiplied});
  multiplied.set("lr", {0.1});
  multiplied.set("beta1", {0.9});
  multiplied.set("beta2", {0.999});
  multiplied.step();
  // m̂ = 1·0.1, v̂ = 0.1·0.001: 0.1/√0.0001 = 10.
  EXPECT_NEAR(multiplied.now("w.m.hat")[0], 0.1, 1e-12);
  EXPECT_NEAR(multiplied.now("w.v.hat")[0], 1e-4, 1e-12);
  EXPECT_NEAR(multiplied.now("w")[0], 9.0, 1e-5);
}

// With a constant gradient m = (1 − 0.9^t) g and v = (1 − 0.999^t) g²; (1 − 0.9^t)/√(1 − 0.999^t) is largest at t = 12.
TEST(Optimizer, AdamWithoutCorrectionIsLongestAtStep12) {
  Program program;
  TensorInfo info{.name = "w", .shape = Shape{1}, .kind = TensorKind::kParameter};
  const TensorId w = program.add_tensor(info);
  program.gradient_of[static_cast<std::size_t>(w)] = add_hyper(program, "g", 1.0f);
  append_updates(program, OptimizerKind::kAdam, {.adam = AdamForm::kUncorrected});
  Buffers<double> buffers(program);
  const std::array<std::pair<const char*, double>, 4> hypers = {{{"lr", 1.0}, {"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 0.0}}};
  for (const auto& [name, value] : hypers) buffers[program.find(name)][0] = value;
  std::vector<double> lengths;
  for (int step = 0; step < 40; ++step) {
    const double before = step == 0 ? 0.0 : buffers[w][0];
    for (const OpCall& call : program.calls) run_reference(call, buffers);
    buffers.trade_places();
    lengths.push_back(before - buffers[w][0]);
  }
  EXPECT_NEAR(lengths[0], 3.162, 0.0005);
  EXPECT_EQ(std::ranges::max_element(lengths) - lengths.begin() + 1, 12);
  EXPECT_NEAR(lengths[11], 6.57, 0.005);
}

// λ 0.5: g′ = g + 0.5·θ = (15, 10.5); lr 0.1: (10 − 1.5, 1 − 1.05).
TEST(Optimizer, WeightDecayByHand) {
  Valley valley(OptimizerKind::kSgd, {.weight_decay = true});
  valley.set("lr", {0.1});
  valley.set("weight_decay", {0.5});
  valley.step();
  EXPECT_NEAR(valley.now("w")[0], 8.5, 1e-12);
  EXPECT_NEAR(valley.now("w")[1], -0.05, 1e-12);
  EXPECT_NEAR(valley.now("w.grad.decayed")[0], 15.0, 1e-12);
}

// An update keeps the old value: both are operands of the shown step.
TEST(Optimizer, ValuesBeforeAndAfterTheUpdateAreTwoTensors) {
  for (std::size_t i = 0; i < kOptimizerNames.size(); ++i) {
    Valley valley(static_cast<OptimizerKind>(i));
    const TensorId before = valley.program.find("w");
    const TensorId after = valley.program.info(before).after;
    ASSERT_NE(after, kNoTensor);
    EXPECT_EQ(valley.program.info(after).before, before);
    EXPECT_EQ(valley.program.info(after).name, "w");
    EXPECT_EQ(valley.program.of_kind(TensorKind::kParameter), std::vector<TensorId>{before});
    for (const OpCall& call : valley.program.calls) run_reference(call, valley.buffers);
    EXPECT_EQ(valley.buffers[before][0], 10.0);
    EXPECT_LT(valley.buffers[after][0], 10.0);
    for (const OpCall& call : valley.program.calls) EXPECT_FALSE(call.formula.empty());
  }
}

// What a step did to each parameter: θ′ − θ.
TEST(Optimizer, ChangesAreAppended) {
  Valley valley(OptimizerKind::kSgd);
  valley.set("lr", {0.1});
  append_changes(valley.program);
  valley.buffers = Buffers<double>(valley.program);
  valley.set("root", {1.0, std::sqrt(10.0)});
  valley.set("w", {10.0, 1.0});
  valley.set("lr", {0.1});
  for (const OpCall& call : valley.program.calls) run_reference(call, valley.buffers);
  EXPECT_NEAR(valley.now("w.change")[0], -1.0, 1e-12);
  EXPECT_NEAR(valley.now("w.change")[1], -1.0, 1e-12);
}

// The update ops one by one, on numbers that float holds exactly.
TEST(OptimizerSteps, ByHand) {
  const auto number = [](float value) { return Values<float>{Shape{1}, {value}}; };
  const Values<float> theta{Shape{2}, {1, -2}}, g{Shape{2}, {4, -8}}, m{Shape{2}, {2, 16}};
  EXPECT_EQ(first_output(OpKind::kSgdStep, {}, {theta, g, number(0.5f)}), (Numbers{-1, 2}));           // 1 − 0.5·4
  EXPECT_EQ(first_output(OpKind::kVelocity, {}, {m, g, number(0.5f), number(0.25f)}), (Numbers{2.5f, 0}));  // 2 + 0.5; −4 + 4
  EXPECT_EQ(first_output(OpKind::kMovingAverage, {}, {m, g, number(0.75f)}), (Numbers{2.5f, 10}));     // 1.5 + 1; 12 − 2
  EXPECT_EQ(first_output(OpKind::kMovingAverageOfSquares, {}, {m, g, number(0.75f)}), (Numbers{5.5f, 28}));  // 1.5 + 4; 12 + 16
  // m̂ = 4/(1 − 0.5) = 8, v̂ = 12/(1 − 0.25) = 16, step = 0.5·8/(4 + 0) = 1; and with ε = 4: 0.5·8/(4 + 4) = 0.5.
  const Values<float> one{Shape{1}, {10}}, four = number(4), twelve = number(12);
  EXPECT_EQ(first_output(OpKind::kAdamStep, {}, {one, four, twelve, number(0.5f), number(0.5f), number(0.25f), number(0)}), (Numbers{9}));
  EXPECT_EQ(first_output(OpKind::kAdamStep, {}, {one, four, twelve, number(0.5f), number(0.5f), number(0.25f), number(4)}), (Numbers{9.5f}));
}

TEST(OptimizerSteps, PartsByHand) {
  const auto number = [](float value) { return Values<float>{Shape{1}, {value}}; };
  const Values<float> theta{Shape{2}, {1, -2}}, g{Shape{2}, {4, -8}}, m{Shape{2}, {2, 16}}, v{Shape{2}, {16, 4}};
  EXPECT_EQ(first_output(OpKind::kCorrectedMoment, {}, {m, number(0.75f)}), (Numbers{8, 64}));             // 2 / 0.25
  EXPECT_EQ(first_output(OpKind::kMultipliedMoment, {}, {m, number(0.75f)}), (Numbers{0.5f, 4}));          // 2 · 0.25
  EXPECT_EQ(first_output(OpKind::kScaledByRoot, {}, {g, v, number(4)}), (Numbers{0.5f, -8.0f / 6.0f}));    // 4/(4 + 4); −8/(2 + 4)
  EXPECT_EQ(first_output(OpKind::kSumOfSquares, {}, {m, g}), (Numbers{18, 80}));                           // 2 + 16; 16 + 64
  EXPECT_EQ(first_output(OpKind::kCentredSquares, {}, {v, theta}), (Numbers{15, 0}));                      // 16 − 1; 4 − 4
  EXPECT_EQ(first_output(OpKind::kCentredSquares, {}, {theta, theta}), (Numbers{0, 0}));                   // −6 is mended to 0
  EXPECT_EQ(first_output(OpKind::kMomentumSum, {}, {m, g, number(0.5f)}), (Numbers{5, 0}));                // 1 + 4; 8 − 8
  EXPECT_EQ(first_output(OpKind::kNesterovStep, {}, {theta, g, m, number(0.5f), number(0.25f)}), (Numbers{-1.25f, 0}));  // 1 − 0.5·(4 + 0.5)
  EXPECT_EQ(first_output(OpKind::kDecayedGradient, {}, {g, theta, number(0.5f)}), (Numbers{4.5f, -9}));
}

TEST(OptimizerSteps, ShapesThatDoNotFit) {
  const Values<float> theta{Shape{2}, {1, 2}}, g{Shape{3}, {1, 2, 3}}, one{Shape{1}, {1}};
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSgdStep, {}, {theta, g, one}), "operand 1 3 for 2");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSgdStep, {}, {theta, theta, theta}), "operand 2 2 for 2");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kAdamStep, {}, {theta, theta, g, one, one, one, one}), "operand 2 3 for 2");
}

// A parameter that the loss does not depend on has no gradient to follow.
TEST(Optimizer, UnusedParameterIsAnError) {
  Graph graph;
  const TensorId w = graph.parameter("w", Shape{2}, {});
  graph.parameter("unused", Shape{2}, {});
  const TensorId loss = graph.apply(OpKind::kSum, {}, {w}, "loss");
  Program program = graph.program();
  append_backward(program, loss);
  EXPECT_DEATH_IF_SUPPORTED(append_updates(program, OptimizerKind::kSgd), "input -1 of unused");
}

}  // namespace
}  // namespace chainrule::test
