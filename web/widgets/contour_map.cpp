#include "web/widgets/contour_map.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/contour_parts.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr float kTremble = 4.0f;  // pixels that a pressing hand may move

std::string coordinate(double value) { return value_text(static_cast<float>(value), 4); }

float distance(ImVec2 a, ImVec2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// What people do at a map, and what it tells them.
class ContourInput {
 public:
  ContourInput(const Theme& theme, const ContourScene& scene, const ContourOptions& options, const PlaneMapping& mapping, ContourMapState& state, const Press& press)
      : theme_(theme), scene_(scene), options_(options), mapping_(mapping), state_(state), press_(press) {}

  /// Requires: called next after press_area.
  ContourHit take() {
    take_pointer();
    take_keys();
    move_plane();
    show();
    return hit_;
  }

 private:
  float reach() const { return (theme_.touch ? 2.75f : 1.5f) * theme_.unit; }

  std::optional<int> mark_near(ImVec2 at, bool draggable) const {
    std::optional<int> best;
    float least = reach();
    for (std::size_t i = 0; i < scene_.marks.size(); ++i) {
      if (draggable && !scene_.marks[i].draggable) continue;
      const float far = distance(mapping_.at(scene_.marks[i].at), at);
      if (far < least) least = far, best = static_cast<int>(i);
    }
    return best;
  }

  std::optional<ContourHit::PathPoint> path_near(ImVec2 at) const {
    std::optional<ContourHit::PathPoint> best;
    float least = reach();
    for (std::size_t p = 0; p < scene_.paths.size(); ++p) {
      const ContourPath& path = scene_.paths[p];
      for (std::size_t i = 0; path.dots && i < std::min(path.x.size(), path.y.size()); ++i) {
        if (!std::isfinite(path.x[i]) || !std::isfinite(path.y[i])) break;
        const float far = distance(mapping_.at({path.x[i], path.y[i]}), at);
        if (far < least) least = far, best = {static_cast<int>(p), static_cast<int>(i)};
      }
    }
    return best;
  }

  std::optional<ContourHit::CloudPoint> cloud_near(ImVec2 at) const {
    std::optional<ContourHit::CloudPoint> best;
    float least = reach();
    for (std::size_t c = 0; c < scene_.clouds.size(); ++c) {
      const ContourCloud& cloud = scene_.clouds[c];
      for (std::size_t i = 0; i < std::min(cloud.x.size(), cloud.y.size()); ++i) {
        const float far = distance(mapping_.at({cloud.x[i], cloud.y[i]}), at);
        if (far < least) least = far, best = {static_cast<int>(c), static_cast<int>(i)};
      }
    }
    return best;
  }

  void take_pointer() {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (press_.hovered && mapping_.area.contains(mouse)) hit_.pointed = mapping_.plane_point(mouse);
    if (ImGui::IsItemActivated() && !press_.by_keyboard) {
      state_.grabbed = mark_near(mouse, true).value_or(-1);
      state_.by_keyboard = false;
    }
    const bool trembled = ImGui::GetIO().MouseDragMaxDistanceSqr[0] < kTremble * kTremble;
    const bool grabs = state_.grabbed >= 0 && state_.grabbed < static_cast<int>(scene_.marks.size()) && !state_.by_keyboard;
    if (grabs && press_.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    if (grabs && !trembled && (press_.held || ImGui::IsItemDeactivated())) hit_.dragged = {state_.grabbed, within(mapping_.plane_point(mouse)), !press_.held};
    if (press_.pressed && !press_.by_keyboard && trembled) click_at(mouse);
    holds_ = grabs && press_.held;
    if (!press_.held && !state_.by_keyboard) state_.grabbed = -1;
  }

  PlanePoint within(PlanePoint p) const {
    const PlaneRange& r = mapping_.range;
    return {std::clamp(p.x, r.x_low, r.x_high), std::clamp(p.y, r.y_low, r.y_high)};
  }

  void click_at(ImVec2 at) {
    if (!mapping_.area.contains(at)) return;
    hit_.clicked = mapping_.plane_point(at);
    hit_.clicked_mark = mark_near(at, false);
    if (!hit_.clicked_mark) hit_.clicked_path = path_near(at);
    if (!hit_.clicked_mark && !hit_.clicked_path) hit_.clicked_cloud = cloud_near(at);
  }

  void take_keys() {
    if (!press_.twin.focused) {
      if (state_.by_keyboard) state_.grabbed = -1, state_.by_keyboard = false;
      return;
    }
    PlanePoint cursor = within(state_.cursor.value_or(mapping_.range.center()));
    bool walked = press_.twin.arrived || !state_.cursor;
    if (press_.twin.clicked && press_.twin.keys.empty()) enter(cursor);
    for (std::string key : press_.twin.keys) {
      const bool far = key.starts_with("Ctrl+");
      if (far) key = key.substr(5);
      const double stride = far ? 0.1 : 0.01;
      const int dx = key == "ArrowRight" ? 1 : key == "ArrowLeft" ? -1 : 0, dy = key == "ArrowUp" ? 1 : key == "ArrowDown" ? -1 : 0;
      if (key == "Enter" || key == " ") enter(cursor);
      if (key == "Home" || key == "End") cursor = next_place(key == "End").value_or(cursor), walked = true;
      if (dx == 0 && dy == 0) continue;
      cursor = within({cursor.x + dx * stride * mapping_.range.width(), cursor.y + dy * stride * mapping_.range.height()});
      walked = true;
      if (state_.by_keyboard) hit_.dragged = {state_.grabbed, cursor, false};
    }
    state_.cursor = cursor;
    if (walked) say_place(place_text(cursor));
    if (!press_.hovered) hit_.pointed = cursor;
  }

  /// Enter: takes or lets go what can be moved, else picks the place.
  void enter(PlanePoint cursor) {
    const ImVec2 at = mapping_.at(cursor);
    if (state_.by_keyboard) {
      hit_.dragged = {state_.grabbed, cursor, true};
      state_.by_keyboard = false;
      state_.grabbed = -1;
      say_place("let go");
    } else if (const std::optional<int> mark = mark_near(at, true)) {
      state_.grabbed = *mark;
      state_.by_keyboard = true;
      say_place("taken: arrow keys move it, Enter lets it go");
    } else {
      click_at(at);
    }
  }

  /// Of the marks in turn, or of the ends of paths.
  std::optional<PlanePoint> next_place(bool paths) {
    std::vector<PlanePoint> places;
    if (paths) {
      for (const ContourPath& path : scene_.paths)
        if (path.dots && !path.x.empty() && !path.y.empty()) places.push_back({path.x.back(), path.y.back()});
    } else {
      for (const ContourMark& mark : scene_.marks) places.push_back(mark.at);
    }
    if (places.empty()) return std::nullopt;
    return within(places[static_cast<std::size_t>(state_.walk++) % places.size()]);
  }

  void move_plane() {
    const PlaneHands hands{.drag = state_.grabbed < 0 && !holds_, .is_zoomed = state_.zoom.has_value(), .about = press_.twin.focused ? state_.cursor : std::nullopt};
    const std::optional<PlaneRange> next = moved_by_person(theme_, press_, mapping_, hands);
    if (!next) state_.zoom.reset();
    else if (!(*next == mapping_.range)) state_.zoom = *next;
  }

  std::optional<double> value_at(PlanePoint p) const {
    if (options_.value) return options_.value(p);
    const std::optional<float> value = grid_value(scene_.grid, p);
    return value ? std::optional<double>(*value) : std::nullopt;
  }

  std::string place_text(PlanePoint p) const {
    std::string text = std::string(options_.x_label) + " " + coordinate(p.x) + ", " + std::string(options_.y_label) + " " + coordinate(p.y);
    if (const auto value = value_at(p)) text += ": " + std::string(options_.value_label) + " " + coordinate(*value);
    const ImVec2 at = mapping_.at(p);
    if (const auto mark = mark_near(at, false)) text += ", " + std::string(scene_.marks[static_cast<std::size_t>(*mark)].label);
    return text;
  }

  void show() {
    if (!hit_.pointed || ImGui::IsMouseDragging(ImGuiMouseButton_Left, kTremble)) return;
    const ImVec2 at = mapping_.at(*hit_.pointed);
    const bool keyboard = !press_.hovered;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 color = theme_.colors.text;
    if (keyboard) {
      list.AddLine({at.x - theme_.unit, at.y}, {at.x + theme_.unit, at.y}, color, 1.5f);
      list.AddLine({at.x, at.y - theme_.unit}, {at.x, at.y + theme_.unit}, color, 1.5f);
    }
    hit_.pointed_path = path_near(at);
    std::string title, detail;
    PlanePoint place = *hit_.pointed;
    if (hit_.pointed_path) {
      const ContourPath& path = scene_.paths[static_cast<std::size_t>(hit_.pointed_path->path)];
      const auto i = static_cast<std::size_t>(hit_.pointed_path->point);
      place = {path.x[i], path.y[i]};
      list.AddCircle(mapping_.at(place), theme_.unit, color, 0, 2.0f);
      detail = (path.label.empty() ? "" : std::string(path.label) + ", ") + "point " + std::to_string(i) + "\n";
    } else if (const auto mark = mark_near(at, false)) {
      const ContourMark& one = scene_.marks[static_cast<std::size_t>(*mark)];
      place = one.at;
      if (!one.label.empty()) detail = std::string(one.label) + "\n";
    } else if (const auto near = cloud_near(at)) {
      const ContourCloud& cloud = scene_.clouds[static_cast<std::size_t>(near->cloud)];
      const auto i = static_cast<std::size_t>(near->point);
      place = {cloud.x[i], cloud.y[i]};
      list.AddCircle(mapping_.at(place), theme_.unit, color, 0, 2.0f);
      detail = (cloud.label.empty() ? "" : std::string(cloud.label) + ", ") + "point " + std::to_string(i) + "\n";
    }
    if (const auto value = value_at(place)) {
      title = std::isfinite(*value) ? std::string(options_.value_label) + " " + value_text(static_cast<float>(*value), 6) : "not a number here";
    } else {
      title = coordinate(place.x) + ", " + coordinate(place.y);
    }
    detail += std::string(options_.x_label) + "  " + coordinate(place.x) + "\n" + std::string(options_.y_label) + "  " + coordinate(place.y);
    value_tip(theme_, title, detail, keyboard ? std::optional(at) : std::nullopt);
  }

  const Theme& theme_;
  const ContourScene& scene_;
  const ContourOptions& options_;
  const PlaneMapping& mapping_;
  ContourMapState& state_;
  const Press& press_;
  ContourHit hit_;
  bool holds_ = false;
};

PlaneRange seen_range(const ContourLayout& layout, const ContourOptions& options, const ContourMapState& state) {
  const PlaneRange range = state.zoom.value_or(options.home);
  return options.equal_axes ? with_equal_axes(range, layout.area.width(), layout.area.height()) : range;
}

}  // namespace

ContourLayout layout_contour_map(const Theme& theme, ImVec2 origin, ImVec2 size, const ContourOptions& options) {
  const float u = theme.unit;
  ContourLayout layout;
  layout.box = {origin, {origin.x + size.x, origin.y + size.y}};
  layout.caption = face_of(theme, size.x > 75 * u && size.y > 50 * u ? TextSize::kBody : TextSize::kCaption);
  layout.heading = face_of(theme, TextSize::kBody, Weight::kStrong);
  layout.menu = size.x > 25 * u;
  const float small = layout.caption.size;
  float top = origin.y;
  if (!options.title.empty() || layout.menu) top += std::max(layout.heading.size, layout.menu ? 3.0f * u : 0.0f) + 0.5f * u;
  layout.legend_top = top;
  if (options.legend > 0) top = std::max(top, origin.y + (layout.menu ? target_size(theme) - 0.5f * u : 0.0f)), layout.legend_top = top;
  top += static_cast<float>(options.legend) * small * 1.35f;
  if (!options.y_label.empty() || options.bar) top += small * 1.7f;
  // Room for the longest numbers that axes have, so that the area does not jump while it is moved.
  const float numbers = plain_width(layout.caption, "−0.0005"), bar_room = options.bar ? 2.5f * u + plain_width(layout.caption, "0.0005") + 1.5f * u : u;
  layout.area = {{origin.x + numbers + u, top + 0.5f * small}, {origin.x + size.x - bar_room, origin.y + size.y - axis_below_height(theme, layout.caption, !options.x_label.empty())}};
  if (options.bar) layout.bar = {{layout.area.max.x + u, layout.area.min.y}, {layout.area.max.x + 2.5f * u, layout.area.max.y}};
  return layout;
}

void fill_cache(const ContourScene& scene, const ContourOptions& options, ContourCache& cache) {
  if (scene.grid.empty() || (cache.filled && cache.version == scene.grid.version)) return;
  cache.filled = true;
  cache.version = scene.grid.version;
  const auto limits = grid_limits(scene.grid).value_or(std::pair{0.0f, 1.0f});
  cache.levels = contour_levels(options.low.value_or(limits.first), options.high.value_or(limits.second), options.levels, options.log_levels);
  cache.lines.clear();
  for (const double level : cache.levels) cache.lines.push_back(contour_lines(scene.grid, level));
}

PlaneRange contour_range(const Theme& theme, ImVec2 size, const ContourOptions& options, const ContourMapState& state) {
  return seen_range(layout_contour_map(theme, {0, 0}, size, options), options, state);
}

ImVec2 contour_area(const Theme& theme, ImVec2 size, const ContourOptions& options) {
  const Rect area = layout_contour_map(theme, {0, 0}, size, options).area;
  return {std::max(area.width(), 1.0f), std::max(area.height(), 1.0f)};
}

ContourHit draw_contour_map(DrawContext& context, const char* id, ImVec2 size, const ContourScene& scene, const ContourOptions& options,
                            ContourMapState& state) {
  const Theme& theme = context.theme;
  if (size.x < 120.0f || size.y < 90.0f) return {};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ContourLayout layout = layout_contour_map(theme, origin, size, options);
  if (layout.area.width() < 5 * theme.unit || layout.area.height() < 5 * theme.unit) return {};
  const PlaneMapping mapping{seen_range(layout, options, state), layout.area};
  fill_cache(scene, options, state.cache);
  const std::string key = "contour/" + std::string(id);
  ScreenSketch sketch(*ImGui::GetWindowDrawList());
  ContourPainter{sketch, nullptr, theme, scene, options, layout, mapping, state.cache}.draw(&context.textures, key.c_str(), state.cache);
  ImGui::PushID(id);
  if (layout.menu) {
    const PlotExport files{.save = context.save_request,
                           .name = options.title.empty() ? std::string_view(id) : options.title,
                           .svg = [&] { return contour_svg(theme, scene, options, layout, mapping, state.cache); },
                           .csv = [&] { return contour_csv(scene, options); },
                           .zoomed = state.zoom.has_value()};
    if (draw_plot_menu(theme, id, {layout.box.max.x, layout.box.min.y - 0.5f * theme.unit}, files)) state.zoom.reset();
  }
  const std::string help = std::string(options.help) + (options.help.empty() ? "" : "\n") +
                           "Arrow keys move a cross, Home leads to the marks, End to the ends of paths, Page up and down zoom, Enter takes or picks.";
  const Press press = press_area(theme, "map", {{layout.box.min.x, layout.area.min.y}, layout.box.max},
                                 {.role = TwinRole::kPlot, .name = std::string(options.title.empty() ? std::string_view(id) : options.title), .help = help});
  const ContourHit hit = ContourInput(theme, scene, options, mapping, state, press).take();
  ImGui::PopID();
  ImGui::SetCursorScreenPos({origin.x, origin.y + size.y});
  return hit;
}

}  // namespace chainrule
