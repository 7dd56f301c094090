#include <algorithm>
#include <cmath>

#include "web/lessons/kernel/sheet_view.h"
#include "web/lessons/kernel/weight_sharing.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string head_text(const WeightSharing& lesson) {
  const auto count = [&](const char* name, Wiring wiring) {
    const std::string text = name + (" " + std::to_string(lesson.parameters(wiring)));
    return lesson.wiring() == wiring ? "[" + text + "]" : text;
  };
  return "Parameters = " + count("full", Wiring::kFull) + ",  " + count("local", Wiring::kLocal) + ",  " +
         count("shared", Wiring::kShared);
}

/// Indices of the grids of a drawing.
struct Grids {
  std::size_t x = 0, weights = 0, biases = 0, sums = 0, with_bias = 0, y = 0, shifted_x = 0, shifted_y = 0;
};

Grids add_grids(const WeightSharing& lesson, SheetView& view, bool narrow) {
  Grids at;
  const int units = lesson.units(), columns = lesson.wiring() == Wiring::kFull ? lesson.inputs() : lesson.window();
  const auto add = [&](const std::string& tensor, const std::string& title, int rows, int cells) {
    view.add(tensor, title, rows, cells);
    return view.grids().size() - 1;
  };
  const auto column = [&](const auto& name, const std::string& title) {
    const std::size_t first = view.grids().size();
    for (int unit = 0; unit < units; ++unit) add(name(unit), unit == 0 ? title : "", 1, 1);
    return first;
  };
  const auto numbered = [](const char* name) { return [name](int unit) { return name + std::to_string(unit + 1); }; };
  at.x = add("x", "Input", 1, lesson.inputs());
  at.weights = view.grids().size();
  for (int unit = 0; unit < units; ++unit) add(lesson.weights_of(unit), unit == 0 ? "Weights" : "", 1, columns);
  at.sums = column(numbered("s"), narrow ? "s" : "Weighted sums");
  at.biases = column([&](int unit) { return lesson.bias_of(unit); }, narrow ? "b" : "Bias");
  at.with_bias = column(numbered("z"), narrow ? "z" : "With biases");
  at.y = column(numbered("y"), narrow ? "y" : "Output");
  if (lesson.shift() > 0) {
    at.shifted_x = add("x′", "Input, shifted by " + std::to_string(lesson.shift()), 1, lesson.inputs());
    at.shifted_y =
        column([](int unit) { return "y" + std::to_string(unit + 1) + "′"; }, narrow ? "y′" : "Output, shifted input");
  }
  // Numbers that belong together have one scale.
  const auto same_scale = [&](std::size_t first, std::size_t end) {
    ColorScale scale = view.grids()[first].scale;
    for (std::size_t i = first; i < end; ++i) scale = wider(scale, view.grids()[i].scale);
    for (std::size_t i = first; i < end; ++i) view.grids()[i].scale = scale;
  };
  same_scale(at.weights, at.sums);
  same_scale(at.sums, at.biases);
  same_scale(at.biases, at.with_bias);
  same_scale(at.with_bias, at.y);
  same_scale(at.y, at.y + static_cast<std::size_t>(units));
  if (lesson.shift() > 0) same_scale(at.shifted_y, at.shifted_y + static_cast<std::size_t>(units));
  return at;
}

/// The input above; below it each unit's weights in the places that they look at, and to the right what comes of them.
float place_grids(const WeightSharing& lesson, SheetView& view, const Grids& at, const SheetArea& area) {
  const float unit = view.unit(), title = view.title_height();
  const bool wide = area.width > 70 * unit;
  const int units = lesson.units(), inputs = lesson.inputs();
  const bool shifted = lesson.shift() > 0;
  const float columns = shifted ? 5.0f : 4.0f, gap = wide ? 2.5f * unit : unit,
              air = wide ? 15.0f * unit : 2.0f;  // room for the titles
  const float by_width = (area.width - gap - columns * air) / (static_cast<float>(inputs) + (wide ? 0.0f : columns));
  const float by_height = (area.height - 3 * title - 2 * gap) / static_cast<float>(units + (shifted ? 2 : 1));
  const float side = std::floor(
      std::clamp(wide ? std::min(by_width, by_height) : by_width, wide ? 3.4f * unit : 2.0f * unit, 8.0f * unit));
  const float step = std::max(wide ? air : 0.0f, side + 2.0f);
  const auto place = [&](std::size_t grid, float x, float y) { view.place(view.grids()[grid], {x, y}, side); };
  float y = area.at.y;
  place(at.x, area.at.x, y);
  y += title + side + 0.75f * unit;
  if (shifted) {
    place(at.shifted_x, area.at.x, y);
    y += title + side + 0.75f * unit;
  }
  const float right = area.at.x + static_cast<float>(inputs) * side + gap;
  for (int i = 0; i < units; ++i) {
    const auto number = static_cast<std::size_t>(i);
    const float row = y + static_cast<float>(i) * side;
    const float left = area.at.x + (lesson.wiring() == Wiring::kFull ? 0.0f : static_cast<float>(i) * side);
    place(at.weights + number, left, row);
    place(at.sums + number, right, row);
    place(at.biases + number, right + step, row);
    place(at.with_bias + number, right + 2 * step, row);
    place(at.y + number, right + 3 * step, row);
    if (shifted) place(at.shifted_y + number, right + 4 * step, row);
  }
  return y + title + static_cast<float>(units) * side - area.at.y;
}

