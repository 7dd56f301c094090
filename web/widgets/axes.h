// Axes: ticks with their numbers along the sides of a plot or a map, linear or logarithmic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/widgets/plane_view.h"
#include "web/widgets/sketch.h"

namespace chainrule {

/// What stands along one side. A logarithmic axis is a plane of log10: `low` and `high` are powers of ten.
struct Axis {
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  bool percent = false;  // fractions, shown in per cent
};

struct Tick {
  double at = 0.0;   // in the plane
  std::string text;
};

/// Round numbers, at most `most`.
std::vector<Tick> axis_ticks(const Axis& axis, int most);
/// As many as stand side by side in `width`.
std::vector<Tick> ticks_across(const Axis& axis, Face face, float width);
float widest_tick(Face face, const std::vector<Tick>& ticks);

/// Below the area: a line, ticks, numbers, and the label in the middle. Returns the height used.
float draw_axis_below(Sketch& sketch, const Theme& theme, Face face, const PlaneMapping& mapping, const std::vector<Tick>& ticks,
                      std::string_view label);
/// Left of the area: numbers, and lines through the area where `lines`.
void draw_axis_left(Sketch& sketch, const Theme& theme, Face face, const PlaneMapping& mapping, const std::vector<Tick>& ticks, bool lines);
/// What draw_axis_below will use.
float axis_below_height(const Theme& theme, Face face, bool label);

}  // namespace chainrule
