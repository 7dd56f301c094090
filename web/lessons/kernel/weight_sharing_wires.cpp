// Which input goes to which unit, and with which weight; and how many weights that makes.
#include <algorithm>
#include <array>

#include "engine/base/text.h"
#include "web/lessons/kernel/weight_sharing_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/maths.h"

namespace chainrule {
namespace {

bool is_shared(const WeightSharing& lesson) { return lesson.wiring() == Wiring::kShared; }

float label_width(const Theme& theme, const std::string& sub) {
  return text_width(face_of(theme, TextSize::kCaption), "w" + sub);
}

void draw_label(const Theme& theme, const WeightSharing& lesson, int unit, int index, ImVec2 middle, ImU32 color) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string sub = wire_index(lesson, unit, index);
  const Face face = face_of(theme, TextSize::kCaption);
  const ImVec2 half{label_width(theme, sub) / 2, face.size / 2};
  list.AddRectFilled({middle.x - half.x - 1, middle.y - half.y}, {middle.x + half.x + 1, middle.y + half.y + 3},
                     with_alpha(theme.colors.page, 0.9f), 3.0f);
  const MathsItem items[] = {maths_symbol({"w", sub, ""}, {}, color)};
  put_maths(theme, list, items, {middle.x - half.x, middle.y - half.y}, 8 * theme.unit, TextSize::kCaption);
}

}  // namespace

WireLook wire_look(const Theme& theme, const WeightSharing& lesson, int unit, int index) {
  constexpr std::array<std::array<float, 2>, 8> kDashes{
      {{1, 0}, {9, 4}, {2.5f, 3}, {15, 5}, {5, 2}, {2, 6}, {20, 3}, {6, 6}}};
  const ImU32* series = theme.colors.series;
  const int number = is_shared(lesson) ? index : unit;
  const ImU32 color = number < 6 ? series[number] : mix_color(series[number - 6], series[number - 3], 0.5f);
  const auto& dash = kDashes[static_cast<std::size_t>(index) % kDashes.size()];
  return {color, dash[0], dash[1]};
}

std::string wire_index(const WeightSharing& lesson, int unit, int index) {
  return (is_shared(lesson) ? "" : std::to_string(unit + 1)) + std::to_string(index);
}

bool WireLight::lights(const WeightSharing& lesson, int to, int place) const {
  const int from = lesson.wiring() == Wiring::kFull ? place : to + place;
  return (unit < 0 || unit == to) && (input < 0 || input == from) && (weight < 0 || weight == lesson.weight_at(place));
}

WireLight wire_light(const WeightSharing& lesson, const SheetView& view) {
  WireLight light;
  const Program& program = lesson.sheet().program();
  if (const auto from = view.pointed_input()) {
    const std::string& name = program.info(from->tensor).name;
    if (name == "x") light.input = static_cast<int>(from->index);
    if (name[0] == 'w') light.weight = static_cast<int>(from->index);
    if (name[0] == 'w' && name.size() > 1) light.unit = name[1] - '1';
    return light;
  }
  if (!view.focus()) return light;
  const std::string& name = program.info(view.focus()->tensor).name;
  if (name.size() == 2 && name.find_first_of("szy") == 0) light.unit = name[1] - '1';
  return light;
}

void draw_wires(const WeightSharing& lesson, SheetView& view, std::size_t inputs, std::size_t outputs,
                const WireLight& light) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Theme& theme = view.theme();
  const bool full = lesson.wiring() == Wiring::kFull;
  const int places = full ? lesson.inputs() : lesson.window();
  const NumberGridLayout& x = view.grids()[inputs].layout;
  // Labels at every line where they have room, else at those that are lit.
  const bool room = !full && x.side() / 2 > label_width(theme, wire_index(lesson, 0, 0)) + 2;
  // Lit lines and labels lie over the others.
  for (const int layer : {0, 1, 2})
    for (int unit = 0; unit < lesson.units(); ++unit)
      for (int place = 0; place < places; ++place) {
        const bool lit = light.any() && light.lights(lesson, unit, place);
        const int weight = full ? place : lesson.weight_at(place);
        const WireLook look = wire_look(theme, lesson, unit, weight);
        const Rect from = x.rect({0, full ? place : unit + place}),
                   to = view.grids()[outputs + static_cast<std::size_t>(unit)].layout.rect({0, 0});
        const ImVec2 ends[] = {{from.center().x, from.max.y + 3}, {to.center().x, to.min.y - 3}};
        const ImU32 color = light.any() && !lit ? with_alpha(look.color, 0.3f) : look.color;
        if (layer == (lit ? 1 : 0))
          dashed_line(list, ends, 2, color, lit ? 3.5f : full ? 1.25f : 2.0f, look.ink, look.gap);
        if (layer < 2 || (!room && !lit)) continue;
        // Every other label stands near the unit, the rest near the inputs: half a cell apart at the least. Labels of
        // lit lines alone stand where these are farther apart.
        const bool near_inputs = room ? place % 2 != 0 : light.input < 0;
        const float t = near_inputs ? 0.25f : 0.75f;
        draw_label(theme, lesson, unit, weight,
                   {ends[0].x + (ends[1].x - ends[0].x) * t, ends[0].y + (ends[1].y - ends[0].y) * t},
                   light.any() && !lit ? theme.colors.text_muted : look.color);
      }
}

