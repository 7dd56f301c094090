#include "web/widgets/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "web/widgets/controls.h"
#include "web/widgets/downsample.h"
#include "web/widgets/ticks.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double x_of(const PlotSeries& series, std::size_t i) {
  return series.x.empty() ? static_cast<double>(i) : static_cast<double>(series.x[i]);
}

std::size_t count_of(const PlotSeries& series) {
  return series.x.empty() ? series.y.size() : std::min(series.x.size(), series.y.size());
}

/// Data coordinates to pixels, and the look of one plot: what all parts of the drawing share.
struct Frame {
  const Theme& theme;
  ImDrawList& list;
  const PlotOptions& options;
  Rect area;
  double x_low, x_high, y_low, y_high;
  Face small;

  double scaled(double y) const { return options.log_y ? std::log10(std::max(y, 1e-300)) : y; }
  float px(double x) const {
    return area.min.x + static_cast<float>((x - x_low) / (x_high - x_low)) * area.width();
  }
  float py(double y) const {
    const double part = (scaled(y) - scaled(y_low)) / (scaled(y_high) - scaled(y_low));
    // Beyond the picture is enough; ImGui's floats need not hold 1e30.
    return area.max.y - static_cast<float>(std::clamp(part, -4.0, 5.0)) * area.height();
  }
  ImVec2 at(double x, double y) const { return {px(x), py(y)}; }
  std::string y_text(double y, double spacing) const {
    return options.percent ? tick_text(y * 100.0, spacing * 100.0) + " %" : tick_text(y, spacing);
  }
  std::string value_of(double y) const {
    return options.percent ? percent_text(y, 2) : value_text(static_cast<float>(y), 4);
  }
};

PlotRange x_range(std::span<const PlotSeries> series) {
  double low = kInfinity, high = -kInfinity;
  for (const PlotSeries& one : series) {
    if (const std::size_t count = count_of(one); count > 0) {
      low = std::min(low, x_of(one, 0));
      high = std::max(high, x_of(one, count - 1));
    }
  }
  if (!(low <= high)) return {0.0, 1.0};
  if (low == high) return {low, low + 1.0};
  return {low, high};
}

std::vector<double> y_ticks(const Frame& frame) {
  const int most = std::max(2, static_cast<int>(frame.area.height() / (frame.small.size * 1.9f)));
  return frame.options.log_y ? log_ticks(frame.y_low, frame.y_high, most)
                             : nice_ticks(frame.y_low, frame.y_high, most);
}

double spacing_of(const std::vector<double>& ticks, std::size_t i, bool logarithmic) {
  if (logarithmic) return std::pow(10.0, std::floor(std::log10(ticks[i]) + 1e-9));
  return ticks.size() > 1 ? ticks[1] - ticks[0] : std::abs(ticks[0]);
}

void draw_axes(const Frame& frame, const std::vector<double>& ticks) {
  const Palette& colors = frame.theme.colors;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const float y = std::floor(frame.py(ticks[i])) + 0.5f;
    frame.list.AddLine({frame.area.min.x, y}, {frame.area.max.x, y}, with_alpha(colors.outline, 0.7f));
    const std::string text = frame.y_text(ticks[i], spacing_of(ticks, i, frame.options.log_y));
    put_text(frame.list, frame.small,
             {frame.area.min.x - text_width(frame.small, text) - frame.theme.unit * 0.75f, y - frame.small.size * 0.5f},
             colors.text_muted, text);
  }
  const float bottom = std::floor(frame.area.max.y) + 0.5f;
  frame.list.AddLine({frame.area.min.x, bottom}, {frame.area.max.x, bottom}, colors.text_muted);
  const auto xs = nice_ticks(frame.x_low, frame.x_high, std::max(2, static_cast<int>(frame.area.width() / (frame.small.size * 5.5f))));
  const double spacing = xs.size() > 1 ? xs[1] - xs[0] : 1.0;
  for (const double x : xs) {
    const float at = std::floor(frame.px(x)) + 0.5f;
    frame.list.AddLine({at, bottom}, {at, bottom + frame.theme.unit * 0.5f}, colors.text_muted);
    const std::string text = tick_text(x, spacing);
    const float width = text_width(frame.small, text);
    const float left = std::clamp(at - width * 0.5f, frame.area.min.x - width * 0.5f, frame.area.max.x - width * 0.5f);
    put_text(frame.list, frame.small, {left, bottom + frame.theme.unit * 0.75f}, colors.text_muted, text);
  }
  const float below = bottom + frame.theme.unit * 0.9f + frame.small.size * 1.1f;
  put_text(frame.list, frame.small, {{frame.area.min.x, below}, {frame.area.max.x, below + frame.small.size}},
           {0.5f, 0.0f}, colors.text_muted, frame.options.x_label);
}

