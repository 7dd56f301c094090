#include "web/widgets/number_grid.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

Face figures(const Theme& theme, float side) {
  for (const TextSize size : {TextSize::kTitle, TextSize::kHeading, TextSize::kBody}) {
    const Face face = face_of(theme, size, Weight::kNumber);
    if (side >= face.size * 2.9f) return face;
  }
  return face_of(theme, TextSize::kCaption, Weight::kNumber);
}

int outer_columns(const NumberGridLayout& layout) { return layout.cells.columns + 2 * layout.pad; }

float value_at(const NumberGridLayout& layout, const NumberGridData& data, Cell at) {
  return data.values[static_cast<std::size_t>((at.row + layout.pad) * outer_columns(layout) + at.column + layout.pad)];
}

bool is_padding(const NumberGridLayout& layout, Cell at) {
  return at.row < 0 || at.column < 0 || at.row >= layout.cells.rows || at.column >= layout.cells.columns;
}

bool is_hidden(const NumberGridLayout& layout, const NumberGridData& data, Cell at) {
  return !data.hidden.empty() && !is_padding(layout, at) &&
         data.hidden[static_cast<std::size_t>(at.row * layout.cells.columns + at.column)] != 0;
}

/// As many decimals as tell the numbers apart and fit; none where all are whole.
int decimals_of(std::span<const float> values, int most) {
  float greatest = 1.0f;
  bool whole = true;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    greatest = std::max(greatest, std::abs(value));
    whole = whole && value == std::floor(value);
  }
  if (whole) return 0;
  const int before_point = static_cast<int>(std::log10(greatest)) + 1;
  return std::clamp(most - before_point - 2, 1, 3);
}

/// Do the numbers of this grid fit into its cells, at least without decimals?
bool numbers_fit(const Theme& theme, const NumberGridLayout& layout, const NumberGridData& data) {
  if (!shows_numbers(theme, layout.side())) return false;
  const float figure = std::max(1.0f, text_width(figures(theme, layout.side()), "0"));
  float greatest = 1.0f;
  bool negative = false;
  for (const float value : data.values) {
    if (!std::isfinite(value)) continue;
    greatest = std::max(greatest, std::abs(value));
    negative = negative || value < 0.0f;
  }
  const float characters = std::floor(std::log10(greatest + 0.5f)) + (negative ? 2.0f : 1.0f);
  return characters * figure <= layout.side() - 3.0f;
}

void draw_numbers(const Theme& theme, ImDrawList& list, const NumberGridLayout& layout, const NumberGridData& data) {
  const ColorTable table(theme, data.scale);
  const float side = layout.side(), inset = side >= 14.0f ? 0.5f : 0.0f;
  const Face face = figures(theme, side);
  const int most = static_cast<int>((side - 3.0f) / std::max(1.0f, text_width(face, "0")));
  const int decimals = decimals_of(data.values, most);
  const Rect seen{list.GetClipRectMin(), list.GetClipRectMax()};
  for (int row = -layout.pad; row < layout.cells.rows + layout.pad; ++row)
    for (int column = -layout.pad; column < layout.cells.columns + layout.pad; ++column) {
      const Cell at{row, column};
      const Rect cell = layout.rect(at);
      if (cell.max.y < seen.min.y || cell.min.y > seen.max.y) continue;
      const Rect inner = cell.shrunk(inset, inset);
      if (is_hidden(layout, data, at)) {
        list.AddRect(inner.min, inner.max, theme.colors.outline);
        continue;
      }
      const bool padding = data.plain_padding && is_padding(layout, at);
      const float value = value_at(layout, data, at);
      const ImU32 back = padding ? mix_color(theme.colors.page, table(value), 0.25f) : table(value);
      list.AddRectFilled(inner.min, inner.max, back);
      put_text(list, face, cell, {0.5f, 0.5f}, padding ? theme.colors.text_muted : readable_on(theme, back),
               cell_text(value, decimals, most));
    }
}

void draw_heat_map(const Theme& theme, TextureCache& textures, ImDrawList& list, const NumberGridLayout& layout,
                   const NumberGridData& data) {
  const ColorTable table(theme, data.scale);
  const int columns = outer_columns(layout), rows = layout.cells.rows + 2 * layout.pad;
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  std::uint64_t hash = 14695981039346656037ull;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const Cell at{row - layout.pad, column - layout.pad};
      const float value = value_at(layout, data, at);
      ImU32 color = is_hidden(layout, data, at) ? theme.colors.field : table(value);
      if (data.plain_padding && is_padding(layout, at)) color = mix_color(theme.colors.page, color, 0.25f);
      pixels[static_cast<std::size_t>(row * columns + column)] = color;
      hash = (hash ^ color) * 1099511628211ull;
    }
  const Rect box = layout.outer();
  list.AddImage(textures.update(std::string(data.key), hash, columns, rows, pixels), box.min, box.max);
  list.AddRect(box.min, box.max, theme.colors.outline);
}

std::string place_of(const NumberGridLayout& layout, const NumberGridData& data, Cell at) {
  const std::string where = "row " + std::to_string(at.row) + ", column " + std::to_string(at.column);
  return where + ": " + (is_hidden(layout, data, at) ? "not yet computed" : value_text(value_at(layout, data, at), 6));
}

}  // namespace

Rect NumberGridLayout::outer() const {
  const Rect inner = cells.bounds();
  const float ring = static_cast<float>(pad) * side();
  return {{inner.min.x - ring, inner.min.y - ring}, {inner.max.x + ring, inner.max.y + ring}};
}

