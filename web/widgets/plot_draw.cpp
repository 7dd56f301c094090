// What a plot's drawing consists of, for screen and files alike.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/downsample.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/plot_parts.h"
#include "web/widgets/ticks.h"
#include "web/widgets/value_text.h"

namespace chainrule {

double PlotPainter::scaled(double value) { return std::log10(std::max(value, 1e-300)); }

double PlotPainter::x_at(float pixel) const {
  const double x = layout.mapping.plane_point({pixel, 0.0f}).x;
  return options.log_x ? std::pow(10.0, x) : x;
}

std::string PlotPainter::value_of(double y) const { return options.percent ? percent_text(y, 2) : value_text(static_cast<float>(y), 4); }

std::string PlotPainter::x_text(double x) const {
  const bool whole = std::abs(x - std::round(x)) < 1e-6 * std::max(1.0, std::abs(x));
  return whole ? tick_text(std::round(x), 1.0) : value_text(static_cast<float>(x), 4);
}

void PlotPainter::draw() const {
  const PlaneMapping& mapping = layout.mapping;
  const Rect& area = mapping.area;
  const float u = theme.unit;
  const float right = layout.menu ? layout.box.max.x - 5.5f * u : layout.box.max.x;
  const Rect title_line{layout.box.min, {right, layout.box.min.y + layout.heading.size}};
  sketch.text(layout.heading, title_line, {0.0f, 0.0f}, theme.colors.text, options.title);
  if (!options.y_label.empty()) sketch.text(layout.small, {layout.box.min.x, area.min.y - layout.small.size * 1.5f - u * 0.5f}, theme.colors.text_muted, options.y_label);
  const int most = std::max(2, static_cast<int>(area.height() / (layout.small.size * 1.9f)));
  draw_axis_left(sketch, theme, layout.small, mapping, axis_ticks({mapping.range.y_low, mapping.range.y_high, options.log_y, options.percent}, most), true);
  draw_axis_below(sketch, theme, layout.small, mapping, ticks_across({mapping.range.x_low, mapping.range.x_high, options.log_x}, layout.small, area.width()), options.x_label);
  const bool beside = draw_mark_beside_title(title_line, text_width(layout.heading, options.title));
  sketch.push_clip({area.min, {area.max.x + 1.0f, area.max.y + 1.0f}});
  for (const PlotSeries& one : series) draw_series(one);
  draw_marks(!beside);
  sketch.pop_clip();
  if (layout.labels_right) draw_end_labels();
  else draw_legend();
  const Face body = face_of(theme, TextSize::kBody);
  if (!layout.any) sketch.text(body, area, {0.5f, 0.5f}, theme.colors.text_muted, options.empty_text);
}

/// Reference lines, with their labels below them where `labelled`.
void PlotPainter::draw_marks(bool labelled) const {
  const Rect& area = layout.mapping.area;
  for (const PlotMark& mark : marks) {
    const float y = std::floor(py(mark.value)) + 0.5f;
    if (!(y >= area.min.y && y <= area.max.y)) continue;
    sketch.line({area.min.x, y}, {area.max.x, y}, theme.colors.text_muted, 1.0f, {2.0f, 4.0f});
    if (!labelled) continue;
    const float width = text_width(layout.small, mark.label);
    const ImVec2 at{area.min.x + theme.unit, y + theme.unit * 0.3f};
    sketch.rectangle({{at.x - 2.0f, at.y}, {at.x + width + 2.0f, at.y + layout.small.size + 2.0f}}, with_alpha(theme.colors.surface, 0.85f));
    sketch.text(layout.small, at, theme.colors.text_muted, mark.label);
  }
}

/// A single mark's label in the title's line, out of the curves' way. False when it does not fit there.
bool PlotPainter::draw_mark_beside_title(const Rect& title_line, float title_width) const {
  if (marks.size() != 1 || options.title.empty()) return false;
  const float unit = theme.unit, ink = 2.5f * unit, wide = ink + unit + text_width(layout.small, marks[0].label);
  if (title_width + 2.0f * unit + wide > title_line.width()) return false;
  const float left = title_line.max.x - wide, middle = title_line.center().y;
  sketch.line({left, middle}, {left + ink, middle}, theme.colors.text_muted, 1.0f, {2.0f, 4.0f});
  sketch.text(layout.small, {{left + ink + unit, title_line.min.y}, {title_line.max.x + 1.0f, title_line.max.y}}, {0.0f, 0.6f}, theme.colors.text_muted, marks[0].label);
  return true;
}

void PlotPainter::draw_line(const std::vector<ImVec2>& line, const PlotSeries& one) const {
  const bool faint = one.style == PlotSeries::Style::kFaintLine;
  float length = 0.0f;
  for (std::size_t i = 1; i < line.size(); ++i) length += std::abs(line[i].x - line[i - 1].x) + std::abs(line[i].y - line[i - 1].y);
  // Dashes cannot be told on a line that goes up and down all the time, and would be very many.
  const bool restless = length > 6.0f * (layout.mapping.area.width() + layout.mapping.area.height());
  sketch.polyline(line, with_alpha(color(one), faint ? 0.5f : 1.0f), faint ? 1.4f : 2.0f, restless ? Dash{} : dash_pattern(one.dash));
}

void PlotPainter::draw_error_bars(const PlotSeries& one) const {
  const std::size_t count = std::min({plot_count(one), one.low.size(), one.high.size()});
  const ImU32 ink = with_alpha(color(one), 0.55f);
  float last = -1e9f;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t i = count - 1 - k;  // the latest ones first: crowded older ones give way
    const double x = plot_x(one, i);
    if (px(x) < layout.mapping.area.min.x || px(x) > layout.mapping.area.max.x || !std::isfinite(one.low[i]) || !std::isfinite(one.high[i])) continue;
    const float at = px(x);
    if (k > 0 && std::abs(at - last) < 9.0f) continue;
    last = at;
    const float top = py(one.high[i]), bottom = py(one.low[i]);
    sketch.line({at, top}, {at, bottom}, ink, 1.5f);
    sketch.line({at - 3, top}, {at + 3, top}, ink, 1.5f);
    sketch.line({at - 3, bottom}, {at + 3, bottom}, ink, 1.5f);
  }
}

