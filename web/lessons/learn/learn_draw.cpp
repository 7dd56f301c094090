// The canvas of "Can we learn the kernel?": both kernels with their numbers, the error, and what they do to the picture.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/app/draw_context.h"
#include "web/lessons/learn/learn_a_kernel.h"
#include "web/widgets/controls.h"
#include "web/widgets/matrix_grid.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

struct LearnScene {
  const LearnAKernel& lesson;
  DrawContext& context;
  const Theme& theme;
};

std::vector<std::int64_t> lit_of(const LearnScene& scene, std::string_view tensor) {
  std::vector<std::int64_t> lit;
  const Explanation* open = scene.context.open_explanation;
  if (open == nullptr) return lit;
  if (open->element.tensor == tensor && open->element.step == scene.lesson.step()) lit.push_back(open->element.index);
  for (const ElementRef& ref : open->operands)
    if (ref.tensor == tensor && ref.step == scene.lesson.step()) lit.push_back(ref.index);
  return lit;
}

/// A matrix of one tensor with its title; a click explains. Returns the height used.
float draw_values(const LearnScene& scene, std::string_view tensor, std::string_view title, ImVec2 at, float side, ColorScale scale, int decimals) {
  const Theme& theme = scene.theme;
  const Face caption = face_of(theme, TextSize::kCaption);
  put_text(*ImGui::GetWindowDrawList(), caption, {at, {at.x + side, at.y + caption.size}}, {0, 0}, theme.colors.text_muted, title);
  const TensorId id = scene.lesson.program().find(tensor);
  const std::vector<std::int64_t> lit = lit_of(scene, tensor);
  Hasher hasher;
  hasher.add(scene.lesson.values(tensor));
  MatrixData data;
  const std::string key = "learn/" + std::string(tensor);
  data.key = key;
  data.version = hasher.value();
  data.values = scene.lesson.values(tensor);
  data.shape = scene.lesson.program().info(id).shape;
  data.rows = data.shape[2];
  data.columns = data.shape[3];
  data.scale = scale;
  data.decimals = decimals;
  data.name = tensor;
  data.lit = lit;
  const float top = at.y + caption.size + 0.25f * theme.unit;
  ImGui::SetCursorScreenPos({at.x, top});
  const MatrixHit hit = draw_matrix(theme, scene.context.textures, key.c_str(), {side, side}, data);
  if (hit.clicked) scene.context.explain_request = ElementRef{std::string(tensor), *hit.clicked, scene.lesson.step()};
  return caption.size + 0.25f * theme.unit + side;
}

// Learned, hidden, gradient, in one row: as large as leaves room.
float draw_kernels(const LearnScene& scene, const Rect& box) {
  const float gap = 2 * scene.theme.unit;
  const float side = std::min((box.width() - 2 * gap) / 3, 26 * scene.theme.unit);
  const ColorScale scale = wider(diverging_scale(scene.lesson.values("w")), diverging_scale(scene.lesson.values("hidden")));
  float height = 0, x = box.min.x;
  for (const auto& [tensor, title] : {std::pair{"w", "learned kernel w"}, {"hidden", "hidden kernel"}, {"w.grad", "gradient ∂error/∂w"}}) {
    const std::string_view name = tensor;
    height = draw_values(scene, name, title, {x, box.min.y}, side, name == "w.grad" ? diverging_scale(scene.lesson.values(name)) : scale, 3);
    x += side + gap;
  }
  return height;
}

float draw_pictures(const LearnScene& scene, const Rect& box) {
  const float gap = 2 * scene.theme.unit;
  const int columns = box.width() > 80 * scene.theme.unit ? 4 : 2;
  const float side = std::min((box.width() - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns), 34 * scene.theme.unit);
  const ColorScale outputs = wider(diverging_scale(scene.lesson.values("y")), diverging_scale(scene.lesson.values("target")));
  const bool centred = scene.lesson.param("centred") != 0;
  const ColorScale input{ColorMap::kSequential, centred ? -0.5f : 0.0f, centred ? 0.5f : 1.0f};
  float y = box.min.y, height = 0;
  int i = 0;
  for (const auto& [tensor, title] : {std::pair{"x", "input x"}, {"target", "target: hidden kernel on x"}, {"y", "output y: w on x"}, {"difference", "difference y − target"}}) {
    const std::string_view name = tensor;
    const float x = box.min.x + static_cast<float>(i % columns) * (side + gap);
    height = draw_values(scene, name, title, {x, y}, side, name == "x" ? input : outputs, 2);
    if (++i % columns == 0) y += height + gap;
  }
  return y - gap - box.min.y;
}

float draw_error(const LearnScene& scene, const Rect& box) {
  const LearnAKernel& lesson = scene.lesson;
  const auto errors = lesson.errors().first(std::min(lesson.errors().size(), static_cast<std::size_t>(lesson.step()) + 1));
  const PlotSeries series{.label = "error", .x = {}, .y = errors};
  PlotOptions options;
  options.title = "Error";
  options.x_label = "step";
  options.y_label = "mean squared difference";
  options.log_y = true;
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "error", {box.width(), box.height()}, std::span(&series, 1), {}, options);
  return box.height();
}

// The two numbers that are watched. They are close together only where the picture tells the kernels apart.
float draw_facts(const LearnScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const Face small = face_of(theme, TextSize::kCaption), large = face_of(theme, TextSize::kHeading, Weight::kNumber);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = small.size + large.size + theme.unit;
  const float error = scene.lesson.values("error")[0];
  const Rect left{box.min, {box.min.x + box.width() / 2, box.min.y + height}};
  const std::string text = value_text(error, 4);
  const Press press = press_area(theme, "error number", left, {.name = "error " + text, .help = "Shows how it was computed."});
  if (press.pressed) scene.context.explain_request = ElementRef{"error", 0, scene.lesson.step()};
  put_text(list, small, left.min, theme.colors.text_muted, "error");
  put_text(list, large, {left.min.x, left.min.y + small.size}, press.hovered ? theme.colors.accent : theme.colors.text, text);
  const std::string far = value_text(static_cast<float>(scene.lesson.distance()), 4);
  const Rect right{{left.max.x, box.min.y}, {box.max.x, left.max.y}};
  put_text(list, small, right.min, theme.colors.text_muted, "kernels differ by");
  put_text(list, large, {right.min.x, right.min.y + small.size}, theme.colors.text, far);
  mirror_text("distance", right, "kernels differ by " + far);
  return height;
}

}  // namespace

void LearnAKernel::draw(DrawContext& context) const {
  const LearnScene scene{*this, context, context.theme};
  const float unit = context.theme.unit, gap = 2 * unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit || !run_.begun()) return;
  const bool wide = size.x > 100 * unit;
  const float width = wide ? std::min((size.x - gap) * 0.58f, 90 * unit) : size.x;
  float y = origin.y;
  y += draw_facts(scene, {{origin.x, y}, {origin.x + width, y}}) + unit;
  const float kernels = draw_kernels(scene, {{origin.x, y}, {origin.x + width, y}});
  const ImVec2 plot{wide ? origin.x + width + gap : origin.x, wide ? origin.y : y + kernels + gap};
  const float tall = wide ? y + kernels - origin.y : 30 * unit;
  draw_error(scene, {plot, {origin.x + size.x, plot.y + tall}});
  y = std::max(y + kernels, plot.y + tall) + gap;
  y += draw_pictures(scene, {{origin.x, y}, {origin.x + size.x, y}});
  ImGui::SetCursorScreenPos({origin.x, y});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
