// The smooth activation functions built on e^x: tanh, logistic, softplus.
#pragma once

#include "engine/math/basic.h"
#include "engine/math/exp.h"

namespace chainrule::math {

/// tanh x = (e^2x - 1) / (e^2x + 1).
/// With t = e^(2|x|) - 1 from expm1: t / (t + 2) for |x| < 1, 1 - 2 / (t + 2) beyond. Domain: all x. Bound: 2.5 ulp.
/// Ensures: odd, |tanh x| <= 1. Errors: tanh(+-inf) = +-1, tanh(-0) = -0, tanh(NaN) = NaN.
double tanh(double x);

/// The logistic function 1 / (1 + e^-x).
/// Formula: as it stands for x >= 0; e^x / (1 + e^x) for x < 0, where e^-x could overflow.
/// Domain: all x. Bound: 2.5 ulp.
/// Errors: logistic(inf) = 1, logistic(-inf) = 0, logistic(NaN) = NaN; below -708.4 subnormal, gradually.
double logistic(double x);

/// softplus x = ln(1 + e^x) = max(x, 0) + log1p(e^-|x|). Domain: all x. Bound: 1.7 ulp.
/// Errors: softplus(inf) = inf, softplus(-inf) = 0, softplus(NaN) = NaN.
/// Source: Dugas et al. 2001, "Incorporating second-order functional knowledge"; the split keeps e^x from overflowing.
double softplus(double x);

namespace internal {

/// tanh x for x >= 0, as tanh(double) but all in float: e^2x − 1 = 2^k q + (2^k − 1) with q = r + r² p(r), p of degree 4.
/// `Float` is float, or a vector of floats, each computed alike; `Bits` is as many whole numbers of 32 bits.
template <class Float, class Bits>
inline Float tanh_of_size(Float x) {
  constexpr float kRounderFloat = 12582912.0f;  // 1.5 · 2^23, as kRounder for double
  const Float ten = Float{} + 10.0f;            // tanh 10 = 1 - 4e-9 is rounded to 1
  const Float clamped = x > ten ? ten : x;
  const Float twice = clamped + clamped;
  const Float rounded = twice * 1.44269504f + kRounderFloat;
  const Float r = twice - (rounded - kRounderFloat) * 0.693147180f;
  const Float r2 = r * r;
  const Float p = (0.5f + r * 0.166665763f) + r2 * ((0.0416665524f + r * 0.00836323295f) + r2 * 0.00139262504f);
  const Float scale = std::bit_cast<Float>((std::bit_cast<Bits>(rounded) << 23) + 0x3f800000u);
  const Float t = scale * (r + r2 * p) + (scale - 1.0f);
  return t / (t + 2.0f);
}

}  // namespace internal

/// As tanh(double), in float, because training spends most of its time with tanh there. Bound: 2.5 ulp. Ensures: odd.
inline float tanh(float x) {
  return std::copysign(internal::tanh_of_size<float, std::uint32_t>(abs(x)), x);
}

/// As logistic(double). One formula on both sides: in double e^-x does not overflow for any float that matters.
/// Bound: 0.501 ulp, subnormal results included.
inline float logistic(float x) {
  double clamped = x < -105.0f ? -105.0f : x;  // e^-105 is less than half of the smallest float
  clamped = clamped > 40.0 ? 40.0 : clamped;   // 1 - e^-40 is rounded to 1
  const internal::ShortExp<double> e = internal::short_exp(-clamped);
  return static_cast<float>(1.0 / (1.0 + (e.scale + e.scale * e.tail)));
}

/// softplus(double), rounded once more. Bound: 0.501 ulp.
inline float softplus(float x) { return static_cast<float>(softplus(static_cast<double>(x))); }

}  // namespace chainrule::math