void PlotPainter::draw_series(const PlotSeries& one) const {
  draw_error_bars(one);
  const PlaneMapping& mapping = layout.mapping;
  // Columns two pixels wide: more is not seen.
  const int columns = std::max(1, static_cast<int>(mapping.area.width() * 0.5f));
  std::vector<float> logarithms;  // of x, in which the columns are even
  if (options.log_x) {
    for (std::size_t i = 0; i < plot_count(one); ++i) logarithms.push_back(static_cast<float>(scaled(plot_x(one, i))));
  }
  const auto points = downsample(options.log_x ? std::span<const float>(logarithms) : one.x, one.y, mapping.range.x_low, mapping.range.x_high, columns);
  const bool dots = one.style == PlotSeries::Style::kDots && points.size() <= 500;
  std::vector<ImVec2> line;
  for (const CurvePoint& point : points) {
    if (options.log_y && point.y <= 0.0) continue;
    const ImVec2 at{mapping.px(point.x), py(point.y)};
    if (dots) {
      sketch.circle(at, 4.5f, theme.colors.surface);
      sketch.circle(at, 3.5f, color(one));
      continue;
    }
    if (point.gap && !line.empty()) {
      draw_line(line, one);
      line.clear();
    }
    line.push_back(at);
  }
  draw_line(line, one);
  if (line.size() == 1) sketch.circle(line[0], 2.5f, color(one));
}

namespace {

struct EndLabel {
  const PlotSeries* series;
  float y;
};

}  // namespace

