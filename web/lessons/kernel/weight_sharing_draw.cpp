#include <algorithm>
#include <cmath>

#include "web/lessons/kernel/weight_sharing_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string head_text(const WeightSharing& lesson) {
  const std::string units = std::to_string(lesson.units()), window = std::to_string(lesson.window());
  if (lesson.wiring() == Wiring::kFull)
    return units + " units, each wired to all " + std::to_string(lesson.inputs()) +
           " inputs, each with weights of its own.";
  const std::string windows = units + " units with windows of width " + window;
  return lesson.wiring() == Wiring::kLocal
             ? windows + ", each with weights of its own."
             : windows + ", all with the same weights: lines that look alike are one weight.";
}

/// Indices of the grids of a drawing.
struct Grids {
  std::size_t x = 0, weights = 0, biases = 0, sums = 0, with_bias = 0, y = 0, shifted_x = 0, shifted_y = 0;
};

Grids add_grids(const WeightSharing& lesson, SheetView& view) {
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
  at.sums = column(numbered("s"), "Weighted sums");
  at.biases = column([&](int unit) { return lesson.bias_of(unit); }, "Bias");
  at.with_bias = column(numbered("z"), "With biases");
  at.y = column(numbered("y"), "");
  if (lesson.shift() > 0) {
    at.shifted_x = add("x′", "Input, shifted by " + std::to_string(lesson.shift()), 1, lesson.inputs());
    at.shifted_y = column([](int unit) { return "y" + std::to_string(unit + 1) + "′"; }, "");
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

/// The wiring: inputs above, units below; then the shifted input and what becomes of it. Returns the height.
float place_wiring(const WeightSharing& lesson, SheetView& view, const Grids& at, const SheetArea& area) {
  const float unit = view.unit(), title = view.title_height();
  const auto inputs = static_cast<float>(lesson.inputs());
  const bool shifted = lesson.shift() > 0;
  const float side = std::floor(std::clamp(area.width / inputs, 3.4f * unit, 9.0f * unit));
  const float rows = (shifted ? 4.0f : 2.0f) * (side + title) + (shifted ? 1.5f * unit : 0.0f);
  const float wires = std::clamp(area.height - rows, 13.0f * unit, 34.0f * unit);
  const float indent = static_cast<float>(lesson.inputs() - lesson.units()) * side / 2;
  const Face strong = face_of(view.theme(), TextSize::kBody, Weight::kStrong);
  // Titles of outputs stand below them: above are the lines.
  const auto place_outputs = [&](std::size_t first, float y, const char* words) {
    for (int i = 0; i < lesson.units(); ++i)
      view.place(view.grids()[first + static_cast<std::size_t>(i)],
                 {area.at.x + indent + static_cast<float>(i) * side, y - title}, side);
    put_text(*ImGui::GetWindowDrawList(), strong, {area.at.x, y + side + 0.25f * unit}, view.theme().colors.text,
             words);
  };
  view.place(view.grids()[at.x], area.at, side);
  float y = area.at.y + title + side + wires;
  place_outputs(at.y, y, "Output");
  y += side + title;
  if (shifted) {
    y += 0.5f * unit;
    view.place(view.grids()[at.shifted_x], {area.at.x, y}, side);
    y += title + side + unit;
    place_outputs(at.shifted_y, y, "Output, shifted input");
    y += side + title;
  }
  return y - area.at.y;
}

/// A row for each unit: its weights, and what they make of the inputs. Returns the height.
float place_table(const WeightSharing& lesson, SheetView& view, const Grids& at, const SheetArea& area) {
  const float unit = view.unit(), title = view.title_height(), key = 7.0f;  // below each row, for the weights' lines
  const int columns = view.grids()[at.weights].columns;
  const Face strong = face_of(view.theme(), TextSize::kBody, Weight::kStrong);
  const std::size_t firsts[] = {at.sums, at.biases, at.with_bias};
  float words = 0.0f;
  for (const std::size_t first : firsts) words += text_width(strong, view.grids()[first].title) + 2 * unit;
  // Whole words as titles where there is room, else the tensors' letters.
  const bool narrow = words + 3.4f * unit * static_cast<float>(columns) > area.width;
  const float for_cells = area.width - (narrow ? 2.0f * unit : words);
  const float by_width = std::min(for_cells / static_cast<float>(columns + (narrow ? 3 : 0)), 6.0f * unit),
              by_height = (area.height - title) / static_cast<float>(lesson.units()) - key;
  const float side = std::floor(std::max(std::min(by_width, std::max(by_height, 2.5f * unit)), 2.0f * unit));
  float x = area.at.x;
  const auto place_column = [&](std::size_t first, float width) {
    for (int i = 0; i < lesson.units(); ++i)
      view.place(view.grids()[first + static_cast<std::size_t>(i)],
                 {x, area.at.y + static_cast<float>(i) * (side + key)}, side);
    x += width;
  };
  place_column(at.weights, std::max(static_cast<float>(columns) * side, text_width(strong, "Weights")) + 1.5f * unit);
  for (const std::size_t first : firsts) {
    SheetGrid& grid = view.grids()[first];
    if (narrow) grid.title = grid.tensor.substr(0, 1);
    place_column(first, narrow ? side + 2 : std::max(side, text_width(strong, grid.title)) + 2 * unit);
  }
  return title + static_cast<float>(lesson.units()) * (side + key);
}

/// All of them, the number to type over and the counts. Beside each other, or on a narrow canvas below each other.
float place_all(const WeightSharing& lesson, SheetView& view, const Grids& at, const SheetArea& area) {
  const float unit = view.unit(), typing = control_height(view.theme());
  const bool wide = area.width > 70 * unit;
  const float left =
      wide ? std::min(0.39f * area.width, 9.0f * unit * static_cast<float>(lesson.inputs())) : area.width;
  const float wiring = place_wiring(lesson, view, at, {area.at, left, wide ? area.height : 0.0f});
  SheetArea right{{area.at.x + (wide ? left + 3 * unit : 0.0f), area.at.y + (wide ? 0.0f : wiring + unit)}, 0, 0};
  right.width = area.at.x + area.width - right.at.x;
  right.height = wide ? area.height - typing - counts_height(view) - 1.5f * unit : 1e6f;
  float y = right.at.y + place_table(lesson, view, at, right) + unit;
  const Face strong = face_of(view.theme(), TextSize::kBody, Weight::kStrong);
  const float title = text_width(strong, "Parameters") + 3 * unit;
  put_text(*ImGui::GetWindowDrawList(), strong, {{right.at.x, y}, {right.at.x + title, y + typing}}, {0, 0.5f},
           view.theme().colors.text, "Parameters");
  const std::string& chosen = lesson.selection().tensor;
  view.draw_typing({right.at.x + title, y}, right.width - title, chosen.empty() ? "x" : chosen, "brush");
  y += typing + 0.5f * unit;
  y += draw_counts(lesson, view, {right.at.x, y}, right.width);
  return std::max(wiring, y - area.at.y);
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
  const float label = text_width(face, "Shift") + 4 * view.unit(), control = label + 24 * view.unit();
  const bool beside = width > control + 40 * view.unit();
  const float room = beside ? width - control - 2 * view.unit() : width;
  const float words = put_wrapped(nullptr, face, {}, room, 0, text), high = control_height(theme);
  const float height = beside ? std::max(words, high) + pad : words + high + view.unit() + 2 * pad;
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  const ImU32 color = !compared ? theme.colors.text_muted : different == 0 ? theme.colors.good : theme.colors.bad;
  const float top = box.min.y + (beside ? (height - words) / 2 : pad);
  put_wrapped(ImGui::GetWindowDrawList(), face, {box.min.x + pad, top}, room, color, text);
  mirror_text("verdict", {box.min, {box.min.x + room, top + words}}, text);
  constexpr std::string_view kShifts[] = {"0", "1", "2", "3"};
  int shift = lesson.shift();
  const ImVec2 at{beside ? box.max.x - pad - control : box.min.x + pad,
                  box.min.y + height - (beside ? pad / 2 : pad) - high};
  put_text(*ImGui::GetWindowDrawList(), face, {at, {at.x + label, at.y + high}}, {0, 0.5f}, theme.colors.text, "Shift");
  ImGui::SetCursorScreenPos({at.x + label, at.y});
  if (segments(theme, "Shift", kShifts, shift, 24 * view.unit(), true))
    view.context().actions.push_back(Action::set("shift", shift));
  return height;
}

/// The numbers that belong to what is looked at.
void light_numbers(const WeightSharing& lesson, SheetView& view, const WireLight& light) {
  const Theme& theme = view.theme();
  const Program& program = lesson.sheet().program();
  const bool full = lesson.wiring() == Wiring::kFull;
  if (const auto from = view.pointed_input()) {
    std::vector<std::string> names;
    for (int i = 0; i < lesson.units(); ++i)
      for (const char* name : {"s", "z"}) names.push_back(name + std::to_string(i + 1));
    if (light.input < 0 || full) {
      const std::vector<std::string_view> outputs(names.begin(), names.end());
      view.light_fed(*from, outputs);
      return;
    }
    // The sums read their part of the input, which is a copy.
    for (int i = 0; i < lesson.units(); ++i)
      if (from->index >= i && from->index < i + lesson.window())
        view.light(program.find("s" + std::to_string(i + 1)), 0, theme.colors.highlight, 2.5f);
    view.light(from->tensor, from->index, theme.colors.accent, 3.0f);
  } else if (view.focus()) {
    view.light_focus();
    if (light.unit < 0 || full || program.info(view.focus()->tensor).name[0] != 's') return;
    for (int j = 0; j < lesson.window(); ++j)
      view.light(program.find("x"), light.unit + j, theme.colors.highlight, 2.5f);
  }
}

}  // namespace

void WeightSharing::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 25 * unit || size.y < 10 * unit) return;
  SheetView view(*this, context, param("show") == 0);
  const Grids at = add_grids(*this, view);
  SheetPage page{.head = head_text(*this),
                 .hint =
                     "Press Step or Play: unit by unit the weighted sum, the bias, the activation. Point at a number "
                     "to see what it is made of.",
                 .brush = static_cast<float>(param("brush"))};
  page.place = [&](const SheetArea& area) {
    SheetArea grids = area;
    grids.height -= 2.5f * unit;  // the verdict; the equation is mostly lower than the room it has
    return place_all(*this, view, at, grids);
  };
  page.light = [&] {
    const WireLight light = wire_light(*this, view);
    light_numbers(*this, view, light);
    draw_wires(*this, view, at.x, at.y, light);
    draw_wire_keys(*this, view, at.weights);
  };
  page.below = [&](const Rect& box) { return draw_verdict(*this, view, box); };
  draw_sheet_page(view, size, page);
}

}  // namespace chainrule