/// Reference lines, with their labels below them where `labelled`.
void draw_marks(const Frame& frame, std::span<const PlotMark> marks, bool labelled) {
  for (const PlotMark& mark : marks) {
    if (!(mark.value >= frame.y_low && mark.value <= frame.y_high)) continue;
    const float y = std::floor(frame.py(mark.value)) + 0.5f;
    const std::array<ImVec2, 2> line{{{frame.area.min.x, y}, {frame.area.max.x, y}}};
    dashed_line(frame.list, line.data(), 2, frame.theme.colors.text_muted, 1.0f, 2.0f, 4.0f);
    if (!labelled) continue;
    const float width = text_width(frame.small, mark.label);
    const ImVec2 at{frame.area.min.x + frame.theme.unit, y + frame.theme.unit * 0.3f};
    frame.list.AddRectFilled({at.x - 2.0f, at.y}, {at.x + width + 2.0f, at.y + frame.small.size + 2.0f},
                             with_alpha(frame.theme.colors.surface, 0.85f));
    put_text(frame.list, frame.small, at, frame.theme.colors.text_muted, mark.label);
  }
}

/// A single mark's label in the title's line, out of the curves' way. False when it does not fit there.
bool draw_mark_beside_title(const Frame& frame, std::span<const PlotMark> marks, const Rect& title_line, float title_width) {
  if (marks.size() != 1 || frame.options.title.empty()) return false;
  const float unit = frame.theme.unit, ink = 2.5f * unit, wide = ink + unit + text_width(frame.small, marks[0].label);
  if (title_width + 2.0f * unit + wide > title_line.width()) return false;
  const float left = title_line.max.x - wide, middle = title_line.center().y;
  const std::array<ImVec2, 2> line{{{left, middle}, {left + ink, middle}}};
  dashed_line(frame.list, line.data(), 2, frame.theme.colors.text_muted, 1.0f, 2.0f, 4.0f);
  put_text(frame.list, frame.small, {{left + ink + unit, title_line.min.y}, {title_line.max.x + 1.0f, title_line.max.y}}, {0.0f, 0.6f},
           frame.theme.colors.text_muted, marks[0].label);
  return true;
}

void draw_dash(const Frame& frame, const std::vector<ImVec2>& line, const PlotSeries& series) {
  constexpr std::array<std::array<float, 2>, 4> kPatterns{{{0, 0}, {7, 4}, {2, 3}, {12, 4}}};
  const bool faint = series.style == PlotSeries::Style::kFaintLine;
  const ImU32 color = with_alpha(frame.theme.colors.series[series.color % 6], faint ? 0.5f : 1.0f);
  float length = 0.0f;
  for (std::size_t i = 1; i < line.size(); ++i) length += std::abs(line[i].x - line[i - 1].x) + std::abs(line[i].y - line[i - 1].y);
  // Dashes cannot be told on a line that goes up and down all the time, and would be very many.
  const bool restless = length > 6.0f * (frame.area.width() + frame.area.height());
  const auto& pattern = kPatterns[restless ? 0 : static_cast<std::size_t>(std::clamp(series.dash, 0, 3))];
  dashed_line(frame.list, line.data(), static_cast<int>(line.size()), color, faint ? 1.4f : 2.0f, pattern[0], pattern[1]);
}

