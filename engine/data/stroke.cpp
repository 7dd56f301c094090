#include "engine/data/stroke.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/base/check.h"
#include "engine/math/basic.h"

namespace chainrule {

namespace {

float limited(float value, float low, float high) { return value < low ? low : value > high ? high : value; }

/// Distance from (x, y) to the segment (x0, y0)-(x1, y1).
float segment_distance(float x, float y, float x0, float y0, float x1, float y1) {
  const float dx = x1 - x0;
  const float dy = y1 - y0;
  const float length2 = dx * dx + dy * dy;
  float along = 0.0f;
  if (length2 > 0.0f) along = limited(((x - x0) * dx + (y - y0) * dy) / length2, 0.0f, 1.0f);
  const float ex = x - (x0 + along * dx);
  const float ey = y - (y0 + along * dy);
  return math::sqrt(ex * ex + ey * ey);
}

/// Cells first, ..., end - 1 in x and y.
struct Box {
  int x0;
  int y0;
  int x1;
  int y1;
  int width() const { return x1 - x0; }
  int height() const { return y1 - y0; }
};

/// Everything that has a value above 0; empty (width 0) where nothing has.
template <class T>
Box ink_box(std::span<const T> values, int side) {
  Box box{side, side, 0, 0};
  for (int i = 0; i < side; ++i)
    for (int j = 0; j < side; ++j) {
      if (!(values[static_cast<std::size_t>(i * side + j)] > T{0})) continue;
      box = {std::min(box.x0, j), std::min(box.y0, i), std::max(box.x1, j + 1), std::max(box.y1, i + 1)};
    }
  if (box.x1 == 0) return {0, 0, 0, 0};
  return box;
}

/// How much of cell [k, k + 1] lies within [low, high].
float overlap(int k, float low, float high) {
  const float from = std::max(low, static_cast<float>(k));
  const float to = std::min(high, static_cast<float>(k + 1));
  return to > from ? to - from : 0.0f;
}

/// Mean coverage of the square of `cell` cells at (left, top); the cells of `box` count, all else is paper.
float area_average(std::span<const float> coverage, int side, const Box& box, float left, float top, float cell) {
  float sum = 0.0f;
  for (int i = static_cast<int>(top); i < box.y1 && static_cast<float>(i) < top + cell; ++i) {
    float row = 0.0f;
    for (int j = static_cast<int>(left); j < box.x1 && static_cast<float>(j) < left + cell; ++j)
      row += overlap(j, left, left + cell) * coverage[static_cast<std::size_t>(i * side + j)];
    sum += overlap(i, top, top + cell) * row;
  }
  return sum / (cell * cell);
}

using SmallImage = std::array<std::uint8_t, kMnistBox * kMnistBox>;

SmallImage scaled_to_box(std::span<const float> coverage, int side, const Box& box) {
  const float cell = static_cast<float>(std::max(box.width(), box.height())) / static_cast<float>(kMnistBox);
  SmallImage small{};
  for (int i = 0; i < kMnistBox; ++i)
    for (int j = 0; j < kMnistBox; ++j) {
      const float left = static_cast<float>(box.x0) + static_cast<float>(j) * cell;
      const float top = static_cast<float>(box.y0) + static_cast<float>(i) * cell;
      const float grey = limited(area_average(coverage, side, box, left, top, cell), 0.0f, 1.0f);
      small[static_cast<std::size_t>(i * kMnistBox + j)] = static_cast<std::uint8_t>(255.0f * grey + 0.5f);
    }
  return small;
}

/// The whole shift that brings moment / mass nearest to the centre, ink [first, end) staying in the field.
int centring_shift(long long moment, long long mass, int first, int end) {
  // ceil(centre - moment / mass - 1/2) in integers; kMnistSide more keeps the dividend positive, where / is floor.
  const long long doubled = 2 * kMnistCentre * mass - 2 * moment - mass;
  const long long nearest = (doubled + 2 * kMnistSide * mass + 2 * mass - 1) / (2 * mass) - kMnistSide;
  return std::clamp(static_cast<int>(nearest), -first, kMnistSide - end);
}

}  // namespace

StrokeCanvas::StrokeCanvas() : coverage_(static_cast<std::size_t>(kSide) * kSide, 0.0f) {}

void StrokeCanvas::begin(float x, float y) {
  CHECK(std::isfinite(x) && std::isfinite(y), "point (", x, ", ", y, ")");
  last_x_ = limited(x, -1.0f, 2.0f);
  last_y_ = limited(y, -1.0f, 2.0f);
  drawing_ = true;
  stamp(last_x_, last_y_, last_x_, last_y_);
}

void StrokeCanvas::extend(float x, float y) {
  if (!drawing_) return begin(x, y);
  CHECK(std::isfinite(x) && std::isfinite(y), "point (", x, ", ", y, ")");
  const float to_x = limited(x, -1.0f, 2.0f);
  const float to_y = limited(y, -1.0f, 2.0f);
  stamp(last_x_, last_y_, to_x, to_y);
  last_x_ = to_x;
  last_y_ = to_y;
}

void StrokeCanvas::clear() {
  std::fill(coverage_.begin(), coverage_.end(), 0.0f);
  drawing_ = false;
}

void StrokeCanvas::set_radius(float radius) {
  CHECK(radius > 0.0f && radius <= 0.25f, "brush radius ", radius);
  radius_ = radius;
}

bool StrokeCanvas::empty() const {
  return std::all_of(coverage_.begin(), coverage_.end(), [](float c) { return c == 0.0f; });
}

void StrokeCanvas::stamp(float x0, float y0, float x1, float y1) {
  const float scale = static_cast<float>(kSide);
  x0 *= scale;
  y0 *= scale;
  x1 *= scale;
  y1 *= scale;
  const float r = radius_ * scale;
  // Points are within [-1, 2] and the radius within 1/4 of the side, so that these fit an int with ease.
  const auto cell_limit = [](float at) { return std::clamp(static_cast<int>(at), 0, kSide); };
  const int j0 = cell_limit(std::min(x0, x1) - r - 1.0f);
  const int j1 = cell_limit(std::max(x0, x1) + r + 2.0f);
  const int i0 = cell_limit(std::min(y0, y1) - r - 1.0f);
  const int i1 = cell_limit(std::max(y0, y1) + r + 2.0f);
  for (int i = i0; i < i1; ++i)
    for (int j = j0; j < j1; ++j) {
      const float d = segment_distance(static_cast<float>(j) + 0.5f, static_cast<float>(i) + 0.5f, x0, y0, x1, y1);
      const float ink = limited(r + 0.5f - d, 0.0f, 1.0f);
      float& cell = coverage_[static_cast<std::size_t>(i * kSide + j)];
      if (ink > cell) cell = ink;
    }
}

MnistImage mnist_preprocess(std::span<const float> coverage, int side) {
  CHECK(side >= 1 && coverage.size() == static_cast<std::size_t>(side) * static_cast<std::size_t>(side),
        coverage.size(), " cells for a side of ", side);
  MnistImage image{};
  const Box box = ink_box(coverage, side);
  if (box.width() == 0) return image;
  const SmallImage small = scaled_to_box(coverage, side, box);
  const Box ink = ink_box(std::span<const std::uint8_t>(small), kMnistBox);
  if (ink.width() == 0) return image;
  long long mass = 0;
  long long moment_x = 0;
  long long moment_y = 0;
  for (int i = 0; i < kMnistBox; ++i)
    for (int j = 0; j < kMnistBox; ++j) {
      const int v = small[static_cast<std::size_t>(i * kMnistBox + j)];
      mass += v;
      moment_x += v * j;
      moment_y += v * i;
    }
  const int shift_x = centring_shift(moment_x, mass, ink.x0, ink.x1);
  const int shift_y = centring_shift(moment_y, mass, ink.y0, ink.y1);
  for (int i = ink.y0; i < ink.y1; ++i)
    for (int j = ink.x0; j < ink.x1; ++j)
      image[static_cast<std::size_t>((i + shift_y) * kMnistSide + j + shift_x)] =
          small[static_cast<std::size_t>(i * kMnistBox + j)];
  return image;
}

}  // namespace chainrule
