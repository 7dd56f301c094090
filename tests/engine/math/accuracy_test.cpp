// The bounds that the docstrings of engine/math state, measured: double against the platform's 80-bit long double,
// float against the platform's double. Each test prints the largest error it saw.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/math/functions.h"
#include "tests/engine/math/sweep.h"

namespace chainrule::test {
namespace {

// wasm's long double is musl's, with functions only as good as double's; there the golden hashes speak.
constexpr bool kHasReference = std::numeric_limits<long double>::digits == 64;
constexpr int kInputs = 200000;

/// |got - want| in units of want's last place in a format of `digits` bits with smallest exponent `lowest`.
long double ulps(long double got, long double want, int digits, int lowest) {
  if (got == want) return 0;
  if (!std::isfinite(want) || !std::isfinite(got)) return 1e9L;
  int exponent = 0;
  std::frexp(want, &exponent);
  return std::fabs(got - want) / std::ldexp(1.0L, std::max(exponent - digits, lowest));
}

struct Worst {
  long double error = 0;
  double at = 0;
  void add(long double candidate, double x) {
    if (candidate > error) {
      error = candidate;
      at = x;
    }
  }
};

void expect_below(const char* name, const Worst& worst, double bound) {
  std::printf("    %-24s %.4Lf ulp at %.17g\n", name, worst.error, worst.at);
  EXPECT_LE(worst.error, bound) << name << " at " << worst.at;
  EXPECT_GT(worst.error, 0.4) << name << ": errors this small mean that nothing was measured";
}

template <class Ours, class Exact, class Draw>
void check_double(const char* name, Ours ours, Exact exact, double bound, Draw draw) {
  Sweep sweep(1);
  Worst worst;
  for (int i = 0; i < kInputs; ++i) {
    const double x = draw(sweep);
    worst.add(ulps(ours(x), exact(static_cast<long double>(x)), 53, -1074), x);
  }
  expect_below(name, worst, bound);
}

template <class Ours, class Exact, class Draw>
void check_float(const char* name, Ours ours, Exact exact, double bound, Draw draw) {
  Sweep sweep(2);
  Worst worst;
  for (int i = 0; i < kInputs; ++i) {
    const auto x = static_cast<float>(draw(sweep));
    const double want = exact(static_cast<double>(x));
    const float got = ours(x);
    if (std::fabs(want) >= 0x1.ffffffp127 && std::isinf(got)) continue;  // rounds to inf in float
    worst.add(ulps(got, want, 24, -149), x);
  }
  expect_below(name, worst, bound);
}

auto between(double low, double high) {
  return [=](Sweep& sweep) { return sweep.even(low, high); };
}
auto sized(int low, int high) {
  return [=](Sweep& sweep) { return sweep.any_size(low, high); };
}
auto positive(int low, int high) {
  return [=](Sweep& sweep) { return std::fabs(sweep.any_size(low, high)); };
}

#define OURS(function) [](auto x) { return math::function(x); }
#define EXACT(function) [](auto x) { return std::function(x); }

template <class T>
T exact_logistic(T x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}
template <class T>
T exact_softplus(T x) {
  return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x)));
}
#define EXACT_OF(function) [](auto x) { return function(x); }

TEST(MathAccuracy, ExpDouble) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  check_double("exp", OURS(exp), EXACT(exp), 0.7, between(-708.3, 709.78));
  check_double("exp near 0", OURS(exp), EXACT(exp), 0.7, between(-2, 2));
  check_double("exp subnormal", OURS(exp), EXACT(exp), 1.1, between(-745.1, -708.4));
  check_double("expm1", OURS(expm1), EXACT(expm1), 0.9, between(-50, 709.78));
  check_double("expm1 near 0", OURS(expm1), EXACT(expm1), 0.9, between(-2, 2));
  check_double("expm1 sizes", OURS(expm1), EXACT(expm1), 0.9, sized(-53, 5));
}

TEST(MathAccuracy, LogDouble) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  check_double("log", OURS(log), EXACT(log), 0.9, positive(-1022, 1023));
  check_double("log near 1", OURS(log), EXACT(log), 0.9, between(0.3, 3));
  check_double("log subnormal", OURS(log), EXACT(log), 0.9, between(0x1p-1070, 0x1p-1023));
  check_double("log1p", OURS(log1p), EXACT(log1p), 1.0, positive(-53, 1000));
  check_double("log1p near 0", OURS(log1p), EXACT(log1p), 1.0, between(-1, 3));
  check_double("log1p sizes", OURS(log1p), EXACT(log1p), 1.0, sized(-53, 0));
}

TEST(MathAccuracy, TrigDouble) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  check_double("sin", OURS(sin), EXACT(sin), 0.85, between(-1e5, 1e5));
  check_double("sin one turn", OURS(sin), EXACT(sin), 0.85, between(-7, 7));
  check_double("sin sizes", OURS(sin), EXACT(sin), 0.85, sized(-26, 60));
  check_double("cos", OURS(cos), EXACT(cos), 0.85, between(-1e5, 1e5));
  check_double("cos one turn", OURS(cos), EXACT(cos), 0.85, between(-7, 7));
  check_double("cos sizes", OURS(cos), EXACT(cos), 0.85, sized(-26, 60));
  check_double("atan", OURS(atan), EXACT(atan), 1.3, between(-4, 4));
  check_double("atan sizes", OURS(atan), EXACT(atan), 1.3, sized(-26, 60));
}

