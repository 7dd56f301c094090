// The canvas of "Fit a line": the points with the line, the loss over both weights, the numbers, and the loss from step to step.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lessons/fit/fit_a_line.h"
#include "web/lessons/fit/fit_points.h"
#include "web/lessons/fit/fit_scene.h"
#include "web/widgets/contour_map.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {

struct FitLineView {
  ContourMapState data, map;
  PlaneRange data_home, map_home;
  LineLosses losses;
  std::vector<float> grid;
  std::uint64_t grid_key = 0;
  std::optional<std::size_t> selected;
};

std::unique_ptr<Lesson> FitALine::sibling() const {
  auto other = std::make_unique<FitALine>();
  other->view_ = view_;
  return other;
}

namespace {

constexpr int kSide = 65;  // places of the map along an axis

struct LineScene : FitScene {
  const FitALine& line;
  FitLineView& view;
  float w(std::size_t i) const { return lesson.values("w")[i]; }
};

struct Names {
  std::string_view x, y;
};
Names names_of(const FitALine& lesson) {
  return static_cast<FitData>(static_cast<int>(lesson.param("data"))) == FitData::kSpring ? Names{"extension x in cm", "force F in N"} : Names{"x", "y"};
}

/// `range` with a margin around it, a share of its size and at least `least`.
PlaneRange with_margin(const PlaneRange& range, double share, double least) {
  const double dx = std::max(share * range.width(), least), dy = std::max(share * range.height(), least);
  return {range.x_low - dx, range.x_high + dx, range.y_low - dy, range.y_high + dy};
}

PlaneRange bounds_of(std::span<const float> x, std::span<const float> y) {
  const auto [x_low, x_high] = std::ranges::minmax_element(x);
  const auto [y_low, y_high] = std::ranges::minmax_element(y);
  return {*x_low, *x_high, *y_low, *y_high};
}

/// Where the map begins: around the closed form and the first weights.
PlaneRange map_home(const FitALine& lesson) {
  const auto closed = lesson.values("w.closed");
  std::vector<float> x, y;
  if (std::isfinite(closed[0]) && std::isfinite(closed[1])) x.push_back(closed[0]), y.push_back(closed[1]);
  for (const std::size_t at : {std::size_t{0}, lesson.history().w0.size() - 1}) {
    const float w0 = lesson.history().w0[at], w1 = lesson.history().w1[at];
    // What has diverged does not make the map so large that nothing is seen on it.
    if (std::abs(w0) < 20.0f && std::abs(w1) < 20.0f) x.push_back(w0), y.push_back(w1);
  }
  if (x.empty()) return {-3, 3, -3, 3};
  PlaneRange range = bounds_of(x, y);
  if (std::isfinite(closed[0]) && std::isfinite(closed[1])) {
    // The closed form in the middle.
    const double dx = std::max(range.x_high - closed[0], closed[0] - range.x_low), dy = std::max(range.y_high - closed[1], closed[1] - range.y_low);
    range = {closed[0] - dx, closed[0] + dx, closed[1] - dy, closed[1] + dy};
  }
  return with_margin(range, 0.3, 1.0);
}

// ---------------------------------------------------------------------------------------------------------------- data

struct DataShapes {
  std::vector<ContourMark> marks;
  std::vector<std::vector<float>> xs, ys;  // of the paths
  std::vector<ContourPath> paths;

