// The map and the surface: one grid, one place pointed at, the same paths.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/race/race_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kGridSide = 113;  // points; 56 cells of the surface are every second of it

/// The grid of what is seen, worked out when that is another part or another function.
ContourGrid grid_of(const RaceScene& scene, const PlaneRange& range) {
  RaceView& view = scene.lesson.view();
  const std::string formula = scene.lesson.formula();
  if (view.formula != formula || !(view.range == range)) {
    view.formula = formula;
    view.range = range;
    view.heights = surface_grid(scene.lesson.function(), range.x_low, range.x_high, kGridSide, range.y_low, range.y_high, kGridSide);
    ++view.version;
  }
  return {.range = range, .nx = kGridSide, .ny = kGridSide, .values = view.heights, .version = view.version * 2 + (scene.lesson.param("log") != 0 ? 1u : 0u)};
}

/// Where the function is infinite or nearly so, colours and heights end where nine tenths of it lie.
void limit(const ContourGrid& grid, bool logarithmic, RaceView& view) {
  if (view.limits_version == grid.version) return;
  view.limits_version = grid.version;
  view.low.reset();
  view.high.reset();
  std::vector<float> finite;
  for (const float value : grid.values)
    if (std::isfinite(value)) finite.push_back(value);
  if (finite.size() < 16) return;
  const auto rank = [&](double part) {
    const auto at = finite.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(finite.size() - 1));
    std::ranges::nth_element(finite, at);
    return static_cast<double>(*at);
  };
  const double low = rank(0.0), high = rank(1.0), most = rank(0.9), least = rank(0.1);
  if (high - most > 10.0 * (most - least) && !logarithmic) view.high = most + (most - least);
  if (least - low > 10.0 * (most - least)) view.low = least - (most - least);
}

std::string end_text(const Racer& racer) {
  return racer.stopped() < 0 ? "" : "stops at step " + std::to_string(racer.stopped()) + ": " + racer.stopped_by() + " is not finite";
}

class RacePlots {
 public:
  RacePlots(const RaceScene& scene, const Rect& box) : scene_(scene), lesson_(scene.lesson), view_(scene.lesson.view()), box_(box) {}

  void draw() {
    const int look = static_cast<int>(lesson_.param("look"));
    const float u = scene_.unit(), gap = 1.5f * u;
    const bool beside = box_.width() > 84 * u;
    Rect map = box_, surface = box_;
    if (look == 0 && beside) map.max.x = box_.center().x - 0.5f * gap, surface.min.x = box_.center().x + 0.5f * gap;
    if (look == 0 && !beside) map.max.y = box_.center().y - 0.5f * gap, surface.min.y = box_.center().y + 0.5f * gap;
    const SurfaceView& view = surface_view(lesson_.surface());
    options_.title = "Map";
    options_.x_label = "x";
    options_.y_label = "y";
    options_.value_label = "f";
    options_.home = home(view);
    options_.log_levels = lesson_.param("log") != 0;
    options_.levels = 12;
    options_.help = "Enter takes the start or puts it here.";
    const Rect inner = map.shrunk(1.5f * u, 1.25f * u);
    const PlaneRange range = contour_range(scene_.theme, {inner.width(), inner.height()}, options_, view_.map);
    grid_ = grid_of(scene_, range);
    limit(grid_, options_.log_levels, view_);
    options_.low = view_.low;
    options_.high = view_.high;
    options_.value = [this](PlanePoint p) { return static_cast<double>(surface_grid(lesson_.function(), p.x, p.x + 1.0, 2, p.y, p.y + 1.0, 2)[0]); };
    const std::optional<PlanePoint> pointed = view_.pointed;
    view_.pointed.reset();
    if (look != 2) draw_map(map, look == 0 ? pointed : std::nullopt);
    if (look != 1) draw_space(surface, look == 0 ? pointed : std::nullopt);
  }