/// Labels at the curves' ends, pushed apart so that none covers another.
void PlotPainter::draw_end_labels() const {
  const Rect& area = layout.mapping.area;
  std::vector<EndLabel> labels;
  for (const PlotSeries& one : series) {
    if (one.style == PlotSeries::Style::kFaintLine || one.label.empty()) continue;
    for (std::size_t i = plot_count(one); i-- > 0;) {
      if (!std::isfinite(one.y[i]) || (options.log_y && one.y[i] <= 0.0f)) continue;
      labels.push_back({&one, std::clamp(py(one.y[i]), area.min.y, area.max.y)});
      break;
    }
  }
  std::sort(labels.begin(), labels.end(), [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  const float pitch = layout.small.size * 1.25f;
  for (std::size_t i = 1; i < labels.size(); ++i) labels[i].y = std::max(labels[i].y, labels[i - 1].y + pitch);
  for (std::size_t i = labels.size(); i-- > 0;) {
    const float most = i + 1 < labels.size() ? labels[i + 1].y - pitch : area.max.y;
    labels[i].y = std::min(labels[i].y, most);
  }
  for (const EndLabel& label : labels) {
    const ImVec2 at{area.max.x + theme.unit * 0.75f, label.y - layout.small.size * 0.5f};
    sketch.text(layout.small, at, color(*label.series), label.series->label);
  }
}

/// On narrow plots: rows above, with a piece of each line.
void PlotPainter::draw_legend() const {
  const float left = layout.box.min.x;
  float x = left, y = layout.legend_top;
  for (const PlotSeries& one : series) {
    if (one.label.empty()) continue;
    const float wide = plot_legend_width(layout.small, one);
    if (x > left && x + wide > layout.box.max.x) x = left, y += layout.small.size * 1.35f;
    const float middle = y + layout.small.size * 0.5f;
    if (one.style == PlotSeries::Style::kDots) {
      sketch.circle({x + 9, middle}, 3.5f, color(one));
    } else {
      draw_line({{x, middle}, {x + 18, middle}}, one);
    }
    sketch.text(layout.small, {{x + 23, y}, {layout.box.max.x, y + layout.small.size}}, {0.0f, 0.0f}, theme.colors.text_muted, one.label);
    x += wide + 2.0f * theme.unit;
  }
}

std::string plot_csv(std::span<const PlotSeries> series, const PlotOptions& options) {
  const auto x_cell = [](const PlotSeries& one, std::size_t i) { return shortest_text(static_cast<float>(plot_x(one, i))); };
  const auto label = [&](std::size_t k) { return series[k].label.empty() ? std::string(options.y_label.empty() ? "y" : options.y_label) : std::string(series[k].label); };
  const std::string x_name = options.x_label.empty() ? "x" : std::string(options.x_label);
  bool alike = true;
  for (const PlotSeries& one : series) {
    alike = alike && plot_count(one) == plot_count(series[0]) && one.low.empty();
    for (std::size_t i = 0; alike && i < plot_count(one); ++i) alike = plot_x(one, i) == plot_x(series[0], i);
  }
  CsvText csv;
  if (alike && !series.empty()) {
    std::vector<std::string> cells{x_name};
    for (std::size_t k = 0; k < series.size(); ++k) cells.push_back(label(k));
    csv.row(cells);
    for (std::size_t i = 0; i < plot_count(series[0]); ++i) {
      cells = {x_cell(series[0], i)};
      for (const PlotSeries& one : series) cells.push_back(shortest_text(one.y[i]));
      csv.row(cells);
    }
    return csv.take();
  }
  csv.row({"curve", x_name, "y", "low", "high"});
  for (std::size_t k = 0; k < series.size(); ++k) {
    const PlotSeries& one = series[k];
    const auto end = [](std::span<const float> ends, std::size_t i) { return i < ends.size() ? shortest_text(ends[i]) : std::string(); };
    for (std::size_t i = 0; i < plot_count(one); ++i) csv.row({label(k), x_cell(one, i), shortest_text(one.y[i]), end(one.low, i), end(one.high, i)});
  }
  return csv.take();
}

}  // namespace chainrule
