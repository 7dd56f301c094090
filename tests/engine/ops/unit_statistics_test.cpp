// Hand-worked values: means of rows, covariance, two equations, eigenvalues, angles.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;

// Rows 0 and 2: (1 + 5)/2, (2 + 6)/2; rows 1 and 1: (3 + 3)/2, (4 + 4)/2.
TEST(RowsMeanUnit, ByHand) {
  const Values<float> x{Shape{3, 2}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(first_output(OpKind::kRowsMean, {}, {x, {Shape{2, 2}, {0, 2, 1, 1}}}), (Numbers{3, 4, 3, 4}));
  EXPECT_EQ(first_output(OpKind::kRowsMean, {}, {x, {Shape{1, 2}, {-7, 99}}}), (Numbers{3, 4})) << "the nearest rows there are";
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kRowsMean, {}, {x, {Shape{2}, {0, 1}}}), "need two matrices");
}

// About (2, 1): deviations (−1, −1), (1, 1): variances 1, 1, covariance 1. About (0, 0): (1 + 9)/2, (0 + 6)/2, (0 + 4)/2.
TEST(CovarianceUnit, ByHand) {
  const Values<float> x{Shape{2, 2}, {1, 0, 3, 2}};
  EXPECT_EQ(first_output(OpKind::kCovariance, {}, {x, {Shape{1, 2}, {2, 1}}}), (Numbers{1, 1, 1, 1}));
  EXPECT_EQ(first_output(OpKind::kCovariance, {}, {x, {Shape{2}, {0, 0}}}), (Numbers{5, 3, 3, 2}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kCovariance, {}, {x, {Shape{3}, {0, 0, 0}}}), "a mean for each column");
}

// 2 w0 + w1 = 5, w0 + 3 w1 = 10: w = (1, 3), D = 5.
TEST(Solve2Unit, ByHand) {
  EXPECT_EQ(first_output(OpKind::kSolve2, {}, {{Shape{2, 2}, {2, 1, 1, 3}}, {Shape{2, 1}, {5, 10}}}), (Numbers{1, 3}));
  const Numbers none = first_output(OpKind::kSolve2, {}, {{Shape{2, 2}, {1, 2, 2, 4}}, {Shape{2, 1}, {1, 1}}});
  EXPECT_FALSE(std::isfinite(none[0]));
}

// [[3, 4], [4, −3]] has the eigenvalues ±5; the diagonal matrix its diagonal, the greater first.
TEST(Eigenvalues2Unit, ByHand) {
  EXPECT_EQ(first_output(OpKind::kEigenvalues2, {}, {{Shape{2, 2}, {3, 4, 4, -3}}}), (Numbers{5, -5}));
  EXPECT_EQ(first_output(OpKind::kEigenvalues2, {}, {{Shape{2, 2}, {1, 0, 0, 10}}}), (Numbers{10, 1}));
}

TEST(AngleUnit, AllTheWayRound) {
  const auto angle = [](float x, float y) { return first_output(OpKind::kAngle, {}, {{Shape{1, 2}, {2, 0}}, {Shape{1, 2}, {x, y}}})[0]; };
  EXPECT_EQ(angle(5, 0), 0.0f);
  EXPECT_NEAR(angle(0, 3), 90.0f, 1e-5f);
  EXPECT_NEAR(angle(-1, -1), 135.0f, 1e-5f);
  EXPECT_NEAR(angle(1, -1), 45.0f, 1e-5f);
  EXPECT_TRUE(std::isnan(angle(0, 0)));
}

}  // namespace
}  // namespace chainrule::test