 private:
  /// Has a racer come near, whose name would stand on the place's own?
  bool is_crowded(PlanePoint p) const {
    for (int i = 0; i < kRacerCount; ++i) {
      const Point2 place = scene_.racer(i).place();
      const double across = (static_cast<double>(place.x) - p.x) / grid_.range.width(), up = (static_cast<double>(place.y) - p.y) / grid_.range.height();
      if (lesson_.races(i) && std::abs(across) < 0.3 && std::abs(up) < 0.12) return true;
    }
    return false;
  }

  /// A start outside is seen too.
  PlaneRange home(const SurfaceView& view) const {
    PlaneRange range{static_cast<double>(view.x_low), static_cast<double>(view.x_high), static_cast<double>(view.y_low), static_cast<double>(view.y_high)};
    const Point2 start = lesson_.start();
    const double x = static_cast<double>(start.x), y = static_cast<double>(start.y);
    if (range.contains({x, y})) return range;
    const double dx = 0.1 * range.width(), dy = 0.1 * range.height();
    return {std::min(range.x_low, x - dx), std::max(range.x_high, x + dx), std::min(range.y_low, y - dy), std::max(range.y_high, y + dy)};
  }

  void draw_map(const Rect& box, std::optional<PlanePoint> pointed) {
    card(scene_.theme, box);
    std::vector<ContourPath> paths;
    std::vector<std::string> ends;
    std::vector<int> racers;
    ends.reserve(kRacerCount);
    for (int i = 0; i < kRacerCount; ++i) {
      if (!lesson_.races(i)) continue;
      const Racer& racer = scene_.racer(i);
      ends.push_back(end_text(racer));
      racers.push_back(i);
      paths.push_back({.label = racer.kind().label, .x = racer.path().x.values(), .y = racer.path().y.values(), .color = i, .dash = race_dash(i), .end_text = ends.back()});
    }
    std::vector<ContourMark> marks;
    const Point2 start = lesson_.start();
    marks.push_back({.at = view_.held_start.value_or(PlanePoint{static_cast<double>(start.x), static_cast<double>(start.y)}),
                     .shape = ContourMark::Shape::kRing, .label = "start", .draggable = true});
    for (const Point2& minimum : surface_minima(lesson_.surface())) {
      const PlanePoint at{static_cast<double>(minimum.x), static_cast<double>(minimum.y)};
      marks.push_back({.at = at, .shape = ContourMark::Shape::kStar, .label = is_crowded(at) ? "" : "minimum"});
    }
    if (pointed && !view_.held_start) marks.push_back({.at = *pointed, .shape = ContourMark::Shape::kCross});
    const std::vector<ContourArrow> arrows = arrows_of();
    const Rect inner = box.shrunk(1.5f * scene_.unit(), 1.25f * scene_.unit());
    ImGui::SetCursorScreenPos(inner.min);
    const ContourScene drawn{.grid = grid_, .paths = paths, .arrows = arrows, .marks = marks};
    const ContourHit hit = draw_contour_map(scene_.context, "race-map", {inner.width(), inner.height()}, drawn, options_, view_.map);
    if (hit.pointed) view_.pointed = hit.pointed;
    view_.held_start.reset();
    if (hit.dragged && hit.dragged->mark == 0) {
      if (hit.dragged->done) begin_at(hit.dragged->at);
      else view_.held_start = hit.dragged->at;
    } else if (hit.clicked_path) {
      go_to(racers[static_cast<std::size_t>(hit.clicked_path->path)], hit.clicked_path->point);
    } else if (hit.clicked && hit.clicked_mark != 0) {
      begin_at(*hit.clicked);
    }
  }

