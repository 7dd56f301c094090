// The pictures that are drawn by code, and the filters that the decks apply to them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace chainrule {

enum class DrawnPicture : std::uint8_t { kShapes, kLandscape, kNoise, kStripes, kRamp };
inline constexpr std::array<std::string_view, 5> kDrawnPictureNames = {"shapes", "landscape", "noise", "stripes", "ramp"};

/// Grey levels, whole numbers from 0 to 255, [side, side]. `seed` is for the noise.
std::vector<float> draw_picture(DrawnPicture which, int side, std::uint64_t seed);

struct KnownFilter {
  std::string_view name;    // kebab-case, for links
  std::string_view source;  // deck
  std::array<float, 9> w;
  float divisor;
};
/// Decks 000, 001, 003: identity, three for edges, sharpen, box, Gaussian; 002: smoothing, edges; 003: −1 around 8.
std::span<const KnownFilter> known_filters();

}  // namespace chainrule
