#include "engine/data/confusion.h"

#include <gtest/gtest.h>

namespace chainrule {
namespace {

TEST(Confusion, CountsByHand) {
  ConfusionMatrix matrix(3);
  EXPECT_FALSE(matrix.accuracy().has_value());
  matrix.add(0, 0);
  matrix.add(0, 0);
  matrix.add(0, 2);
  matrix.add(1, 1);
  matrix.add(1, 0);
  EXPECT_EQ(matrix.count(0, 0), 2);
  EXPECT_EQ(matrix.count(0, 2), 1);
  EXPECT_EQ(matrix.count(2, 0), 0);
  EXPECT_EQ(matrix.count(1, 0), 1);
  EXPECT_EQ(matrix.total(), 5);
  EXPECT_EQ(matrix.correct(), 3);
  EXPECT_EQ(matrix.row_total(0), 3);
  EXPECT_EQ(matrix.accuracy(), 3.0 / 5.0);
  EXPECT_EQ(matrix.recall(0), 2.0 / 3.0);
  EXPECT_EQ(matrix.recall(1), 1.0 / 2.0);
  EXPECT_FALSE(matrix.recall(2).has_value());
  matrix.clear();
  EXPECT_EQ(matrix.total(), 0);
  EXPECT_DEATH_IF_SUPPORTED(matrix.add(0, 3), "predicted class 3 of 3");
  EXPECT_DEATH_IF_SUPPORTED(matrix.add(-1, 0), "true class -1 of 3");
}

// sqrt(0.9 * 0.1 / 1000) = sqrt(0.00009) = 0.00948683...
TEST(Confusion, BinomialStandardError) {
  EXPECT_NEAR(binomial_standard_error(900, 1000), 0.009486832980505138, 1e-15);
  EXPECT_EQ(binomial_standard_error(1000, 1000), 0.0);
}

// Newcombe (1998), table I, method 3 (score, no continuity correction), four decimals.
TEST(Confusion, WilsonIntervalAsPublished) {
  struct Published {
    int correct;
    int total;
    double low;
    double high;
  };
  for (const Published& row : {Published{81, 263, 0.2553, 0.3662}, Published{15, 148, 0.0624, 0.1605},
                               Published{0, 20, 0.0, 0.1611}, Published{1, 29, 0.0061, 0.1718}}) {
    const Interval interval = wilson_interval(row.correct, row.total);
    EXPECT_NEAR(interval.low, row.low, 0.00005) << row.correct << " of " << row.total;
    EXPECT_NEAR(interval.high, row.high, 0.00005) << row.correct << " of " << row.total;
  }
}

TEST(Confusion, WilsonIntervalAtTheEndsAndMirrored) {
  EXPECT_EQ(wilson_interval(0, 1000).low, 0.0);
  EXPECT_EQ(wilson_interval(1000, 1000).high, 1.0);
  EXPECT_NEAR(wilson_interval(1000, 1000).low, 0.99617, 0.00001);  // 1 / (1 + z^2 / 1000), z^2 = 3.8415
  EXPECT_NEAR(wilson_interval(981, 1000).low, 1.0 - wilson_interval(19, 1000).high, 1e-12);
}

TEST(Confusion, CorrectAnswersAreThoseWithTheLargestProbabilityTheFirstOfEqualOnes) {
  const std::vector<float> p = {0.2f, 0.7f, 0.1f,  0.4f, 0.4f, 0.2f,  0.4f, 0.4f, 0.2f,  0.1f, 0.1f, 0.8f};
  EXPECT_EQ(count_correct(p, std::vector<float>{1, 0, 1, 2}), 3);
  EXPECT_EQ(count_correct(p, std::vector<float>{0, 2, 2, 0}), 0);
}

}  // namespace
}  // namespace chainrule
