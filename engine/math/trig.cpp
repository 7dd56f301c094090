#include "engine/math/trig.h"

#include "engine/math/trig_reduce.h"

namespace chainrule::math {
namespace {

using internal::Pair;

// S(z) = (sin(r) / r - 1) / z with z = r^2, |r| <= pi/4; derive_coefficients.py, kSinTail.
constexpr double kSinTail[] = {
    -0.16666666666666666,  0.008333333333333331,   -0.0001984126984126504, 2.755731921932058e-06,
    -2.50521062259944e-08, 1.6058530596645953e-10, -7.586636882825159e-13,
};

// C(z) = (cos(r) - 1 + z / 2) / z^2; kCosTail.
constexpr double kCosTail[] = {
    0.041666666666666664,   -0.0013888888888887389, 2.48015872987544e-05,
    -2.755731726587808e-07, 2.087614504941318e-09,  -1.138254464534925e-11,
};

/// sin(hi + lo) = sin(hi) + lo cos(hi), the last to first order.
double sin_near_zero(Pair r) {
  const double z = r.hi * r.hi;
  return r.hi + (r.hi * z * internal::polynomial(kSinTail, z) + r.lo * (1.0 - 0.5 * z));
}

/// cos(hi + lo) = cos(hi) - lo sin(hi). 1 - z/2 is held with its rounding error, for it is most of the result.
double cos_near_zero(Pair r) {
  const double z = r.hi * r.hi;
  const Pair front = internal::fast_two_sum(1.0, -0.5 * z);
  return front.hi + (front.lo + (z * z * internal::polynomial(kCosTail, z) - r.lo * r.hi));
}

/// sin((n + shift) pi/2 + r) for x = n pi/2 + r.
double sin_of_quadrant(double x, unsigned shift) {
  const internal::Quadrant q = internal::reduce_to_quadrant(x);
  const unsigned n = q.n + shift;
  const double value = (n & 1) != 0 ? cos_near_zero(q.r) : sin_near_zero(q.r);
  return (n & 2) != 0 ? -value : value;
}

}  // namespace

double sin(double x) {
  const double size = x < 0.0 ? -x : x;
  if (!(size < internal::kInfinity)) return internal::kNaN;
  if (size < 1e-8) return x;  // x^3 / 6 is under half of x's last place; keeps -0 too
  const double value = sin_of_quadrant(size, 0);
  return x < 0.0 ? -value : value;
}

double cos(double x) {
  const double size = x < 0.0 ? -x : x;
  if (!(size < internal::kInfinity)) return internal::kNaN;
  return sin_of_quadrant(size, 1);
}

}  // namespace chainrule::math
