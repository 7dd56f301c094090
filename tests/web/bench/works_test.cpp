// The works of #/bench: each runs, and what is made of their times is arithmetic that can be redone.
#include "web/bench/works.h"

#include <gtest/gtest.h>

#include <set>

namespace chainrule {
namespace {

TEST(BenchWorks, EachHasANameOfItsOwnAndRuns) {
  std::set<std::string_view> ids;
  for (const WorkInfo& info : bench_works()) {
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    EXPECT_GT(start_work(info.id)->run(), 0.0) << info.id;
  }
  EXPECT_EQ(bench_works().front().id, "peak");
}

TEST(WorkMeter, TakesTheMedianAfterWarmingUp) {
  const WorkInfo info{"x", "x", "images/s", 0.0};
  WorkMeter meter(info);
  meter.add(1000.0, 0.7);  // the warm-up does not count
  EXPECT_EQ(meter.progress(1.0), 0.0);
  for (const double amount : {10.0, 40.0, 20.0, 30.0, 50.0}) meter.add(amount, 0.1);
  const WorkResult result = meter.result();
  EXPECT_DOUBLE_EQ(result.median, 300.0);  // rates 100, 200, 300, 400, 500
  EXPECT_DOUBLE_EQ(result.low, 100.0);
  EXPECT_DOUBLE_EQ(result.high, 500.0);
  EXPECT_EQ(result.samples, 5);
  EXPECT_DOUBLE_EQ(meter.progress(1.0), 0.5);
  EXPECT_FALSE(meter.done(1.0));
  EXPECT_TRUE(meter.done(0.5));
}

TEST(WorkMeter, JoinsShortPiecesToSamples) {
  const WorkInfo info{"x", "x", "ms", 0.0};
  WorkMeter meter(info);
  meter.add(1.0, 0.7);
  for (int i = 0; i < 20; ++i) meter.add(10.0, 0.0125);  // two pieces make a sample of 25 ms, at least 20
  EXPECT_EQ(meter.result().samples, 10);
  EXPECT_DOUBLE_EQ(meter.result().median, 1.25);  // 25 ms for 20 passes
}

TEST(BenchWorks, TheShareOfThePeak) {
  EXPECT_DOUBLE_EQ(share_of_peak({"m", "", "GFLOP/s", 1e9}, 25.0, 50.0), 0.5);
  EXPECT_DOUBLE_EQ(share_of_peak({"f", "", "ms", 5e6}, 0.2, 50.0), 0.5);  // 5,000 passes a second of 5 million operations
  EXPECT_EQ(share_of_peak({"s", "", "points/s", 0.0}, 1e6, 50.0), 0.0);
  // Deck 002's LeNet: 13.2 million operations for an image's training step.
  const WorkInfo& lenet = bench_works()[1];
  EXPECT_NEAR(lenet.operations, 13.2e6, 0.05e6);
}

}  // namespace
}  // namespace chainrule
