// Part "Shifted digits": one digit moved, what two networks say of it, and how many digits they read at each shift.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/inside/inside_view.h"
#include "web/widgets/bars.h"
#include "web/widgets/controls.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string shift_text(InsideLenet::Offset by) {
  const auto part = [](int pixels, const char* forward, const char* back) {
    return std::to_string(std::abs(pixels)) + " " + (pixels < 0 ? back : forward);
  };
  if (by.dx == 0 && by.dy == 0) return "not moved";
  std::string text = by.dx == 0 ? "" : part(by.dx, "right", "left");
  if (by.dy != 0) text += (text.empty() ? "" : ", ") + part(by.dy, "down", "up");
  return text;
}

/// The 9×9 shifts; a press chooses one.
void draw_shift_grid(const InsideScene& scene, ImVec2 at, float side) {
  const Theme& theme = scene.theme;
  const float cell = std::floor(side / kShifts);
  ImDrawList& list = scene.ink();
  const InsideLenet::Offset now = scene.lesson.offset();
  const auto rect = [&](int row, int column) {
    const ImVec2 from{at.x + static_cast<float>(column) * cell, at.y + static_cast<float>(row) * cell};
    return Rect{from, {from.x + cell - 1.0f, from.y + cell - 1.0f}};
  };
  for (int row = 0; row < kShifts; ++row)
    for (int column = 0; column < kShifts; ++column) {
      const Rect box = rect(row, column);
      list.AddRectFilled(box.min, box.max, theme.colors.field);
      if (row == kMostShift && column == kMostShift) list.AddRect(box.min, box.max, theme.colors.text_muted);
    }
  const Rect chosen = rect(now.dy + kMostShift, now.dx + kMostShift);
  list.AddRectFilled(chosen.min, chosen.max, theme.colors.accent);
  const GridGeometry grid{at, {cell, cell}, {0, 0}, kShifts, kShifts};
  const auto place = [](Cell cell_at, Cell) { return shift_text({cell_at.column - kMostShift, cell_at.row - kMostShift}); };
  const GridInput input = grid_input(theme, "shifts", grid, {.name = "Shift of the digit", .place = place, .help = "Moves the digit"});
  if (input.pointed) {
    const Rect box = rect(input.pointed->row, input.pointed->column);
    list.AddRect(box.min, box.max, theme.colors.text, 0, 0, 1.5f);
    value_tip(theme, place(*input.pointed, {}), {}, input.anchor);
  }
  if (!input.clicked) return;
  constexpr std::int64_t kAll = kShifts * kShifts;
  const std::int64_t wanted = input.clicked->row * kShifts + input.clicked->column;
  scene.set("shift", static_cast<double>(((wanted - scene.lesson.step()) % kAll + kAll) % kAll));
}

void draw_answer(const InsideScene& scene, const Rect& box, DigitModel model) {
  const Theme& theme = scene.theme;
  const bool lenet = model == DigitModel::kLenet;
  const UnitProbe& probe = scene.lesson.shifted_probe(model);
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong);
  const std::span<const float> p = probe.buffers()[probe.probabilities()];
  const int said = greatest(p), label = scene.lesson.shown().label;
  const std::string title = lenet ? "LeNet, convolutions" : "MLP, 128 hidden units";
  put_text(scene.ink(), strong, {box.min, {box.max.x, box.min.y + strong.size}}, {0, 0}, theme.colors.text, title);
  std::string verdict = said < 0 ? "" : "says " + std::to_string(said);
  ImU32 color = theme.colors.text;
  if (said >= 0 && label >= 0) {
    color = said == label ? theme.colors.good : theme.colors.bad;
    verdict = said == label ? "✓ " + verdict + ", right" : "✗ " + verdict + ", truth " + std::to_string(label);
  }
  const float line = box.min.y + strong.size + 0.25f * scene.unit();
  put_text(scene.ink(), strong, {{box.min.x, line}, {box.max.x, line + strong.size + 2.0f}}, {0, 0}, color, verdict);
  mirror_text(lenet ? "cnn-says" : "mlp-says", {box.min, {box.max.x, line + strong.size}}, title + " " + verdict);
  BarsData bars;
  const std::string name = lenet ? "cnn/softmax.p" : "mlp/softmax.p";
  bars.values = p;
  bars.percent = true;
  bars.name = name;
  bars.shape = probe.program().info(probe.probabilities()).shape;
  bars.truth = label;
  const float top = line + strong.size + 0.75f * scene.unit();
  ImGui::SetCursorScreenPos({box.min.x, top});
  const BarsHit hit = draw_bars(theme, name.c_str(), {box.width(), box.max.y - top}, bars);
  if (hit.clicked) scene.explain(name, *hit.clicked);
}

