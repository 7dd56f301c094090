// Grid cursor: which cell of a regular grid the pointer or the keyboard is on. The pure part is tested without a screen.
#pragma once

#include <optional>

#include "web/widgets/ink.h"

namespace chainrule {

struct Cell {
  int row = 0, column = 0;
  bool operator==(const Cell&) const = default;
};

/// Cells of `cell` pixels with `gap` pixels between them, the first at `origin`.
struct GridGeometry {
  ImVec2 origin;
  ImVec2 cell;
  ImVec2 gap;
  int rows = 0, columns = 0;

  Rect rect(Cell at) const;
  Rect bounds() const;
  /// Nothing on gaps and outside.
  std::optional<Cell> hit(ImVec2 point) const;
};

struct GridInput {
  std::optional<Cell> pointed;  // by the pointer, else by the keyboard's cursor while it has the focus
  std::optional<Cell> clicked;  // mouse click, touch, or Enter
  bool by_keyboard = false;
};

/// An invisible button over the grid's bounds at the current cursor position of the window. Arrow keys move a cursor
/// while it has the keyboard's focus; at an edge they leave it.
GridInput grid_input(const Theme& theme, const char* id, const GridGeometry& grid);

}  // namespace chainrule
