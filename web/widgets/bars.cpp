#include "web/widgets/bars.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/widgets/value_text.h"

namespace chainrule {

int greatest(std::span<const float> values) {
  int best = -1;
  for (int i = 0; i < static_cast<int>(values.size()); ++i) {
    const float value = values[static_cast<std::size_t>(i)];
    if (!std::isnan(value) && (best < 0 || value > values[static_cast<std::size_t>(best)])) best = i;
  }
  return best;
}

BarsHit draw_bars(const Theme& theme, const char* id, ImVec2 size, const BarsData& data) {
  BarsHit hit;
  const int count = static_cast<int>(data.values.size());
  if (count == 0 || size.x < 40.0f || size.y < 10.0f) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Palette& colors = theme.colors;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float row = size.y / static_cast<float>(count), gap = std::min(3.0f, row * 0.15f);
  const Face label_face = face_of(theme, row >= 18.0f ? TextSize::kBody : TextSize::kCaption, Weight::kNumber);
  const Face number_face = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const GridGeometry grid{origin, {size.x, row - gap}, {0.0f, gap}, count, 1};
  const auto label_of = [&](int i) {
    return static_cast<std::size_t>(i) < data.labels.size() ? std::string(data.labels[static_cast<std::size_t>(i)]) : std::to_string(i);
  };
  float label_width = 0.0f;
  for (int i = 0; i < count; ++i) label_width = std::max(label_width, text_width(label_face, label_of(i)));
  const float number_width = text_width(number_face, data.percent ? "100.00 %" : "−00.000");
  const float left = origin.x + label_width + theme.unit, right = origin.x + size.x - number_width - 0.75f * theme.unit;
  const float low = std::min(data.low, 0.0f), high = std::max(data.high, low + 1e-12f);
  const auto px = [&](float value) { return left + std::clamp((value - low) / (high - low), 0.0f, 1.0f) * std::max(0.0f, right - left); };
  const int best = data.mark_greatest ? greatest(data.values) : -1;

  const auto number_text = [&](float value) { return data.percent ? percent_text(static_cast<double>(value), 2) : value_text(value, 5); };
  const GridWords words{.name = std::string(data.name) + ", " + std::to_string(count) + " bars",
                        .place = [&](Cell cell, Cell) {
                          return label_of(cell.row) + ": " + number_text(data.values[static_cast<std::size_t>(cell.row)]) +
                                 (cell.row == data.truth ? ", the true class" : "");
                        },
                        .help = "Enter: where the number comes from"};
  const GridInput input = grid_input(theme, id, grid, words);
  for (int i = 0; i < count; ++i) {
    const float value = data.values[static_cast<std::size_t>(i)];
    const Rect box = grid.rect({i, 0});
    if (input.pointed && input.pointed->row == i) list.AddRectFilled(box.min, box.max, colors.hover, 3.0f);
    const bool strong = i == best || i == data.truth;
    put_text(list, label_face, {{origin.x, box.min.y}, {left, box.max.y}}, {0.0f, 0.5f}, strong ? colors.text : colors.text_muted, label_of(i));
    const Rect track = Rect{{left, box.min.y}, {right, box.max.y}}.shrunk(0.0f, box.height() * 0.18f);
    if (right > left) {
      if (low == 0.0f) list.AddRectFilled(track.min, track.max, with_alpha(colors.field, 0.7f), 2.0f);
      if (std::isfinite(value)) {
        const float a = std::min(px(0.0f), px(value)), b = std::max(px(0.0f), px(value));
        const ImU32 color = i == best ? colors.series[0] : mix_color(colors.series[0], colors.surface, 0.45f);
        list.AddRectFilled({a, track.min.y}, {std::max(b, a + 1.0f), track.max.y}, color, 2.0f);
      }
      if (low < 0.0f) list.AddLine({px(0.0f), box.min.y}, {px(0.0f), box.max.y}, colors.text_muted);
    }
    if (i == data.truth) {
      // Around the label and no other row's: as high as this row lets it be.
      const float wide = label_face.size * 0.62f, half = std::min(wide, box.height() * 0.5f);
      const ImVec2 at{origin.x + label_width * 0.5f, box.center().y};
      list.AddRect({at.x - wide, at.y - half}, {at.x + wide, at.y + half}, colors.good, half, 0, 2.0f);
    }
    const std::string text = std::isnan(value) ? "NaN" : data.percent ? percent_text(value, 2) : cell_text(value, 3, 7);
    put_text(list, number_face, {{right, box.min.y}, {origin.x + size.x, box.max.y}}, {1.0f, 0.5f},
             std::isfinite(value) ? (strong ? colors.text : colors.text_muted) : colors.bad, text);
    for (const std::int64_t index : data.lit)
      if (index == data.first + i) list.AddRect(box.min, box.max, colors.highlight, 3.0f, 0, 2.0f);
  }
  if (input.pointed) {
    const int i = input.pointed->row;
    hit.hovered = data.first + i;
    value_tip(theme, value_text(data.values[static_cast<std::size_t>(i)], 0),
              std::string(data.name) + (data.shape.rank() > 0 ? data.shape.index_text(*hit.hovered) : "[" + std::to_string(i) + "]") +
                  (i == data.truth ? "\nthe true class" : ""),
              input.anchor);
  }
  if (input.clicked) hit.clicked = data.first + input.clicked->row;
  return hit;
}

}  // namespace chainrule
