#include "engine/math/atan.h"

#include "engine/math/bits.h"

namespace chainrule::math {
namespace {

// P(z) = (atan(t) / t - 1) / z with z = t^2, |t| <= 7/16; derive_coefficients.py, kAtanTail.
constexpr double kAtanTail[] = {
    -0.3333333333333333,  0.19999999999999404,  -0.14285714285565465,  0.111111110965279,
    -0.09090908350382436, 0.07692285419714515,  -0.06666239748865294,  0.05876924062763387,
    -0.05216532007308444, 0.044916556747777434, -0.033114228762660534, 0.014759380407779155,
};

/// t + t^3 P(t^2) + rest.hi + rest.lo, the large parts last.
double atan_sum(internal::Pair rest, double t) {
  const double z = t * t;
  return rest.hi + (t + (t * z * internal::polynomial(kAtanTail, z) + rest.lo));
}

double atan_of_size(double size) {
  constexpr internal::Pair kAtan5Over8 = {0.5585993153435624, -5.4556305485916264e-18};
  constexpr internal::Pair kAtan5Over4 = {0.8960553845713439, 2.923876285774305e-17};
  constexpr internal::Pair kPiOver2 = {1.5707963267948966, 6.123233995736766e-17};
  // x - c is exact on the two middle stretches, where x is within a factor of 2 of c.
  if (size <= 0.4375) return atan_sum({0.0, 0.0}, size);
  if (size <= 0.875) return atan_sum(kAtan5Over8, (size - 0.625) / (1.0 + 0.625 * size));
  if (size <= 2.2857) return atan_sum(kAtan5Over4, (size - 1.25) / (1.0 + 1.25 * size));
  return atan_sum(kPiOver2, -1.0 / size);
}

}  // namespace

double atan(double x) {
  const double size = x < 0.0 ? -x : x;
  if (x != x || size < 1e-8) return x;  // x^3 / 3 is under half of x's last place; keeps -0 too
  const double value = atan_of_size(size);
  return x < 0.0 ? -value : value;
}

}  // namespace chainrule::math
