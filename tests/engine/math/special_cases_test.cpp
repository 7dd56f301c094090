// Where functions meet the edge: zeros and their signs, infinities, NaN, overflow, subnormals, and exact values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/math/functions.h"
#include "tests/engine/math/sweep.h"

namespace chainrule::test {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr float kInfF = std::numeric_limits<float>::infinity();
constexpr float kNanF = std::numeric_limits<float>::quiet_NaN();
constexpr double kSmallest = 0x1p-1074;
constexpr float kSmallestF = 0x1p-149f;

// == takes -0 for +0; these do not.
void expect_same(double got, double want) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(got), std::bit_cast<std::uint64_t>(want)) << got << " is not " << want;
}
void expect_same(float got, float want) {
  EXPECT_EQ(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(want)) << got << " is not " << want;
}

TEST(MathSpecialCases, Exp) {
  expect_same(math::exp(0.0), 1.0);
  expect_same(math::exp(-0.0), 1.0);
  expect_same(math::exp(1.0), 2.718281828459045);
  EXPECT_EQ(math::exp(kInf), kInf);
  expect_same(math::exp(-kInf), 0.0);
  EXPECT_TRUE(std::isnan(math::exp(kNan)));
  EXPECT_LT(math::exp(709.782712893384), kInf);  // the last double before ln(2^1024)
  EXPECT_EQ(math::exp(709.7827128933841), kInf);
  EXPECT_EQ(math::exp(1e300), kInf);
  expect_same(math::exp(-745.13), kSmallest);  // ln(2^-1075) = -745.1332...
  expect_same(math::exp(-745.14), 0.0);
  expect_same(math::exp(-1e300), 0.0);
}

TEST(MathSpecialCases, ExpFloat) {
  expect_same(math::exp(0.0f), 1.0f);
  expect_same(math::exp(1.0f), 2.7182817f);
  EXPECT_EQ(math::exp(kInfF), kInfF);
  expect_same(math::exp(-kInfF), 0.0f);
  EXPECT_TRUE(std::isnan(math::exp(kNanF)));
  EXPECT_LT(math::exp(88.72283f), kInfF);  // ln(2^128) = 88.722839...
  EXPECT_EQ(math::exp(88.72284f), kInfF);
  EXPECT_EQ(math::exp(1e30f), kInfF);
  expect_same(math::exp(-103.97f), kSmallestF);  // ln(2^-150) = -103.972...
  expect_same(math::exp(-103.98f), 0.0f);
  expect_same(math::exp(-1e30f), 0.0f);
}

TEST(MathSpecialCases, Expm1) {
  expect_same(math::expm1(0.0), 0.0);
  expect_same(math::expm1(-0.0), -0.0);
  expect_same(math::expm1(kSmallest), kSmallest);
  expect_same(math::expm1(1e-10), 1.00000000005e-10);  // x + x^2 / 2
  expect_same(math::expm1(-kInf), -1.0);
  EXPECT_EQ(math::expm1(kInf), kInf);
  EXPECT_EQ(math::expm1(710.0), kInf);
  EXPECT_TRUE(std::isnan(math::expm1(kNan)));
  expect_same(math::expm1(-0.0f), -0.0f);
}

TEST(MathSpecialCases, Log) {
  expect_same(math::log(1.0), 0.0);
  expect_same(math::log(2.0), 0.6931471805599453);
  expect_same(math::log(10.0), 2.302585092994046);
  expect_same(math::log(kSmallest), -744.4400719213812);  // -1074 ln 2
  EXPECT_EQ(math::log(0.0), -kInf);
  EXPECT_EQ(math::log(-0.0), -kInf);
  EXPECT_TRUE(std::isnan(math::log(-1.0)));
  EXPECT_TRUE(std::isnan(math::log(-kInf)));
  EXPECT_TRUE(std::isnan(math::log(kNan)));
  EXPECT_EQ(math::log(kInf), kInf);
  EXPECT_EQ(math::log(0.0f), -kInfF);
  EXPECT_TRUE(std::isnan(math::log(-1.0f)));
  expect_same(math::log(kSmallestF), -103.27893f);  // -149 ln 2
}

TEST(MathSpecialCases, Log1p) {
  expect_same(math::log1p(0.0), 0.0);
  expect_same(math::log1p(-0.0), -0.0);
  expect_same(math::log1p(-kSmallest), -kSmallest);
  expect_same(math::log1p(1e-10), 9.999999999500001e-11);  // x - x^2 / 2; the double 1e-10 is a little above
  EXPECT_EQ(math::log1p(-1.0), -kInf);
  EXPECT_TRUE(std::isnan(math::log1p(-1.0000000000000002)));
  EXPECT_TRUE(std::isnan(math::log1p(kNan)));
  EXPECT_EQ(math::log1p(kInf), kInf);
  expect_same(math::log1p(0x1p1023), 709.0895657128241);  // 1023 ln 2
}