void draw_error_bars(const Frame& frame, const PlotSeries& series) {
  const std::size_t count = std::min({count_of(series), series.low.size(), series.high.size()});
  const ImU32 color = with_alpha(frame.theme.colors.series[series.color % 6], 0.55f);
  float last = -1e9f;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t i = count - 1 - k;  // the latest ones first: crowded older ones give way
    const double x = x_of(series, i);
    if (x < frame.x_low || x > frame.x_high || !std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) continue;
    const float at = frame.px(x);
    if (k > 0 && std::abs(at - last) < 9.0f) continue;
    last = at;
    const float top = frame.py(series.high[i]), bottom = frame.py(series.low[i]);
    frame.list.AddLine({at, top}, {at, bottom}, color, 1.5f);
    frame.list.AddLine({at - 3, top}, {at + 3, top}, color, 1.5f);
    frame.list.AddLine({at - 3, bottom}, {at + 3, bottom}, color, 1.5f);
  }
}

void draw_series(const Frame& frame, const PlotSeries& series) {
  draw_error_bars(frame, series);
  // Columns two pixels wide: a draw list of Dear ImGui holds 65,536 vertices, and each point of a line takes four.
  const auto points = downsample(series.x, series.y, frame.x_low, frame.x_high, std::max(1, static_cast<int>(frame.area.width() * 0.5f)));
  const bool dots = series.style == PlotSeries::Style::kDots && points.size() <= 500;
  const ImU32 color = frame.theme.colors.series[series.color % 6];
  std::vector<ImVec2> line;
  for (const CurvePoint& point : points) {
    if (frame.options.log_y && point.y <= 0.0) continue;
    const ImVec2 at = frame.at(point.x, point.y);
    if (dots) {
      frame.list.AddCircleFilled(at, 4.5f, frame.theme.colors.surface);
      frame.list.AddCircleFilled(at, 3.5f, color);
      continue;
    }
    if (point.gap && !line.empty()) {
      draw_dash(frame, line, series);
      line.clear();
    }
    line.push_back(at);
  }
  draw_dash(frame, line, series);
  if (line.size() == 1) frame.list.AddCircleFilled(line[0], 2.5f, color);
}

struct EndLabel {
  const PlotSeries* series;
  float y;
};

