#include "web/lessons/filters/pictures.h"

#include <algorithm>
#include <cmath>

#include "engine/math/rng.h"

namespace chainrule {
namespace {

constexpr KnownFilter kFilters[] = {
    {"identity", "000, 001, 003", {0, 0, 0, 0, 1, 0, 0, 0, 0}, 1},
    {"edges-1", "000, 001, 003", {1, 0, -1, 0, 0, 0, -1, 0, 1}, 1},
    {"edges-2", "000, 001, 003", {0, 1, 0, 1, -4, 1, 0, 1, 0}, 1},
    {"edges-3", "000, 001, 003", {-1, -1, -1, -1, 8, -1, -1, -1, -1}, 1},
    {"sharpen", "000, 001, 003", {0, -1, 0, -1, 5, -1, 0, -1, 0}, 1},
    {"box", "000, 001, 003", {1, 1, 1, 1, 1, 1, 1, 1, 1}, 9},
    {"gaussian", "000, 001, 003", {1, 2, 1, 2, 4, 2, 1, 2, 1}, 16},
    {"smoothing", "002", {1, 1, 1, 1, 4, 1, 1, 1, 1}, 12},
    {"vertical-edges", "002", {1, 0, -1, 1, 0, -1, 1, 0, -1}, 1},
};

float level(float value) { return std::clamp(std::floor(value + 0.5f), 0.0f, 255.0f); }

/// Coordinates run from 0 to 1.
float shapes_at(float x, float y) {
  const auto disc = [&](float cx, float cy, float r) { return (x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r; };
  if (disc(0.30f, 0.32f, 0.09f)) return 235;
  if (disc(0.30f, 0.32f, 0.20f)) return 60;
  if (x > 0.58f && x < 0.88f && y > 0.14f && y < 0.44f) return x + y < 1.02f ? 200 : 30;
  if (y > 0.60f && y < 0.90f && std::abs(x - 0.30f) < (y - 0.60f) * 0.6f) return 90;
  if (y > 0.58f && x > 0.56f && y < 0.92f && x < 0.92f) return std::fmod(std::floor(x * 25) + std::floor(y * 25), 2.0f) == 0 ? 250 : 20;
  return 150 + 60 * x - 40 * y;
}

float landscape_at(float x, float y) {
  const float far = 0.52f - 0.18f * std::max(0.0f, 1 - std::abs(x - 0.35f) * 3) - 0.10f * std::max(0.0f, 1 - std::abs(x - 0.75f) * 4);
  const float near = 0.72f + 0.16f * (x - 0.4f) * (x - 0.4f);
  if ((x - 0.78f) * (x - 0.78f) + (y - 0.2f) * (y - 0.2f) < 0.006f) return 250;
  const bool house = x > 0.16f && x < 0.32f && y > 0.64f && y < 0.82f;
  const bool roof = y > 0.54f && y <= 0.64f && std::abs(x - 0.24f) < (y - 0.54f) * 1.1f;
  if (house && x > 0.21f && x < 0.26f && y > 0.70f) return 40;
  if (house) return 215;
  if (roof) return 70;
  if (y > near) return 95 + 40 * (y - near) / 0.3f + 12 * (std::fmod(std::floor((x + y * 0.7f) * 40), 2.0f));
  if (y > far) return 125 - 30 * (y - far);
  return 170 + 60 * y;
}

}  // namespace

std::vector<float> draw_picture(DrawnPicture which, int side, std::uint64_t seed) {
  Rng rng(seed, "data");
  std::vector<float> picture;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const float x = (static_cast<float>(column) + 0.5f) / static_cast<float>(side), y = (static_cast<float>(row) + 0.5f) / static_cast<float>(side);
      switch (which) {
        case DrawnPicture::kShapes: picture.push_back(level(shapes_at(x, y))); break;
        case DrawnPicture::kLandscape: picture.push_back(level(landscape_at(x, y))); break;
        case DrawnPicture::kNoise: picture.push_back(static_cast<float>(rng.below(256))); break;
        case DrawnPicture::kStripes: picture.push_back(column / std::max(side / 12, 1) % 2 == 0 ? 40.0f : 215.0f); break;
        case DrawnPicture::kRamp: picture.push_back(level(255 * (x + y) / 2)); break;
      }
    }
  return picture;
}

std::span<const KnownFilter> known_filters() { return kFilters; }

}  // namespace chainrule
