// Convolution as a matrix product without its big matrix: panels are gathered from the image as they are needed.
#pragma once

#include <cstdint>

namespace chainrule::gemm {

/// An ordered triple loop through memory: (c, r, s) through a kernel's window or (1, p, q) through its positions.
/// The value for window element i at position j is image[window.offset(i) + positions.offset(j)].
struct Walk {
  std::int64_t counts[3];
  std::int64_t steps[3];
  std::int64_t start = 0;

  std::int64_t size() const { return counts[0] * counts[1] * counts[2]; }
  std::int64_t offset(std::int64_t i) const {
    const std::int64_t row = i / counts[2];
    return start + row / counts[1] * steps[0] + row % counts[1] * steps[1] + i % counts[2] * steps[2];
  }
};

/// As gemm::pack: to[k·width + lane] = image[across.offset(first + lane) + along.offset(k0 + k)], 0 behind the lanes.
void pack_patches(const float* image, const Walk& across, std::int64_t first, std::int64_t lanes, std::int64_t width,
                  const Walk& along, std::int64_t k0, std::int64_t K, float* to);

/// Copies `maps` images of h × w into frames of H × W, the corner (0, 0) at (top, left), 0 around it. Negative top or left
/// cuts off.
struct Frame {
  std::int64_t maps, h, w, H, W, top, left;
  std::int64_t size() const { return maps * H * W; }
  bool is_copy() const { return H == h && W == w && top == 0 && left == 0; }
};
void embed(const Frame& frame, const float* from, float* to);

}  // namespace chainrule::gemm
