// Part "What a unit detects": a picture that climbs the unit's gradient, and the nine digits to which it answers most.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/inside/inside_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string unit_text(const InsideLenet& lesson) {
  const bool flat = lesson.detect_layer() > 1;
  return std::string(TopDigits::kLayers[static_cast<std::size_t>(lesson.detect_layer())]) + (flat ? ", unit " : ", map ") + std::to_string(lesson.detect_unit());
}

float draw_choices(const InsideScene& scene, ImVec2 at, float width) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const int units[] = {20, 50, 500, 10};
  float x = at.x + draw_inside_choice(scene, at, width, "Layer of the unit", "detect-layer", TopDigits::kLayers) + 2.0f * u, y = at.y;
  const char* label = scene.lesson.detect_layer() > 1 ? "Unit" : "Map";
  if (x + 16.0f * u > at.x + width) x = at.x, y += control_height(theme) + u;
  x += draw_inside_number(scene, {x, y}, label, "detect-unit", units[scene.lesson.detect_layer()] - 1) + 2.0f * u;
  constexpr std::array<std::string_view, 2> kStarts{"Noise", "Blank"};
  if (x + 18.0f * u > at.x + width) x = at.x, y += control_height(theme) + u;
  draw_inside_choice(scene, {x, y}, at.x + width - x, "Picture to begin with", "ascent-start", kStarts);
  return y + control_height(theme) + u - at.y;
}

/// "unit = 12.3, was 11.9": the number in question, clickable.
float draw_value(const InsideScene& scene, ImVec2 at, float width) {
  const Theme& theme = scene.theme;
  const UnitProbe& probe = scene.lesson.ascent().probe();
  const Face number = face_of(theme, TextSize::kTitle, Weight::kNumber), caption = face_of(theme, TextSize::kCaption);
  const std::string text = value_text(probe.unit_value(), 5);
  const std::string words = unit_text(scene.lesson) + ": its weighted sum for this picture";
  put_text(scene.ink(), caption, {at, {at.x + width, at.y + caption.size + 2.0f}}, {0, 0}, theme.colors.text_muted, words);
  const Rect box{{at.x, at.y + caption.size + 2.0f}, {at.x + text_width(number, text), at.y + caption.size + number.size + 2.0f}};
  const Press press = press_area(theme, "unit", box, {.name = words + " " + text, .help = "Where the number comes from"});
  put_text(scene.ink(), number, box.min, press.hovered ? theme.colors.accent : theme.colors.text, text);
  scene.ink().AddLine({box.min.x, box.max.y + 2.0f}, {box.max.x, box.max.y + 2.0f}, with_alpha(theme.colors.accent, press.hovered ? 1.0f : 0.45f));
  if (press.pressed) scene.explain("ascent/" + probe.program().info(probe.values()).name, probe.unit());
  return caption.size + number.size + 6.0f;
}

float draw_climb(const InsideScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const InsideLenet& lesson = scene.lesson;
  const UnitProbe& probe = lesson.ascent().probe();
  float y = box.min.y + section_title(theme, box.min, box.width(), "The picture that drives it", "a step climbs its gradient once");
  y += draw_value(scene, {box.min.x, y}, box.width()) + u;
  const float side = std::min((box.width() - 2.0f * u) / 2.0f, 34.0f * u);
  const auto picture = [&](TensorId id, const char* caption) {
    return InsidePicture{"ascent/" + probe.program().info(id).name, caption, probe.program().info(id).shape, probe.buffers()[id], 0, true, true};
  };
  const float left = draw_inside_picture(scene, {box.min.x, y}, side, picture(probe.x(), "the picture"));
  const float right = draw_inside_picture(scene, {box.min.x + side + 2.0f * u, y}, side, picture(probe.gradient(), "∂unit/∂pixel"));
  y += std::max(left, right) + u;
  const std::string rule = "x ← x + " + shortest_text(static_cast<float>(lesson.param("rate"))) + " · ∂unit/∂x, then shortened to a norm of " +
                           shortest_text(static_cast<float>(lesson.param("norm"))) + " where it is longer. Without the bound it would grow for ever.";
  y += put_wrapped(&scene.ink(), face_of(theme, TextSize::kBody), {box.min.x, y}, box.width(), theme.colors.text_muted, rule) + u;
  if (probe.is_blind()) y += put_wrapped(&scene.ink(), face_of(theme, TextSize::kBody), {box.min.x, y}, box.width(), theme.colors.warning, "Every way to this unit is switched off: the gradient is 0, and the picture stays. Begin with noise, or choose another unit.") + u;
  std::vector<float> steps;
  for (std::size_t i = 0; i < lesson.rise().size(); ++i) steps.push_back(static_cast<float>(i));
  const std::array<PlotSeries, 1> series{PlotSeries{"unit", steps, lesson.rise(), {}, {}, 0, 0, PlotSeries::Style::kLine}};
  PlotOptions options;
  options.title = "How far the unit has been driven";
  options.save = scene.context.save_request;
  options.x_label = "steps";
  options.y_label = "weighted sum";
  const float high = std::max(box.max.y - y, 22.0f * u);
  ImGui::SetCursorScreenPos({box.min.x, y});
  draw_plot(theme, "rise", {box.width(), high}, series, {}, options);
  return y + high - box.min.y;
}

