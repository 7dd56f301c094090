#include "engine/landscape/loss_plane.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/landscape/trajectory.h"

namespace chainrule {
namespace {

/// A bowl (a − 0.25)² + 2 (b + 0.5)², one step of work a point; counts what it is asked.
class Bowl final : public PlaneLosses {
 public:
  explicit Bowl(std::size_t at_once) : at_once_(at_once) {}
  std::size_t points_at_once() const override { return at_once_; }
  void begin(const Plane&, std::span<const PlaceInPlane> places) override {
    EXPECT_LE(places.size(), at_once_);
    losses_.clear();
    for (const PlaceInPlane& p : places) losses_.push_back((p.a - 0.25f) * (p.a - 0.25f) + 2 * (p.b + 0.5f) * (p.b + 0.5f));
    asked += places.size();
  }
  std::span<const float> advance(std::int64_t& budget) override {
    --budget;
    return losses_;
  }
  std::size_t asked = 0;

 private:
  std::size_t at_once_;
  std::vector<float> losses_;
};

TEST(LossPlane, IsMeasuredCoarseToFineEachPointOnce) {
  for (const std::size_t at_once : {std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
    Bowl bowl(at_once);
    LossPlane plane;
    plane.start({}, {-1, 1, -1, 1}, 33);
    std::vector<int> sides;
    while (!plane.advance(bowl, 10))
      if (sides.empty() || plane.side() != sides.back()) sides.push_back(plane.side());
    EXPECT_EQ(sides, (std::vector<int>{0, 9, 17}));
    EXPECT_EQ(plane.side(), 33);
    EXPECT_EQ(bowl.asked, 33u * 33u);
    ASSERT_EQ(plane.losses().size(), 33u * 33u);
    // Row 5, column 30: b = −1 + 2·5/32, a = −1 + 2·30/32.
    const double a = -1 + 60.0 / 32, b = -1 + 10.0 / 32;
    EXPECT_NEAR(plane.losses()[5 * 33 + 30], (a - 0.25) * (a - 0.25) + 2 * (b + 0.5) * (b + 0.5), 1e-6);
    const auto least = plane.least();
    ASSERT_TRUE(least.has_value());
    EXPECT_EQ(least->a, 0.25);
    EXPECT_EQ(least->b, -0.5);
    EXPECT_EQ(least->loss, 0.0f);
  }
}

TEST(LossPlane, WhatIsNotFiniteIsNoMinimum) {
  class Nothing final : public PlaneLosses {
    std::size_t points_at_once() const override { return 1; }
    void begin(const Plane&, std::span<const PlaceInPlane>) override {}
    std::span<const float> advance(std::int64_t& budget) override {
      --budget;
      return {&value_, 1};
    }
    float value_ = std::numeric_limits<float>::quiet_NaN();
  } nothing;
  LossPlane plane;
  plane.start({}, {}, 9);
  EXPECT_TRUE(plane.advance(nothing, 1000));
  EXPECT_FALSE(plane.least().has_value());
}

TEST(Trajectory, ThinsOutAndForgetsWhatIsNoLongerTrue) {
  Trajectory path(4);
  for (int step = 0; step <= 9; ++step)
    if (path.takes(step)) path.put(step, {static_cast<float>(step)});
  // Held 0–3, then 0, 2, 4, 6, then with 8 every fourth.
  std::vector<std::int64_t> steps;
  for (const auto& point : path.points()) steps.push_back(point.step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 4, 8}));
  EXPECT_EQ(path.stride(), 4);
  const std::uint64_t version = path.version();
  path.drop_after(5);
  EXPECT_EQ(path.points().size(), 2u);
  EXPECT_NE(path.version(), version);
  path.put(4, {40.0f});
  EXPECT_EQ(path.points().size(), 2u);
  EXPECT_EQ((*path.points()[1].theta)[0], 40.0f);
  path.clear();
  EXPECT_EQ(path.stride(), 1);
}

/// Places of a GPU come at any step: they are kept a stride apart, beside those of the strides.
TEST(Trajectory, TakesPlacesBetweenTheStridesWhereTheyAreApart) {
  Trajectory path(4);
  for (const int step : {0, 1, 2, 3}) path.put(step, {static_cast<float>(step)});
  for (const int step : {17, 30, 31, 55, 56, 90, 200})
    if (path.takes(step) || path.is_apart(step)) path.put(step, {static_cast<float>(step)});
  std::vector<std::int64_t> steps;
  for (const auto& point : path.points()) steps.push_back(point.step);
  // Whenever there were five, the stride doubled; what is left is apart by it.
  EXPECT_LE(steps.size(), 4u);
  EXPECT_GE(steps.size(), 2u);
  EXPECT_EQ(steps.front(), 0);
  for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_GE(steps[i] - steps[i - 1], path.stride());
  EXPECT_FALSE(path.is_apart(steps.back() + path.stride() - 1));
  EXPECT_TRUE(path.is_apart(steps.back() + path.stride()));
}

}  // namespace
}  // namespace chainrule
