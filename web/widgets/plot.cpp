#include "web/widgets/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "web/widgets/controls.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/plot_parts.h"
#include "web/widgets/ticks.h"

namespace chainrule {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

PlotRange x_range(std::span<const PlotSeries> series, bool logarithmic) {
  double low = kInfinity, high = -kInfinity;
  for (const PlotSeries& one : series) {
    const std::size_t count = plot_count(one);
    std::size_t first = 0;
    while (logarithmic && first < count && !(plot_x(one, first) > 0.0)) ++first;
    if (first == count) continue;
    low = std::min(low, plot_x(one, first));
    high = std::max(high, plot_x(one, count - 1));
  }
  if (!(low <= high)) return logarithmic ? PlotRange{1.0, 10.0} : PlotRange{0.0, 1.0};
  if (low == high) return {low, logarithmic ? 10.0 * low : low + 1.0};
  return {low, high};
}

void draw_crosshair(const PlotPainter& painter, double x, std::optional<ImVec2> anchor) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect& area = painter.layout.mapping.area;
  const float at = std::floor(painter.px(x)) + 0.5f;
  list.AddLine({at, area.min.y}, {at, area.max.y}, with_alpha(painter.theme.colors.text_muted, 0.7f));
  std::string detail;
  double shown = x;
  for (const PlotSeries& one : painter.series) {
    const auto nearest = nearest_point(one.x, plot_count(one), x);
    if (!nearest) continue;
    const double px = plot_x(one, *nearest);
    // A point far from the pointer is not what the pointer is on.
    if (std::abs(painter.px(px) - at) > 24.0f) continue;
    if (detail.empty()) shown = px;
    const float y = one.y[*nearest];
    if (std::isfinite(y) && (!painter.options.log_y || y > 0.0f) && area.contains(painter.at(px, y))) list.AddCircleFilled(painter.at(px, y), 3.5f, painter.color(one));
    if (!detail.empty()) detail += '\n';
    detail += one.label.empty() ? "value" : std::string(one.label);
    detail += "  " + (std::isnan(y) ? std::string("NaN") : painter.value_of(y));
    if (*nearest < one.low.size() && *nearest < one.high.size())
      detail += "  [" + painter.value_of(one.low[*nearest]) + ", " + painter.value_of(one.high[*nearest]) + "]";
  }
  value_tip(painter.theme, std::string(painter.options.x_label) + " " + painter.x_text(shown), detail, anchor);
}

/// The keyboard's cursor is kept by Dear ImGui, as two numbers: which curve, which of its points. Left and right walk through
/// the points, with Ctrl a twentieth of them at once; up and down lead to the nearest point of another curve.
struct PlotCursor {
  int series = 0, point = 0;
};

PlotCursor plot_cursor_after(PlotCursor cursor, std::string_view key, std::span<const PlotSeries> series) {
  const auto count = [&](int which) { return static_cast<int>(plot_count(series[static_cast<std::size_t>(which)])); };
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
    const double x = points > 0 ? plot_x(from, static_cast<std::size_t>(cursor.point)) : 0.0;
    const PlotSeries& to = series[static_cast<std::size_t>(next)];
    return {next, static_cast<int>(nearest_point(to.x, plot_count(to), x).value_or(0))};
  }
  return cursor;
}

std::string cursor_text(const PlotPainter& painter, PlotCursor cursor) {
  const PlotSeries& one = painter.series[static_cast<std::size_t>(cursor.series)];
  const auto i = static_cast<std::size_t>(cursor.point);
  if (i >= plot_count(one)) return std::string(painter.options.empty_text);
  const std::string name = one.label.empty() ? "" : std::string(one.label) + ", ";
  return name + std::string(painter.options.x_label) + " " + painter.x_text(plot_x(one, i)) + ": " + painter.value_of(one.y[i]);
}

