// Hand-worked values: activation functions and their derivatives, kinks included.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

OpAttributes with(Activation activation, float slope = 0.25f) {
  OpAttributes attributes;
  attributes.activation = activation;
  attributes.slope = slope;
  return attributes;
}
float value(Activation activation, float x) { return first_output(OpKind::kActivate, with(activation), {{Shape{1}, {x}}})[0]; }
/// f'(x), as the gradient with dy = 1.
float slope(Activation activation, float x) {
  const float y = value(activation, x);
  return first_output(OpKind::kActivateGrad, with(activation), {{Shape{1}, {x}}, {Shape{1}, {y}}, {Shape{1}, {1}}})[0];
}

struct Point {
  Activation activation;
  float x;
  double y, slope;
};

// e = 2.718281828459045, σ(1) = 1/(1+1/e), tanh 1 = (e²−1)/(e²+1), ln 2 = 0.693147..., π/4 = 0.785398...
const Point kPoints[] = {
    {Activation::kIdentity, -3.5f, -3.5, 1},
    {Activation::kBinaryStep, 2.0f, 1, 0},
    {Activation::kBinaryStep, -2.0f, 0, 0},
    {Activation::kBinaryStep, 0.0f, 0, 0},  // 1 only beyond 0
    {Activation::kLogistic, 0.0f, 0.5, 0.25},  // the largest slope: 1/2 · 1/2
    {Activation::kLogistic, 1.0f, 0.7310585786300049, 0.19661193324148185},
    {Activation::kLogistic, -1.0f, 0.2689414213699951, 0.19661193324148185},
    {Activation::kTanh, 0.0f, 0, 1},
    {Activation::kTanh, 1.0f, 0.7615941559557649, 0.41997434161402614},
    {Activation::kTanh, -1.0f, -0.7615941559557649, 0.41997434161402614},
    {Activation::kArctan, 0.0f, 0, 1},
    {Activation::kArctan, 1.0f, 0.7853981633974483, 0.5},    // π/4, 1/(1+1)
    {Activation::kArctan, -2.0f, -1.1071487177940904, 0.2},  // 1/(1+4)
    {Activation::kSoftsign, 0.0f, 0, 1},
    {Activation::kSoftsign, 3.0f, 0.75, 0.0625},  // 3/4, 1/16
    {Activation::kSoftsign, -1.0f, -0.5, 0.25},
    {Activation::kRelu, 2.5f, 2.5, 1},
    {Activation::kRelu, -2.5f, 0, 0},
    {Activation::kRelu, 0.0f, 0, 0},  // the kink: the left branch
    {Activation::kRelu, -0.0f, 0, 0},
    {Activation::kLeakyRelu, 2.0f, 2, 1},
    {Activation::kLeakyRelu, -2.0f, -0.5, 0.25},
    {Activation::kLeakyRelu, 0.0f, 0, 0.25},  // the kink again
    {Activation::kSoftplus, 0.0f, 0.6931471805599453, 0.5},
    {Activation::kSoftplus, 1.0f, 1.3132616875182228, 0.7310585786300049},
    {Activation::kSoftplus, -100.0f, 3.720075976020836e-44, 3.720075976020836e-44},  // tiny, not 0
};

TEST(ActivationUnit, ValuesAndSlopes) {
  for (const Point& point : kPoints) {
    const auto name = kActivationNames[static_cast<std::size_t>(point.activation)];
    EXPECT_NEAR(value(point.activation, point.x), point.y, 1e-7 * std::abs(point.y) + 1e-45) << name << "(" << point.x << ")";
    EXPECT_NEAR(slope(point.activation, point.x), point.slope, 3e-7 * std::abs(point.slope) + 1e-45)
        << name << "'(" << point.x << ")";
  }
}

TEST(ActivationUnit, EveryActivationHasAPoint) {
  for (std::size_t i = 0; i < kActivationNames.size(); ++i) {
    bool found = false;
    for (const Point& point : kPoints) found |= point.activation == static_cast<Activation>(i);
    EXPECT_TRUE(found) << kActivationNames[i];
  }
}

// At the ends of the axis the functions saturate, and nothing turns into NaN.
TEST(ActivationUnit, FarOut) {
  EXPECT_EQ(value(Activation::kLogistic, 200.0f), 1.0f);
  EXPECT_EQ(value(Activation::kLogistic, -200.0f), 0.0f);
  EXPECT_EQ(slope(Activation::kLogistic, 200.0f), 0.0f);
  EXPECT_EQ(value(Activation::kTanh, -200.0f), -1.0f);
  EXPECT_EQ(slope(Activation::kTanh, 200.0f), 0.0f);
  EXPECT_EQ(value(Activation::kSoftplus, 200.0f), 200.0f);
  EXPECT_EQ(slope(Activation::kSoftplus, 200.0f), 1.0f);
  EXPECT_EQ(value(Activation::kRelu, kInfinity), kInfinity);
  EXPECT_NEAR(value(Activation::kArctan, 1e30f), 1.5707963, 1e-6);
}

// A number that went wrong stays visible.
TEST(ActivationUnit, NanStaysNan) {
  for (std::size_t i = 0; i < kActivationNames.size(); ++i) {
    const auto activation = static_cast<Activation>(i);
    EXPECT_TRUE(activation == Activation::kBinaryStep || std::isnan(value(activation, std::nanf("")))) << kActivationNames[i];
  }
}

TEST(ActivationUnit, GradientIsScaledByTheUpstreamGradient) {
  // σ'(0) = 1/4, upstream −8: −2.
  EXPECT_EQ(first_output(OpKind::kActivateGrad, with(Activation::kLogistic), {{Shape{1}, {0}}, {Shape{1}, {0.5f}}, {Shape{1}, {-8}}})[0],
            -2.0f);
  EXPECT_DEATH_IF_SUPPORTED(
      first_output(OpKind::kActivateGrad, {}, {{Shape{2}, {0, 0}}, {Shape{2}, {0, 0}}, {Shape{1}, {0}}}), "2, 2, 1");
}

}  // namespace
}  // namespace chainrule::test
