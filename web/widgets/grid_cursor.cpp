#include "web/widgets/grid_cursor.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

std::optional<int> along(float offset, float cell, float gap, int count) {
  const float pitch = cell + gap;
  if (offset < 0.0f || pitch <= 0.0f) return std::nullopt;
  const float at = std::floor(offset / pitch);
  if (at >= static_cast<float>(count) || offset - at * pitch >= cell) return std::nullopt;
  return static_cast<int>(at);
}

/// Takes the arrow key from ImGui's own navigation while the cursor can still move that way.
void move_cursor(ImGuiID id, ImGuiKey key, int* position, int by, int count) {
  if (*position + by < 0 || *position + by >= count) return;
  ImGui::SetKeyOwner(key, id);
  if (ImGui::IsKeyPressed(key, id, ImGuiInputFlags_Repeat)) *position += by;
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

GridInput grid_input(const Theme& theme, const char* id, const GridGeometry& grid) {
  GridInput input;
  const Rect bounds = grid.bounds();
  if (bounds.width() < 1.0f || bounds.height() < 1.0f) return input;
  ImGui::SetCursorScreenPos(bounds.min);
  const bool pressed = ImGui::InvisibleButton(id, {bounds.width(), bounds.height()});
  const ImGuiID item = ImGui::GetItemID();
  ImGuiStorage* storage = ImGui::GetStateStorage();
  int row = std::clamp(storage->GetInt(item + 1u), 0, grid.rows - 1);
  int column = std::clamp(storage->GetInt(item + 2u), 0, grid.columns - 1);

  const ImGuiIO& io = ImGui::GetIO();
  const bool keyboard = ImGui::IsItemFocused() && io.NavVisible;
  if (keyboard) {
    move_cursor(item, ImGuiKey_LeftArrow, &column, -1, grid.columns);
    move_cursor(item, ImGuiKey_RightArrow, &column, 1, grid.columns);
    move_cursor(item, ImGuiKey_UpArrow, &row, -1, grid.rows);
    move_cursor(item, ImGuiKey_DownArrow, &row, 1, grid.rows);
    input.pointed = Cell{row, column};
    input.by_keyboard = true;
    focus_ring(theme, *ImGui::GetWindowDrawList(), bounds);
  } else if (ImGui::IsItemHovered()) {
    input.pointed = grid.hit(io.MousePos);
  }
  if (pressed) {
    input.clicked = keyboard ? Cell{row, column} : grid.hit(io.MousePos);
    if (input.clicked) row = input.clicked->row, column = input.clicked->column;
  }
  storage->SetInt(item + 1u, row);
  storage->SetInt(item + 2u, column);
  return input;
}

}  // namespace chainrule
