// Convolution as a matrix product without its big matrix: panels are gathered from the image as they are needed.
#pragma once

#include "engine/ops/gemm_tile.h"

namespace chainrule::gemm {

/// An ordered triple loop through memory: (c, r, s) through a kernel's window or (1, p, q) through its positions.
/// The value for window element i at position j is image[start_w + start_p + the steps to i and to j].
struct Walk {
  Index counts[3];
  Index steps[3];
  Index start = 0;

  Index size() const { return counts[0] * counts[1] * counts[2]; }
};

/// As gemm::pack: to[k·width + lane] = image[across.offset(first + lane) + along.offset(k0 + k)], 0 behind the lanes.
void pack_patches(const float* image, const Walk& across, Index first, Index lanes, Index width, const Walk& along,
                  Index k0, Index K, float* to);

/// Copies `maps` images of h × w into frames of H × W, the corner (0, 0) at (top, left), 0 around it. Negative top or
/// left cuts off.
struct Frame {
  Index maps, h, w, H, W, top, left;
  Index size() const { return maps * H * W; }
  bool is_copy() const { return H == h && W == w && top == 0 && left == 0; }
};
void embed(const Frame& frame, const float* from, float* to);

}  // namespace chainrule::gemm
