// Digits made by a formula: small, the same everywhere, and learnable.
#pragma once

#include "engine/data/dataset.h"
#include "engine/math/rng.h"

namespace chainrule::test {

/// Class c is a bright horizontal bar at rows 2c + 4 and 2c + 5, on noise.
inline ImageSet synthetic_digits(int count, std::uint64_t seed) {
  ImageSet set;
  set.count = count;
  set.height = set.width = 28;
  set.classes = 10;
  Rng rng(seed, "data");
  for (int i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint8_t>(rng.below(10));
    set.labels.push_back(label);
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column) {
        const bool bar = row / 2 == label + 2 && column > 3 && column < 24;
        set.pixels.push_back(static_cast<std::uint8_t>(rng.below(60) + (bar ? 180u : 0u)));
      }
  }
  return set;
}

}  // namespace chainrule::test