  void add(std::vector<float> x, std::vector<float> y, ContourPath path) {
    xs.push_back(std::move(x)), ys.push_back(std::move(y)), paths.push_back(path);
  }
  std::span<const ContourPath> done() {
    for (std::size_t i = 0; i < paths.size(); ++i) paths[i].x = xs[i], paths[i].y = ys[i];
    return paths;
  }
};

DataShapes data_shapes(const LineScene& scene, const PlaneRange& range, double x_per_y) {
  DataShapes shapes;
  const FitPoints& points = scene.line.points();
  const auto predicted = scene.line.values("yhat"), closed = scene.line.values("w.closed");
  const bool some = scene.line.param("batch") != 0, squares = scene.line.param("squares") != 0;
  const auto x_low = static_cast<float>(range.x_low), x_high = static_cast<float>(range.x_high);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float x = points.x[i], y = points.y[i], on_line = predicted[i];
    const bool drawn = std::ranges::count(scene.line.batch(), static_cast<std::uint32_t>(i)) > 0;
    if (std::isfinite(on_line)) {
      // A square of the residual's length on the screen, on the side where the line is not.
      const float side = static_cast<float>(std::abs(on_line - y) * x_per_y) * (scene.w(1) > 0 ? 1.0f : -1.0f) * (y > on_line ? -1.0f : 1.0f);
      if (squares) shapes.add({x, x + side, x + side, x, x}, {y, y, on_line, on_line, y}, {.color = some && drawn ? 1 : 5, .dots = false, .faint = true});
      shapes.add({x, x}, {y, on_line}, {.color = some && drawn ? 1 : 5, .dots = false, .faint = true});
    }
    const bool chosen = scene.view.selected == i;
    shapes.marks.push_back({.at = {x, y}, .shape = some && drawn ? ContourMark::Shape::kSquare : ContourMark::Shape::kDot, .color = some && drawn ? 1 : 0, .draggable = true});
    if (chosen) shapes.marks.back().color = 3;
  }
  if (std::isfinite(closed[0]) && std::isfinite(closed[1]))
    shapes.add({x_low, x_high}, {closed[0] + closed[1] * x_low, closed[0] + closed[1] * x_high}, {.color = 4, .dash = 1, .dots = false, .faint = true});
  if (std::isfinite(scene.w(0)) && std::isfinite(scene.w(1)))
    shapes.add({x_low, x_high}, {scene.w(0) + scene.w(1) * x_low, scene.w(0) + scene.w(1) * x_high}, {.color = 2, .dots = false});
  return shapes;
}

void take_data_input(const LineScene& scene, const ContourHit& hit) {
  std::vector<Action>& actions = scene.context.actions;
  const auto pair = [](PlanePoint p) { return std::vector<float>{static_cast<float>(p.x), static_cast<float>(p.y)}; };
  if (hit.dragged) {
    scene.view.selected = static_cast<std::size_t>(hit.dragged->mark);
    const std::vector<float> to = pair(hit.dragged->at);
    const std::size_t i = *scene.view.selected;
    // A hand that rests changes nothing.
    if (i < scene.line.points().size() && (to[0] != scene.line.points().x[i] || to[1] != scene.line.points().y[i])) actions.push_back(Action::command("move", hit.dragged->mark, to));
  } else if (hit.clicked_mark) {
    scene.view.selected = static_cast<std::size_t>(*hit.clicked_mark);
  } else if (hit.clicked) {
    scene.view.selected = scene.line.points().size();
    actions.push_back(Action::command("add", 0.0, pair(*hit.clicked)));
  }
}

void draw_data(const LineScene& scene, const Rect& box) {
  FitLineView& view = scene.view;
  const Names names = names_of(scene.line);
  if (view.data.grabbed < 0) {
    const PlaneRange bounds = bounds_of(scene.line.points().x, scene.line.points().y);
    view.data_home = with_margin(bounds, 0.2, 0.3);
  }
  ContourOptions options;
  options.title = "Points and line";
  options.x_label = names.x;
  options.y_label = names.y;
  options.home = view.data_home;
  options.bar = false;
  options.help = "A press on an empty place adds a point; a point can be dragged.";
  const ImVec2 size{box.width(), box.height()};
  const PlaneRange range = contour_range(scene.theme, size, options, view.data);
  const ImVec2 area = contour_area(scene.theme, size, options);
  DataShapes shapes = data_shapes(scene, range, range.width() / area.x / (range.height() / area.y));
  ContourScene drawn;
  drawn.marks = shapes.marks;
  drawn.paths = shapes.done();
  ImGui::SetCursorScreenPos(box.min);
  take_data_input(scene, draw_contour_map(scene.context, "data", size, drawn, options, view.data));
}

// ----------------------------------------------------------------------------------------------------------------- map

void compute_grid(const LineScene& scene, const PlaneRange& range) {
  FitLineView& view = scene.view;
  Hasher hasher;
  hasher.add(std::span<const float>(scene.line.points().x));
  hasher.add(std::span<const float>(scene.line.points().y));
  const std::array<float, 4> edges{static_cast<float>(range.x_low), static_cast<float>(range.x_high), static_cast<float>(range.y_low), static_cast<float>(range.y_high)};
  hasher.add(std::span<const float>(edges));
  hasher.add(static_cast<std::uint64_t>(scene.line.param("log")));
  if (hasher.value() == view.grid_key) return;
  view.grid_key = hasher.value();
  const auto losses = view.losses.grid(scene.line.points(), range, kSide, kSide);
  view.grid.assign(losses.begin(), losses.end());
}