void draw_wire_keys(const WeightSharing& lesson, SheetView& view, std::size_t weights) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (int unit = 0; unit < lesson.units(); ++unit) {
    const SheetGrid& row = view.grids()[weights + static_cast<std::size_t>(unit)];
    for (int index = 0; index < row.columns; ++index) {
      const Rect cell = row.layout.rect({0, index});
      const WireLook look = wire_look(view.theme(), lesson, unit, index);
      const ImVec2 ends[] = {{cell.min.x + 2, cell.max.y + 4}, {cell.max.x - 2, cell.max.y + 4}};
      dashed_line(list, ends, 2, look.color, 2.5f, look.ink, look.gap);
    }
  }
}

// -------------------------------------------------------------------------------------------------------------- counts

namespace {

float count_row_height(const SheetView& view) {
  return face_of(view.theme(), TextSize::kBody).size + 0.5f * view.unit();
}

struct CountRow {
  const char* label;
  std::vector<std::string> parts;  // tensors, and the signs between them
  bool chosen;
};

std::vector<CountRow> count_rows(const WeightSharing& lesson) {
  const bool own = lesson.sheet().program().find("counts.shared.biases") == kNoTensor;
  const char* biases = own ? "counts.units" : "counts.shared.biases";
  return {{"fully connected",
           {"counts.units", "·", "inputs", "+", "counts.units", "=", "counts.full"},
           lesson.wiring() == Wiring::kFull},
          {"locally connected",
           {"counts.units", "·", "window", "+", "counts.units", "=", "counts.local"},
           lesson.wiring() == Wiring::kLocal},
          {"shared weights", {"window", "+", biases, "=", "counts.shared"}, is_shared(lesson)},
          {"LeNet-5, full", {"lenet.units", "·", "lenet.pixels", "=", "lenet.full.weights"}, false},
          {"LeNet-5, shared",
           {"lenet.maps", "·", "lenet.kernel", "·", "lenet.kernel", "+", "lenet.maps", "=", "lenet.shared"},
           false}};
}

}  // namespace

float counts_height(const SheetView& view) { return 5 * count_row_height(view); }

float draw_counts(const WeightSharing& lesson, SheetView& view, ImVec2 at, float width) {
  const Theme& theme = view.theme();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float unit = view.unit(), left = 18 * unit, high = count_row_height(view);
  float y = at.y;
  for (const CountRow& row : count_rows(lesson)) {
    std::vector<MathsItem> items;
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
      const std::string& part = row.parts[i];
      if (part == "=")
        items.push_back(maths_relation("="));
      else if (i % 2 != 0)
        items.push_back(maths_operator(part));
      else
        items.push_back(maths_number(grouped_text(static_cast<long long>(lesson.sheet().at(part, 0))),
                                     static_cast<std::int32_t>(i), part));
    }
    const Face face = face_of(theme, TextSize::kBody, row.chosen ? Weight::kStrong : Weight::kText);
    const float middle = y + face.size / 2;
    if (row.chosen)
      list.AddTriangleFilled({at.x, middle - 4}, {at.x + 6, middle}, {at.x, middle + 4}, theme.colors.accent);
    put_text(list, face, {{at.x + 1.5f * unit, y}, {at.x + left, y + face.size}}, {0, 0.5f},
             row.chosen ? theme.colors.text : theme.colors.text_muted, row.label);
    ImGui::SetCursorScreenPos({at.x + left, y});
    const MathsHit hit = draw_maths(theme, row.label, items, width - left, TextSize::kBody);
    if (hit.clicked && *hit.clicked >= 0)
      view.context().explain_request = ElementRef{row.parts[static_cast<std::size_t>(*hit.clicked)], 0, lesson.step()};
    y += high;
  }
  return y - at.y;
}

}  // namespace chainrule
