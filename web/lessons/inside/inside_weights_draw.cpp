// Part "Hidden units": the weights of each unit of a first layer as a picture; weights times pixels of one of them.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "engine/trace/derivation.h"
#include "web/lessons/inside/inside_view.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

constexpr int kPixels = 28 * 28;

float draw_units(const InsideScene& scene, const Rect& box) {
  const InsideLenet& lesson = scene.lesson;
  const UnitProbe& probe = lesson.weights_probe();
  const int units = lesson.hidden_units();
  const TensorId w = probe.program().find("fc1.w");
  const float head = section_title(scene.theme, box.min, box.width(), units == 10 ? "Weights of the ten classes" : "Weights of the 128 hidden units", "one picture a unit: press one");
  const float gap = 3.0f;
  const MosaicLayout layout = layout_mosaic(units, 28, 28, {box.width(), box.height() - head - 5.0f * scene.unit()}, gap, 6.0f);
  MosaicData data;
  const std::string key = "inside/units/" + std::string(kDigitModelNames[static_cast<std::size_t>(lesson.weights_model())]);
  data.key = key;
  data.version = lesson.version() - static_cast<std::uint64_t>(lesson.step());
  data.values = probe.buffers()[w];
  data.count = units, data.height = 28, data.width = 28;
  data.scale = diverging_scale(data.values);
  data.name = "net/fc1.w";
  data.shape = probe.program().info(w).shape;
  data.one = "unit";
  data.selected = lesson.hidden_unit();
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + head});
  const MosaicHit hit = draw_mosaic(scene.theme, scene.context.textures, "units", data, layout, gap);
  if (hit.clicked_map >= 0) scene.set("hidden", static_cast<double>((hit.clicked_map - lesson.step() % units + units) % units));
  const float used = head + layout.size(28, 28, gap).y + scene.unit();
  return used + draw_color_legend(scene.theme, {box.min.x, box.min.y + used}, std::min(40.0f * scene.unit(), box.width()), data.scale, "");
}

float draw_sum(const InsideScene& scene, const Rect& box, int unit) {
  InsideLines lines(scene, scene.lesson.weights_probe(), "net/");
  lines.line().text("Σ of 784 products").relation("=").number("fc1.sum", unit);
  lines.line().text("net").relation("=").number("fc1.sum", unit).sign("+").number("fc1.b", unit).relation("≈").number("fc1.net", unit);
  if (scene.lesson.weights_model() == DigitModel::kMlp) lines.line().text("ReLU").relation("=").number("fc1.out", unit);
  return lines.draw(box);
}

float draw_unit(const InsideScene& scene, const InsideDigit& digit, const Rect& box) {
  const InsideLenet& lesson = scene.lesson;
  const UnitProbe& probe = lesson.weights_probe();
  const float u = scene.unit();
  const int unit = lesson.hidden_unit();
  const Program& program = probe.program();
  const TensorId sum = program.find("fc1.sum"), w = program.find("fc1.w");
  float y = box.min.y + section_title(scene.theme, box.min, box.width(), "Unit " + std::to_string(unit), "a step goes to the next");
  const float gap = 2.5f * u, side = std::min((box.width() - 2.0f * gap) / 3.0f, 34.0f * u);
  // The products are the terms of the sum, as the engine added them.
  const Derivation derivation = derive(program, probe.buffers(), sum, unit);
  std::vector<float> products;
  for (const Term& term : derivation.terms()) products.push_back(term.value);
  const std::int64_t first = std::int64_t{unit} * kPixels;
  const std::span<const float> weights = probe.buffers()[w].subspan(static_cast<std::size_t>(first), kPixels);
  const Shape picture{1, 1, 28, 28};
  const auto place = [&](int column) { return ImVec2{box.min.x + static_cast<float>(column) * (side + gap), y}; };
  float high = draw_inside_pad(scene, digit, place(0), side);
  if (high == 0.0f) high = draw_inside_picture(scene, place(0), side, {"net/x", lesson.shown().name, picture, probe.buffers()[probe.x()], 0});
  high = std::max(high, draw_inside_picture(scene, place(1), side, {"net/fc1.w", "weights", program.info(w).shape, weights, first, true, true}));
  high = std::max(high, draw_inside_picture(scene, place(2), side, {"net/fc1.sum", "pixel · weight", Shape{}, products, 0, true, true, false}));
  const auto sign = [&](int column, std::string_view text) {
    put_text(scene.ink(), face_of(scene.theme, TextSize::kTitle), {{place(column).x - gap, y}, {place(column).x, y + side}}, {0.5f, 0.5f}, scene.theme.colors.text_muted, text);
  };
  sign(1, "·");
  sign(2, "=");
  y += high + u;
  y += draw_sum(scene, {{box.min.x, y}, {box.max.x, y}}, unit) + u;
  const std::string_view words = "Where the weights are blue, ink drives the unit; where they are orange, ink holds it back. Few units of a trained network look like a stroke that "
                                 "a person would name: together they tell the digits apart.";
  y += put_wrapped(&scene.ink(), face_of(scene.theme, TextSize::kBody), {box.min.x, y}, box.width(), scene.theme.colors.text_muted, words);
  return y - box.min.y;
}

}  // namespace

float draw_inside_weights(const InsideScene& scene, const Rect& box) {
  const float u = scene.unit();
  const InsideDigit digit(scene, scene.lesson.weights_probe(), "net/");
  float y = box.min.y;
  y += draw_digit_bar(digit.scene(), {box.min.x, y}, box.width()) + u;
  if (scene.narrow) {
    y += draw_unit(scene, digit, {{box.min.x, y}, box.max}) + 2.0f * u;
    return y + draw_units(scene, {{box.min.x, y}, {box.max.x, y + 70.0f * u}}) - box.min.y;
  }
  const float middle = box.min.x + box.width() * 0.48f;
  const float left = draw_units(scene, {{box.min.x, y}, {middle - 1.5f * u, std::max(box.max.y, y + 40.0f * u)}});
  const float right = draw_unit(scene, digit, {{middle + 1.5f * u, y}, box.max});
  return y + std::max(left, right) - box.min.y;
}

}  // namespace chainrule