/// The path through the remembered weights, and its end's words where they stopped being finite.
struct Way {
  std::vector<float> x, y;
  std::string end;
};
Way way_of(const FitALine& lesson) {
  Way way;
  const FitALine::History& history = lesson.history();
  const auto steps = std::min(history.w0.size(), static_cast<std::size_t>(lesson.step()) + 1);
  for (std::size_t i = 0; i < steps; ++i) {
    if (!std::isfinite(history.w0[i]) || !std::isfinite(history.w1[i])) continue;
    way.x.push_back(history.w0[i]), way.y.push_back(history.w1[i]);
  }
  if (!lesson.divergence().empty()) way.end = "diverged at step " + grouped_text(lesson.step());
  return way;
}

void draw_map(const LineScene& scene, const Rect& box) {
  FitLineView& view = scene.view;
  const FitALine& lesson = scene.line;
  if (view.map.grabbed < 0 && view.data.grabbed < 0) view.map_home = map_home(lesson);
  ContourOptions options;
  options.title = "Loss J over the weights";
  options.x_label = "w0";
  options.y_label = "w1";
  options.value_label = "J";
  options.home = view.map_home;
  options.log_levels = lesson.param("log") != 0;
  options.levels = options.log_levels ? 14 : 10;
  options.value = [&](PlanePoint p) { return static_cast<double>(LineLosses().at(lesson.points(), p)); };
  options.help = "The weights can be dragged to another place.";
  const ImVec2 size{box.width(), box.height()};
  const PlaneRange range = contour_range(scene.theme, size, options, view.map);
  compute_grid(scene, range);
  ContourScene drawn;
  drawn.grid = {range, kSide, kSide, view.grid, view.grid_key};
  const Way way = way_of(lesson);
  const ContourPath path{.label = {}, .x = way.x, .y = way.y, .color = 0, .end_text = way.end};
  drawn.paths = {&path, 1};
  const PlanePoint w{scene.w(0), scene.w(1)};
  const auto g = lesson.values("g"), all = lesson.values("g.all"), closed = lesson.values("w.closed");
  const double lr = lesson.param("lr");
  std::vector<ContourArrow> arrows;
  const bool finite = std::isfinite(w.x) && std::isfinite(w.y) && std::isfinite(g[0]) && std::isfinite(g[1]);
  if (finite && lesson.param("batch") != 0) arrows.push_back({w, {w.x - lr * all[0], w.y - lr * all[1]}, "all points", 2, true});
  if (finite) arrows.push_back({w, {w.x - lr * g[0], w.y - lr * g[1]}, "update", 1});
  drawn.arrows = arrows;
  std::vector<ContourMark> marks;
  if (std::isfinite(w.x) && std::isfinite(w.y)) marks.push_back({w, ContourMark::Shape::kDot, 0, {}, true});
  if (std::isfinite(closed[0]) && std::isfinite(closed[1])) marks.push_back({{closed[0], closed[1]}, ContourMark::Shape::kStar, 4, "closed form"});
  drawn.marks = marks;
  ImGui::SetCursorScreenPos(box.min);
  const ContourHit hit = draw_contour_map(scene.context, "weights", size, drawn, options, view.map);
  const PlanePoint to = hit.dragged ? hit.dragged->at : w;
  if (hit.dragged && hit.dragged->mark == 0 && (static_cast<float>(to.x) != scene.w(0) || static_cast<float>(to.y) != scene.w(1)))
    scene.context.actions.push_back(Action::assign("w", {static_cast<float>(to.x), static_cast<float>(to.y)}));
  else if (hit.clicked_path && hit.clicked_path->point < lesson.step())
    scene.context.seek_request = hit.clicked_path->point;
}

// ------------------------------------------------------------------------------------------------------------- numbers

void draw_losses(const LineScene& scene, const Rect& box) {
  const FitALine::History& history = scene.line.history();
  const auto steps = std::min(history.loss.size(), static_cast<std::size_t>(scene.line.step()) + 1);
  std::vector<PlotSeries> series;
  if (scene.line.param("batch") != 0)
    series.push_back({.label = "batch", .x = {}, .y = std::span(history.batch_loss).first(steps), .color = 1, .dash = 1, .style = PlotSeries::Style::kFaintLine});
  series.push_back({.label = "all points", .x = {}, .y = std::span(history.loss).first(steps), .color = 0});
  const float least = scene.line.values("J.closed")[0];
  const PlotMark mark{least, "closed form"};
  PlotOptions options;
  options.title = "Loss J";
  options.x_label = "updates";
  options.log_y = scene.line.param("log") != 0;
  if (!options.log_y) options.y_low = 0.0;
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "losses", {box.width(), box.height()}, series, {&mark, least > 0.0f ? 1u : 0u}, options);
}

