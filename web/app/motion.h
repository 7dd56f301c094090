// Motion: only what explains where something came from, at most 200 ms, and none for readers who ask for less.
#pragma once

#include <algorithm>

namespace chainrule {

/// From 0 to 1: fast first, then settling. `share` of the time, cut to [0, 1].
inline float ease_out(double share) {
  const double left = 1.0 - std::clamp(share, 0.0, 1.0);
  return static_cast<float>(1.0 - left * left * left);
}

}  // namespace chainrule
