// The canvas of "The loss plane of a real network": numbers, the plane from above and as a surface, and beside it what the
// network makes of its inputs and how its loss went.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/approximate_note.h"
#include "web/lessons/plane/loss_plane_lesson.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"
#include "web/widgets/surface3d.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct PlaneScene {
  const LossPlaneLesson& lesson;
  const PlaneTraining& training;
  PlaneMeasure& measure;
  DrawContext& context;
  const Theme& theme;
  PlaneChoice choice;
};

/// "h1.w[0,1]".
std::string weight_name(const ParameterLayout& layout, std::size_t index) {
  const ParameterLayout::Block& block = layout.block_of(index);
  return block.name + block.shape.index_text(static_cast<std::int64_t>(index - block.begin));
}

struct AxisNames {
  std::string x, y;
};

AxisNames axis_names(const PlaneScene& scene) {
  const ParameterLayout& layout = scene.measure.layout();
  if (scene.choice.directions == PlaneDirections::kWeights) {
    const PlaneMeasure::WeightPair pair = scene.measure.weights_of(scene.choice);
    return {weight_name(layout, pair.across), weight_name(layout, pair.upwards)};
  }
  if (scene.choice.directions == PlaneDirections::kRandom) return {"random direction 1", "random direction 2"};
  const PrincipalComponents& found = scene.measure.components();
  return {"first component, " + percent_text(found.first_share, 1), "second component, " + percent_text(found.second_share, 1)};
}

/// A number with its name above it. A click explains, where there is something to explain. Returns the width used.
float draw_fact(const PlaneScene& scene, ImVec2 at, std::string_view name, std::string_view value, const std::optional<ElementRef>& element) {
  const Theme& theme = scene.theme;
  const Face small = face_of(theme, TextSize::kCaption), large = face_of(theme, TextSize::kTitle, Weight::kNumber);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float width = std::max(text_width(small, name), text_width(large, value));
  const Rect box{at, {at.x + width, at.y + small.size + large.size + 0.5f * theme.unit}};
  ImU32 ink = theme.colors.text;
  const std::string words = std::string(name) + " " + std::string(value);
  if (element) {
    const Press press = press_area(theme, std::string(name).c_str(), box, {.name = words, .help = "Shows how it was computed."});
    if (press.pressed) scene.context.explain_request = element;
    if (press.hovered) ink = theme.colors.accent;
  } else {
    mirror_text(std::string(name).c_str(), box, words);
  }
  put_text(list, small, at, theme.colors.text_muted, name);
  put_plain(list, large, {at.x, at.y + small.size + 0.25f * theme.unit}, ink, value);
  return width;
}

/// What rounding leaves of nothing is nothing.
std::string distance_text(float distance) { return distance < 1e-5f ? "0" : value_text(distance, 3); }

std::string loss_text(std::optional<float> loss) { return loss && !std::isnan(*loss) ? value_text(*loss, 4) : "–"; }

/// A loss of the plane that a GPU has measured is marked: it is not, to the last bit, the network's.
std::string plane_loss_text(const PlaneScene& scene, float loss) { return (scene.measure.approximate() ? "≈ " : "") + value_text(loss, 4); }

std::string_view plane_loss_name(const PlaneScene& scene) { return scene.measure.approximate() ? "loss ≈" : "loss"; }

