// x to the power of y.
#pragma once

namespace chainrule::math {

/// x^y = e^(y ln x), with ln x and the product held as unevaluated pairs of doubles.
/// Domain: x > 0 with any y; x < 0 with whole y. Bound: 1.0 ulp; 1.3 ulp where the result is subnormal.
/// Ensures: whole powers that double holds exactly (3^20, 2^-7, 10^22) are exact.
/// Errors (C17, F.10.4.4): pow(x, 0) = pow(1, y) = 1 even for NaN; otherwise NaN in, NaN out;
/// pow(x < 0, y not whole) = NaN; pow(+-0, y < 0) = inf and pow(+-0, y > 0) = 0, with the sign of x when y is odd;
/// pow(-1, +-inf) = 1; overflow = +-inf.
double pow(double x, double y);

/// pow(double), rounded once more. Bound: 0.501 ulp.
inline float pow(float x, float y) { return static_cast<float>(pow(static_cast<double>(x), static_cast<double>(y))); }

}  // namespace chainrule::math
