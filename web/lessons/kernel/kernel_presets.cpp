#include "web/lessons/kernel/kernel_presets.h"

#include <cstdlib>

namespace chainrule {
namespace {

// Deck 002, "Image Filtering via Convolution".
std::vector<float> deck002() {
  return {255, 128, 128, 240, 1,   128, 24,  255, 255, 128, 245, 240, 1,   128, 24,  255, 245, 128, 245, 240, 1,   128,
          128, 128, 24,  24,  24,  255, 255, 0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   245, 245, 128, 128,
          128, 128, 245, 245, 245, 245, 245, 240, 240, 240, 255, 240, 255, 240, 128, 240, 240, 128, 240, 255};
}

constexpr int kPictureSide = 32;

// A ring, a bar and a ramp: edges in every direction, and a place without any.
std::vector<float> picture() {
  std::vector<float> pixels;
  for (int row = 0; row < kPictureSide; ++row)
    for (int column = 0; column < kPictureSide; ++column) {
      const int dy = row - 12, dx = column - 12, far = dx * dx + dy * dy;
      const bool ring = far <= 81 && far >= 25, bar = std::abs(column + row - 52) <= 2 && row > 14;
      pixels.push_back(ring ? 9.0f : bar ? 6.0f : row >= 26 ? static_cast<float>(column / 4) : 0.0f);
    }
  return pixels;
}

std::vector<KernelPreset> make_presets() {
  const std::vector<float> smoothing{1, 1, 1, 1, 4, 1, 1, 1, 1};
  std::vector<KernelPreset> presets;
  presets.push_back({.name = "deck-000",
                     .source = "of deck 000",
                     .x = {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1},
                     .w = {0, 1, 2, 2, 2, 0, 0, 1, 2},
                     .brush = 3});
  presets.push_back({.name = "deck-002",
                     .source = "of deck 002",
                     .size = 8,
                     .x = deck002(),
                     .w = smoothing,
                     .divisor = 12,
                     .rounded = true,
                     .brush = 255});
  presets.push_back({.name = "deck-002-in-place",
                     .source = "of deck 002",
                     .size = 8,
                     .x = deck002(),
                     .w = smoothing,
                     .divisor = 12,
                     .rounded = true,
                     .in_place = true,
                     .brush = 255});
  presets.push_back({.name = "picture",
                     .source = "a ring, a bar and a ramp, drawn by a formula",
                     .size = kPictureSide,
                     .x = picture(),
                     .w = {-1, -1, -1, -1, 8, -1, -1, -1, -1},
                     .brush = 9});
  presets.push_back({.name = "blank",
                     .source = "zero, to be painted over",
                     .size = 12,
                     .x = std::vector<float>(144, 0.0f),
                     .w = {0, 0, 0, 0, 1, 0, 0, 0, 0},
                     .brush = 1});
  return presets;
}

const std::vector<KernelPreset> kPresets = make_presets();

}  // namespace

std::span<const KernelPreset> kernel_presets() { return kPresets; }

}  // namespace chainrule
