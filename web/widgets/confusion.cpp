#include "web/widgets/confusion.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/base/text.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string recall_text(const ConfusionMatrix& matrix, int truth) {
  const auto recall = matrix.recall(truth);
  return recall ? fixed_text(100.0 * *recall, 1) : "–";
}

/// Right ones calm and cool, wrong ones warm; the square root lets a single mistake be seen beside a thousand hits.
ImU32 cell_color(const Theme& theme, std::int64_t count, std::int64_t row_total, bool right) {
  if (count == 0 || row_total == 0) return with_alpha(theme.colors.field, 0.45f);
  const float part = std::sqrt(static_cast<float>(count) / static_cast<float>(row_total));
  return right ? mix_color(theme.colors.surface, theme.colors.series[0], 0.12f + 0.6f * part * part)
               : mix_color(theme.colors.surface, theme.colors.series[1], 0.18f + std::min(0.8f, 1.6f * part));
}

void cell_tip(const Theme& theme, const ConfusionMatrix& matrix, const Cell& cell, std::optional<ImVec2> anchor) {
  const std::int64_t count = matrix.count(cell.row, cell.column), total = matrix.row_total(cell.row);
  std::string detail = "true " + std::to_string(cell.row) + ", network says " + std::to_string(cell.column);
  detail += "\n" + percent_text(total > 0 ? static_cast<double>(count) / static_cast<double>(total) : std::nan(""), 1) +
            " of the " + grouped_text(total) + " true " + std::to_string(cell.row) + "s";
  value_tip(theme, grouped_text(count), detail, anchor);
}

}  // namespace

ConfusionHit draw_confusion(const Theme& theme, const char* id, ImVec2 size, const ConfusionMatrix* matrix,
                            std::optional<Cell> selected) {
  ConfusionHit hit;
  if (size.x < 80.0f || size.y < 80.0f) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Palette& colors = theme.colors;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const Face caption = face_of(theme, TextSize::kCaption), number = face_of(theme, TextSize::kCaption, Weight::kNumber);
  if (matrix == nullptr || matrix->total() == 0) {
    put_text(list, face_of(theme, TextSize::kBody), {corner, {corner.x + size.x, corner.y + size.y}}, {0.5f, 0.4f},
             colors.text_muted, "Not counted yet.");
    return hit;
  }
  const int n = matrix->classes();
  const float left = text_width(caption, "true") + theme.unit, top = caption.size * 2.2f;
  const float recall_width = text_width(caption, "recall %") + theme.unit;
  const float pitch_x = (size.x - left - recall_width) / static_cast<float>(n);
  const float pitch_y = std::min((size.y - top - caption.size * 1.6f) / static_cast<float>(n), pitch_x * 1.1f);
  const float side_x = std::min(pitch_x, pitch_y * 1.7f);
  if (side_x < 4.0f || pitch_y < 4.0f) return hit;
  const GridGeometry grid{{corner.x + left, corner.y + top}, {side_x - 1.0f, pitch_y - 1.0f}, {1.0f, 1.0f}, n, n};
  const Rect bounds = grid.bounds();
  put_text(list, caption, {{bounds.min.x, corner.y}, {bounds.max.x, corner.y + caption.size}}, {0.5f, 0.0f}, colors.text_muted, "network says");
  put_text(list, caption, {corner.x, bounds.min.y - caption.size - 2.0f}, colors.text_muted, "true");
  put_text(list, caption, {bounds.max.x + theme.unit, bounds.min.y - caption.size - 2.0f}, colors.text_muted, "recall %");
  for (int k = 0; k < n; ++k) {
    const Rect across = grid.rect({0, k}), down = grid.rect({k, 0});
    put_text(list, number, {{across.min.x, bounds.min.y - caption.size - 2.0f}, {across.max.x, bounds.min.y}}, {0.5f, 0.0f}, colors.text, std::to_string(k));
    put_text(list, number, {{corner.x, down.min.y}, {bounds.min.x - theme.unit, down.max.y}}, {1.0f, 0.5f}, colors.text, std::to_string(k));
    put_text(list, number, {{bounds.max.x + theme.unit, down.min.y}, {bounds.max.x + recall_width, down.max.y}}, {0.5f, 0.5f},
             colors.text_muted, recall_text(*matrix, k));
  }
  const GridWords words{.name = "Confusion matrix, " + percent_text(matrix->accuracy().value_or(std::nan("")), 1) + " of " + grouped_text(matrix->total()) + " right",
                        .place = [&](Cell cell, Cell) {
                          return "true " + std::to_string(cell.row) + ", read as " + std::to_string(cell.column) + ": " +
                                 grouped_text(matrix->count(cell.row, cell.column));
                        },
                        .help = "Enter: the digits of this cell"};
  const GridInput input = grid_input(theme, id, grid, words);
  for (int truth = 0; truth < n; ++truth) {
    for (int predicted = 0; predicted < n; ++predicted) {
      const Rect cell = grid.rect({truth, predicted});
      const std::int64_t count = matrix->count(truth, predicted);
      const ImU32 back = cell_color(theme, count, matrix->row_total(truth), truth == predicted);
      list.AddRectFilled(cell.min, cell.max, back, 2.0f);
      if (count > 0) put_text(list, number, cell.shrunk(1.0f, 0.0f), {0.5f, 0.5f}, readable_on(theme, back), std::to_string(count));
      const Cell at{truth, predicted};
      if (selected == at || input.pointed == at)
        list.AddRect({cell.min.x - 1, cell.min.y - 1}, {cell.max.x + 1, cell.max.y + 1},
                     selected == at ? colors.accent : colors.highlight, 2.0f, 0, 2.0f);
    }
  }
  const auto accuracy = matrix->accuracy();
  const Interval interval = wilson_interval(matrix->correct(), matrix->total());
  const std::string sum = percent_text(accuracy.value_or(std::nan("")), 2) + " right: " + grouped_text(matrix->correct()) + " of " +
                          grouped_text(matrix->total()) + "   95 % interval " + fixed_text(100.0 * interval.low, 1) + "–" +
                          fixed_text(100.0 * interval.high, 1) + " %";
  const float below = bounds.max.y + caption.size * 0.35f;
  put_text(list, caption, {{corner.x, below}, {corner.x + size.x, below + caption.size}}, {0.0f, 0.0f}, colors.text, sum);
  if (input.pointed) cell_tip(theme, *matrix, *input.pointed, input.anchor);
  hit.clicked = input.clicked;
  return hit;
}

}  // namespace chainrule
