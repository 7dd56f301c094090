// Arc tangent.
#pragma once

namespace chainrule::math {

/// atan x, in radians between -pi/2 and pi/2.
/// atan x = atan c + atan t with t = (x - c) / (1 + c x), c the nearest of 0, 5/8, 5/4 or infinity (t = -1/x);
/// then atan t = t + t^3 P(t^2), P a polynomial of degree 11, |t| <= 7/16.
/// Domain: all x. Bound: 1.3 ulp. Errors: atan(+-inf) = +-pi/2 rounded, atan(-0) = -0, atan(NaN) = NaN.
/// Source: the addition theorem; P from derive_coefficients.py.
double atan(double x);

/// atan(double), rounded once more. Bound: 0.501 ulp.
inline float atan(float x) { return static_cast<float>(atan(static_cast<double>(x))); }

}  // namespace chainrule::math
