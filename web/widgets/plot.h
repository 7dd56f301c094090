// Line plot: labelled axes, linear or logarithmic, several curves told apart by colour, dash and a label at their end, error bars,
// reference marks, and the values under the pointer; it can be moved and zoomed, and exported as PNG, SVG and CSV.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/lesson_kit/lesson.h"
#include "web/widgets/ink.h"

namespace chainrule {

struct PlotSeries {
  enum class Style : std::uint8_t { kLine, kFaintLine, kDots };
  std::string_view label;
  std::span<const float> x, y;       // x empty: 0, 1, 2, ...
  std::span<const float> low, high;  // ends of error bars, as long as y; empty: none
  int color = 0;                     // role series[color]
  int dash = 0;                      // 0 whole, 1 dashed, 2 dotted, 3 long dashes
  Style style = Style::kLine;
};

/// A horizontal line with a sentence: what a deck or paper reports.
struct PlotMark {
  double value = 0.0;
  std::string_view label;
};

struct PlotOptions {
  std::string_view title;
  std::string_view x_label, y_label;
  bool log_y = false;
  bool log_x = false;
  bool percent = false;                // y is a fraction, shown in per cent
  std::optional<double> y_low, y_high;  // otherwise from the data
  std::optional<double> x_low, x_high;
  const char* same_x = nullptr;        // the id of a plot beside it that is moved and zoomed along x with this one
  std::string_view empty_text = "No steps yet.";
  std::optional<Blob>* save = nullptr;  // DrawContext::save_request: then a menu gives the picture and the numbers as files
};

struct PlotHit {
  bool hovered = false;
  double x = 0.0;  // under the pointer
};

/// Requires: size at least 120 x 90, otherwise nothing is drawn. Curves may be empty, NaN leaves a gap.
PlotHit draw_plot(const Theme& theme, const char* id, ImVec2 size, std::span<const PlotSeries> series,
                  std::span<const PlotMark> marks, const PlotOptions& options);

/// What the menu of files takes of the title's line; 0 where there is none.
float plot_menu_width(const Theme& theme, ImVec2 size, const PlotOptions& options);

/// The range of finite values with some air, never empty. With `logarithmic` only positive values count.
struct PlotRange {
  double low = 0.0, high = 1.0;
};
PlotRange plot_range(std::span<const PlotSeries> series, std::span<const PlotMark> marks, bool logarithmic);

/// Index of the point nearest to `x`; nothing in an empty curve.
std::optional<std::size_t> nearest_point(std::span<const float> x, std::size_t count, double at);

}  // namespace chainrule