float draw_facts(const PlaneScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float gap = 3 * theme.unit, line = face_of(theme, TextSize::kCaption).size + face_of(theme, TextSize::kTitle).size + 1.5f * theme.unit;
  struct Fact {
    std::string name, value;
    std::optional<ElementRef> element;
  };
  std::vector<Fact> facts;
  const std::int64_t step = scene.lesson.step();
  // Of points the present loss is there at once; of digits the newest one that was measured.
  std::optional<float> loss;
  std::int64_t of_step = step;
  if (!scene.training.setup().lenet) {
    loss = scene.measure.present().loss();
  } else if (const Trajectory::Point* point = scene.measure.newest_measured()) {
    loss = point->loss;
    of_step = point->step;
  }
  const bool present = loss && of_step == step;
  const std::string on = "loss on " + scene.training.evaluation_name();
  facts.push_back({present || !loss ? on : on + ", step " + std::to_string(of_step), loss_text(loss), present ? std::optional(ElementRef{"evaluation/loss", 0, step}) : std::nullopt});
  if (scene.training.trainer().step_shown())
    facts.push_back({"loss of the batch of step " + std::to_string(step), loss_text(scene.training.trainer().loss()), ElementRef{"loss", 0, step}});
  const std::vector<PathOnPlane>& path = scene.measure.path();
  if (!path.empty()) facts.push_back({"distance from the plane", distance_text(path.back().distance), std::nullopt});
  if (const auto least = scene.measure.least()) facts.push_back({"least loss on the plane", plane_loss_text(scene, least->loss), std::nullopt});
  if (const PlaneMeasure::Pinned* pinned = scene.measure.pinned()) {
    const float exact = pinned->set->loss();
    const std::string at = "loss at (" + value_text(static_cast<float>(pinned->a), 3) + ", " + value_text(static_cast<float>(pinned->b), 3) + ")";
    const std::string off = scene.measure.approximate() ? "; the plane is off by " + value_text(std::abs(pinned->measured - exact), 2) : "";
    facts.push_back({at + off, value_text(exact, 4), scene.lesson.pinned_loss()});
  }
  float x = box.min.x, y = box.min.y;
  for (const Fact& fact : facts) {
    const float width = std::max(text_width(face_of(theme, TextSize::kCaption), fact.name), text_width(face_of(theme, TextSize::kTitle, Weight::kNumber), fact.value));
    if (x > box.min.x && x + width > box.max.x) {
      x = box.min.x;
      y += line;
    }
    x += draw_fact(scene, {x, y}, fact.name, fact.value, fact.element) + gap;
  }
  return y + line - box.min.y;
}

/// What is being shown, in a line.
std::string plane_sentence(const PlaneScene& scene) {
  const ContourGrid& grid = scene.measure.grid();
  if (grid.nx == 0) return "The first 9 × 9 losses are being measured: " + percent_text(scene.measure.progress(), 0) + " of them are there.";
  const std::string side = std::to_string(grid.nx);
  std::string text = side + " × " + side + " losses on " + scene.training.evaluation_name() + ", on a plane through the weights of step " +
                     std::to_string(scene.measure.plane_step());
  return scene.measure.complete() ? text + "." : text + "; of the next grid " + percent_text(scene.measure.progress(), 0) + ".";
}

/// The path as columns, for both views.
struct PathColumns {
  std::vector<float> x, y, height, ground;
};

PathColumns columns_of(const PlaneScene& scene) {
  PathColumns columns;
  for (const PathOnPlane& point : scene.measure.path()) {
    columns.x.push_back(point.a);
    columns.y.push_back(point.b);
    const std::optional<float> below = grid_value(scene.measure.grid(), {point.a, point.b});
    columns.ground.push_back(below.value_or(std::nanf("")));
    // A loss that is not measured yet stands on the plane.
    columns.height.push_back(std::isnan(point.loss) ? columns.ground.back() : point.loss);
  }
  return columns;
}

std::string path_text(const PlaneScene& scene, const PathOnPlane& point) {
  const std::optional<float> below = grid_value(scene.measure.grid(), {point.a, point.b});
  const std::string text = "true loss " + loss_text(point.loss) + ", distance " + distance_text(point.distance);
  return below ? text + ", on the plane " + plane_loss_text(scene, *below) : text;
}

std::string divergence_text(const PlaneScene& scene) {
  const auto& diverged = scene.training.trainer().divergence();
  return diverged ? "diverged at step " + std::to_string(diverged->step) : "";
}

