#include "engine/data/batcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "engine/base/hash.h"

namespace chainrule {
namespace {

using Indices = std::vector<std::uint32_t>;

Indices batch_of(const Batcher& batcher, std::int64_t step) {
  const std::span<const std::uint32_t> batch = batcher.batch_at(step);
  return {batch.begin(), batch.end()};
}

Indices epoch_of(const Batcher& batcher, std::int64_t epoch) {
  Indices all;
  for (std::int64_t b = 0; b < batcher.steps_per_epoch(); ++b) {
    const Indices batch = batch_of(batcher, epoch * batcher.steps_per_epoch() + b);
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

TEST(Batcher, EveryEpochVisitsEverySampleOnce) {
  const Batcher batcher(60, 5, 3);
  ASSERT_EQ(batcher.steps_per_epoch(), 12);
  for (std::int64_t epoch = 0; epoch < 4; ++epoch) {
    Indices seen = epoch_of(batcher, epoch);
    std::sort(seen.begin(), seen.end());
    ASSERT_EQ(seen.size(), 60u);
    for (std::uint32_t i = 0; i < 60; ++i) EXPECT_EQ(seen[i], i) << "epoch " << epoch;
  }
}

TEST(Batcher, DropsTheIncompleteLastBatchAndOtherSamplesEachEpoch) {
  const Batcher batcher(100, 7, 1);
  ASSERT_EQ(batcher.steps_per_epoch(), 14);  // 14 * 7 = 98 of 100
  std::set<Indices> left_out;
  for (std::int64_t epoch = 0; epoch < 10; ++epoch) {
    const Indices seen = epoch_of(batcher, epoch);
    const std::set<std::uint32_t> distinct(seen.begin(), seen.end());
    ASSERT_EQ(distinct.size(), 98u) << "epoch " << epoch;
    Indices missing;
    for (std::uint32_t i = 0; i < 100; ++i)
      if (!distinct.contains(i)) missing.push_back(i);
    left_out.insert(missing);
  }
  EXPECT_GE(left_out.size(), 9u);  // 10 draws of 4,950 pairs: two equal pairs have a chance of 1 %
}

TEST(Batcher, AnyOrderOfCallsGivesTheSameBatches) {
  const Batcher forward(50, 8, 9);
  std::vector<Indices> expected;
  for (std::int64_t step = 0; step < 40; ++step) expected.push_back(batch_of(forward, step));
  const Batcher backward(50, 8, 9);
  for (std::int64_t step = 39; step >= 0; --step)
    EXPECT_EQ(batch_of(backward, step), expected[static_cast<std::size_t>(step)]) << step;
  for (const std::int64_t step : {0, 39, 5, 6, 5, 12, 0}) {
    EXPECT_EQ(batch_of(forward, step), expected[static_cast<std::size_t>(step)]) << step;
    EXPECT_EQ(batch_of(Batcher(50, 8, 9), step), expected[static_cast<std::size_t>(step)]) << step;
  }
}

TEST(Batcher, EpochsAndSeedsDiffer) {
  const Batcher batcher(100, 10, 1);
  EXPECT_NE(epoch_of(batcher, 0), epoch_of(batcher, 1));
  EXPECT_NE(epoch_of(batcher, 0), epoch_of(Batcher(100, 10, 2), 0));
  // The batch size cuts the same order differently.
  EXPECT_EQ(epoch_of(batcher, 3), epoch_of(Batcher(100, 25, 1), 3));
}

TEST(Batcher, EpochOfStep) {
  const Batcher batcher(100, 7, 1);
  EXPECT_EQ(batcher.epoch_of(0), 0);
  EXPECT_EQ(batcher.epoch_of(13), 0);
  EXPECT_EQ(batcher.epoch_of(14), 1);
  EXPECT_EQ(Batcher(3, 3, 0).steps_per_epoch(), 1);
}

// A shared link replays the same batches for ever: this value may only change together with the URL's version.
TEST(Batcher, GoldenOrder) {
  Hasher hasher;
  for (const std::uint32_t index : epoch_of(Batcher(100, 7, 1), 0)) hasher.add(index);
  EXPECT_EQ(hash_text(hasher.value()), "6bf59c2d82dc3b93");
}

TEST(Batcher, RefusesImpossibleSizes) {
  EXPECT_DEATH_IF_SUPPORTED(Batcher(5, 6, 0), "batches of 6 from 5 samples");
  EXPECT_DEATH_IF_SUPPORTED(Batcher(5, 0, 0), "batches of 0 from 5 samples");
  EXPECT_DEATH_IF_SUPPORTED(Batcher(5, 1, 0).batch_at(-1), "step -1");
}

TEST(Gather, DividesEachByteBy255) {
  ImageSet set{.count = 2, .channels = 1, .height = 16, .width = 16, .classes = 10};
  for (int i = 0; i < 256; ++i) set.pixels.push_back(static_cast<std::uint8_t>(i));
  for (int i = 0; i < 256; ++i) set.pixels.push_back(static_cast<std::uint8_t>(255 - i));
  set.labels = {3, 8};
  std::vector<float> pixels(3 * 256, -1.0f);
  std::vector<float> labels(3, -1.0f);
  gather(set, std::vector<std::uint32_t>{1, 0, 1}, pixels, labels);
  EXPECT_EQ(labels, (std::vector<float>{8.0f, 3.0f, 8.0f}));
  for (int i = 0; i < 256; ++i) {
    // One correctly rounded division: rounding the double quotient (53 >= 2 * 24 + 2 bits) gives the same float.
    const float expected = static_cast<float>(i / 255.0);
    EXPECT_EQ(pixels[static_cast<std::size_t>(255 - i)], expected) << i;
    EXPECT_EQ(pixels[static_cast<std::size_t>(256 + i)], expected) << i;
  }
  EXPECT_EQ(pixels[0], 1.0f);
  EXPECT_EQ(pixels[256], 0.0f);
}

TEST(Gather, ChecksItsSizes) {
  ImageSet set{.count = 1, .channels = 1, .height = 1, .width = 2, .pixels = {1, 2}, .labels = {0}, .classes = 1};
  std::vector<float> pixels(2);
  std::vector<float> labels(1);
  EXPECT_DEATH_IF_SUPPORTED(gather(set, std::vector<std::uint32_t>{1}, pixels, labels), "picture 1 of 1");
  EXPECT_DEATH_IF_SUPPORTED(gather(set, std::vector<std::uint32_t>{0, 0}, pixels, labels),
                            "room for 2 pixels, needed 2 \\* 2");
}

}  // namespace
}  // namespace chainrule
