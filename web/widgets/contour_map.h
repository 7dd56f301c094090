// Contour map: a function of two numbers as coloured bands and labelled lines, with what happens on it: paths, arrows, marks, points,
// ellipses. Read-out under the pointer, pan and zoom, marks that can be dragged, export as PNG, SVG and CSV.
//
//   const PlaneRange range = contour_range(theme, size, options, state);   // what is seen; compute the grid for it
//   const ContourHit hit = draw_contour_map(context, "loss", size, scene, options, state);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/app/draw_context.h"
#include "web/widgets/contours.h"
#include "web/widgets/plane_view.h"

namespace chainrule {

/// A way over the plane. Points that are not finite end it.
struct ContourPath {
  std::string_view label;
  std::span<const float> x, y;
  int color = 0;           // role series[color]
  int dash = 0;            // as PlotSeries::dash
  bool dots = true;        // a dot at each point, where they are not too many
  bool faint = false;      // for other than the present way
  std::string_view end_text = {};  // at its end, with a cross: "diverged at step 12"
};

struct ContourArrow {
  PlanePoint from, to;
  std::string_view label = {};
  int color = 0;
  bool dashed = false;
};

/// A place with a sign. What can be dragged has a ring that says so, and is reached by the arrow keys.
struct ContourMark {
  enum class Shape : std::uint8_t { kDot, kRing, kStar, kCross, kSquare, kTriangle };
  PlanePoint at;
  Shape shape = Shape::kDot;
  int color = -1;  // role series[color]; −1: text
  std::string_view label = {};
  bool draggable = false;
};

/// Many points of one kind.
struct ContourCloud {
  std::string_view label;
  std::span<const float> x, y;
  int color = 0;
  ContourMark::Shape shape = ContourMark::Shape::kDot;
};

/// All points at `sigma` standard deviations of a normal distribution: (p − center)ᵀ C⁻¹ (p − center) = sigma².
struct ContourEllipse {
  PlanePoint center;
  double xx = 1.0, xy = 0.0, yy = 1.0;  // C
  double sigma = 1.0;
  std::string_view label = {};
  int color = 0;
  bool dashed = false;
};

struct ContourScene {
  ContourGrid grid = {};  // without values: axes alone. It may lie on another range than the one that is seen
  std::span<const ContourPath> paths = {};
  std::span<const ContourArrow> arrows = {};
  std::span<const ContourMark> marks = {};
  std::span<const ContourCloud> clouds = {};
  std::span<const ContourEllipse> ellipses = {};
};

struct ContourOptions {
  std::string_view title, x_label, y_label;
  std::string_view value_label = "value";  // at the colour bar and in the read-out
  PlaneRange home;                         // what is seen until somebody zooms, and again after a double click
  bool equal_axes = false;                 // one scale for both: more is seen than `home`
  bool bar = true;                         // a bar of the colours, where there is a grid
  int legend = 0;                          // rows above, for the labels of clouds, arrows and ellipses; 0: labels stand where things are
  bool log_levels = false;                 // levels 1, 2, 5 times powers of ten
  int levels = 12;                         // about as many
  std::optional<double> low, high;         // of the colours; otherwise from the grid
  /// Of the place under the pointer, instead of what lies between the grid's values.
  std::function<double(PlanePoint)> value = nullptr;
  std::string_view help = {};              // for readers of the page: what a click does
};

/// What people look at and what was worked out for it; the lesson keeps it beside the model (mutable), siblings may share it.
struct ContourMapState {
  std::optional<PlaneRange> zoom;  // nothing: home
  std::optional<PlanePoint> cursor;
  int grabbed = -1;                // the mark that is being dragged
  bool by_keyboard = false;        // by arrow keys: until Enter lets it go
  int walk = 0;                    // which place Home and End lead to next
  ContourCache cache;
};

struct ContourHit {
  struct Drag {
    int mark = 0;
    PlanePoint at;
    bool done = false;  // let go
  };
  struct PathPoint {
    int path = 0, point = 0;
  };
  std::optional<PlanePoint> pointed;    // under the pointer or the keyboard's cursor
  std::optional<PlanePoint> clicked;    // pressed and let go there, or Enter
  std::optional<PathPoint> pointed_path, clicked_path;  // the path's point beneath
  struct CloudPoint {
    int cloud = 0, point = 0;
  };
  std::optional<CloudPoint> clicked_cloud;
  std::optional<int> clicked_mark;
  std::optional<Drag> dragged;
};

/// What draw_contour_map will show at this size: the range to compute a grid for.
PlaneRange contour_range(const Theme& theme, ImVec2 size, const ContourOptions& options, const ContourMapState& state);

/// The size of the plane itself within such a map.
ImVec2 contour_area(const Theme& theme, ImVec2 size, const ContourOptions& options);

/// Draws at the window's cursor, nothing below 120 x 90. Its bands are worked out anew only when the grid's version changes.
ContourHit draw_contour_map(DrawContext& context, const char* id, ImVec2 size, const ContourScene& scene, const ContourOptions& options,
                            ContourMapState& state);

}  // namespace chainrule
