// Surface: a function of two numbers as a landscape that can be turned, with contour lines on it, paths at their own heights, and marks. What
// lies behind it is drawn faint. The same grid, colours and levels as a contour map's (contour_map.h), so that both show one function.
//
//   const SurfaceHit hit = draw_surface(context, "loss", size, scene, options, state);
//
// A drag or the arrow keys turn it; the wheel, a pinch, Page up and down zoom; a double click or Home leads back.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "web/app/draw_context.h"
#include "web/widgets/contour_map.h"
#include "web/widgets/surface_view.h"

namespace chainrule {

/// A way with a height of its own at each point. Points that are not finite end it; outside of the grid's range nothing is drawn.
struct SurfacePath {
  std::string_view label;
  std::span<const float> x, y, height;
  std::span<const float> ground = {};  // as long: a drop line from each point to this height; empty: none
  int color = 0;                       // role series[color]
  int dash = 0;                        // as PlotSeries::dash
  std::string_view end_text = {};      // at its end, with a cross
};

struct SurfaceMark {
  PlanePoint at;
  double height = 0.0;
  ContourMark::Shape shape = ContourMark::Shape::kDot;
  int color = -1;  // role series[color]; −1: text
  std::string_view label = {};
};

struct SurfaceScene {
  ContourGrid grid = {};  // without values: the axes alone
  std::span<const SurfacePath> paths = {};
  std::span<const SurfaceMark> marks = {};
  std::optional<PlanePoint> pointed = {};  // where people point at in another view of the same plane: a needle stands there
};

struct SurfaceOptions {
  std::string_view title, x_label, y_label;
  std::string_view value_label = "value";
  bool log_height = false;             // differences from the lowest value are drawn by their logarithm
  bool log_levels = false;             // as ContourOptions
  int levels = 12;
  std::optional<double> low, high;     // of heights and colours; otherwise from the grid. What is higher is cut off at the top
  std::string_view help = {};
};

/// How it is looked at, and what was worked out; the lesson keeps it beside the model (mutable).
struct SurfaceState {
  SurfaceCamera camera;
  SurfaceMesh mesh;
};

struct SurfaceHit {
  std::optional<PlanePoint> pointed;                    // the place of the surface under the pointer
  std::optional<ContourHit::PathPoint> clicked_path;    // a point of a path that was pressed
};

/// Draws at the window's cursor, nothing below 120 x 90.
SurfaceHit draw_surface(DrawContext& context, const char* id, ImVec2 size, const SurfaceScene& scene, const SurfaceOptions& options,
                        SurfaceState& state);

}  // namespace chainrule
