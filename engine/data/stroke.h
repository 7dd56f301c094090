// A hand-drawn digit: a brush on a fine canvas, and the way MNIST made its 28 x 28 pictures out of such drawings.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace chainrule {

/// A square canvas that a round brush covers with ink along polylines.
/// Units: points (x, y) as fractions of the side, x to the right, y down, (0, 0) the outer corner of the first cell;
/// the brush radius as a fraction of the side too. Coverage 0 (paper) to 1 (ink).
/// Formula: cell (row i, column j) gets max(old, clamp(r + 1/2 - d, 0, 1)), d the distance in cells from the cell's
/// centre (j + 1/2, i + 1/2) to the nearest point of the segment, r the radius in cells: a one-cell ramp at the edge.
/// Ensures: the same calls give the same bits on every machine (only + - * / sqrt and compare-and-select).
class StrokeCanvas {
 public:
  static constexpr int kSide = 280;

  StrokeCanvas();

  /// Starts a stroke with one dab at (x, y).
  /// Requires: x and y finite. Points are limited to [-1, 2], so that a pointer that leaves the canvas keeps drawing
  /// towards where it went.
  void begin(float x, float y);
  /// Draws from the last point to (x, y). Without a stroke, that is after construction or clear(), it is begin().
  void extend(float x, float y);
  /// Paper everywhere, and no stroke; the radius stays.
  void clear();

  /// Requires: 0 < radius <= 0.25. The first radius, 0.045, gives lines as thick as MNIST's: a drawing 200 cells high
  /// becomes 20 pixels high, its 25-cell line 2.5 pixels wide.
  void set_radius(float radius);
  float radius() const { return radius_; }

  /// Shapes: [kSide, kSide], row by row.
  std::span<const float> coverage() const { return coverage_; }
  bool empty() const;

 private:
  void stamp(float x0, float y0, float x1, float y1);

  std::vector<float> coverage_;
  float radius_ = 0.045f;
  float last_x_ = 0.0f;
  float last_y_ = 0.0f;
  bool drawing_ = false;
};

inline constexpr int kMnistSide = 28;
inline constexpr int kMnistBox = 20;
/// Where MNIST puts the centre of mass, in pixel numbers: the middle of pixel 14, half a pixel right of and below the
/// middle of the field (13.5). Measured on all 60,000 training pictures: rounded to whole shifts, their centres of mass
/// are spread evenly over [13.5, 14.5) with mean (14.01, 14.00); all three exact ties in the 70,000 pictures are
/// at 13.5.
inline constexpr int kMnistCentre = 14;

using MnistImage = std::array<std::uint8_t, kMnistSide * kMnistSide>;

/// A drawing as MNIST would have stored it.
/// Formula: (1) the bounding box of all coverage > 0, w x h cells; (2) scaled by 20 / max(w, h), the aspect ratio kept,
/// each pixel the average coverage of the max(w, h) / 20 cells square under it (anti-aliasing; blank where it reaches
/// beyond the box), byte = floor(255 * average + 1/2); (3) moved by whole pixels so that the bytes' centre of mass is
/// nearest to (kMnistCentre, kMnistCentre), a tie going left or up, but never so far that ink leaves the field.
/// Shapes: coverage [side, side], result [28, 28], row by row. Units: coverage 0..1, result 0..255.
/// Requires: coverage.size() == side * side, side >= 1, every value in 0..1.
/// Ensures: no ink (or too little for one byte) gives all zeros; otherwise the longer side of the box is 20 pixels and
/// the centre of mass is within 1/2 of (14, 14) in x and y where the field has room. Bit-equal on every machine.
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits": "size normalized to fit in a 20x20 pixel
/// box while preserving their aspect ratio ... grey levels as a result of the anti-aliasing technique ... centered in a
/// 28x28 image by computing the center of mass of the pixels".
MnistImage mnist_preprocess(std::span<const float> coverage, int side = StrokeCanvas::kSide);

}  // namespace chainrule
