#include "engine/math/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "engine/base/hash.h"

namespace chainrule::test {
namespace {

// Published with the reference implementation: pcg32-demo, round 1, seed 42, sequence 54.
TEST(Rng, GivesThePublishedSequence) {
  Rng rng = Rng::from_pcg_seed(42, 54);
  for (const std::uint32_t want : {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu})
    EXPECT_EQ(rng.next_u32(), want);
}

TEST(Rng, SameSeedAndStreamGiveTheSameNumbers) {
  Rng a(7, "init", 3);
  Rng b(7, "init", 3);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.next_u32(), b.next_u32());
  b.next_u32();
  EXPECT_NE(a, b);
}

TEST(Rng, ContinuesFromItsState) {
  Rng original(1, "dropout");
  original.normal();
  Rng continued = Rng::from_state(original.state());
  EXPECT_EQ(continued, original);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(continued.normal(), original.normal());
}

// Correlation of two independent uniform sequences of 20,000: standard deviation 1/sqrt(20000) = 0.0071; 5 of those.
TEST(Rng, StreamsSeedsAndSubstreamsAreIndependent) {
  const std::vector<Rng> streams = {Rng(1, "init"),    Rng(1, "shuffle"), Rng(1, "dropout"), Rng(1, "data"),
                                    Rng(1, "init", 1), Rng(1, "init", 2), Rng(2, "init"),    Rng(0, "init")};
  constexpr int kDraws = 20000;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    for (std::size_t j = i + 1; j < streams.size(); ++j) {
      Rng a = streams[i];
      Rng b = streams[j];
      EXPECT_NE(a.state().increment == b.state().increment && a.state().state == b.state().state, true);
      double product = 0;
      int equal = 0;
      for (int draw = 0; draw < kDraws; ++draw) {
        const float x = a.uniform();
        const float y = b.uniform();
        product += (x - 0.5) * (y - 0.5) * 12;  // 12: each has variance 1/12
        equal += x == y;
      }
      EXPECT_LT(std::fabs(product / kDraws), 0.036) << i << ", " << j;
      EXPECT_LE(equal, 2) << i << ", " << j;  // expected 20000 / 2^24 = 0.001
    }
  }
}

TEST(Rng, UniformKeepsItsBounds) {
  Rng rng(3, "data");
  float lowest = 1, highest = 0;
  double sum = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const float u = rng.uniform();
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
    sum += u;
    EXPECT_EQ(u * 0x1p24f, std::floor(u * 0x1p24f));
  }
  EXPECT_GE(lowest, 0.0f);
  EXPECT_LT(highest, 1.0f);
  EXPECT_LT(lowest, 1e-4f);
  EXPECT_GT(highest, 1 - 1e-4f);
  EXPECT_NEAR(sum / kDraws, 0.5, 5 * 0.2887 / std::sqrt(kDraws));  // standard deviation 1/sqrt(12)
}

TEST(Rng, UniformOfARangeNeverReachesItsEnd) {
  Rng rng(4, "data");
  const float low = 1.0f;
  const float high = 1.0f + 0x1p-22f;  // two floats lie between: most draws are rounded, many of them up to high
  bool seen_low = false, seen_last = false;
  for (int i = 0; i < 1000; ++i) {
    const float value = rng.uniform(low, high);
    ASSERT_GE(value, low);
    ASSERT_LT(value, high);
    seen_low |= value == low;
    seen_last |= value == 1.0f + 0x1p-23f;
  }
  EXPECT_TRUE(seen_low && seen_last);
  EXPECT_EQ(rng.uniform(2.5f, 2.5f), 2.5f);
  for (int i = 0; i < 1000; ++i) {
    const float value = rng.uniform(-3.0f, 5.0f);
    ASSERT_TRUE(value >= -3.0f && value < 5.0f);
  }
}

// Chi-square with n-1 degrees of freedom: mean n-1, standard deviation sqrt(2(n-1)); 5 of those. Draws modulo
// n = 3 * 2^30 without rejection would come from the first third half of the time: the last case sees it at once.
TEST(Rng, BelowIsUniform) {
  Rng rng(5, "shuffle");
  for (const std::uint32_t n : {2u, 3u, 10u, 1000u}) {
    std::vector<int> counts(n);
    const int draws = 200 * static_cast<int>(n) + 20000;
    for (int i = 0; i < draws; ++i) ++counts.at(rng.below(n));
    const double expected = static_cast<double>(draws) / n;
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
    EXPECT_LT(chi_square, n - 1 + 5 * std::sqrt(2.0 * n)) << n;
  }
  int in_first_third = 0;
  for (int i = 0; i < 30000; ++i) in_first_third += rng.below(3u << 30) < (1u << 30);
  EXPECT_NEAR(in_first_third, 10000, 5 * 81.6);  // standard deviation sqrt(30000 * 1/3 * 2/3); biased: 15000
  EXPECT_EQ(rng.below(1), 0u);
}

