// Natural logarithms.
#pragma once

#include "engine/math/bits.h"

namespace chainrule::math {

/// ln x.
/// x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); s = f / (2 + f);
/// ln(1 + f) = 2 artanh(s) = 2s + 2/3 s^3 + s^5 T(s^2), T a polynomial of degree 7.
/// Domain: x >= 0, subnormals included. Bound: 0.9 ulp.
/// Errors: log(0) = log(-0) = -inf, log(x < 0) = NaN, log(inf) = inf, log(NaN) = NaN.
/// Source: Cody and Waite 1980, chapter 5 (the artanh form); T from derive_coefficients.py.
double log(double x);

/// ln(1 + x), accurate where x is near 0.
/// u = 1 + x rounded, then ln(1 + x) = ln u + (what rounding lost) / u. Domain: x >= -1. Bound: 1.0 ulp.
/// Errors: log1p(-1) = -inf, log1p(x < -1) = NaN, log1p(inf) = inf, log1p(-0) = -0, log1p(NaN) = NaN.
/// Source: Goldberg 1991, "What every computer scientist should know about floating-point arithmetic", theorem 4.
double log1p(double x);

namespace internal {
/// ln x to about 2^-65 relative, for pow. Requires: 0 < x < inf.
Pair log_pair(double x);
}  // namespace internal

/// The double functions, rounded once more. Bound: 0.501 ulp.
inline float log(float x) { return static_cast<float>(log(static_cast<double>(x))); }
inline float log1p(float x) { return static_cast<float>(log1p(static_cast<double>(x))); }

}  // namespace chainrule::math
