#include "web/widgets/grid_cursor.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/controls.h"

namespace chainrule {
namespace {

std::optional<int> along(float offset, float cell, float gap, int count) {
  const float pitch = cell + gap;
  if (offset < 0.0f || pitch <= 0.0f) return std::nullopt;
  const float at = std::floor(offset / pitch);
  if (at >= static_cast<float>(count) || offset - at * pitch >= cell) return std::nullopt;
  return static_cast<int>(at);
}

bool exists(Cell cursor, int columns, const GridWords& words) {
  const int cell = cursor.row / words.part_rows * columns + cursor.column / words.part_columns;
  return words.count <= 0 || cell < words.count;
}

Cell cell_of(Cell cursor, const GridWords& words) { return {cursor.row / words.part_rows, cursor.column / words.part_columns}; }
Cell part_of(Cell cursor, const GridWords& words) { return {cursor.row % words.part_rows, cursor.column % words.part_columns}; }

/// The part of `cell` under a point of it.
Cell part_at(const GridGeometry& grid, Cell cell, ImVec2 point, const GridWords& words) {
  const Rect box = grid.rect(cell);
  const auto share = [](float at, float low, float size, int count) {
    return std::clamp(static_cast<int>((at - low) / std::max(size, 1e-6f) * static_cast<float>(count)), 0, count - 1);
  };
  return {share(point.y, box.min.y, box.height(), words.part_rows), share(point.x, box.min.x, box.width(), words.part_columns)};
}

}  // namespace

Rect GridGeometry::rect(Cell at) const {
  const ImVec2 min{origin.x + static_cast<float>(at.column) * (cell.x + gap.x),
                   origin.y + static_cast<float>(at.row) * (cell.y + gap.y)};
  return {min, {min.x + cell.x, min.y + cell.y}};
}

Rect GridGeometry::bounds() const {
  if (rows <= 0 || columns <= 0) return {origin, origin};
  return {origin, rect({rows - 1, columns - 1}).max};
}

std::optional<Cell> GridGeometry::hit(ImVec2 point) const {
  const auto column = along(point.x - origin.x, cell.x, gap.x, columns);
  const auto row = along(point.y - origin.y, cell.y, gap.y, rows);
  if (!column || !row) return std::nullopt;
  return Cell{*row, *column};
}

Cell moved_cursor(Cell cursor, std::string_view key, int rows, int columns, const GridWords& words) {
  const bool far = key.starts_with("Ctrl+");
  if (far) key.remove_prefix(5);
  const int all_rows = rows * words.part_rows, all_columns = columns * words.part_columns;
  const int down = far ? words.part_rows : 1, across = far ? words.part_columns : 1;
  Cell next = cursor;
  if (key == "ArrowLeft") next.column -= across;
  if (key == "ArrowRight") next.column += across;
  if (key == "ArrowUp") next.row -= down;
  if (key == "ArrowDown") next.row += down;
  if (key == "Home") next.column = 0;
  if (key == "End") {
    next.column = all_columns - 1;
    while (next.column > 0 && !exists(next, columns, words)) --next.column;
  }
  const bool inside = next.row >= 0 && next.row < all_rows && next.column >= 0 && next.column < all_columns;
  return inside && exists(next, columns, words) ? next : cursor;
}

GridInput grid_input(const Theme& theme, const char* id, const GridGeometry& grid, const GridWords& words) {
  GridInput input;
  const Rect bounds = grid.bounds();
  if (bounds.width() < 1.0f || bounds.height() < 1.0f) return input;
  const Press press = press_area(theme, id, bounds, {.role = TwinRole::kCells, .name = words.name, .help = words.help});
  const ImGuiID item = ImGui::GetItemID();
  ImGuiStorage* storage = ImGui::GetStateStorage();
  Cell cursor{std::clamp(storage->GetInt(item + 1u), 0, grid.rows * words.part_rows - 1),
              std::clamp(storage->GetInt(item + 2u), 0, grid.columns * words.part_columns - 1)};
  if (!exists(cursor, grid.columns, words)) cursor = {};
  bool enter = press.by_keyboard;
  const Cell before = cursor;
  for (const std::string& key : press.twin.keys) {
    if (key == "Enter" || key == " ")
      enter = true;
    else
      cursor = moved_cursor(cursor, key, grid.rows, grid.columns, words);
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (press.hovered) {
    input.pointed = grid.hit(mouse);
    if (input.pointed) input.pointed_part = part_at(grid, *input.pointed, mouse, words);
  }
  if (enter) {
    input.clicked = cell_of(cursor, words), input.clicked_part = part_of(cursor, words);
  } else if (press.pressed) {
    input.clicked = grid.hit(mouse);
    if (input.clicked) {
      input.clicked_part = part_at(grid, *input.clicked, mouse, words);
      cursor = {input.clicked->row * words.part_rows + input.clicked_part.row,
                input.clicked->column * words.part_columns + input.clicked_part.column};
    }
  }
  if (press.twin.ring || (press.twin.focused && !press.hovered)) {
    input.pointed = cell_of(cursor, words), input.pointed_part = part_of(cursor, words);
    input.by_keyboard = true;
    input.anchor = grid.rect(*input.pointed).center();
  }
  if (press.twin.focused && words.place && (press.twin.arrived || cursor != before)) say_place(words.place(cell_of(cursor, words), part_of(cursor, words)));
  storage->SetInt(item + 1u, cursor.row);
  storage->SetInt(item + 2u, cursor.column);
  return input;
}

}  // namespace chainrule
