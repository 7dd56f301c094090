#include "web/widgets/number_list.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "web/widgets/spots.h"
#include "web/widgets/value_text.h"

namespace chainrule {

NumberListHit draw_number_list(const Theme& theme, const char* id, std::string_view name, float width, std::span<const NumberItem> items) {
  NumberListHit hit;
  if (items.empty() || width < 8 * theme.unit) return hit;
  const Face label = face_of(theme, TextSize::kCaption), number = face_of(theme, TextSize::kHeading, Weight::kNumber);
  const auto text_of = [](const NumberItem& item) { return item.text.empty() ? value_text(item.value, 5) : item.text; };
  float widest = 9 * theme.unit;
  for (const NumberItem& item : items) widest = std::max({widest, text_width(label, item.label) + 1.5f * theme.unit, plain_width(number, text_of(item))});
  const float gap = 1.5f * theme.unit, line = label.size + number.size + 0.75f * theme.unit;
  const int columns = std::clamp(static_cast<int>((width + gap) / (widest + gap)), 1, static_cast<int>(items.size()));
  const int rows = (static_cast<int>(items.size()) + columns - 1) / columns;
  const float cell = (width + gap) / static_cast<float>(columns) - gap;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  std::vector<Rect> spots;
  for (int i = 0; i < static_cast<int>(items.size()); ++i) {
    const ImVec2 at{origin.x + static_cast<float>(i % columns) * (cell + gap), origin.y + static_cast<float>(i / columns) * (line + 0.5f * theme.unit)};
    spots.push_back({at, {at.x + cell, at.y + line}});
  }
  hit.height = static_cast<float>(rows) * (line + 0.5f * theme.unit);
  const SpotWords words{.name = std::string(name),
                        .place = [&](int i) { return items[static_cast<std::size_t>(i)].label + " " + text_of(items[static_cast<std::size_t>(i)]); },
                        .help = "Enter: where the number comes from"};
  const SpotInput input = spots_input(theme, id, {origin, {origin.x + width, origin.y + hit.height}}, spots, words);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const NumberItem& item = items[i];
    const Rect& box = spots[i];
    const bool pointed = item.pressable && input.pointed && *input.pointed == static_cast<int>(i);
    if (pointed) list.AddRectFilled({box.min.x - 0.5f * theme.unit, box.min.y}, {box.max.x, box.max.y}, theme.colors.hover, 0.5f * theme.unit);
    if (item.lit) list.AddRect({box.min.x - 0.5f * theme.unit, box.min.y}, {box.max.x, box.max.y}, theme.colors.highlight, 0.5f * theme.unit, 0, 2.0f);
    float x = box.min.x;
    if (item.color >= 0) {
      list.AddCircleFilled({x + 0.5f * theme.unit, box.min.y + 0.5f * label.size}, 0.4f * theme.unit, theme.colors.series[item.color % 6]);
      x += 1.25f * theme.unit;
    }
    put_text(list, label, {{x, box.min.y}, {box.max.x, box.min.y + label.size}}, {0.0f, 0.0f}, theme.colors.text_muted, item.label);
    const ImU32 color = !std::isfinite(item.value) ? theme.colors.bad : pointed ? theme.colors.accent : theme.colors.text;
    put_text(list, number, {{box.min.x, box.min.y + label.size + 0.25f * theme.unit}, {box.max.x, box.max.y}}, {0.0f, 0.0f}, color, text_of(item));
  }
  if (input.pressed && items[static_cast<std::size_t>(*input.pressed)].pressable) hit.pressed = *input.pressed;
  ImGui::SetCursorScreenPos({origin.x, origin.y + hit.height});
  return hit;
}

}  // namespace chainrule
