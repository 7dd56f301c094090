#include "engine/landscape/directions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/nn/layers.h"

namespace chainrule {
namespace {

double length(std::span<const float> x) {
  double square = 0.0;
  for (const float v : x) square += static_cast<double>(v) * v;
  return std::sqrt(square);
}

ParameterLayout small_layout() {
  Graph graph;
  const TensorId x = graph.input("x", {1, 3});
  dense(graph, "h", x, 2, {});
  return ParameterLayout(graph.program());
}

TEST(Directions, ALayoutListsWeightsThenBiases) {
  const ParameterLayout layout = small_layout();
  ASSERT_EQ(layout.blocks().size(), 2u);
  EXPECT_EQ(layout.blocks()[0].name, "h.w");
  EXPECT_EQ(layout.blocks()[1].begin, 6u);
  EXPECT_EQ(layout.size(), 8u);
  EXPECT_EQ(layout.block_of(5).name, "h.w");
  EXPECT_EQ(layout.block_of(6).name, "h.b");
}

TEST(Directions, AWeightPlaneSetsTwoWeightsAndKeepsTheRest) {
  const std::vector<float> theta = {0.1f, 0.2f, 0.3f, 0.4f};
  const Plane plane = weight_plane(theta, 2, 0);
  EXPECT_EQ(plane.at(2, 0.7f, -5.0f), 0.7f);
  EXPECT_EQ(plane.at(0, 0.7f, -5.0f), -5.0f);
  EXPECT_EQ(plane.at(1, 0.7f, -5.0f), 0.2f);
  const Projection point = project(plane, std::vector<float>{1.0f, 0.2f, 2.0f, 0.9f});
  EXPECT_DOUBLE_EQ(point.a, 2.0);
  EXPECT_DOUBLE_EQ(point.b, 1.0);
  EXPECT_NEAR(point.distance, 0.5, 1e-7);
}

// Li et al. (2018), section 4: each filter of the direction is as long as that of the weights.
TEST(Directions, RandomDirectionsHaveTheLengthsOfTheFilters) {
  const ParameterLayout layout = small_layout();
  const std::vector<float> theta = {3, 0, 4, 0.1f, 0, 0, 7, 8};
  Rng rng(1, "plane");
  const std::vector<float> d = filter_normalized_direction(layout, theta, rng);
  EXPECT_NEAR(length(std::span(d).first(3)), 5.0, 1e-5);
  EXPECT_NEAR(length(std::span(d).subspan(3, 3)), 0.1, 1e-7);
  EXPECT_EQ(d[6], 0.0f);
  EXPECT_EQ(d[7], 0.0f);
  EXPECT_NE(d[1], 0.0f) << "a direction is not a multiple of the weights";
}

// Points on an ellipse in a turned plane of 5 dimensions: half axes 3 and 1, so variances 9 : 1.
TEST(Directions, PrincipalComponentsFindThePlaneOfAnEllipse) {
  const std::vector<double> e1 = {0.5, 0.5, 0.5, 0.5, 0}, e2 = {0.5, -0.5, 0.5, -0.5, 0};
  std::vector<std::vector<float>> points;
  for (int i = 0; i < 16; ++i) {
    const double angle = 2 * M_PI * i / 16;
    std::vector<float> point;
    for (std::size_t k = 0; k < 5; ++k)
      point.push_back(static_cast<float>(10.0 + 3 * std::cos(angle) * e1[k] + std::sin(angle) * e2[k]));
    points.push_back(point);
  }
  std::vector<std::span<const float>> spans(points.begin(), points.end());
  const PrincipalComponents found = principal_components(spans);
  EXPECT_NEAR(found.first_share, 0.9, 1e-6);
  EXPECT_NEAR(found.second_share, 0.1, 1e-6);
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(found.first[k], e1[k], 1e-5) << k;
    EXPECT_NEAR(std::abs(found.second[k]), std::abs(e2[k]), 1e-5) << k;
  }
}

TEST(Directions, PointsOnALineHaveOneComponent) {
  const std::vector<float> a = {0, 0}, b = {1, 2}, c = {2, 4};
  const std::vector<std::span<const float>> line = {a, b, c};
  const PrincipalComponents found = principal_components(line);
  EXPECT_NEAR(found.first_share, 1.0, 1e-9);
  EXPECT_EQ(found.second_share, 0.0);
  EXPECT_EQ(found.second, (std::vector<float>{0, 0}));
  const std::vector<std::span<const float>> same = {a, a};
  EXPECT_EQ(principal_components(same).first, (std::vector<float>{0, 0}));
}

// u and v at 60°: θ = 2u + v is found back although they are not at right angles.
TEST(Directions, ProjectionOntoSlantedDirectionsIsLeastSquares) {
  const float h = std::sqrt(0.75f);
  const Plane plane{{1, 1, 1}, {1, 0, 0}, {0.5f, h, 0}};
  const Projection point = project(plane, std::vector<float>{1 + 2.5f, 1 + h, 1 + 0.25f});
  EXPECT_NEAR(point.a, 2.0, 1e-6);
  EXPECT_NEAR(point.b, 1.0, 1e-6);
  EXPECT_NEAR(point.distance, 0.25, 1e-6);
}

}  // namespace
}  // namespace chainrule