/// Moves the cursor by what was typed at the plot; the crosshair stands where it is.
void walk_plot(const PlotPainter& painter, const Press& press, ImGuiID item) {
  const std::span<const PlotSeries> series = painter.series;
  if (!press.twin.focused || series.empty()) return;
  ImGuiStorage* storage = ImGui::GetStateStorage();
  PlotCursor cursor{std::clamp(storage->GetInt(item + 1u), 0, static_cast<int>(series.size()) - 1), storage->GetInt(item + 2u, 1 << 30)};
  cursor = plot_cursor_after(cursor, "", series);  // within the points that there are now; at first the last one
  for (const std::string& key : press.twin.keys) cursor = plot_cursor_after(cursor, key, series);
  storage->SetInt(item + 1u, cursor.series);
  storage->SetInt(item + 2u, cursor.point);
  if (press.twin.arrived || !press.twin.keys.empty()) say_place(cursor_text(painter, cursor));
  const PlotSeries& one = series[static_cast<std::size_t>(cursor.series)];
  if (press.hovered || static_cast<std::size_t>(cursor.point) >= plot_count(one)) return;
  const double x = plot_x(one, static_cast<std::size_t>(cursor.point));
  draw_crosshair(painter, x, painter.at(x, static_cast<double>(one.y[static_cast<std::size_t>(cursor.point)])));
}

/// What somebody has zoomed to is kept by Dear ImGui, as numbers beside the plot's id. Where only x was zoomed, along with
/// another plot, y is NaN.
class PlotZoom {
 public:
  explicit PlotZoom(const char* id) : storage_(ImGui::GetStateStorage()), key_(ImGui::GetID(id) + 20u) {}
  std::optional<PlaneRange> get() const {
    if (!storage_->GetBool(key_)) return std::nullopt;
    const auto at = [&](unsigned k) { return static_cast<double>(storage_->GetFloat(key_ + k)); };
    return PlaneRange{at(1), at(2), at(3), at(4)};
  }
  void set(const std::optional<PlaneRange>& range) {
    storage_->SetBool(key_, range.has_value());
    if (!range) return;
    unsigned k = 0;
    for (const double edge : {range->x_low, range->x_high, range->y_low, range->y_high}) storage_->SetFloat(key_ + ++k, static_cast<float>(edge));
  }

 private:
  ImGuiStorage* storage_;
  ImGuiID key_;
};

/// The plot named `id` shows the x of `range` from now on, and of y what it showed.
void link_zoom(const char* id, std::optional<PlaneRange> range) {
  PlotZoom other(id);
  if (range) {
    const float none = std::numeric_limits<float>::quiet_NaN();
    const PlaneRange present = other.get().value_or(PlaneRange{0, 1, static_cast<double>(none), static_cast<double>(none)});
    range->y_low = present.y_low;
    range->y_high = present.y_high;
  }
  other.set(range);
}

float legend_height(const Theme& theme, Face small, std::span<const PlotSeries> series, float width) {
  float x = 0.0f, y = small.size + theme.unit;
  for (const PlotSeries& one : series) {
    if (one.label.empty()) continue;
    const float wide = plot_legend_width(small, one);
    if (x > 0.0f && x + wide > width) x = 0.0f, y += small.size * 1.35f;
    x += wide + 2.0f * theme.unit;
  }
  return y;
}

}  // namespace

double plot_x(const PlotSeries& series, std::size_t i) { return series.x.empty() ? static_cast<double>(i) : static_cast<double>(series.x[i]); }

std::size_t plot_count(const PlotSeries& series) { return series.x.empty() ? series.y.size() : std::min(series.x.size(), series.y.size()); }

float plot_legend_width(Face small, const PlotSeries& one) { return 23.0f + text_width(small, one.label); }

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

float plot_menu_width(const Theme& theme, ImVec2 size, const PlotOptions& options) {
  return options.save != nullptr && size.x >= 25.0f * theme.unit && size.y >= 20.0f * theme.unit ? target_size(theme) : 0.0f;
}

