// The parts of a plot's drawing: used by plot.cpp alone.
#pragma once

#include <string>
#include <vector>

#include "web/widgets/axes.h"
#include "web/widgets/plot.h"
#include "web/widgets/sketch.h"

namespace chainrule {

/// Where the parts of a plot stand, and what it shows.
struct PlotLayout {
  Rect box{};
  Face small, heading;
  float legend_top = 0.0f;
  bool labels_right = false;  // at the curves' ends; otherwise in rows above
  bool menu = false, any = false;
  PlaneMapping mapping;       // of log10 of what is on a logarithmic axis
};
PlotLayout layout_plot(const Theme& theme, ImVec2 origin, ImVec2 size, std::span<const PlotSeries> series, std::span<const PlotMark> marks,
                       const PlotOptions& options, const std::optional<PlaneRange>& zoom);

double plot_x(const PlotSeries& series, std::size_t i);
std::size_t plot_count(const PlotSeries& series);

/// Of one entry of the legend.
float plot_legend_width(Face small, const PlotSeries& one);

/// All that drawing needs: one for the screen, one for each file.
struct PlotPainter {
  Sketch& sketch;
  const Theme& theme;
  std::span<const PlotSeries> series;
  std::span<const PlotMark> marks;
  const PlotOptions& options;
  const PlotLayout& layout;

  void draw() const;

  float px(double x) const { return layout.mapping.px(options.log_x ? scaled(x) : x); }
  float py(double y) const { return layout.mapping.py(options.log_y ? scaled(y) : y); }
  ImVec2 at(double x, double y) const { return {px(x), py(y)}; }
  /// A place of the picture in the data's numbers.
  double x_at(float pixel) const;
  std::string value_of(double y) const;
  std::string x_text(double x) const;
  ImU32 color(const PlotSeries& one) const { return theme.colors.series[one.color % 6]; }

 private:
  static double scaled(double value);
  void draw_marks(bool labelled) const;
  bool draw_mark_beside_title(const Rect& title_line, float title_width) const;
  void draw_line(const std::vector<ImVec2>& line, const PlotSeries& one) const;
  void draw_error_bars(const PlotSeries& one) const;
  void draw_series(const PlotSeries& one) const;
  void draw_end_labels() const;
  void draw_legend() const;
};

/// The numbers: a column for each curve where all have the same x, else a row for each point.
std::string plot_csv(std::span<const PlotSeries> series, const PlotOptions& options);

}  // namespace chainrule