/// A digit's picture, a press looks at it among the feature maps.
void draw_top_digit(const InsideScene& scene, const Rect& box, int rank, const TopDigits::Entry& entry) {
  const Theme& theme = scene.theme;
  const InsideLenet& lesson = scene.lesson;
  const Face caption = face_of(theme, TextSize::kCaption);
  const float scale = std::max(std::floor(box.width() / 28.0f), 1.0f);
  const auto bytes = image_view(lesson.test_digits(), entry.digit);
  std::vector<float> pixels(bytes.begin(), bytes.end());
  for (float& pixel : pixels) pixel /= 255.0f;
  MosaicData data;
  const std::string key = "inside/top" + std::to_string(rank), name = "test digit " + std::to_string(entry.digit);
  data.key = key;
  data.version = static_cast<std::uint64_t>(entry.digit) + (lesson.param("data") != 0 ? 1'000'000u : 0u);
  data.values = pixels;
  data.count = 1, data.height = 28, data.width = 28;
  data.scale = {ColorMap::kInk, 0.0f, 1.0f};
  data.name = name;
  data.one = "picture";
  ImGui::SetCursorScreenPos(box.min);
  const MosaicHit hit = draw_mosaic(theme, scene.context.textures, key.c_str(), data, {1, 1, scale}, 0.0f);
  const int layer = lesson.detect_layer();
  if (layer < 2) {
    const int width = layer == 0 ? 24 : 8;
    const auto row = static_cast<int>(entry.place / width), column = static_cast<int>(entry.place % width);
    frame_sight(theme, box.min, scale, sight_of(architecture_of(DigitModel::kLenet), layer == 0 ? 0 : 2, row, column));
  }
  const float below = box.min.y + 28.0f * scale + 1.0f;
  put_text(scene.ink(), caption, {{box.min.x, below}, {box.max.x, below + caption.size + 2.0f}}, {0, 0}, theme.colors.text,
           std::to_string(lesson.test_digits().labels[static_cast<std::size_t>(entry.digit)]) + ": " + value_text(entry.value, 4));
  if (!hit.clicked) return;
  constexpr double kPlace[] = {0, 2, 4, 5};
  scene.set("digit", entry.digit);
  scene.set("show", 0);
  scene.set("layer", kPlace[layer]);
  if (layer < 2) scene.set("map", lesson.detect_unit());
  scene.set("cell", layer < 2 ? static_cast<double>(entry.place) : lesson.detect_unit());
  scene.set("part", static_cast<double>(InsidePart::kMaps));
}

float draw_top(const InsideScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const InsideLenet& lesson = scene.lesson;
  const TopDigits& top = lesson.top();
  float y = box.min.y + section_title(theme, box.min, box.width(), "The digits it answers to most", "press one to look inside");
  const Face body = face_of(theme, TextSize::kBody), caption = face_of(theme, TextSize::kCaption);
  const std::string text = top.done() < top.count() ? grouped_text(top.done()) + " of " + grouped_text(top.count()) + " test digits so far"
                                                    : "of all " + grouped_text(top.count()) + " test digits: class, weighted sum";
  put_text(scene.ink(), body, {{box.min.x, y}, {box.max.x, y + body.size + 2.0f}}, {0, 0}, theme.colors.text_muted, text);
  mirror_text("top-count", {{box.min.x, y}, {box.max.x, y + body.size}}, text);
  y += body.size + 0.5f * u;
  if (top.done() < top.count()) {
    ImGui::SetCursorScreenPos({box.min.x, y});
    progress_bar(theme, "Digits seen", static_cast<float>(top.done()) / static_cast<float>(top.count()), std::min(box.width(), 40.0f * u));
  }
  y += 1.5f * u;
  const float gap = 1.5f * u, side = std::min(std::floor((std::min(box.width(), 52.0f * u) - 2.0f * gap) / 84.0f) * 28.0f, 28.0f * std::floor(15.0f * u / 28.0f + 1.0f));
  const auto entries = top.of(lesson.detect_layer(), lesson.detect_unit());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ImVec2 at{box.min.x + static_cast<float>(i % 3) * (side + gap), y + static_cast<float>(i / 3) * (side + caption.size + gap)};
    draw_top_digit(scene, {at, {at.x + side, at.y + side}}, static_cast<int>(i), entries[i]);
  }
  y += 3.0f * (side + caption.size + gap);
  if (lesson.detect_layer() < 2)
    y += put_wrapped(&scene.ink(), face_of(theme, TextSize::kBody), {box.min.x, y}, box.width(), theme.colors.text_muted,
                     "Of a map counts its largest number; the frame is what that unit sees. On the left the picture drives the unit in the middle of the map.");
  return y - box.min.y;
}

}  // namespace

float draw_inside_detects(const InsideScene& scene, const Rect& box) {
  const float u = scene.unit();
  float y = box.min.y + draw_choices(scene, box.min, box.width());
  if (scene.narrow) {
    y += draw_climb(scene, {{box.min.x, y}, {box.max.x, y}}) + 2.0f * u;
    return y + draw_top(scene, {{box.min.x, y}, box.max}) - box.min.y;
  }
  const float middle = box.min.x + box.width() * 0.58f;
  const float left = draw_climb(scene, {{box.min.x, y}, {middle - 1.5f * u, box.max.y}});
  const float right = draw_top(scene, {{middle + 1.5f * u, y}, box.max});
  return y + std::max(left, right) - box.min.y;
}

}  // namespace chainrule