  void draw_space(const Rect& box, std::optional<PlanePoint> pointed) {
    card(scene_.theme, box);
    std::vector<SurfacePath> paths;
    std::vector<std::string> ends;
    std::vector<int> racers;
    ends.reserve(kRacerCount);
    for (int i = 0; i < kRacerCount; ++i) {
      if (!lesson_.races(i)) continue;
      const Racer& racer = scene_.racer(i);
      ends.push_back(end_text(racer));
      racers.push_back(i);
      paths.push_back({.label = racer.kind().label, .x = racer.path().x.values(), .y = racer.path().y.values(), .height = racer.path().f.values(), .color = i, .dash = race_dash(i),
                       .end_text = racer.stopped() < 0 ? std::string_view() : std::string_view("stops")});
    }
    std::vector<SurfaceMark> marks;
    if (!scene_.racer(0).path().f.values().empty()) {
      const Point2 start = lesson_.start();
      marks.push_back({.at = {static_cast<double>(start.x), static_cast<double>(start.y)}, .height = static_cast<double>(scene_.racer(0).path().f.values()[0]), .shape = ContourMark::Shape::kRing});
    }
    for (const Point2& minimum : surface_minima(lesson_.surface())) {
      const PlanePoint at{static_cast<double>(minimum.x), static_cast<double>(minimum.y)};
      marks.push_back({.at = at, .height = options_.value(at), .shape = ContourMark::Shape::kStar});
    }
    SurfaceOptions options{.title = "Surface", .x_label = "x", .y_label = "y", .value_label = "f"};
    options.log_height = options.log_levels = options_.log_levels;
    options.low = options_.low;
    options.high = options_.high;
    const Rect inner = box.shrunk(1.5f * scene_.unit(), 1.25f * scene_.unit());
    ImGui::SetCursorScreenPos(inner.min);
    const SurfaceScene drawn{.grid = grid_, .paths = paths, .marks = marks, .pointed = pointed};
    const SurfaceHit hit = draw_surface(scene_.context, "race-surface", {inner.width(), inner.height()}, drawn, options, view_.surface);
    if (hit.pointed) view_.pointed = hit.pointed;
    if (hit.clicked_path) go_to(racers[static_cast<std::size_t>(hit.clicked_path->path)], hit.clicked_path->point);
  }

  /// Against the gradient and along the momentum: their directions; the step as long as it is.
  std::vector<ContourArrow> arrows_of() const {
    std::vector<ContourArrow> arrows;
    const int chosen = scene_.chosen();
    const Racer& racer = scene_.racer(chosen);
    if (lesson_.param("arrows") == 0 || !lesson_.races(chosen) || racer.stopped() >= 0) return arrows;
    const Program& program = racer.program();
    const Point2 place = racer.place();
    const PlanePoint from{static_cast<double>(place.x), static_cast<double>(place.y)};
    const auto number = [&](const std::string& name) {
      const TensorId id = program.find(name);
      return id == kNoTensor ? 0.0 : static_cast<double>(racer.value(id));
    };
    const auto add = [&](double dx, double dy, bool true_length, std::string_view label, bool dashed) {
      const double across = dx / grid_.range.width(), up = dy / grid_.range.height(), length = std::hypot(across, up);
      if (!(length > 1e-12) || !std::isfinite(length)) return;
      const double scale = true_length ? 1.0 : 0.12 / length;
      if (true_length && length < 0.01) return;
      arrows.push_back({.from = from, .to = {from.x + scale * dx, from.y + scale * dy}, .label = label, .color = chosen, .dashed = dashed});
    };
    add(-number("x.grad"), -number("y.grad"), false, "−g", true);
    const char* memory = program.find("x.velocity") != kNoTensor ? "velocity" : "m";
    add(-number(std::string("x.") + memory), -number(std::string("y.") + memory), false, "momentum", true);
    add(number("x.change"), number("y.change"), true, "step", false);
    return arrows;
  }

  void begin_at(PlanePoint at) const {
    // As many digits as a person can point at.
    const auto rounded = [](double value, double extent) {
      const double step = std::pow(10.0, std::floor(std::log10(extent)) - 2.0);
      return static_cast<float>(std::round(value / step) * step);
    };
    scene_.act(Action::command("start", 0.0, {rounded(at.x, grid_.range.width()), rounded(at.y, grid_.range.height())}));
  }

  void go_to(int racer, int point) const { scene_.context.seek_request = point * scene_.racer(racer).path().x.stride(); }

  const RaceScene& scene_;
  const RaceLesson& lesson_;
  RaceView& view_;
  Rect box_;
  ContourGrid grid_;
  ContourOptions options_;
};

}  // namespace

void draw_race_plots(const RaceScene& scene, const Rect& box) { RacePlots(scene, box).draw(); }

}  // namespace chainrule
