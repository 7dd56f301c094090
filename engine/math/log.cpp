#include "engine/math/log.h"

namespace chainrule::math {
namespace {

using internal::Pair;

// T(z) = (2 artanh(s) / s - 2 - 2 z / 3) / z^2 with z = s^2, |s| <= 0.1716; derive_coefficients.py, kLogTail.
constexpr double kLogTail[] = {
    0.4,
    0.28571428571429375,
    0.22222222221649277,
    0.18181818336889324,
    0.15384594802772,
    0.13334813373687013,
    0.11706004128016817,
    0.11725604536475413,
};

constexpr double kTwoThirds = 0.6666666666666666;
constexpr double kTwoThirdsLow = 3.700743415417188e-17;
constexpr double kLn2High = 0.6931471805598903;    // the first 42 bits of ln 2: times an 11-bit k it is exact
constexpr double kLn2Low = 5.497923018708371e-14;  // the next 53

/// x = 2^k m with sqrt(1/2) <= m < sqrt(2).
struct Scaled {
  double m;
  double k;
};

Scaled scaled(double x) {
  int subnormal_shift = 0;
  if (x < 2.2250738585072014e-308) {  // below 2^-1022 the exponent field says nothing
    x *= 18014398509481984.0;         // 2^54
    subnormal_shift = 54;
  }
  constexpr std::uint64_t kRootHalfBits = 0x3fe6a09e667f3bcdull;  // sqrt(1/2)
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  // The exponent counted from sqrt(1/2) on; >> keeps the sign (C++20).
  const std::int64_t k = static_cast<std::int64_t>(bits - kRootHalfBits) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(k) << 52));
  return {m, static_cast<double>(k - subnormal_shift)};
}

/// k ln 2 + ln(1 + f) + correction.
/// 2s = f - f^2/2 + s f^2/2 puts the exact f in front, so that only small terms carry rounding errors.
double log_of_parts(double k, double f, double correction) {
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double half_square = 0.5 * f * f;
  const double tail = s * (half_square + z * (kTwoThirds + z * internal::polynomial(kLogTail, z)));
  return k * kLn2High - ((half_square - (tail + (k * kLn2Low + correction))) - f);
}

}  // namespace

double log(double x) {
  if (x != x || x == internal::kInfinity) return x;
  if (x == 0.0) return -internal::kInfinity;
  if (x < 0.0) return internal::kNaN;
  const Scaled parts = scaled(x);
  return log_of_parts(parts.k, parts.m - 1.0, 0.0);
}

double log1p(double x) {
  constexpr double kTiny = 5.5e-17;  // below 2^-54, where x^2 / 2 is under half of x's last place; keeps -0 too
  if (x != x || x == internal::kInfinity || (x < kTiny && x > -kTiny)) return x;
  if (x == -1.0) return -internal::kInfinity;
  if (x < -1.0) return internal::kNaN;
  if (x > -0.29 && x < 0.41) return log_of_parts(0.0, x, 0.0);
  const double u = 1.0 + x;
  const double lost = x >= 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
  const Scaled parts = scaled(u);
  return log_of_parts(parts.k, parts.m - 1.0, lost / u);
}

Pair internal::log_pair(double x) {
  const Scaled parts = scaled(x);
  const double f = parts.m - 1.0;
  // s = f / (2 + f), with the remainder of the division.
  const Pair below = two_sum(parts.m, 1.0);
  const double s = f / below.hi;
  const Pair back = two_product(s, below.hi);
  const double s_lo = ((f - back.hi) - back.lo - s * below.lo) / below.hi;
  // s^3 (2/3 + z T) is up to 1 % of 2s and needs low parts as well; z T is 2 % of that and does not.
  const Pair square = two_product(s, s);
  const Pair cube = two_product(s, square.hi);
  const double cube_lo = cube.lo + (s * (square.lo + 2.0 * s * s_lo) + s_lo * square.hi);
  const Pair factor = fast_two_sum(kTwoThirds, square.hi * polynomial(kLogTail, square.hi));
  const Pair rest = two_product(cube.hi, factor.hi);
  const double rest_lo = rest.lo + (cube.hi * (factor.lo + kTwoThirdsLow) + cube_lo * factor.hi);

  const Pair front = two_sum(parts.k * kLn2High, 2.0 * s);
  const Pair sum = two_sum(front.hi, rest.hi);
  const double low = (parts.k * kLn2Low + (rest_lo + 2.0 * s_lo)) + (front.lo + sum.lo);
  return fast_two_sum(sum.hi, low);
}

}  // namespace chainrule::math
