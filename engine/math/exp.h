// e^x and e^x - 1.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/math/bits.h"

namespace chainrule::math {

/// e^x.
/// x = k ln 2 + r with |r| <= ln(2)/2, then e^x = 2^k (1 + r + r^2 q(r)), q a polynomial of degree 10.
/// Domain: all x. Bound: 0.7 ulp; 1.1 ulp where the result is subnormal (x < -708.4), which it becomes gradually.
/// Errors: x > 709.782712893384 = inf, x < -745.13 = 0, exp(NaN) = NaN, exp(-inf) = 0, exp(inf) = inf.
/// Source: Cody and Waite 1980, chapter 6 (reduction); q from derive_coefficients.py.
double exp(double x);

/// e^x - 1, accurate where e^x is near 1.
/// Formula: 2^k (r + r^2 q(r)) + (2^k - 1), the sum kept with its rounding error. Domain: all x. Bound: 0.9 ulp.
/// Errors: expm1(NaN) = NaN, expm1(inf) = inf, expm1(-inf) = -1, expm1(-0) = -0, x > 709.782712893384 = inf.
double expm1(double x);

namespace internal {

/// e^(x + x_lo) = 2^k (1 + tail.hi + tail.lo). Requires: |x| <= 800, |x_lo| at most a unit in x's last place.
struct ReducedExp {
  Pair tail;
  int k;
};
ReducedExp reduce_exp(double x, double x_lo);

/// e^(x + x_lo), rounded once from the reduced form. Requires: as reduce_exp.
double exp_of_sum(double x, double x_lo);

/// e^x = scale (1 + tail), to 2^-36 relative in tail: enough for float results, and without a branch.
/// Requires: |x| <= 700, or NaN, which tail keeps. `Double` is double, or a vector of doubles, each computed alike;
/// `Bits` is as many whole numbers of 64 bits.
template <class Double>
struct ShortExp {
  Double scale;
  Double tail;
};
template <class Double, class Bits = std::uint64_t>
inline ShortExp<Double> short_exp(Double x) {
  constexpr double kLog2E = 1.4426950408889634;
  constexpr double kLn2 = 0.6931471805599453;
  const Double rounded = x * kLog2E + kRounder;
  const Double r = x - (rounded - kRounder) * kLn2;
  const Double r2 = r * r;
  // (e^r - 1 - r) / r^2 in pairs of powers (Estrin 1960): a shorter chain of dependent operations than Horner's.
  const Double low = (0.5 + r * 0.1666666671931248) + r2 * (0.041666666719295684 + r * 0.008333298344023092);
  const Double high = (0.001388885390994504 + r * 0.00019899390183679232) + r2 * 2.485969439475207e-05;
  const Double q = low + (r2 * r2) * high;
  // The low bits of `rounded` are k; moved into the exponent's place and added to 1.0 they make 2^k.
  const Bits scale_bits = (std::bit_cast<Bits>(rounded) << 52) + 0x3ff0000000000000ull;
  return {std::bit_cast<Double>(scale_bits), r + r2 * q};
}

}  // namespace internal

/// As exp(double). Domain: all x. Bound: 0.501 ulp, subnormal results included.
/// Errors: x > 88.72283 = inf, x < -103.98 = 0, exp(NaN) = NaN.
inline float exp(float x) {
  double clamped = x > 89.0f ? 89.0f : x;         // e^89 is beyond float, so it is rounded to inf below
  clamped = clamped < -105.0 ? -105.0 : clamped;  // e^-105 is less than half of the smallest float
  const internal::ShortExp<double> e = internal::short_exp(clamped);
  return static_cast<float>(e.scale + e.scale * e.tail);
}

/// As expm1(double), rounded once more. Bound: 0.501 ulp.
inline float expm1(float x) { return static_cast<float>(expm1(static_cast<double>(x))); }

}  // namespace chainrule::math
