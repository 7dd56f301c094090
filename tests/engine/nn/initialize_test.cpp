// First values of parameters: their distributions, and that nothing else moves them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/nn/initialize.h"
#include "engine/nn/layers.h"
#include "engine/optim/optimizer.h"

namespace chainrule::test {
namespace {

struct Moments {
  double mean = 0.0, deviation = 0.0, smallest = 1e9, largest = -1e9;
};
Moments moments(std::span<const float> values) {
  Moments m;
  for (const float v : values) {
    m.mean += static_cast<double>(v) / static_cast<double>(values.size());
    m.smallest = std::min(m.smallest, static_cast<double>(v));
    m.largest = std::max(m.largest, static_cast<double>(v));
  }
  for (const float v : values)
    m.deviation += (static_cast<double>(v) - m.mean) * (static_cast<double>(v) - m.mean) / static_cast<double>(values.size());
  m.deviation = std::sqrt(m.deviation);
  return m;
}

constexpr int kFanIn = 100, kFanOut = 50, kSize = 40000;

/// A parameter of kSize weights by `kind`.
Moments drawn(InitializerKind kind, float value = 0.05f) {
  Graph graph;
  const TensorId w = graph.parameter("w", Shape{kSize}, {kind, value, kFanIn, kFanOut});
  Buffers<float> buffers(graph.program());
  initialize(graph.program(), buffers, 7);
  return moments(buffers[w]);
}

// A uniform distribution on ±a has the deviation a/√3. The mean of 40,000 draws is within 5 deviations/200 of 0, the
// deviation within 2 %, the ends within 0.1 % of ±a.
void expect_uniform(const Moments& m, double a) {
  EXPECT_LT(std::abs(m.mean), 5 * a / std::sqrt(3.0) / 200);
  EXPECT_NEAR(m.deviation, a / std::sqrt(3.0), 0.02 * a);
  EXPECT_GE(m.smallest, -a * (1 + 1e-6));
  EXPECT_LE(m.largest, a * (1 + 1e-6));
  EXPECT_NEAR(m.smallest, -a, 1e-3 * a);
  EXPECT_NEAR(m.largest, a, 1e-3 * a);
}

TEST(Initialize, UniformKinds) {
  expect_uniform(drawn(InitializerKind::kUniform), 0.05);
  expect_uniform(drawn(InitializerKind::kGlorotUniform), 0.2);               // √(6 / (100 + 50)) = √0.04
  expect_uniform(drawn(InitializerKind::kLecunUniform), 0.17320508075688773);  // √(3 / 100)
}

TEST(Initialize, HeNormal) {
  const Moments m = drawn(InitializerKind::kHeNormal);
  EXPECT_LT(std::abs(m.mean), 5 * 0.1414 / 200);
  EXPECT_NEAR(m.deviation, 0.1414213562, 0.02 * 0.1414);  // √(2 / 100)
  EXPECT_GT(m.largest, 3 * 0.1414) << "a normal distribution has no bound";
}

TEST(Initialize, Constant) {
  const Moments m = drawn(InitializerKind::kConstant, 0.25f);
  EXPECT_EQ(m.smallest, 0.25);
  EXPECT_EQ(m.largest, 0.25);
}

Program network(bool further_layer) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 6}), labels = graph.input("label", Shape{2});
  TensorId value = dense(graph, "fc1", x, 5, {.activation = Activation::kRelu});
  if (further_layer) value = dense(graph, "more", value, 5, {});
  const Classification head = classify(graph, value, labels);
  Program program = graph.program();
  append_backward(program, head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  return program;
}

std::vector<float> weights(const Program& program, std::uint64_t seed, const char* name = "fc1.w") {
  Buffers<float> buffers(program);
  const TensorId id = program.info(program.find(name)).after;
  std::ranges::fill(buffers[program.info(program.find("fc1.w.velocity")).after], 99.0f);
  initialize(program, buffers, seed);
  for (const float v : buffers[program.info(program.find("fc1.w.velocity")).after]) EXPECT_EQ(v, 0.0f);
  return {buffers[id].begin(), buffers[id].end()};
}

// The current value is the after-tensor, which trade_places makes the before-tensor of step 1.
TEST(Initialize, SameSeedSameWeightsAndOnlyThen) {
  const Program program = network(false);
  const std::vector<float> first = weights(program, 1);
  EXPECT_EQ(first, weights(program, 1));
  EXPECT_NE(first, weights(program, 2));
  EXPECT_NE(first, std::vector<float>(first.size(), 0.0f));
  EXPECT_EQ(weights(program, 1, "fc1.b"), std::vector<float>(5, 0.0f)) << "biases start at 0";
}

TEST(Initialize, AFurtherLayerMovesNoOther) {
  EXPECT_EQ(weights(network(false), 3), weights(network(true), 3));
  EXPECT_NE(weights(network(true), 3, "more.w"), weights(network(true), 3));
}

TEST(Initialize, Explains) {
  EXPECT_EQ((Initializer{InitializerKind::kGlorotUniform, 0, 100, 50}).text(),
            "drawn uniformly from ±0.2 = ±√(6 / (100 + 50)) (Glorot)");
  EXPECT_EQ((Initializer{InitializerKind::kConstant, 0.25f}).text(), "set to 0.25");
}

}  // namespace
}  // namespace chainrule::test
