// Number grid: a small picture as numbers that are read, followed, painted and typed over. Cells that are large enough
// show their numbers; smaller ones are a heat map, whose numbers the pointer or the keyboard's cursor tells.
//
// It comes in three parts, because what is under the pointer in one grid lights cells of another: first all grids of a
// drawing are laid out, then all take their input, then all are drawn.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor/shape.h"
#include "web/app/draw_context.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {

struct NumberGridLayout {
  GridGeometry cells;  // without padding
  int pad = 0;         // cells of padding on each side

  float side() const { return cells.cell.x; }
  /// Padding included.
  Rect outer() const;
  Rect rect(Cell at) const { return cells.rect(at); }
};

/// Side of the cells of a grid in `available`; whole pixels where it is above 3, at most `most`.
float number_cell_side(int rows, int columns, int pad, ImVec2 available, float most);
NumberGridLayout layout_number_grid(int rows, int columns, int pad, ImVec2 origin, float side);
/// Do cells of this side show numbers?
bool shows_numbers(const Theme& theme, float side);

/// A cell with something around it. Rows and columns may lie in the padding.
struct GridMark {
  Cell at;
  ImU32 color = 0;
  float thickness = 2.0f;
};

struct NumberGridData {
  std::string_view key;           // of the texture; unique on the canvas
  std::string_view name;          // for readers and tips
  std::span<const float> values;  // (rows + 2·pad) × (columns + 2·pad)
  Shape shape;                    // of the tensor; rank 0: tips say row and column
  std::int64_t first = 0;         // index in the tensor of the cell at row 0, column 0
  ColorScale scale;
  std::span<const std::uint8_t> hidden = {};  // rows × columns; 1: not yet there
  std::span<const GridMark> marks = {};
  std::span<const std::pair<Cell, std::string>> notes = {};  // small, in a corner: the weight on a pixel
  bool plain_padding = true;                                 // padding is drawn fainter
  std::string_view help = {};
};

struct NumberGridInput {
  std::optional<Cell> pointed, clicked;
  std::optional<ImVec2> anchor;  // of the tip, where no pointer is
  std::vector<Cell> painted;     // cells that a drag has come over since the last frame
};

/// Takes what people do. `paints`: a drag over several cells paints.
NumberGridInput number_grid_input(const Theme& theme, const char* id, const NumberGridLayout& layout,
                                  const NumberGridData& data, bool paints);
/// Draws; tells the number under the pointer.
void draw_number_grid(const Theme& theme, TextureCache& textures, const NumberGridLayout& layout,
                      const NumberGridData& data, const NumberGridInput& input);

/// Cells on the straight line from one to another, without the first.
std::vector<Cell> cells_between(Cell from, Cell to);

}  // namespace chainrule