TEST(Rng, NormalHasTheMomentsOfTheStandardNormal) {
  Rng rng(6, "init");
  constexpr int kDraws = 400000;
  double sums[5] = {};
  int within_one = 0, beyond_three = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double z = rng.normal();
    double power = 1;
    for (double& sum : sums) {
      sum += power;
      power *= z;
    }
    within_one += std::fabs(z) < 1;
    beyond_three += std::fabs(z) > 3;
  }
  const double root = std::sqrt(kDraws);
  EXPECT_NEAR(sums[1] / kDraws, 0, 5 / root);
  EXPECT_NEAR(sums[2] / kDraws, 1, 5 * std::sqrt(2.0) / root);   // var z^2 = 3 - 1
  EXPECT_NEAR(sums[3] / kDraws, 0, 5 * std::sqrt(15.0) / root);  // var z^3 = 15
  EXPECT_NEAR(sums[4] / kDraws, 3, 5 * std::sqrt(96.0) / root);  // var z^4 = 105 - 9
  EXPECT_NEAR(static_cast<double>(within_one) / kDraws, 0.682689, 5 * 0.4655 / root);
  EXPECT_NEAR(static_cast<double>(beyond_three) / kDraws, 0.0026998, 5 * 0.0519 / root);
}

TEST(Rng, NormalTakesTwoDraws) {
  Rng normals(8, "init");
  Rng bits = normals;
  normals.normal();
  bits.next_u32();
  EXPECT_NE(normals, bits);
  bits.next_u32();
  EXPECT_EQ(normals, bits);
}

TEST(Rng, ShuffleGivesEveryOrderEquallyOften) {
  Rng rng(9, "shuffle");
  std::array<int, 27> counts = {};
  constexpr int kRounds = 60000;
  for (int i = 0; i < kRounds; ++i) {
    std::array<std::uint32_t, 3> values = {0, 1, 2};
    shuffle(values, rng);
    ++counts[values[0] * 9 + values[1] * 3 + values[2]];
  }
  int orders = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    ++orders;
    EXPECT_NEAR(count, kRounds / 6, 5 * 91.3);  // standard deviation sqrt(60000 * 1/6 * 5/6)
  }
  EXPECT_EQ(orders, 6);
}

TEST(Rng, ShuffleKeepsEveryValue) {
  Rng rng(10, "shuffle");
  std::vector<std::uint32_t> values(1000);
  std::iota(values.begin(), values.end(), 0u);
  shuffle(values, rng);
  int in_place = 0;
  for (std::uint32_t i = 0; i < values.size(); ++i) in_place += values[i] == i;
  EXPECT_LT(in_place, 10);  // expected: 1
  std::sort(values.begin(), values.end());
  for (std::uint32_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], i);

  const Rng before = rng;
  shuffle(std::span<std::uint32_t>(), rng);
  shuffle(std::span(values).first(1), rng);
  EXPECT_EQ(rng, before);
}

// As in golden_hash_test.cpp: the same constants natively and in wasm.
TEST(Rng, GoldenHash) {
  Hasher hasher;
  Rng rng(2024, "init", 5);
  std::vector<std::uint32_t> order(97);
  std::iota(order.begin(), order.end(), 0u);
  for (int i = 0; i < 20000; ++i) {
    hasher.add(rng.next_u32());
    hasher.add(rng.uniform());
    hasher.add(rng.uniform(-0.3f, 7.0f));
    hasher.add(rng.below(static_cast<std::uint32_t>(i) + 1));
    hasher.add(rng.normal());
  }
  shuffle(order, rng);
  for (const std::uint32_t value : order) hasher.add(value);
  EXPECT_EQ(hash_text(hasher.value()), "604d5698bfcd0a83");
}

#if GTEST_HAS_DEATH_TEST
TEST(RngDeathTest, RefusesWhatHasNoAnswer) {
  Rng rng(1, "data");
  EXPECT_DEATH(rng.below(0), "below\\(0\\)");
  EXPECT_DEATH(rng.uniform(2.0f, 1.0f), "low 2, high 1");
  EXPECT_DEATH(Rng::from_state({1, 2}), "odd");
}
#endif

}  // namespace
}  // namespace chainrule::test
