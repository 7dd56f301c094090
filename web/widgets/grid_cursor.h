// Grid cursor: which cell of a regular grid the pointer or the keyboard is on. The pure part is tested without a screen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

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

/// What the keyboard and the reader of the page need to know of a grid.
struct GridWords {
  std::string name;                               // "conv1.w, 20 kernels of 5×5"
  std::function<std::string(Cell, Cell)> place;   // of a cell and the part of it: "kernel 3, row 2, column 4: 0.0173"
  std::string help = {};                          // what Enter and a click do
  int count = 0;                                  // cells that there are, row by row; 0: all
  int part_rows = 1, part_columns = 1;            // a cell may be a picture: the cursor walks through its parts
};

struct GridInput {
  std::optional<Cell> pointed;  // by the pointer, else by the keyboard's cursor while it has the focus
  std::optional<Cell> clicked;  // mouse click, touch, or Enter
  Cell pointed_part, clicked_part;
  bool by_keyboard = false;
  std::optional<ImVec2> anchor;  // of the tip, where no pointer is
};

/// The grid as one thing to press, over its bounds. While it has the keyboard's focus the arrow keys move a cursor through
/// its parts, Ctrl and an arrow to the next cell, Home and End to the ends of a row; where it is gets read out.
GridInput grid_input(const Theme& theme, const char* id, const GridGeometry& grid, const GridWords& words);

/// Where a key leads from `cursor` in a grid of `grid`'s cells, each of the words' parts; the same place where it leads
/// nowhere. The cursor counts parts, not cells.
Cell moved_cursor(Cell cursor, std::string_view key, int rows, int columns, const GridWords& words);

}  // namespace chainrule