float number_cell_side(int rows, int columns, int pad, ImVec2 available, float most) {
  const float side = std::min(
      {available.x / static_cast<float>(columns + 2 * pad), available.y / static_cast<float>(rows + 2 * pad), most});
  return side > 3.0f ? std::floor(side) : std::max(side, 1.0f);
}

NumberGridLayout layout_number_grid(int rows, int columns, int pad, ImVec2 origin, float side) {
  const float ring = static_cast<float>(pad) * side;
  return {{.origin = {origin.x + ring, origin.y + ring},
           .cell = {side, side},
           .gap = {0, 0},
           .rows = rows,
           .columns = columns},
          pad};
}

bool shows_numbers(const Theme& theme, float side) {
  return side >= face_of(theme, TextSize::kCaption, Weight::kNumber).size * 1.25f;
}

std::vector<Cell> cells_between(Cell from, Cell to) {
  std::vector<Cell> cells;
  const int steps = std::max(std::abs(to.row - from.row), std::abs(to.column - from.column));
  for (int i = 1; i <= steps; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(steps);
    cells.push_back({from.row + static_cast<int>(std::lround(t * static_cast<float>(to.row - from.row))),
                     from.column + static_cast<int>(std::lround(t * static_cast<float>(to.column - from.column)))});
  }
  return cells;
}

NumberGridInput number_grid_input(const Theme& theme, const char* id, const NumberGridLayout& layout,
                                  const NumberGridData& data, bool paints) {
  NumberGridInput result;
  const GridGeometry& grid = layout.cells;
  const GridWords words{
      .name = std::string(data.name) + ", " + std::to_string(grid.rows) + " rows of " + std::to_string(grid.columns),
      .place = [&](Cell cell, Cell) { return place_of(layout, data, cell); },
      .help = std::string(data.help)};
  const GridInput input = grid_input(theme, id, grid, words);
  result.pointed = input.pointed;
  result.anchor = input.anchor;
  result.clicked = input.clicked;
  if (!paints) return result;
  // A drag paints from the cell where it began; a press that stays in its cell is a click.
  const ImGuiID item = ImGui::GetItemID();
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const bool held = ImGui::IsItemActive();
  const int none = -1, last = storage->GetInt(item + 3u, none);
  const bool dragged = storage->GetBool(item + 4u);
  if (!held) {
    if (dragged && result.clicked && !input.by_keyboard) result.clicked.reset();
    storage->SetInt(item + 3u, none);
    storage->SetBool(item + 4u, false);
    return result;
  }
  if (dragged) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);  // see TouchScroll
  const std::optional<Cell> under = grid.hit(ImGui::GetIO().MousePos);
  if (!under) return result;
  if (theme.touch) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  const int now = under->row * grid.columns + under->column;
  if (last != none && last != now) {
    const Cell from{last / grid.columns, last % grid.columns};
    if (!dragged) result.painted.push_back(from);
    for (const Cell& cell : cells_between(from, *under)) result.painted.push_back(cell);
    storage->SetBool(item + 4u, true);
  }
  storage->SetInt(item + 3u, now);
  return result;
}

void draw_number_grid(const Theme& theme, TextureCache& textures, const NumberGridLayout& layout,
                      const NumberGridData& data, const NumberGridInput& input) {
  const int rows = layout.cells.rows + 2 * layout.pad, columns = outer_columns(layout);
  if (layout.cells.rows <= 0 || layout.cells.columns <= 0 ||
      data.values.size() != static_cast<std::size_t>(rows * columns))
    return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool numbers = numbers_fit(theme, layout, data);
  if (numbers)
    draw_numbers(theme, list, layout, data);
  else
    draw_heat_map(theme, textures, list, layout, data);
  const Face small = face_of(theme, TextSize::kCaption, Weight::kNumber);
  if (layout.side() >= small.size * 3.1f)
    for (const auto& [at, text] : data.notes) {
      const Rect cell = layout.rect(at);
      const float wide = text_width(small, text) + 4.0f;
      const Rect box{{cell.max.x - wide - 1.0f, cell.max.y - small.size - 1.0f},
                     {cell.max.x - 1.0f, cell.max.y - 1.0f}};
      list.AddRectFilled(box.min, box.max, theme.colors.surface, 3.0f);
      put_text(list, small, box, {0.5f, 0.5f}, theme.colors.accent, text);
    }
  for (const GridMark& mark : data.marks) {
    const Rect cell = layout.rect(mark.at);
    const float grow = layout.side() >= 14.0f ? -mark.thickness / 2 : 0.0f;
    list.AddRect({cell.min.x - grow, cell.min.y - grow}, {cell.max.x + grow, cell.max.y + grow}, mark.color, 0.0f, 0,
                 mark.thickness);
  }
  if (!input.pointed) return;
  const Cell at = *input.pointed;
  const Rect cell = layout.rect(at);
  list.AddRect(cell.min, cell.max, theme.colors.text, 0.0f, 0, 1.5f);
  if (numbers && layout.side() >= small.size * 2.6f && !input.anchor) return;  // it can be read where it stands
  const std::string index = data.shape.rank() > 0
                                ? data.shape.index_text(data.first + at.row * layout.cells.columns + at.column)
                                : " " + std::to_string(at.row) + ", " + std::to_string(at.column);
  value_tip(theme, is_hidden(layout, data, at) ? "not yet computed" : value_text(value_at(layout, data, at), 0),
            std::string(data.name) + index, input.anchor);
}

}  // namespace chainrule
