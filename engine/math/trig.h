// Sine and cosine.
#pragma once

namespace chainrule::math {

/// sin x and cos x, x in radians.
/// x = n pi/2 + r with |r| <= pi/4, r held as a pair; by n mod 4 the result is, but for its sign,
/// sin r = r + r^3 S(r^2) or cos r = 1 - r^2/2 + r^4 C(r^2).
/// Domain: every finite x, also beyond 1e5 (pi then has as many digits as x needs). Bound: 0.85 ulp.
/// Errors: sin(+-inf) = cos(+-inf) = NaN, NaN = NaN, sin(-0) = -0.
/// Source: Cody and Waite 1980, chapter 8; Payne and Hanek 1983 (large x); S and C from derive_coefficients.py.
double sin(double x);
double cos(double x);

/// The double functions, rounded once more. Bound: 0.501 ulp.
inline float sin(float x) { return static_cast<float>(sin(static_cast<double>(x))); }
inline float cos(float x) { return static_cast<float>(cos(static_cast<double>(x))); }

}  // namespace chainrule::math