float draw_verdict(const WeightSharing& lesson, SheetView& view, const Rect& box) {
  const Theme& theme = view.theme();
  const float pad = 1.5f * view.unit(), width = box.width() - 2 * pad;
  const int different = lesson.different();
  const bool compared = lesson.shift() > 0 && lesson.comparable() > 0;
  const std::string text = !compared ? "Shift the input to see whether the output follows."
                           : different == 0
                               ? "✓ The output is shifted as the input is: the layer is equivariant."
                               : "✗ The output is another one: " + std::to_string(different) + " of " +
                                     std::to_string(lesson.comparable()) + " numbers differ from the shifted output.";
  const Face face = face_of(theme, TextSize::kBody);
  const float words = put_wrapped(nullptr, face, {}, width, 0, text),
              height = words + control_height(theme) + 2 * pad + view.unit();
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  const ImU32 color = !compared ? theme.colors.text_muted : different == 0 ? theme.colors.good : theme.colors.bad;
  put_wrapped(ImGui::GetWindowDrawList(), face, {box.min.x + pad, box.min.y + pad}, width, color, text);
  mirror_text("verdict", {box.min, {box.max.x, box.min.y + pad + words}}, text);
  ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad + words + view.unit()});
  constexpr std::string_view kShifts[] = {"0", "1", "2", "3"};
  int shift = lesson.shift();
  put_text(*ImGui::GetWindowDrawList(), face,
           {{box.min.x + pad, box.min.y + pad + words + view.unit()}, {box.max.x, box.min.y + height - pad}}, {0, 0.5f},
           theme.colors.text, "Shift");
  ImGui::SetCursorScreenPos(
      {box.min.x + pad + text_width(face, "Shift") + 4 * view.unit(), box.min.y + pad + words + view.unit()});
  if (segments(theme, "Shift", kShifts, shift, 24 * view.unit(), true))
    view.context().actions.push_back(Action::set("shift", shift));
  return height;
}

}  // namespace

void WeightSharing::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 25 * unit || size.y < 10 * unit) return;
  SheetView view(*this, context, param("show") == 0);
  const Grids at = add_grids(*this, view, size.x <= 70 * unit);
  SheetPage page{.head = head_text(*this),
                 .hint =
                     "Press Step or Play: unit by unit the weighted sum, the bias, the activation. Point at a number "
                     "to see what it is made of.",
                 .brush = static_cast<float>(param("brush"))};
  page.place = [&](const SheetArea& area) {
    const float typing = control_height(theme);
    SheetArea grids = area;
    grids.height -= typing + 12 * unit;
    const float height = place_grids(*this, view, at, grids) + unit;
    const std::string& chosen = selection().tensor;
    view.draw_typing({area.at.x, area.at.y + height}, area.width, chosen.empty() ? "x" : chosen, "brush");
    return height + typing;
  };
  page.light = [&] {
    if (const auto from = view.pointed_input()) {
      std::vector<std::string> names;
      for (int i = 0; i < units(); ++i)
        for (const char* name : {"s", "z"}) names.push_back(name + std::to_string(i + 1));
      // The sums read their part of the input, which is a copy.
      if (sheet().program().info(from->tensor).name == "x" && wiring() != Wiring::kFull) {
        for (int i = 0; i < units(); ++i)
          if (from->index >= i && from->index < i + window())
            view.light(sheet().program().find("s" + std::to_string(i + 1)), 0, theme.colors.highlight, 2.5f);
        view.light(from->tensor, from->index, theme.colors.accent, 3.0f);
        return;
      }
      const std::vector<std::string_view> outputs(names.begin(), names.end());
      view.light_fed(*from, outputs);
    } else if (view.focus()) {
      view.light_focus();
      const std::string& name = sheet().program().info(view.focus()->tensor).name;
      const int number = name.size() > 1 && name[0] == 's' ? name[1] - '1' : -1;
      if (number >= 0 && wiring() != Wiring::kFull && !name.ends_with("′"))
        for (int j = 0; j < window(); ++j)
          view.light(sheet().program().find("x"), number + j, theme.colors.highlight, 2.5f);
    }
  };
  page.below = [&](const Rect& box) { return draw_verdict(*this, view, box); };
  draw_sheet_page(view, size, page);
}

}  // namespace chainrule
