#include "engine/landscape/plane_losses.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "engine/data/toy2d.h"
#include "engine/nn/layers.h"

namespace chainrule {
namespace {

ForwardPass dense_pass(int batch, std::vector<int> units, Activation hidden, SquaredErrorForm form) {
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{batch, 2});
  pass.target = graph.input("target", Shape{batch, units.back()});
  TensorId value = pass.x;
  for (std::size_t layer = 0; layer < units.size(); ++layer)
    value = dense(graph, "l" + std::to_string(layer), value, units[layer],
                  {.activation = layer + 1 < units.size() ? hidden : Activation::kTanh, .bias = layer != 1});
  graph.begin_loss();
  OpAttributes attributes;
  attributes.form = form;
  pass.each = graph.apply(OpKind::kSquaredError, attributes, {value, pass.target}, "loss.each");
  pass.program = graph.program();
  return pass;
}

Plane random_plane(std::size_t size, std::uint64_t seed) {
  Rng rng(seed, "test");
  Plane plane;
  for (std::vector<float>* part : {&plane.centre, &plane.u, &plane.v})
    for (std::size_t k = 0; k < size; ++k) part->push_back(rng.normal());
  return plane;
}

std::vector<float> losses_of(PlaneLosses& losses, const Plane& plane, std::span<const PlaceInPlane> places) {
  losses.begin(plane, places);
  std::vector<float> all;
  while (all.size() < places.size()) {
    std::int64_t budget = 100;
    const std::span<const float> found = losses.advance(budget);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

TEST(PlaneLosses, FourPointsAtOnceGiveTheBitsOfOne) {
  for (const Activation hidden : {Activation::kIdentity, Activation::kRelu, Activation::kLeakyRelu, Activation::kTanh, Activation::kLogistic}) {
    for (const int samples : {1, 6, 15}) {
      for (const std::vector<int>& units : {std::vector<int>{1}, {8, 8, 1}, {3, 5, 2, 3}}) {
        const Points2d points = toy_points(Toy2d::kSpiral, samples, 0.1f, 5);
        std::vector<float> target;
        for (int i = 0; i < samples * units.back(); ++i) target.push_back(i % 2 == 0 ? 1.0f : -0.5f);
        const SquaredErrorForm form = units.size() == 4 ? SquaredErrorForm::kMean : SquaredErrorForm::kHalfSum;
        const auto make_set = [&] {
          return std::make_unique<EvaluationSet>(dense_pass(samples % 2 == 0 ? samples / 2 : samples, units, hidden, form), points.x, target);
        };
        const std::unique_ptr<EvaluationSet> of_four = make_set();
        const EvaluationSet& set = *of_four;
        AnyPlaneLosses one(make_set());
        const auto four = DensePlaneLosses::of(set);
        ASSERT_NE(four, nullptr);
        const Plane plane = random_plane(set.layout().size(), 3);
        const std::vector<PlaceInPlane> places = {{0.5f, -0.25f}, {0, 0}, {-3.0f, 2.0f}, {1e3f, 1}};
        const std::vector<float> fast = losses_of(*four, plane, places);
        for (std::size_t i = 0; i < places.size(); ++i)
          EXPECT_EQ(std::bit_cast<std::uint32_t>(fast[i]),
                    std::bit_cast<std::uint32_t>(losses_of(one, plane, std::span(places).subspan(i, 1))[0]))
              << kActivationNames[static_cast<std::size_t>(hidden)] << ", " << samples << " samples, point " << i;
      }
    }
  }
}

// One tanh unit without hidden layer on one sample: L = 1/2 (tanh(w·x + b) − t)².
TEST(PlaneLosses, TheLossIsTheOneWorkedByHand) {
  EvaluationSet set(dense_pass(1, {1}, Activation::kTanh, SquaredErrorForm::kHalfSum), {0.5f, -1.0f}, {1.0f});
  const std::vector<float> theta = {0.2f, 0.4f, 0.1f};
  const double error = std::tanh(0.2 * 0.5 + 0.4 * -1.0 + 0.1) - 1.0;
  EXPECT_NEAR(set.loss_at(theta), 0.5 * error * error, 1e-7);
}

TEST(PlaneLosses, WhatIsNotADenseNetworkWithSquaredErrorIsLeftToTheProgram) {
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{2, 2});
  pass.target = graph.input("label", Shape{2});
  const Classification head = classify(graph, dense(graph, "fc", pass.x, 3, {}), pass.target);
  pass.each = head.each;
  pass.program = graph.program();
  auto set = std::make_unique<EvaluationSet>(pass, std::vector<float>(8, 0.5f), std::vector<float>(4, 1.0f));
  EXPECT_EQ(DensePlaneLosses::of(*set), nullptr);
  AnyPlaneLosses losses(std::move(set));
  const Plane plane{std::vector<float>(9, 0.0f), std::vector<float>(9, 0.0f), std::vector<float>(9, 0.0f)};
  const PlaceInPlane origin;
  EXPECT_NEAR(losses_of(losses, plane, std::span(&origin, 1))[0], std::log(3.0), 1e-6);  // equal probabilities
}

TEST(PlaneLosses, AThreadGivesTheSameLosses) {
  const auto make_set = [] {
    return std::make_unique<EvaluationSet>(dense_pass(5, {4, 1}, Activation::kTanh, SquaredErrorForm::kHalfSum), toy_points(Toy2d::kXor, 15, 0, 1).x,
                                           std::vector<float>(15, 1.0f));
  };
  AnyPlaneLosses here(make_set());
  allow_background(2);
  AnyPlaneLosses beside(make_set());
  ASSERT_EQ(beside.points_at_once(), AnyPlaneLosses::kMost);
  const Plane plane = random_plane(make_set()->layout().size(), 4);
  std::vector<PlaceInPlane> places;
  for (std::size_t i = 0; i < AnyPlaneLosses::kMost; ++i) places.push_back({0.1f * static_cast<float>(i), 1.0f});
  // One that is given up at once leaves no trace.
  for (int i = 0; i < 20; ++i) beside.begin(plane, std::span(places).first(3));
  const std::vector<float> threaded = losses_of(beside, plane, places);
  allow_background(0);
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(threaded[i], losses_of(here, plane, std::span(places).subspan(i, 1))[0]) << i;
}

TEST(PlaneLosses, TheMeanIsOverAllBatches) {
  EvaluationSet whole(dense_pass(6, {2, 1}, Activation::kTanh, SquaredErrorForm::kHalfSum), toy_points(Toy2d::kXor, 6, 0, 1).x, std::vector<float>(6, 1.0f));
  EvaluationSet parts(dense_pass(2, {2, 1}, Activation::kTanh, SquaredErrorForm::kHalfSum), toy_points(Toy2d::kXor, 6, 0, 1).x, std::vector<float>(6, 1.0f));
  const Plane plane = random_plane(whole.layout().size(), 9);
  EXPECT_EQ(whole.loss_at(plane.centre), parts.loss_at(plane.centre));
  // A sample's own loss is found in the batch that holds it.
  parts.loss_at(plane.centre);
  const float each = parts.mean_buffers()[parts.mean_program().find("each")][3];
  EXPECT_EQ(parts.buffers_of(3)[parts.pass().each][1], each);
}

}  // namespace
}  // namespace chainrule