void move_weights(const PlaneScene& scene, PlanePoint to) {
  const ParameterLayout& layout = scene.measure.layout();
  const PlaneMeasure::WeightPair pair = scene.measure.weights_of(scene.choice);
  for (const auto& [index, value] : {std::pair(pair.across, to.x), {pair.upwards, to.y}}) {
    const ParameterLayout::Block& block = layout.block_of(index);
    scene.context.actions.push_back(Action::edit(block.name, static_cast<std::int64_t>(index - block.begin), static_cast<float>(value)));
  }
}

void draw_map(const PlaneScene& scene, const Rect& box) {
  PlaneMeasure& measure = scene.measure;
  const AxisNames names = axis_names(scene);
  const bool movable = scene.choice.directions == PlaneDirections::kWeights;
  ContourOptions options;
  options.title = "Loss on the plane";
  options.x_label = names.x;
  options.y_label = names.y;
  options.value_label = plane_loss_name(scene);
  options.home = measure.home(scene.choice);
  options.log_levels = scene.lesson.param("log") != 0;
  options.help = movable ? "Drag the ring to set both weights; a click on the path goes to its step, a click elsewhere shows how the loss there is computed."
                         : "A click on the path goes to its step, a click elsewhere shows how the loss there is computed.";
  measure.wanted = contour_range(scene.theme, {box.width(), box.height()}, options, measure.map);
  const PathColumns columns = columns_of(scene);
  const std::string ended = divergence_text(scene);
  const ContourPath path{.label = {}, .x = columns.x, .y = columns.y, .color = 1, .end_text = ended};
  std::vector<ContourMark> marks;
  if (!columns.x.empty()) {
    const PlanePoint present = measure.held.value_or(PlanePoint{columns.x.back(), columns.y.back()});
    marks.push_back({.at = present, .shape = ContourMark::Shape::kRing, .label = "now", .draggable = movable});
    if (columns.x.size() > 1) marks.push_back({.at = {columns.x[0], columns.y[0]}, .shape = ContourMark::Shape::kSquare, .label = "start"});
  }
  if (const auto least = measure.least()) marks.push_back({.at = {least->a, least->b}, .shape = ContourMark::Shape::kStar, .label = "least"});
  if (const PlaneMeasure::Pinned* pinned = measure.pinned()) marks.push_back({.at = {pinned->a, pinned->b}, .shape = ContourMark::Shape::kCross});
  ContourScene contours;
  contours.grid = measure.grid();
  contours.paths = std::span(&path, 1);
  contours.marks = marks;
  ImGui::SetCursorScreenPos(box.min);
  const ContourHit hit = draw_contour_map(scene.context, "loss-plane", {box.width(), box.height()}, contours, options, measure.map);
  if (hit.dragged) {
    measure.held = hit.dragged->at;
    if (hit.dragged->done) move_weights(scene, hit.dragged->at);
  }
  if (!hit.dragged || hit.dragged->done) measure.held.reset();
  const std::vector<PathOnPlane>& points = measure.path();
  if (hit.pointed_path && !hit.dragged) {
    const PathOnPlane& point = points[static_cast<std::size_t>(hit.pointed_path->point)];
    value_tip(scene.theme, "step " + std::to_string(point.step), path_text(scene, point));
  }
  if (hit.clicked_path) scene.context.seek_request = points[static_cast<std::size_t>(hit.clicked_path->point)].step;
  if (hit.clicked && !hit.clicked_path && !hit.clicked_mark && !hit.dragged && !measure.begins()) {
    measure.pin(*hit.clicked);
    scene.context.explain_request = scene.lesson.pinned_loss();
  }
  measure.pointed = hit.pointed;
}