PlotLayout layout_plot(const Theme& theme, ImVec2 origin, ImVec2 size, std::span<const PlotSeries> series, std::span<const PlotMark> marks,
                       const PlotOptions& options, const std::optional<PlaneRange>& zoom) {
  const float u = theme.unit;
  PlotLayout layout;
  layout.box = {origin, {origin.x + size.x, origin.y + size.y}};
  layout.small = face_of(theme, TextSize::kCaption);
  layout.heading = face_of(theme, TextSize::kBody, Weight::kStrong);
  layout.labels_right = size.x >= 420.0f;
  layout.menu = plot_menu_width(theme, size, options) > 0.0f;
  const Face small = layout.small;
  float label_width = 0.0f;
  for (const PlotSeries& one : series) {
    layout.any = layout.any || !one.y.empty();
    if (one.style != PlotSeries::Style::kFaintLine) label_width = std::max(label_width, text_width(small, one.label));
  }
  float top = options.title.empty() ? 0.0f : layout.heading.size + u;
  if (layout.menu) top = std::max(top, target_size(theme) - u);
  layout.legend_top = origin.y + top;
  if (!layout.labels_right) top += legend_height(theme, small, series, size.x);
  if (!options.y_label.empty()) top += small.size + u * 0.75f;

  const PlotRange ys = plot_range(series, marks, options.log_y), xs = x_range(series, options.log_x);
  const auto scaled = [](double value, bool logarithmic) { return logarithmic ? std::log10(std::max(value, 1e-300)) : value; };
  PlaneRange range{scaled(options.x_low.value_or(xs.low), options.log_x), scaled(options.x_high.value_or(xs.high), options.log_x),
                   scaled(options.y_low.value_or(ys.low), options.log_y), scaled(options.y_high.value_or(ys.high), options.log_y)};
  if (zoom && !std::isnan(zoom->y_low)) range = *zoom;
  if (zoom) range.x_low = zoom->x_low, range.x_high = zoom->x_high;
  if (!(range.x_low < range.x_high)) range.x_high = range.x_low + 1.0;
  if (!(range.y_low < range.y_high)) range.y_high = range.y_low + 1.0;
  layout.mapping.range = range;
  Rect& area = layout.mapping.area;
  area = {{origin.x, origin.y + top + small.size * 0.5f}, {origin.x + size.x, origin.y + size.y - small.size * 2.1f - u * 1.4f}};
  const int most = std::max(2, static_cast<int>(area.height() / (small.size * 1.9f)));
  area.min.x += widest_tick(small, axis_ticks({range.y_low, range.y_high, options.log_y, options.percent}, most)) + u;
  const Axis across{range.x_low, range.x_high, options.log_x};
  area.max.x -= layout.labels_right ? label_width + 1.5f * u : std::max(u, 0.5f * widest_tick(small, ticks_across(across, small, area.width())));
  return layout;
}

PlotHit draw_plot(const Theme& theme, const char* id, ImVec2 size, std::span<const PlotSeries> series,
                  std::span<const PlotMark> marks, const PlotOptions& options) {
  PlotHit hit;
  if (!(size.x >= 120.0f) || !(size.y >= 90.0f)) return hit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  PlotZoom zoom(id);
  const std::optional<PlaneRange> zoomed_to = zoom.get();
  const PlotLayout layout = layout_plot(theme, origin, size, series, marks, options, zoomed_to);
  ScreenSketch sketch(*ImGui::GetWindowDrawList());
  const PlotPainter painter{sketch, theme, series, marks, options, layout};
  painter.draw();
  const std::string_view name = options.title.empty() ? std::string_view(id) : options.title;
  if (layout.menu && layout.any) {
    const auto svg = [&] {
      SvgSketch file(theme, layout.box);
      PlotPainter{file, theme, series, marks, options, layout}.draw();
      return file.take();
    };
    const PlotExport files{.save = options.save, .name = name, .svg = svg, .csv = [&] { return plot_csv(series, options); }, .zoomed = zoomed_to.has_value()};
    if (draw_plot_menu(theme, id, {layout.box.max.x, layout.box.min.y - 0.5f * theme.unit}, files)) {
      zoom.set(std::nullopt);
      if (options.same_x != nullptr) link_zoom(options.same_x, std::nullopt);
    }
  }
  const PlaneMapping& mapping = layout.mapping;
  const Press press = press_area(theme, id, {{origin.x, layout.menu ? mapping.area.min.y : origin.y}, layout.box.max},
                                 {.role = TwinRole::kPlot, .name = std::string(name), .help = "Left and right: points; up and down: curves; Page up and down: zoom"});
  const ImGuiID item = ImGui::GetItemID();
  const std::optional<PlaneRange> next = moved_by_person(theme, press, mapping, {.is_zoomed = zoomed_to.has_value()});
  if (!next || !(*next == mapping.range)) {
    zoom.set(next);
    if (options.same_x != nullptr) link_zoom(options.same_x, next);
  }
  walk_plot(painter, press, item);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (press.hovered && mapping.area.contains(mouse) && layout.any) {
    hit.hovered = true;
    hit.x = painter.x_at(mouse.x);
    draw_crosshair(painter, hit.x, std::nullopt);
  }
  return hit;
}

}  // namespace chainrule