float draw_point(const LineScene& scene, ImVec2 at, float width) {
  FitLineView& view = scene.view;
  if (view.selected && *view.selected >= scene.line.points().size()) view.selected.reset();
  if (!view.selected) return 0.0f;
  const auto i = static_cast<std::int64_t>(*view.selected);
  const std::string name = "Point " + std::to_string(i);
  const float height = draw_numbers(scene, "point", at, width, name,
                                    {{"x", "X", 2 * i + 1}, {"y", "y", i}, {"prediction ŷ", "yhat", i}, {"residual y − ŷ", "residual", i}, {"loss ½(ŷ − y)²", "loss", i},
                                     {"its ∂/∂w0", "gradients", 2 * i}, {"its ∂/∂w1", "gradients", 2 * i + 1}});
  ImGui::SetCursorScreenPos({at.x, at.y + height});
  if (text_button(scene.theme, "Remove this point", ButtonLook::kQuiet, 0.0f, scene.line.points().size() > 2))
    scene.context.actions.push_back(Action::command("remove", static_cast<double>(i)));
  return height + control_height(scene.theme) + 1.5f * scene.unit();
}

std::vector<FitNumber> step_numbers(const FitALine& lesson) {
  std::vector<FitNumber> numbers{{"w0", "w", 0, 0}, {"w1", "w", 1, 0}, {"J of all points", "J", 0}};
  if (lesson.param("batch") != 0) {
    numbers.push_back({"J of the batch", "J.batch", 0, 1});
    numbers.push_back({"batch: ∂J/∂w0", "g", 0, 1});
    numbers.push_back({"batch: ∂J/∂w1", "g", 1, 1});
  }
  numbers.push_back({"∂J/∂w0", "g.all", 0, 2});
  numbers.push_back({"∂J/∂w1", "g.all", 1, 2});
  return numbers;
}

float draw_column(const LineScene& scene, ImVec2 at, float width) {
  const float gap = 1.5f * scene.unit();
  float y = at.y;
  y += draw_rate(scene, {at.x, y}, width, "▾ best rate, | stable limit 2 / λ of the loss of all points. A mini-batch needs a smaller one.") + gap;
  y += draw_point(scene, {at.x, y}, width);
  y += draw_numbers(scene, "now", {at.x, y}, width, "At this step", step_numbers(scene.line)) + gap;
  y += draw_numbers(scene, "closed", {at.x, y}, width, "Closed form",
                    {{"w0", "w.closed", 0, 4}, {"w1", "w.closed", 1, 4}, {"least J", "J.closed", 0}, {"greatest λ", "lambda", 0}, {"least λ", "lambda", 1}, {"stable below", "lr.limit", 0},
                     {"best rate", "lr.best", 0}});
  return y - at.y;
}

std::string head_of(const FitALine& lesson) {
  const std::int64_t epoch = lesson.step() / lesson.steps_per_epoch();
  return "Update " + grouped_text(lesson.step()) + ", epoch " + grouped_text(epoch) + ". This update follows " + std::to_string(lesson.batch().size()) + " of " +
         std::to_string(lesson.points().size()) + " points.";
}

}  // namespace

void FitALine::draw(DrawContext& context) const {
  if (view_ == nullptr) view_ = std::make_shared<FitLineView>();
  const LineScene scene{{*this, context, context.theme}, *this, *view_};
  const float unit = context.theme.unit, gap = 2 * unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit || !is_ready()) return;
  float y = origin.y;
  y += draw_head(scene, {origin.x, y}, size.x, head_of(*this)) + unit;
  const bool wide = size.x > 85 * unit;
  const float width = wide ? (size.x - gap) / 2 : size.x;
  const float tall = wide ? std::clamp(size.y - 38 * unit, width * 0.76f, width * 0.9f) : std::min(width * 0.9f, 60 * unit);
  draw_data(scene, {{origin.x, y}, {origin.x + width, y + tall}});
  const ImVec2 second = wide ? ImVec2{origin.x + width + gap, y} : ImVec2{origin.x, y + tall + gap};
  draw_map(scene, {second, {second.x + width, second.y + tall}});
  y = second.y + tall + gap;
  const float column = draw_column(scene, {origin.x, y}, width);
  const ImVec2 plot = wide ? ImVec2{origin.x + width + gap, y} : ImVec2{origin.x, y + column + gap};
  const float high = wide ? std::clamp(column, 26 * unit, 40 * unit) : 32 * unit;
  draw_losses(scene, {plot, {plot.x + width, plot.y + high}});
  ImGui::SetCursorScreenPos({origin.x, std::max(y + column, plot.y + high) + unit});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