/// Labels at the curves' ends, pushed apart so that none covers another.
void draw_end_labels(const Frame& frame, std::span<const PlotSeries> series) {
  std::vector<EndLabel> labels;
  for (const PlotSeries& one : series) {
    if (one.style == PlotSeries::Style::kFaintLine || one.label.empty()) continue;
    for (std::size_t i = count_of(one); i-- > 0;) {
      if (!std::isfinite(one.y[i]) || (frame.options.log_y && one.y[i] <= 0.0f)) continue;
      labels.push_back({&one, std::clamp(frame.py(one.y[i]), frame.area.min.y, frame.area.max.y)});
      break;
    }
  }
  std::sort(labels.begin(), labels.end(), [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  const float pitch = frame.small.size * 1.25f;
  for (std::size_t i = 1; i < labels.size(); ++i) labels[i].y = std::max(labels[i].y, labels[i - 1].y + pitch);
  for (std::size_t i = labels.size(); i-- > 0;) {
    const float most = i + 1 < labels.size() ? labels[i + 1].y - pitch : frame.area.max.y;
    labels[i].y = std::min(labels[i].y, most);
  }
  for (const EndLabel& label : labels) {
    const ImVec2 at{frame.area.max.x + frame.theme.unit * 0.75f, label.y - frame.small.size * 0.5f};
    put_text(frame.list, frame.small, at, frame.theme.colors.series[label.series->color % 6], label.series->label);
  }
}

/// On narrow plots: one row above, with a piece of each line.
void draw_legend(const Frame& frame, std::span<const PlotSeries> series, float top) {
  float x = frame.area.min.x;
  for (const PlotSeries& one : series) {
    if (one.label.empty()) continue;
    const float middle = top + frame.small.size * 0.5f;
    if (one.style == PlotSeries::Style::kDots) {
      frame.list.AddCircleFilled({x + 9, middle}, 3.5f, frame.theme.colors.series[one.color % 6]);
    } else {
      draw_dash(frame, {{x, middle}, {x + 18, middle}}, one);
    }
    put_text(frame.list, frame.small, {x + 23, top}, frame.theme.colors.text_muted, one.label);
    x += 23 + text_width(frame.small, one.label) + 2.0f * frame.theme.unit;
  }
}

void draw_crosshair(const Frame& frame, std::span<const PlotSeries> series, double x, std::optional<ImVec2> anchor) {
  const float at = std::floor(frame.px(x)) + 0.5f;
  frame.list.AddLine({at, frame.area.min.y}, {at, frame.area.max.y}, with_alpha(frame.theme.colors.text_muted, 0.7f));
  std::string detail;
  double shown = x;
  for (const PlotSeries& one : series) {
    const auto nearest = nearest_point(one.x, count_of(one), x);
    if (!nearest) continue;
    const double px = x_of(one, *nearest);
    // A point far from the pointer is not what the pointer is on.
    if (std::abs(frame.px(px) - at) > 24.0f) continue;
    if (detail.empty()) shown = px;
    const float y = one.y[*nearest];
    if (std::isfinite(y) && (!frame.options.log_y || y > 0.0f))
      frame.list.AddCircleFilled(frame.at(px, y), 3.5f, frame.theme.colors.series[one.color % 6]);
    if (!detail.empty()) detail += '\n';
    detail += one.label.empty() ? "value" : std::string(one.label);
    detail += "  " + (std::isnan(y) ? std::string("NaN") : frame.value_of(y));
    if (*nearest < one.low.size() && *nearest < one.high.size())
      detail += "  [" + frame.value_of(one.low[*nearest]) + ", " + frame.value_of(one.high[*nearest]) + "]";
  }
  const std::string title = std::string(frame.options.x_label) + " " + tick_text(std::round(shown), 1.0);
  value_tip(frame.theme, title, detail, anchor);
}

/// The keyboard's cursor is kept by Dear ImGui, as two numbers: which curve, which of its points. Left and right walk through
/// the points, with Ctrl a twentieth of them at once; up and down lead to the nearest point of another curve.
struct PlotCursor {
  int series = 0, point = 0;
};

PlotCursor plot_cursor_after(PlotCursor cursor, std::string_view key, std::span<const PlotSeries> series) {
  const auto count = [&](int which) { return static_cast<int>(count_of(series[static_cast<std::size_t>(which)])); };
  const int points = count(cursor.series);
  const bool far = key.starts_with("Ctrl+");
  if (far) key.remove_prefix(5);
  const int stride = far ? std::max(1, points / 20) : 1;
  if (key == "ArrowLeft") cursor.point -= stride;
  if (key == "ArrowRight") cursor.point += stride;
  if (key == "Home") cursor.point = 0;
  if (key == "End") cursor.point = points - 1;
  cursor.point = std::clamp(cursor.point, 0, std::max(points - 1, 0));
  const int by = key == "ArrowUp" ? -1 : key == "ArrowDown" ? 1 : 0;
  for (int next = cursor.series + by; by != 0 && next >= 0 && next < static_cast<int>(series.size()); next += by) {
    if (count(next) == 0) continue;
    const PlotSeries& from = series[static_cast<std::size_t>(cursor.series)];
    const double x = points > 0 ? x_of(from, static_cast<std::size_t>(cursor.point)) : 0.0;
    const PlotSeries& to = series[static_cast<std::size_t>(next)];
    return {next, static_cast<int>(nearest_point(to.x, count_of(to), x).value_or(0))};
  }
  return cursor;
}

std::string cursor_text(const Frame& frame, std::span<const PlotSeries> series, PlotCursor cursor) {
  const PlotSeries& one = series[static_cast<std::size_t>(cursor.series)];
  const auto i = static_cast<std::size_t>(cursor.point);
  if (i >= count_of(one)) return std::string(frame.options.empty_text);
  const std::string name = one.label.empty() ? "" : std::string(one.label) + ", ";
  return name + std::string(frame.options.x_label) + " " + tick_text(std::round(x_of(one, i)), 1.0) + ": " + frame.value_of(one.y[i]);
}

/// Moves the cursor by what was typed at the plot; the crosshair stands where it is.
void walk_plot(const Frame& frame, std::span<const PlotSeries> series, const Press& press, ImGuiID item) {
  if (!press.twin.focused || series.empty()) return;
  ImGuiStorage* storage = ImGui::GetStateStorage();
  PlotCursor cursor{std::clamp(storage->GetInt(item + 1u), 0, static_cast<int>(series.size()) - 1), storage->GetInt(item + 2u, 1 << 30)};
  cursor = plot_cursor_after(cursor, "", series);  // within the points that there are now; at first the last one
  for (const std::string& key : press.twin.keys) cursor = plot_cursor_after(cursor, key, series);
  storage->SetInt(item + 1u, cursor.series);
  storage->SetInt(item + 2u, cursor.point);
  if (press.twin.arrived || !press.twin.keys.empty()) say_place(cursor_text(frame, series, cursor));
  const PlotSeries& one = series[static_cast<std::size_t>(cursor.series)];
  if (press.hovered || static_cast<std::size_t>(cursor.point) >= count_of(one)) return;
  const double x = x_of(one, static_cast<std::size_t>(cursor.point));
  draw_crosshair(frame, series, x, frame.at(x, static_cast<double>(one.y[static_cast<std::size_t>(cursor.point)])));
}

}  // namespace

PlotRange plot_range(std::span<const PlotSeries> series, std::span<const PlotMark> marks, bool logarithmic) {
  double low = kInfinity, high = -kInfinity;
  const auto take = [&](double y) {
    if (!std::isfinite(y) || (logarithmic && y <= 0.0)) return;
    low = std::min(low, y);
    high = std::max(high, y);
  };
  for (const PlotSeries& one : series) {
    for (const float y : one.y) take(y);
    for (const float y : one.low) take(y);
    for (const float y : one.high) take(y);
  }
  if (low <= high)
    for (const PlotMark& mark : marks) take(mark.value);
  if (!(low <= high)) return logarithmic ? PlotRange{0.1, 10.0} : PlotRange{0.0, 1.0};
  if (logarithmic) return low == high ? PlotRange{low / 2.0, low * 2.0} : PlotRange{low / 1.15, high * 1.15};
  if (low == high) {
    const double air = low == 0.0 ? 1.0 : std::abs(low) * 0.5;
    return {low - air, high + air};
  }
  const double air = (high - low) * 0.05;
  // A curve of values that are never negative stands on zero rather than just below it.
  return {low >= 0.0 && low - air < 0.0 ? 0.0 : low - air, high + air};
}

std::optional<std::size_t> nearest_point(std::span<const float> x, std::size_t count, double at) {
  if (count == 0) return std::nullopt;
  if (x.empty()) return static_cast<std::size_t>(std::clamp(std::round(at), 0.0, static_cast<double>(count - 1)));
  const auto end = x.begin() + static_cast<std::ptrdiff_t>(count);
  const auto above = std::lower_bound(x.begin(), end, at, [](float a, double b) { return a < b; });
  if (above == x.begin()) return 0;
  if (above == end) return count - 1;
  const auto i = static_cast<std::size_t>(above - x.begin());
  return at - x[i - 1] <= x[i] - at ? i - 1 : i;
}

PlotHit draw_plot(const Theme& theme, const char* id, ImVec2 size, std::span<const PlotSeries> series,
                  std::span<const PlotMark> marks, const PlotOptions& options) {
  PlotHit hit;
  if (!(size.x >= 120.0f) || !(size.y >= 90.0f)) return hit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face small = face_of(theme, TextSize::kCaption), heading = face_of(theme, TextSize::kBody, Weight::kStrong);
  const float u = theme.unit;

  float label_width = 0.0f;
  bool any = false;
  for (const PlotSeries& one : series) {
    any = any || !one.y.empty();
    if (one.style != PlotSeries::Style::kFaintLine) label_width = std::max(label_width, text_width(small, one.label));
  }
  const bool labels_right = size.x >= 420.0f;
  float top = options.title.empty() ? 0.0f : heading.size + u;
  if (!options.y_label.empty()) top += small.size + u * 0.75f;
  const float legend_top = origin.y + top;
  if (!labels_right) top += small.size + u;

  const PlotRange ys = plot_range(series, marks, options.log_y), xs = x_range(series);
  Frame frame{theme, list, options, {}, options.x_low.value_or(xs.low), options.x_high.value_or(xs.high),
              options.y_low.value_or(ys.low), options.y_high.value_or(ys.high), small};
  if (!(frame.x_low < frame.x_high)) frame.x_high = frame.x_low + 1.0;
  if (!(frame.y_low < frame.y_high)) frame.y_high = frame.y_low + 1.0;
  frame.area = {{origin.x, origin.y + top + small.size * 0.5f},
                {origin.x + size.x, origin.y + size.y - small.size * 2.1f - u * 1.4f}};
  const auto ticks = y_ticks(frame);
  float tick_width = 0.0f;
  for (std::size_t i = 0; i < ticks.size(); ++i)
    tick_width = std::max(tick_width, text_width(small, frame.y_text(ticks[i], spacing_of(ticks, i, options.log_y))));
  frame.area.min.x += tick_width + u;
  frame.area.max.x -= labels_right ? label_width + 1.5f * u : u;

  put_text(list, heading, {origin, {origin.x + size.x, origin.y + heading.size}}, {0.0f, 0.0f}, theme.colors.text, options.title);
  if (!options.y_label.empty())
    put_text(list, small, {origin.x, legend_top - small.size - u * 0.5f}, theme.colors.text_muted, options.y_label);
  draw_axes(frame, ticks);
  const Rect title_line{origin, {origin.x + size.x, origin.y + heading.size}};
  const bool beside = draw_mark_beside_title(frame, marks, title_line, text_width(heading, options.title));
  list.PushClipRect(frame.area.min, {frame.area.max.x + 1.0f, frame.area.max.y + 1.0f}, true);
  for (const PlotSeries& one : series) draw_series(frame, one);
  draw_marks(frame, marks, !beside);
  list.PopClipRect();
  if (labels_right) {
    draw_end_labels(frame, series);
  } else {
    draw_legend(frame, series, legend_top);
  }
  if (!any) put_text(list, face_of(theme, TextSize::kBody), frame.area, {0.5f, 0.5f}, theme.colors.text_muted, options.empty_text);

  const Press press = press_area(theme, id, {origin, {origin.x + size.x, origin.y + size.y}},
                                 {.role = TwinRole::kPlot, .name = std::string(options.title.empty() ? std::string_view(id) : options.title),
                                  .help = "Left and right: points; up and down: curves"});
  walk_plot(frame, series, press, ImGui::GetItemID());
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (press.hovered && frame.area.contains(mouse) && any) {
    hit.hovered = true;
    hit.x = frame.x_low + (mouse.x - frame.area.min.x) / frame.area.width() * (frame.x_high - frame.x_low);
    draw_crosshair(frame, series, hit.x, std::nullopt);
  }
  return hit;
}

}  // namespace chainrule
