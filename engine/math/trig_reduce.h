// An angle as a number of right angles and a rest. Internal to engine/math.
#pragma once

#include "engine/math/bits.h"

namespace chainrule::math::internal {

/// x = (n + 4 j) pi/2 + r.hi + r.lo for some whole j, with |r| <= pi/4 (and a rounding error).
struct Quadrant {
  unsigned n;  // 0 ... 3
  Pair r;
};

/// Requires: 0 <= x < inf. Ensures: r is within 2^-65 of its true value, relative to it, even next to n pi/2.
Quadrant reduce_to_quadrant(double x);

}  // namespace chainrule::math::internal