float draw_curve(const InsideScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const ShiftCurve& curve = scene.lesson.curve();
  const float u = scene.unit();
  constexpr std::array<std::string_view, 2> kAlong{"sideways", "up and down"};
  const float used = draw_inside_choice(scene, box.min, box.width(), "Shift along", "along", kAlong);
  const float progress = curve.progress();
  if (progress < 1.0f) {
    const std::string text = "counting " + grouped_text(curve.digits()) + " digits at each shift: " + percent_text(progress, 0);
    const ImVec2 at{box.min.x + used + 2.0f * u, box.min.y};
    put_text(scene.ink(), face_of(theme, TextSize::kCaption), {at, {box.max.x, at.y + 0.6f * control_height(theme)}}, {0, 0.5f}, theme.colors.text_muted, text);
    ImGui::SetCursorScreenPos({at.x, at.y + 0.6f * control_height(theme)});
    progress_bar(theme, "Counting", progress, std::min(24.0f * u, box.max.x - at.x));
  }
  std::array<float, kShifts> x{};
  for (int i = 0; i < kShifts; ++i) x[static_cast<std::size_t>(i)] = static_cast<float>(i - kMostShift);
  const auto series = [&](std::size_t network, std::string_view label, int color, int dash) {
    const ShiftCurve::Curve& c = curve.curve(network);
    return PlotSeries{label, x, c.accuracy, c.low, c.high, color, dash, PlotSeries::Style::kLine};
  };
  const std::array<PlotSeries, 2> all{series(0, "LeNet", 0, 0), series(1, "MLP", 1, 1)};
  PlotOptions options;
  const std::string title = "Digits read rightly, of the first " + grouped_text(curve.digits()) + " test digits";
  options.title = title;
  options.x_label = scene.lesson.param("along") == 1 ? "pixels down (up is negative)" : "pixels to the right (left is negative)";
  options.save = scene.context.save_request;
  options.percent = true;
  options.y_low = 0.0, options.y_high = 1.0;
  options.x_low = -kMostShift, options.x_high = kMostShift;
  options.empty_text = "The first shift is being counted.";
  const float top = box.min.y + control_height(theme) + u;
  const float high = std::max(box.max.y - top, 26.0f * u);
  ImGui::SetCursorScreenPos({box.min.x, top});
  draw_plot(theme, "shift-curve", {box.width(), high}, all, {}, options);
  return top + high - box.min.y;
}

/// The digit as it is, the choice of a shift, and the digit as it is then.
float draw_pictures(const InsideScene& scene, const InsideDigit& digit, const Rect& box, float side) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const Face caption = face_of(theme, TextSize::kCaption);
  const bool drawn = digit.view().source == DigitSource::kDrawn;
  float used = 0.0f;
  if (drawn)
    used = draw_inside_pad(scene, digit, box.min, side);
  else
    used = draw_inside_picture(scene, box.min, side, {"shift/x", scene.lesson.shown().name, Shape{1, 1, 28, 28}, scene.lesson.shift().buffers()[scene.lesson.shift().program().find("x")], 0});
  const float grid = 18.0f * u;
  const ImVec2 at{box.min.x + side + 2.0f * u, box.min.y + caption.size + 0.5f * u};
  put_text(scene.ink(), caption, {{at.x, box.min.y}, {at.x + grid, at.y}}, {0, 0}, theme.colors.text_muted, "move it");
  draw_shift_grid(scene, at, grid);
  const InsideLenet::Offset by = scene.lesson.offset();
  const std::string moved = (by.dx != 0 || by.dy != 0 ? "moved: " : "") + shift_text(by);
  draw_inside_picture(scene, {at.x + grid + 2.0f * u, box.min.y}, side, {"shift/y", moved, Shape{1, 1, 28, 28}, scene.lesson.shift().moved(), 0});
  return std::max(used, caption.size + 0.5f * u + std::max(grid, side));
}

}  // namespace

float draw_inside_shift(const InsideScene& scene, const Rect& box) {
  const float u = scene.unit();
  const InsideDigit digit(scene, scene.lesson.shifted_probe(DigitModel::kLenet), "cnn/");
  float y = box.min.y + draw_digit_bar(digit.scene(), box.min, box.width()) + u;
  const float bars = 10 * 2.4f * u + 6.0f * u;
  if (scene.narrow) {
    const float side = std::floor((box.width() - 22.0f * u) / 2.0f);
    y += draw_pictures(scene, digit, {{box.min.x, y}, box.max}, side) + 1.5f * u;
    const float half = (box.width() - 2.0f * u) / 2.0f;
    draw_answer(scene, {{box.min.x + 0.5f * u, y}, {box.min.x + half, y + bars}}, DigitModel::kLenet);
    draw_answer(scene, {{box.max.x - half, y}, {box.max.x, y + bars}}, DigitModel::kMlp);
    y += bars + 1.5f * u;
    return y + draw_curve(scene, {{box.min.x, y}, {box.max.x, y + 40.0f * u}}) - box.min.y;
  }
  const float side = std::clamp(28.0f * std::floor((box.width() * 0.5f - 22.0f * u) / 56.0f), 56.0f, 36.0f * u), left = 2.0f * side + 24.0f * u;
  const float pictures = draw_pictures(scene, digit, {{box.min.x, y}, box.max}, side);
  const float answers = box.min.x + left, half = (box.max.x - answers - 2.0f * u) / 2.0f;
  draw_answer(scene, {{answers, y}, {answers + half, y + bars}}, DigitModel::kLenet);
  draw_answer(scene, {{box.max.x - half, y}, {box.max.x, y + bars}}, DigitModel::kMlp);
  y += std::max(pictures, bars) + 1.5f * u;
  y += draw_curve(scene, {{box.min.x, y}, {box.max.x, std::max(box.max.y, y + 30.0f * u)}});
  return y - box.min.y;
}

}  // namespace chainrule
