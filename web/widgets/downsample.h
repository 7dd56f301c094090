// Downsampling a long curve to the pixels it is drawn on, so that no peak is lost.
#pragma once

#include <span>
#include <vector>

namespace chainrule {

/// A point of a curve ready to be drawn; `gap`: the line starts anew here.
struct CurvePoint {
  double x = 0.0, y = 0.0;
  bool gap = false;
};

/// The points of (x, y) with x in [low, high] and the neighbours just outside; x empty: 0, 1, 2, ...
/// Where there are more than two a column (`columns` of them across the range), each column keeps its first, least,
/// greatest and last point, in the order they came. NaN and infinite y leave a gap.
/// Requires: x ascending, x.size() == y.size() unless x is empty.
std::vector<CurvePoint> downsample(std::span<const float> x, std::span<const float> y, double low, double high,
                                   int columns);

}  // namespace chainrule
