#include "engine/data/toy2d.h"

#include <gtest/gtest.h>

#include <cmath>

namespace chainrule {
namespace {

float radius(const Points2d& points, int i) {
  const auto at = static_cast<std::size_t>(2 * i);
  return std::hypot(points.x[at], points.x[at + 1]);
}

TEST(Toy2d, HalfOfThePointsAreOfEachClassAndAllAreNear) {
  for (std::size_t kind = 0; kind < kToy2dNames.size(); ++kind) {
    const Points2d points = toy_points(static_cast<Toy2d>(kind), 400, 0.0f, 7);
    int ones = 0;
    for (const float label : points.label) ones += label == 1.0f ? 1 : 0;
    EXPECT_EQ(ones, 200) << kToy2dNames[kind];
    for (const float x : points.x) EXPECT_LT(std::abs(x), 5.5f) << kToy2dNames[kind];
  }
}

TEST(Toy2d, TheClassesLieWhereTheyAreSaidTo) {
  const Points2d circles = toy_points(Toy2d::kCircles, 300, 0.0f, 1), square = toy_points(Toy2d::kXor, 300, 0.0f, 1);
  for (int i = 0; i < 300; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (circles.label[at] == 0.0f)
      EXPECT_LE(radius(circles, i), 1.5001f);
    else
      EXPECT_GE(radius(circles, i), 2.0999f);
    EXPECT_EQ(square.x[2 * at] * square.x[2 * at + 1] < 0, square.label[at] == 1.0f);
  }
  // The arms of the spiral: at radius r the angle is 3.5π r/3, turned by π for the second.
  const Points2d spiral = toy_points(Toy2d::kSpiral, 300, 0.0f, 1);
  for (int i = 0; i < 300; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double r = radius(spiral, i), angle = 3.5 * M_PI * r / 3 + (spiral.label[at] == 1.0f ? M_PI : 0.0);
    EXPECT_NEAR(spiral.x[2 * at], r * std::cos(angle), 1e-4);
    EXPECT_NEAR(spiral.x[2 * at + 1], r * std::sin(angle), 1e-4);
  }
}

TEST(Toy2d, ASeedGivesTheSamePointsAndNoiseMovesThem) {
  const Points2d once = toy_points(Toy2d::kMoons, 50, 0.0f, 3), again = toy_points(Toy2d::kMoons, 50, 0.0f, 3);
  EXPECT_EQ(once.x, again.x);
  EXPECT_NE(once.x, toy_points(Toy2d::kMoons, 50, 0.0f, 4).x);
  const Points2d noisy = toy_points(Toy2d::kMoons, 50, 0.2f, 3);
  double square = 0;
  for (std::size_t i = 0; i < once.x.size(); ++i) square += std::pow(once.x[i] - noisy.x[i], 2);
  EXPECT_NEAR(std::sqrt(square / 100), 0.3, 0.09);  // 0.2 · 1.5, from 100 draws
}

}  // namespace
}  // namespace chainrule
