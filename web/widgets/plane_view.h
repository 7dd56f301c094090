// Plane view: the part of a plane that a plot or a map shows, and how people move and zoom it.
#pragma once

#include <algorithm>
#include <optional>

#include "web/widgets/ink.h"

namespace chainrule {

struct PlanePoint {
  double x = 0.0, y = 0.0;
  bool operator==(const PlanePoint&) const = default;
};

/// What is shown of a plane. Requires: low < high.
struct PlaneRange {
  double x_low = 0.0, x_high = 1.0, y_low = 0.0, y_high = 1.0;

  double width() const { return x_high - x_low; }
  double height() const { return y_high - y_low; }
  PlanePoint center() const { return {0.5 * (x_low + x_high), 0.5 * (y_low + y_high)}; }
  bool contains(PlanePoint p) const { return p.x >= x_low && p.x <= x_high && p.y >= y_low && p.y <= y_high; }
  bool operator==(const PlaneRange&) const = default;
};

/// `range` scaled about `about`: below 1 shows less of the plane, larger. Ensures: the result is wide enough for numbers
/// of float's precision to differ on it; where it would not be, `range` itself.
PlaneRange zoomed(const PlaneRange& range, PlanePoint about, double factor, bool along_x = true, bool along_y = true);
/// `range` moved by (dx, dy).
PlaneRange moved(const PlaneRange& range, double dx, double dy);
/// The least range around `range` that has the shape of a picture of width : height, so that both axes have one scale.
PlaneRange with_equal_axes(const PlaneRange& range, double width, double height);

/// A plane on the screen: y grows upwards.
struct PlaneMapping {
  PlaneRange range;
  Rect area{};

  float px(double x) const { return area.min.x + part(x, range.x_low, range.width()) * area.width(); }
  float py(double y) const { return area.max.y - part(y, range.y_low, range.height()) * area.height(); }
  ImVec2 at(PlanePoint p) const { return {px(p.x), py(p.y)}; }
  PlanePoint plane_point(ImVec2 at) const {
    return {range.x_low + (at.x - area.min.x) / std::max(area.width(), 1.0f) * range.width(),
            range.y_low + (area.max.y - at.y) / std::max(area.height(), 1.0f) * range.height()};
  }

 private:
  // Beyond the picture is enough; Dear ImGui's floats need not hold 1e30.
  static float part(double value, double low, double extent) {
    return static_cast<float>(std::clamp((value - low) / extent, -30.0, 31.0));
  }
};

struct Press;

/// How people may move a plane.
struct PlaneHands {
  bool drag = true;        // a drag began at the plane itself, not at something on it
  bool is_zoomed = false;  // only then a finger moves it: otherwise it scrolls the page
  bool along_x = true, along_y = true;
  std::optional<PlanePoint> about = {};  // where keys zoom; otherwise the middle
};
/// How much the wheel (where the page does not scroll, or after a press), a pinch, Page up and down zoom in this frame: below 1 shows less,
/// larger. `inside`: the pointer is where it zooms. Requires: called next after press_area.
double zoom_by_person(const Press& press, bool inside);
/// What moves and zooms the plane in this frame: a drag, the wheel (where the page does not scroll, or after a press), a pinch, Page up and
/// down. Returns the new range, or the same; nothing after a double click: back to where it began. Requires: called next after press_area.
std::optional<PlaneRange> moved_by_person(const Theme& theme, const Press& press, const PlaneMapping& mapping, const PlaneHands& hands);

}  // namespace chainrule