TEST(MathSpecialCases, TanhAndLogistic) {
  expect_same(math::tanh(-0.0), -0.0);
  expect_same(math::tanh(-kInf), -1.0);
  expect_same(math::tanh(22.0), 1.0);
  EXPECT_LT(math::tanh(18.0), 1.0);
  EXPECT_TRUE(std::isnan(math::tanh(kNan)));
  expect_same(math::tanh(-0.0f), -0.0f);
  expect_same(math::tanh(kSmallestF), kSmallestF);
  expect_same(math::tanh(-kInfF), -1.0f);
  EXPECT_LT(math::tanh(8.5f), 1.0f);
  expect_same(math::tanh(9.1f), 1.0f);
  EXPECT_TRUE(std::isnan(math::tanh(kNanF)));

  expect_same(math::logistic(0.0), 0.5);
  expect_same(math::logistic(kInf), 1.0);
  expect_same(math::logistic(-kInf), 0.0);
  expect_same(math::logistic(-745.0), kSmallest);
  EXPECT_TRUE(std::isnan(math::logistic(kNan)));
  expect_same(math::logistic(0.0f), 0.5f);
  expect_same(math::logistic(kInfF), 1.0f);
  expect_same(math::logistic(-kInfF), 0.0f);
  expect_same(math::logistic(-103.9f), kSmallestF);
  EXPECT_TRUE(std::isnan(math::logistic(kNanF)));
}

TEST(MathSpecialCases, Softplus) {
  expect_same(math::softplus(0.0), 0.6931471805599453);
  EXPECT_EQ(math::softplus(kInf), kInf);
  expect_same(math::softplus(-kInf), 0.0);
  expect_same(math::softplus(1e300), 1e300);
  expect_same(math::softplus(-745.0), kSmallest);
  EXPECT_TRUE(std::isnan(math::softplus(kNan)));
  expect_same(math::softplus(100.0f), 100.0f);
}

TEST(MathSpecialCases, SymmetryHoldsBitForBit) {
  Sweep sweep(5);
  for (int i = 0; i < 20000; ++i) {
    const double x = sweep.any_size(-40, 8);
    const auto f = static_cast<float>(x);
    ASSERT_EQ(math::tanh(-x), -math::tanh(x)) << x;
    ASSERT_EQ(math::tanh(-f), -math::tanh(f)) << f;
    ASSERT_EQ(math::sin(-x), -math::sin(x)) << x;
    ASSERT_EQ(math::cos(-x), math::cos(x)) << x;
    ASSERT_EQ(math::atan(-x), -math::atan(x)) << x;
  }
}

TEST(MathSpecialCases, Trig) {
  expect_same(math::sin(0.0), 0.0);
  expect_same(math::sin(-0.0), -0.0);
  expect_same(math::cos(0.0), 1.0);
  expect_same(math::sin(kSmallest), kSmallest);
  expect_same(math::sin(3.141592653589793), 1.2246467991473532e-16);  // what the double pi lacks of pi
  expect_same(math::cos(1.5707963267948966), 6.123233995736766e-17);
  for (const double x : {kInf, -kInf, kNan}) {
    EXPECT_TRUE(std::isnan(math::sin(x)));
    EXPECT_TRUE(std::isnan(math::cos(x)));
  }
}

// True values from mpmath with 2000 bits of pi. The last is the double nearest to a multiple of pi/2, relative to its
// size: Muller et al., Handbook of Floating-Point Arithmetic, 11.2.
TEST(MathSpecialCases, TrigOfLargeNumbers) {
  expect_same(math::sin(1e5), 0.03574879797201651);
  expect_same(math::cos(1e5), -0.9993608074382124);
  expect_same(math::sin(1e22), -0.8522008497671888);
  expect_same(math::cos(1e22), 0.523214785395139);
  expect_same(math::sin(1e300), -0.8178819121159085);
  expect_same(math::cos(1e300), -0.5753861119575491);
  const double hardest = 6381956970095103.0 * 0x1p797;
  expect_same(math::sin(hardest), 1.0);
  expect_same(math::cos(hardest), -0x1.14ae72e6ba22fp-61);
}

TEST(MathSpecialCases, ReductionsAgreeWhereTheyMeet) {
  // sin(x) up to 1e6 goes by parts of pi/2, beyond by the digits of 2/pi; sin^2 + cos^2 binds both on either side.
  Sweep sweep(6);
  for (int i = 0; i < 20000; ++i) {
    const double x = sweep.even(0.9e6, 1.1e6);
    const double s = math::sin(x);
    const double c = math::cos(x);
    ASSERT_NEAR(s * s + c * c, 1.0, 5e-16) << x;
    ASSERT_NEAR(math::sin(x + 0.5), s * math::cos(0.5) + c * math::sin(0.5), 2e-10)
        << x;  // x + 0.5 is rounded to 2^-33
  }
}

