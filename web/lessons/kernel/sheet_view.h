// The drawing of sheets: grids of numbers that light each other, the cell in focus as an equation, and a row to type
// in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/ops/filter.h"
#include "web/app/draw_context.h"
#include "web/lessons/kernel/sheet_lesson.h"
#include "web/widgets/number_grid.h"

namespace chainrule {

/// A matrix of a tensor, and where it is drawn.
struct SheetGrid {
  std::string tensor, title;
  int rows = 0, columns = 0;
  std::int64_t first = 0;  // index in the tensor of its first cell
  ColorScale scale;
  int pad = 0;
  Padding padding = Padding::kZero;
  std::vector<float> values = {};  // padding included; what the tensor holds unless a lesson puts in something else
  NumberGridLayout layout = {};
  NumberGridInput input = {};
  std::vector<GridMark> marks = {};
  std::vector<std::pair<Cell, std::string>> notes = {};

  bool holds(std::int64_t index) const { return index >= first && index < first + std::int64_t{rows} * columns; }
  Cell cell(std::int64_t index) const {
    return {static_cast<int>((index - first) / columns), static_cast<int>((index - first) % columns)};
  }
  std::int64_t index(Cell at) const { return first + std::int64_t{at.row} * columns + at.column; }
};

/// One drawing: its grids are added and placed, then take input, then are drawn.
class SheetView {
 public:
  SheetView(const SheetLesson& lesson, DrawContext& context, bool show_all);

  const Theme& theme() const { return theme_; }
  DrawContext& context() { return context_; }
  const Sheet& sheet() const { return lesson_.sheet(); }
  float unit() const { return theme_.unit; }

  /// Requires: the tensor is there. Valid until the next one.
  SheetGrid& add(std::string tensor, std::string title, int rows, int columns, std::int64_t first = 0);
  /// With zeros, mirrored or repeated pixels around it.
  void set_padding(SheetGrid& grid, int pad, Padding padding);
  std::vector<SheetGrid>& grids() { return grids_; }
  SheetGrid* find(std::string_view tensor, std::int64_t index);
  /// Height of a grid's title.
  float title_height() const;
  /// Puts a grid with its title at `at`; returns what it takes.
  ImVec2 place(SheetGrid& grid, ImVec2 at, float side);

  /// Reads pointer and keyboard; clicks and strokes become requests and actions. `brush`: what strokes paint.
  void take_input(float brush);
  /// What people look at: the cell under the pointer, else that of the open derivation, else the present one.
  std::optional<SheetCell> focus() const { return focus_; }
  /// The settable cell under the pointer.
  std::optional<SheetCell> pointed_input() const { return pointed_input_; }
  /// Lights an element wherever it stands.
  void light(TensorId tensor, std::int64_t index, ImU32 color, float thickness);
  /// Lights the focus and its operands.
  void light_focus();
  /// Lights all elements of `outputs` whose derivation reads the cell. For small tensors: it derives each.
  void light_fed(const SheetCell& from, std::span<const std::string_view> outputs);
  void draw();

  /// The focus as an equation in a card, or `hint`; returns its height.
  float draw_card(const Rect& box, std::string_view hint);
  /// Why the settings cannot work, with a button that helps; returns its height.
  float draw_trouble(const Rect& box);
  /// A field for the selected number of `tensor` and one for the brush; returns its height.
  float draw_typing(ImVec2 at, float width, std::string_view tensor, std::string_view brush_param);

 private:
  bool shown(const SheetCell& cell) const { return all_ || lesson_.is_shown(cell.tensor, cell.index); }
  void click(const SheetGrid& grid, std::int64_t index);

  const SheetLesson& lesson_;
  DrawContext& context_;
  const Theme& theme_;
  bool all_;
  std::vector<SheetGrid> grids_;
  std::optional<SheetCell> focus_, pointed_input_;
};

struct SheetArea {
  ImVec2 at;
  float width = 0.0f, height = 0.0f;
};
/// How the grids of a sheet are put into rows.
struct SheetRows {
  std::span<const std::string_view> signs = {};  // signs[i]: between grid i and i + 1 where they share a row
  unsigned may = ~0u;                            // bit i: a row may end after grid i, where that makes larger cells
  float least = 0.0f;                            // cells are at least this large, however high that makes the whole
  float most = 1e6f;
};
/// Places all grids of `view` with cells of one size; returns the height used.
float place_in_rows(SheetView& view, const SheetArea& area, const SheetRows& rows);

/// What lessons on sheets have in common to look at: a line of text, the grids, the equation, and what a lesson adds.
struct SheetPage {
  std::string head;       // one line; read out, too
  std::string_view hint;  // in place of the equation before the first step
  float brush = 1.0f;
  std::function<float(const SheetArea&)> place;       // the grids; returns the height
  std::function<void()> light;                        // lights cells, after the input
  std::function<float(const Rect&)> below = nullptr;  // more, below the equation; returns its height
};
/// Draws the page at the window's cursor within `size`.
void draw_sheet_page(SheetView& view, ImVec2 size, const SheetPage& page);

}  // namespace chainrule