// The doubles nearest to multiples of pi/2 lose most digits in the reduction.
TEST(MathAccuracy, TrigNextToMultiplesOfHalfPi) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  const auto near_multiple = [](Sweep& sweep) {
    const auto n = static_cast<double>(sweep.bits() % 600000);
    const double x = n * 1.5707963267948966;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) + sweep.bits() % 3);
  };
  // x87's fsin knows pi to 66 bits only, so these are compared through the reduced argument, with pi/2 in 64 + 64 bits.
  const auto exact_sin = [](long double x) {
    constexpr long double kHigh = 0x1.921fb544p+0L;  // 33 bits, then 33, then 64
    constexpr long double kMiddle = 0x1.0b4611a6p-34L;
    constexpr long double kLow = 0x1.3198a2e037073448p-69L;
    const long double n = std::nearbyint(x / 1.57079632679489661923L);
    const long double r = ((x - n * kHigh) - n * kMiddle) - n * kLow;
    switch (static_cast<long long>(n) & 3) {
      case 0:
        return std::sin(r);
      case 1:
        return std::cos(r);
      case 2:
        return -std::sin(r);
      default:
        return -std::cos(r);
    }
  };
  check_double("sin near n pi/2", OURS(sin), exact_sin, 0.85, near_multiple);
}

TEST(MathAccuracy, ActivationsDouble) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  check_double("tanh", OURS(tanh), EXACT(tanh), 2.5, between(-20, 20));
  check_double("tanh near 0", OURS(tanh), EXACT(tanh), 2.5, between(-2, 2));
  check_double("tanh sizes", OURS(tanh), EXACT(tanh), 2.5, sized(-53, 4));
  check_double("logistic", OURS(logistic), EXACT_OF(exact_logistic), 2.5, between(-700, 40));
  check_double("logistic near 0", OURS(logistic), EXACT_OF(exact_logistic), 2.5, between(-5, 5));
  check_double("softplus", OURS(softplus), EXACT_OF(exact_softplus), 1.7, between(-700, 40));
  check_double("softplus near 0", OURS(softplus), EXACT_OF(exact_softplus), 1.7, between(-5, 5));
}

TEST(MathAccuracy, PowDouble) {
  if (!kHasReference) GTEST_SKIP() << "long double has no extra precision here";
  Sweep sweep(3);
  Worst worst, worst_subnormal;
  for (int i = 0; i < kInputs; ++i) {
    const double x = i % 2 ? sweep.even(0.5, 2) : std::fabs(sweep.any_size(-1000, 1000));
    // y is drawn so that the result's exponent is spread over all that double has.
    const double y = sweep.even(-1074, 1023.9) / std::log2(x);
    // 80 bits are too few for a reference when the exponent is large: e^(y ln x) would be 11 bits short, powl is not.
    const long double want = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    if (!(want < 0x1.fffffffffffffp1023L)) continue;
    const double got = math::pow(x, y);
    (want < 0x1p-1022L ? worst_subnormal : worst).add(ulps(got, want, 53, -1074), x);
  }
  expect_below("pow", worst, 1.0);
  expect_below("pow subnormal", worst_subnormal, 1.3);
}

TEST(MathAccuracy, Float) {
  constexpr double kOnce = 0.501;  // the true value rounded once, and a thousandth for the double's own error
  check_float("exp float", OURS(exp), EXACT(exp), kOnce, between(-104.5, 89));
  check_float("exp float near 0", OURS(exp), EXACT(exp), kOnce, between(-1, 1));
  check_float("exp float subnormal", OURS(exp), EXACT(exp), kOnce, between(-104, -87));
  check_float("expm1 float", OURS(expm1), EXACT(expm1), kOnce, sized(-30, 5));
  check_float("log float", OURS(log), EXACT(log), kOnce, positive(-140, 127));
  check_float("log float near 1", OURS(log), EXACT(log), kOnce, between(0.5, 2));
  check_float("log1p float", OURS(log1p), EXACT(log1p), kOnce, sized(-30, 0));
  check_float("tanh float", OURS(tanh), EXACT(tanh), 2.5, between(-10, 10));
  check_float("tanh float sizes", OURS(tanh), EXACT(tanh), 2.5, sized(-140, 3));
  check_float("logistic float", OURS(logistic), EXACT_OF(exact_logistic), kOnce, between(-104.5, 20));
  check_float("logistic float near 0", OURS(logistic), EXACT_OF(exact_logistic), kOnce, between(-4, 4));
  check_float("softplus float", OURS(softplus), EXACT_OF(exact_softplus), kOnce, between(-100, 40));
  check_float("sin float", OURS(sin), EXACT(sin), kOnce, between(-1e5, 1e5));
  check_float("cos float", OURS(cos), EXACT(cos), kOnce, between(-1e5, 1e5));
  check_float("sin float sizes", OURS(sin), EXACT(sin), kOnce, sized(-12, 127));
  check_float("atan float", OURS(atan), EXACT(atan), kOnce, sized(-12, 30));
}

TEST(MathAccuracy, PowFloat) {
  Sweep sweep(4);
  Worst worst;
  for (int i = 0; i < kInputs; ++i) {
    const auto x = static_cast<float>(sweep.even(0.01, 20));
    const auto y = static_cast<float>(sweep.even(-20, 20));
    const double want = std::pow(static_cast<double>(x), static_cast<double>(y));
    const float got = math::pow(x, y);
    if (want >= 0x1.ffffffp127 && std::isinf(got)) continue;  // rounds to inf in float
    worst.add(ulps(got, want, 24, -149), x);
  }
  expect_below("pow float", worst, 0.501);
}

}  // namespace
}  // namespace chainrule::test