void draw_landscape(const PlaneScene& scene, const Rect& box) {
  PlaneMeasure& measure = scene.measure;
  // Slanted axes have little room.
  const AxisNames names = scene.choice.directions == PlaneDirections::kWeights ? axis_names(scene) : AxisNames{"direction 1", "direction 2"};
  SurfaceOptions options;
  options.title = "Loss as height";
  options.x_label = names.x;
  options.y_label = names.y;
  options.value_label = plane_loss_name(scene);
  options.log_height = options.log_levels = scene.lesson.param("log") != 0;
  const PathColumns columns = columns_of(scene);
  const std::string ended = divergence_text(scene);
  const SurfacePath path{.label = {}, .x = columns.x, .y = columns.y, .height = columns.height, .ground = columns.ground, .color = 1, .end_text = ended};
  std::vector<SurfaceMark> marks;
  if (!columns.x.empty())
    marks.push_back({{columns.x.back(), columns.y.back()}, static_cast<double>(columns.height.back()), ContourMark::Shape::kRing, -1, "now"});
  if (const auto least = measure.least()) marks.push_back({{least->a, least->b}, static_cast<double>(least->loss), ContourMark::Shape::kStar, -1, "least"});
  SurfaceScene surface;
  surface.grid = measure.grid();
  surface.paths = std::span(&path, 1);
  surface.marks = marks;
  surface.pointed = measure.pointed;
  ImGui::SetCursorScreenPos(box.min);
  const SurfaceHit hit = draw_surface(scene.context, "loss-surface", {box.width(), box.height()}, surface, options, measure.surface);
  if (hit.clicked_path) scene.context.seek_request = measure.path()[static_cast<std::size_t>(hit.clicked_path->point)].step;
}

void draw_boundary(const PlaneScene& scene, const Rect& box) {
  PlaneMeasure& measure = scene.measure;
  std::vector<float> x[3], y[3];  // of class 0 and 1, of the batch
  const Points2d& points = scene.training.points();
  const auto add = [&](int kind, std::size_t point) {
    x[kind].push_back(points.x[2 * point]);
    y[kind].push_back(points.x[2 * point + 1]);
  };
  for (std::size_t i = 0; i < points.label.size(); ++i) add(points.label[i] == 0.0f ? 0 : 1, i);
  const bool stepped = scene.lesson.step() > 0;
  for (int n = 0; stepped && n < scene.training.batch(); ++n) add(2, scene.training.sample_of(scene.lesson.step(), n));
  const ContourCloud clouds[] = {{"class −1", x[0], y[0], 1, ContourMark::Shape::kDot},
                                 {"class 1", x[1], y[1], 0, ContourMark::Shape::kTriangle},
                                 {"batch", x[2], y[2], 2, ContourMark::Shape::kRing}};
  ContourOptions options;
  options.title = "What the network makes of the plane";
  options.x_label = "x₁";
  options.y_label = "x₂";
  options.value_label = "output";
  options.home = {-4, 4, -4, 4};
  options.low = -1;
  options.high = 1;
  options.levels = 8;
  options.legend = true;
  options.help = "The output of the network for each input; points of both classes, those of the last batch ringed.";
  ContourScene contours;
  contours.grid = measure.boundary_grid(contour_range(scene.theme, {box.width(), box.height()}, options, measure.boundary));
  contours.clouds = std::span(clouds).first(stepped ? 3 : 2);
  ImGui::SetCursorScreenPos(box.min);
  draw_contour_map(scene.context, "boundary", {box.width(), box.height()}, contours, options, measure.boundary);
}

void draw_curve(const PlaneScene& scene, const Rect& box) {
  std::vector<float> steps, losses;
  for (const PathOnPlane& point : scene.measure.path()) {
    if (!steps.empty() && steps.back() == static_cast<float>(point.step)) continue;  // the present point may be one of the path
    steps.push_back(static_cast<float>(point.step));
    losses.push_back(point.loss);
  }
  const PlotSeries series{.label = "true loss", .x = steps, .y = losses, .color = 1};
  PlotOptions options;
  options.title = "True loss along the path";
  options.x_label = "step";
  options.y_label = "loss";
  options.log_y = scene.lesson.param("log") != 0;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "path-loss", {box.width(), box.height()}, std::span(&series, 1), {}, options);
}