TEST(MathSpecialCases, Atan) {
  expect_same(math::atan(-0.0), -0.0);
  expect_same(math::atan(1.0), 0.7853981633974483);
  expect_same(math::atan(kInf), 1.5707963267948966);
  expect_same(math::atan(-kInf), -1.5707963267948966);
  expect_same(math::atan(1e300), 1.5707963267948966);
  expect_same(math::atan(kSmallest), kSmallest);
  EXPECT_TRUE(std::isnan(math::atan(kNan)));
}

TEST(MathSpecialCases, PowEdges) {
  for (const double y : {0.0, -0.0}) {
    for (const double x : {0.0, -3.0, kInf, kNan}) expect_same(math::pow(x, y), 1.0);
  }
  expect_same(math::pow(1.0, kNan), 1.0);
  expect_same(math::pow(1.0, -kInf), 1.0);
  EXPECT_TRUE(std::isnan(math::pow(kNan, 1.0)));
  EXPECT_TRUE(std::isnan(math::pow(2.0, kNan)));
  EXPECT_TRUE(std::isnan(math::pow(-2.0, 0.5)));
  expect_same(math::pow(-0.0, 3.0), -0.0);
  expect_same(math::pow(-0.0, 2.0), 0.0);
  expect_same(math::pow(-0.0, 0.5), 0.0);
  expect_same(math::pow(-0.0, -3.0), -kInf);
  expect_same(math::pow(-0.0, -2.0), kInf);
  expect_same(math::pow(0.0, -0.5), kInf);
  expect_same(math::pow(-1.0, kInf), 1.0);
  expect_same(math::pow(-1.0, -kInf), 1.0);
  expect_same(math::pow(0.5, kInf), 0.0);
  expect_same(math::pow(0.5, -kInf), kInf);
  expect_same(math::pow(-2.0, kInf), kInf);
  expect_same(math::pow(-2.0, -kInf), 0.0);
  expect_same(math::pow(-kInf, 3.0), -kInf);
  expect_same(math::pow(-kInf, 0.5), kInf);
  expect_same(math::pow(-kInf, -3.0), -0.0);
  expect_same(math::pow(kInf, -1.0), 0.0);
  expect_same(math::pow(-2.0, 3.0), -8.0);
  expect_same(math::pow(-2.0, 2.0), 4.0);
  expect_same(math::pow(-1.0, 9007199254740993.0), 1.0);  // 2^53 + 1 is no double; 2^53 is even
  expect_same(math::pow(-1.0, 9007199254740991.0), -1.0);
  expect_same(math::pow(1.0000000000000002, 1e30), kInf);
  expect_same(math::pow(0.9999999999999999, 1e30), 0.0);
  expect_same(math::pow(-10.0, 309.0), -kInf);
  expect_same(math::pow(-10.0, -325.0), -0.0);
  expect_same(math::pow(2.0, -1074.0), kSmallest);
  expect_same(math::pow(0x1p-1074, 0.5), 0x1p-537);
  expect_same(math::pow(3.0, 1e-310), 1.0);
}

TEST(MathSpecialCases, PowOfWholeNumbersIsExact) {
  for (const double base : {2.0, 3.0, 5.0, 10.0, 1.5, 0.5, -7.0}) {
    double product = 1.0;
    for (int n = 1; std::fabs(product * base) < 0x1p53 && n <= 22; ++n) {
      product *= base;
      expect_same(math::pow(base, n), product);
    }
  }
  expect_same(math::pow(0.9f, 2.0f), 0.80999994f);  // 0.9f^2 = 0.80999995708...; in float 0.9f is below 0.9
}

TEST(MathSpecialCases, MaximumAndMinimumAreCompareAndSelect) {
  EXPECT_EQ(math::maximum(1.0f, 2.0f), 2.0f);
  EXPECT_EQ(math::minimum(1.0f, 2.0f), 1.0f);
  EXPECT_TRUE(std::isnan(math::maximum(kNanF, 1.0f)));
  expect_same(math::maximum(1.0f, kNanF), 1.0f);
  EXPECT_TRUE(std::isnan(math::minimum(kNan, 1.0)));
  expect_same(math::minimum(1.0, kNan), 1.0);
  expect_same(math::maximum(0.0f, -0.0f), 0.0f);
  expect_same(math::maximum(-0.0f, 0.0f), -0.0f);
  expect_same(math::abs(-0.0f), 0.0f);
  expect_same(math::sqrt(2.0), 1.4142135623730951);
  EXPECT_TRUE(std::isnan(math::sqrt(-1.0f)));
}

}  // namespace
}  // namespace chainrule::test
