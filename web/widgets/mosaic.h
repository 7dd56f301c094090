// Mosaic: K small pictures (kernels, feature maps, digits) side by side, in one texture.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/tensor/shape.h"
#include "web/app/draw_context.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {

/// How `count` pictures of height x width fit best into `available`: as large as possible.
/// Ensures: columns >= 1, rows * columns >= count; scale in logical pixels a value, whole where it is above 2.
struct MosaicLayout {
  int columns = 1, rows = 0;
  float scale = 1.0f;
  ImVec2 size(int height, int width, float gap) const;
};
MosaicLayout layout_mosaic(int count, int height, int width, ImVec2 available, float gap, float most_scale);

struct MosaicData {
  std::string_view key;       // of the texture; unique on the canvas
  std::uint64_t version = 0;  // changes with the values
  std::span<const float> values;  // count * height * width, maps one after the other
  int count = 0, height = 0, width = 0;
  ColorScale scale;
  std::string_view name;  // tensor; for the value under the pointer
  Shape shape;            // of the tensor; rank 0: the tip shows map, row, column
  std::int64_t first = 0;  // index in the tensor of values[0]
  std::string_view one = "map";  // what each picture is: map, kernel, unit
  int selected = -1;
  std::span<const std::int64_t> lit;  // indices in the tensor of elements to outline
};

struct MosaicHit {
  std::optional<std::int64_t> hovered, clicked;  // index in the tensor
  int hovered_map = -1, clicked_map = -1;
};

/// Draws at the window's cursor. Ensures: nothing drawn when the values are missing or do not fill the maps.
MosaicHit draw_mosaic(const Theme& theme, TextureCache& textures, const char* id, const MosaicData& data,
                      const MosaicLayout& layout, float gap);

/// Where element `index` of the mosaic's tensor is drawn.
Rect mosaic_cell(const MosaicData& data, const MosaicLayout& layout, float gap, ImVec2 origin, std::int64_t index);

}  // namespace chainrule