using DrawPart = void (*)(const PlaneScene&, const Rect&);

/// Parts beside each other. Returns where the next row begins.
float draw_row(const PlaneScene& scene, const Rect& row, std::span<const DrawPart> parts) {
  const float gap = 2 * scene.theme.unit, width = (row.width() + gap) / static_cast<float>(parts.size()) - gap;
  float x = row.min.x;
  for (const DrawPart part : parts) {
    part(scene, {{x, row.min.y}, {x + width, row.max.y}});
    x += width + gap;
  }
  return row.max.y + gap;
}

/// The plane from above, as a surface, or both; of points what the network makes of them; the curve.
std::vector<DrawPart> parts_of(const PlaneScene& scene) {
  const int view = static_cast<int>(scene.lesson.param("view"));
  std::vector<DrawPart> parts;
  if (view != 1) parts.push_back(draw_map);
  if (view != 0) parts.push_back(draw_landscape);
  if (!scene.training.setup().lenet) parts.push_back(draw_boundary);
  parts.push_back(draw_curve);
  return parts;
}

/// One large view, and a column of what is linked to it.
float draw_beside(const PlaneScene& scene, const Rect& box, std::span<const DrawPart> parts) {
  const float unit = scene.theme.unit, gap = 2 * unit, side = std::clamp(box.width() * 0.36f, 40 * unit, 90 * unit);
  parts[0](scene, {box.min, {box.max.x - side - gap, box.max.y}});
  const std::span<const DrawPart> rest = parts.subspan(1);
  const float tall = (box.height() + gap) / static_cast<float>(rest.size()) - gap;
  float y = box.min.y;
  for (const DrawPart part : rest) {
    part(scene, {{box.max.x - side, y}, {box.max.x, y + tall}});
    y += tall + gap;
  }
  return box.max.y;
}

}  // namespace

void LossPlaneLesson::draw(DrawContext& context) const {
  const float unit = context.theme.unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (training_ == nullptr || size.x < 30 * unit || size.y < 10 * unit) return;
  const PlaneScene scene{*this, *training_, *measure_, context, context.theme, choice()};
  const Face caption = face_of(context.theme, TextSize::kCaption);
  const float right = origin.x + size.x;
  float y = origin.y + draw_facts(scene, {origin, {right, origin.y + size.y}});
  const std::string sentence = plane_sentence(scene);
  const float tall = put_wrapped(ImGui::GetWindowDrawList(), caption, {origin.x, y}, size.x, context.theme.colors.text_muted, sentence);
  mirror_text("plane", {{origin.x, y}, {right, y + tall}}, sentence);
  y += tall;
  if (measure_->approximate())
    y += approximate_note(context.theme, {origin.x, y}, size.x, "approximate-plane",
                          "≈ From WebGPU: the plane's losses are approximate. Those of the weights now and of the path are exact.");
  if (training_->approximate()) y += approximate_note(context.theme, {origin.x, y}, size.x, "approximate-weights", kApproximateWeights);
  y += unit;
  const std::vector<DrawPart> parts = parts_of(scene);
  const float left = origin.y + size.y - y;
  if (size.x <= 90 * unit) {
    for (const DrawPart part : parts) y = draw_row(scene, {{origin.x, y}, {right, y + (part == draw_curve ? 36 * unit : std::min(0.95f * size.x, 80 * unit))}}, std::span(&part, 1));
  } else if (parts.size() < 4) {
    y = draw_beside(scene, {{origin.x, y}, {right, y + std::max(left, 50 * unit)}}, parts);
  } else {
    const float row = std::max((left - 2 * unit) / 2, 38 * unit);
    y = draw_row(scene, {{origin.x, y}, {right, y + 1.15f * row}}, std::span(parts).first(2));
    y = draw_row(scene, {{origin.x, y}, {right, y + 0.85f * row}}, std::span(parts).subspan(2));
  }
  ImGui::SetCursorScreenPos({origin.x, y});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
