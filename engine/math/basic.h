// The operations that IEEE 754 already defines to the last bit, and comparisons with one fixed treatment of NaN.
#pragma once

#include <cmath>

namespace chainrule::math {

/// The square root, correctly rounded (0.5 ulp). Errors: sqrt(x < 0) = NaN; sqrt(-0) = -0.
/// Source: IEEE 754-2019, 5.4.1: the one function here that every machine computes alike.
inline double sqrt(double x) { return std::sqrt(x); }
inline float sqrt(float x) { return std::sqrt(x); }

/// |x|, exact: clears the sign bit, of a NaN and of -0 too.
inline double abs(double x) { return std::fabs(x); }
inline float abs(float x) { return std::fabs(x); }

/// The largest whole number that is not above x, exact. Errors: NaN and infinities stay; floor(-0) = -0.
/// Source: IEEE 754-2019, 5.9: roundToIntegralTowardNegative.
inline double floor(double x) { return std::floor(x); }
inline float floor(float x) { return std::floor(x); }

/// b > a ? b : a, exact.
/// Ensures: a comparison with NaN is false, so a NaN in `a` stays and a NaN in `b` is dropped; maximum(+0, -0) = +0 and
/// maximum(-0, +0) = -0, the first of two equals. SSE's maxps and wasm's f32.max do other things; this does not vary.
constexpr double maximum(double a, double b) { return b > a ? b : a; }
constexpr float maximum(float a, float b) { return b > a ? b : a; }

/// b < a ? b : a, exact. Ensures: as for maximum, `a` wins every comparison that is false.
constexpr double minimum(double a, double b) { return b < a ? b : a; }
constexpr float minimum(float a, float b) { return b < a ? b : a; }

}  // namespace chainrule::math
