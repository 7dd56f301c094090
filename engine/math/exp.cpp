#include "engine/math/exp.h"

namespace chainrule::math {
namespace {

using internal::Pair;
using internal::ReducedExp;

// q(r) = (e^r - 1 - r) / r^2 for |r| <= ln(2)/2; derive_coefficients.py, kExpTail.
constexpr double kExpTail[] = {
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326084,
    0.0013888888888883711,
    0.0001984126987500228,
    2.480158732567746e-05,
    2.755725517000089e-06,
    2.7557273478720615e-07,
    2.5105312729622103e-08,
    2.091475532527879e-09,
};

constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2High = 0.6931471805598903;    // the first 42 bits of ln 2: times an 11-bit k it is exact
constexpr double kLn2Low = 5.497923018708371e-14;  // the next 53

}  // namespace

ReducedExp internal::reduce_exp(double x, double x_lo) {
  const double k = (x * kLog2E + kRounder) - kRounder;
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low - x_lo;
  const double r = high - low;
  const double r_lo = (high - r) - low;
  const Pair tail = fast_two_sum(r, r * r * polynomial(kExpTail, r));
  // d(e^r) = e^r dr, and e^r is near 1 + r.
  return {{tail.hi, tail.lo + (r_lo + r_lo * r)}, static_cast<int>(k)};
}

double internal::exp_of_sum(double x, double x_lo) {
  const ReducedExp e = reduce_exp(x, x_lo);
  const Pair sum = fast_two_sum(1.0, e.tail.hi);
  return scale_by_power_of_two(sum.hi + (sum.lo + e.tail.lo), e.k);
}

double exp(double x) {
  if (x != x) return x;
  if (x > 710.0) return internal::kInfinity;
  if (x < -746.0) return 0.0;
  return internal::exp_of_sum(x, 0.0);
}

double expm1(double x) {
  constexpr double kTiny = 5.5e-17;  // below 2^-54, where x^2 / 2 is under half of x's last place; keeps -0 too
  if (x != x || (x < kTiny && x > -kTiny)) return x;
  if (x > 45.0) return exp(x);  // e^45 > 2^64: the 1 is far below the last place
  if (x < -45.0) return -1.0;
  const ReducedExp e = internal::reduce_exp(x, 0.0);
  const double scale = internal::power_of_two(e.k);
  const Pair front = internal::two_sum(scale, -1.0);
  const Pair sum = internal::two_sum(front.hi, scale * e.tail.hi);
  return sum.hi + (sum.lo + (front.lo + scale * e.tail.lo));
}

}  // namespace chainrule::math
