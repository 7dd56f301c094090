// Matrix grid: numbers as coloured cells, with digits where the cells are large enough, as a picture where they are not.
#pragma once

#include "web/widgets/mosaic.h"

namespace chainrule {

struct MatrixData {
  std::string_view key;       // of the texture, for matrices of many small cells
  std::uint64_t version = 0;
  std::span<const float> values;
  int rows = 0, columns = 0;
  std::span<const std::string_view> row_labels, column_labels;
  ColorScale scale;
  int decimals = 2;
  std::string_view name;
  Shape shape;
  std::int64_t first = 0;
  std::span<const std::int64_t> lit;
};

struct MatrixHit {
  std::optional<std::int64_t> hovered, clicked;  // index in the tensor
  ImVec2 used{};
};

/// Side of a square cell in `available`, labels taken off; at most `most`.
float matrix_cell_side(int rows, int columns, ImVec2 available, float most);

/// Draws at the window's cursor within `available`. Nothing drawn when values are missing.
MatrixHit draw_matrix(const Theme& theme, TextureCache& textures, const char* id, ImVec2 available, const MatrixData& data);

}  // namespace chainrule
