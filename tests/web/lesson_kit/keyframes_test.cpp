#include "web/lesson_kit/keyframes.h"

#include <gtest/gtest.h>

namespace chainrule {
namespace {

TEST(Keyframes, KeepsTheLastSixteenStepsWhole) {
  Keyframes keyframes(1 << 20);
  for (int step = 0; step <= 1000; ++step) keyframes.insert(step, Snapshot(16));
  for (int step = 1000; step > 1000 - Keyframes::kRing; --step) EXPECT_TRUE(keyframes.has(step)) << step;
  EXPECT_TRUE(keyframes.has(0));
}

TEST(Keyframes, StaysWithinItsBudgetAndItsCount) {
  Keyframes keyframes(40 * 100);
  for (int step = 0; step <= 5000; ++step) {
    keyframes.insert(step, Snapshot(100));
    ASSERT_LE(keyframes.bytes(), 4000);
    ASSERT_LE(keyframes.size(), 40u);
  }
  EXPECT_EQ(keyframes.size(), 40u);
  Keyframes roomy(1 << 30);
  for (int step = 0; step <= 5000; ++step) roomy.insert(step, Snapshot(100));
  EXPECT_EQ(roomy.size(), Keyframes::kMost);
}

// 24 frames for 10,000 steps: a gap must stay a fair part of its distance to the present.
TEST(Keyframes, ThinsOutInProportionToTheDistance) {
  Keyframes keyframes(40 * 100);
  constexpr int last = 10000;
  for (int step = 0; step <= last; ++step) keyframes.insert(step, Snapshot(100));
  for (int step = 1; step < last - Keyframes::kRing; ++step) {
    const double gap = static_cast<double>(step - keyframes.nearest(step));
    EXPECT_LE(gap, 0.9 * (last - keyframes.nearest(step))) << step;
  }
}

TEST(Keyframes, ABudgetTooSmallLeavesTheStartAndThePresent) {
  Keyframes keyframes(1);
  for (int step = 0; step <= 9; ++step) keyframes.insert(step, Snapshot(100));
  EXPECT_EQ(keyframes.size(), 2u);
  EXPECT_EQ(keyframes.nearest(8), 0);
  EXPECT_EQ(keyframes.nearest(9), 9);
}

TEST(Keyframes, FindsTheNearestAndForgetsTheFuture) {
  Keyframes keyframes(1 << 20);
  for (const int step : {0, 4, 8}) keyframes.insert(step, Snapshot(1));
  EXPECT_EQ(keyframes.nearest(7), 4);
  EXPECT_EQ(keyframes.nearest(4), 4);
  keyframes.drop_after(4);
  EXPECT_EQ(keyframes.nearest(100), 4);
  EXPECT_EQ(keyframes.bytes(), 2);
}

}  // namespace
}  // namespace chainrule
