#include "web/widgets/matrix_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

/// Below this many pixels a cell has no room for a digit.
float digit_cell(Face face) { return face.size * 1.9f; }

/// As many decimals as the widest number has room for, so that all cells have the same.
int common_decimals(float greatest, int decimals, int most) {
  const int before_point = greatest >= 10.0f ? static_cast<int>(std::log10(greatest)) + 1 : 1;
  return std::clamp(most - before_point - 2, 0, decimals);  // minus and point
}

void draw_labels(const Theme& theme, ImDrawList& list, const MatrixData& data, const GridGeometry& grid, float row_width) {
  const Face face = face_of(theme, TextSize::kCaption);
  for (int row = 0; row < data.rows && static_cast<std::size_t>(row) < data.row_labels.size(); ++row) {
    const Rect cell = grid.rect({row, 0});
    put_text(list, face, {{cell.min.x - row_width, cell.min.y}, {cell.min.x - theme.unit * 0.5f, cell.max.y}}, {1.0f, 0.5f},
             theme.colors.text_muted, data.row_labels[static_cast<std::size_t>(row)]);
  }
  for (int column = 0; column < data.columns && static_cast<std::size_t>(column) < data.column_labels.size(); ++column) {
    const Rect cell = grid.rect({0, column});
    put_text(list, face, {{cell.min.x, cell.min.y - face.size - 2.0f}, {cell.max.x, cell.min.y - 2.0f}}, {0.5f, 0.0f},
             theme.colors.text_muted, data.column_labels[static_cast<std::size_t>(column)]);
  }
}

void draw_cells(const Theme& theme, ImDrawList& list, const MatrixData& data, const GridGeometry& grid) {
  const ColorTable table(theme, data.scale);
  const Face body = face_of(theme, TextSize::kBody, Weight::kNumber);
  const Face face = std::min(grid.cell.x / 2.6f, grid.cell.y) > body.size ? body : face_of(theme, TextSize::kCaption, Weight::kNumber);
  const bool digits = grid.cell.x >= digit_cell(face) && grid.cell.y >= face.size;
  const int most = static_cast<int>((grid.cell.x - 4.0f) / std::max(1.0f, text_width(face, "0")));
  const int decimals = common_decimals(std::max(std::abs(data.scale.low), std::abs(data.scale.high)), data.decimals, most);
  for (int row = 0; row < data.rows; ++row) {
    for (int column = 0; column < data.columns; ++column) {
      const float value = data.values[static_cast<std::size_t>(row) * static_cast<std::size_t>(data.columns) + static_cast<std::size_t>(column)];
      const Rect cell = grid.rect({row, column});
      const ImU32 back = table(value);
      list.AddRectFilled(cell.min, cell.max, back);
      if (digits) put_text(list, face, cell, {0.5f, 0.5f}, readable_on(theme, back), cell_text(value, decimals, most));
    }
  }
}

}  // namespace

float matrix_cell_side(int rows, int columns, ImVec2 available, float most) {
  if (rows <= 0 || columns <= 0) return 0.0f;
  const float side = std::min({available.x / static_cast<float>(columns), available.y / static_cast<float>(rows), most});
  return side > 2.0f ? std::floor(side) : std::max(side, 0.0f);
}

MatrixHit draw_matrix(const Theme& theme, TextureCache& textures, const char* id, ImVec2 available, const MatrixData& data) {
  MatrixHit hit;
  const std::int64_t needed = static_cast<std::int64_t>(data.rows) * data.columns;
  if (needed <= 0 || static_cast<std::int64_t>(data.values.size()) < needed) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kCaption);
  float row_width = 0.0f;
  for (const std::string_view label : data.row_labels) row_width = std::max(row_width, text_width(face, label) + theme.unit);
  const float column_height = data.column_labels.empty() ? 0.0f : face.size + 4.0f;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 origin{corner.x + row_width, corner.y + column_height};
  const float side = matrix_cell_side(data.rows, data.columns, {available.x - row_width, available.y - column_height}, theme.unit * 8.0f);
  if (side <= 0.0f) return hit;
  hit.used = {row_width + side * static_cast<float>(data.columns), column_height + side * static_cast<float>(data.rows)};
  // Cells wider than high, where only that lets their numbers be read.
  ImVec2 size{side, side};
  const ImVec2 room{(available.x - row_width) / static_cast<float>(data.columns), (available.y - column_height) / static_cast<float>(data.rows)};
  if (side < digit_cell(face) * 1.4f && room.y >= face.size + 3.0f && room.x >= digit_cell(face))
    size = {std::floor(std::min(room.x, digit_cell(face) * 1.9f)), std::floor(std::min(room.y, digit_cell(face)))};
  if (size.x < digit_cell(face) || needed > 4096) {
    MosaicData picture;
    picture.key = data.key, picture.version = data.version, picture.values = data.values.first(static_cast<std::size_t>(needed));
    picture.count = 1, picture.height = data.rows, picture.width = data.columns, picture.scale = data.scale;
    picture.name = data.name, picture.shape = data.shape, picture.first = data.first, picture.lit = data.lit;
    ImGui::SetCursorScreenPos(origin);
    const MosaicHit found = draw_mosaic(theme, textures, id, picture, {1, 1, side}, 0.0f);
    hit.hovered = found.hovered, hit.clicked = found.clicked;
    return hit;
  }
  hit.used = {row_width + size.x * static_cast<float>(data.columns), column_height + size.y * static_cast<float>(data.rows)};
  const GridGeometry grid{origin, {size.x - 1.0f, size.y - 1.0f}, {1.0f, 1.0f}, data.rows, data.columns};
  draw_cells(theme, list, data, grid);
  draw_labels(theme, list, data, grid, row_width);
  const auto frame = [&](std::int64_t offset, ImU32 color) {
    const Rect cell = grid.rect({static_cast<int>(offset / data.columns), static_cast<int>(offset % data.columns)});
    list.AddRect({cell.min.x - 1, cell.min.y - 1}, {cell.max.x + 1, cell.max.y + 1}, color, 0, 0, 2.0f);
  };
  for (const std::int64_t index : data.lit)
    if (index >= data.first && index < data.first + needed) frame(index - data.first, theme.colors.highlight);
  const auto index_of = [&](const Cell& cell) { return data.first + static_cast<std::int64_t>(cell.row) * data.columns + cell.column; };
  const GridWords words{.name = std::string(data.name) + ", " + std::to_string(data.rows) + " rows of " + std::to_string(data.columns),
                        .place = [&](Cell cell, Cell) {
                          return "row " + std::to_string(cell.row) + ", column " + std::to_string(cell.column) + ": " +
                                 value_text(data.values[static_cast<std::size_t>(index_of(cell) - data.first)], 5);
                        },
                        .help = "Enter: where the number comes from"};
  const GridInput input = grid_input(theme, id, grid, words);
  if (input.pointed) {
    hit.hovered = index_of(*input.pointed);
    frame(*hit.hovered - data.first, theme.colors.highlight);
    value_tip(theme, value_text(data.values[static_cast<std::size_t>(*hit.hovered - data.first)], 0),
              std::string(data.name) + (data.shape.rank() > 0 ? data.shape.index_text(*hit.hovered) : ""), input.anchor);
  }
  if (input.clicked) hit.clicked = index_of(*input.clicked);
  return hit;
}

}  // namespace chainrule
