#include "web/widgets/mosaic.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

/// All maps in one picture, as square as may be, so that 1,000 of them stay within a GPU's limits.
struct Atlas {
  ImTextureID texture{};
  int columns = 1, rows = 1;
  std::pair<ImVec2, ImVec2> uv(int map) const {
    const auto column = static_cast<float>(map % columns), row = static_cast<float>(map / columns);
    const auto c = static_cast<float>(columns), r = static_cast<float>(rows);
    return {{column / c, row / r}, {(column + 1.0f) / c, (row + 1.0f) / r}};
  }
};

std::uint64_t picture_version(const Theme& theme, const MosaicData& data) {
  // FNV-1a over what decides the pixels.
  std::uint64_t hash = 14695981039346656037ull;
  const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211ull; };
  std::uint32_t low = 0, high = 0;
  static_assert(sizeof low == sizeof data.scale.low);
  std::memcpy(&low, &data.scale.low, sizeof low);
  std::memcpy(&high, &data.scale.high, sizeof high);
  for (const std::uint64_t part : {data.version, static_cast<std::uint64_t>(theme.mode), static_cast<std::uint64_t>(low),
                                   static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(data.scale.map),
                                   static_cast<std::uint64_t>(data.count)})
    add(part + 1u);
  return hash;
}

Atlas make_atlas(const Theme& theme, TextureCache& textures, const MosaicData& data) {
  Atlas atlas;
  const double aspect = static_cast<double>(data.height) / data.width;
  atlas.columns = std::clamp(static_cast<int>(std::ceil(std::sqrt(data.count * aspect))), 1, data.count);
  atlas.rows = (data.count + atlas.columns - 1) / atlas.columns;
  const int wide = atlas.columns * data.width, high = atlas.rows * data.height;
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high), 0u);
  const ColorTable table(theme, data.scale);
  const float* value = data.values.data();
  for (int map = 0; map < data.count; ++map) {
    const int left = map % atlas.columns * data.width, top = map / atlas.columns * data.height;
    for (int row = 0; row < data.height; ++row) {
      std::uint32_t* out = pixels.data() + static_cast<std::size_t>(top + row) * static_cast<std::size_t>(wide) + left;
      for (int column = 0; column < data.width; ++column) *out++ = table(*value++);
    }
  }
  atlas.texture = textures.update(std::string(data.key), picture_version(theme, data), wide, high, pixels);
  return atlas;
}

struct Spot {
  int map, row, column;
};

Spot spot_of(const MosaicData& data, std::int64_t index) {
  const std::int64_t area = static_cast<std::int64_t>(data.height) * data.width, offset = index - data.first;
  return {static_cast<int>(offset / area), static_cast<int>(offset % area / data.width),
          static_cast<int>(offset % data.width)};
}

GridGeometry grid_of(const MosaicData& data, const MosaicLayout& layout, float gap, ImVec2 origin) {
  return {origin,
          {static_cast<float>(data.width) * layout.scale, static_cast<float>(data.height) * layout.scale},
          {gap, gap},
          layout.rows,
          layout.columns};
}

/// The map under the pointer enlarged, with the pointed value ringed and written out.
void zoom_tip(const Theme& theme, const Atlas& atlas, const MosaicData& data, const Spot& spot, std::int64_t index,
              std::optional<ImVec2> anchor) {
  const Face number = face_of(theme, TextSize::kBody, Weight::kNumber), plain = face_of(theme, TextSize::kCaption);
  const float value = data.values[static_cast<std::size_t>(index - data.first)];
  const std::string title = value_text(value, 6);
  std::string where(data.name);
  where += data.shape.rank() > 0 ? data.shape.index_text(index)
                                 : "[" + std::to_string(spot.map) + ", " + std::to_string(spot.row) + ", " +
                                       std::to_string(spot.column) + "]";
  const float pad = theme.unit;
  const float enlarge = std::max(1.0f, std::floor(15.0f * theme.unit / static_cast<float>(std::max(data.width, data.height))));
  const ImVec2 picture{static_cast<float>(data.width) * enlarge, static_cast<float>(data.height) * enlarge};
  const float width = std::max({text_width(number, title), text_width(plain, where), picture.x});
  const ImVec2 size{width + 2 * pad, picture.y + number.size + plain.size + 3.5f * pad};
  const ImVec2 display = ImGui::GetIO().DisplaySize, mouse = anchor.value_or(ImGui::GetIO().MousePos);
  ImVec2 at{mouse.x + 2.5f * pad, mouse.y + 2.5f * pad};
  if (at.x + size.x > display.x) at.x = std::max(0.0f, mouse.x - size.x - 1.5f * pad);
  if (at.y + size.y > display.y) at.y = std::max(0.0f, mouse.y - size.y - 1.5f * pad);
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled({at.x, at.y + 3}, {at.x + size.x, at.y + size.y + 3}, theme.colors.shadow, pad);
  list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme.colors.surface_raised, pad);
  list.AddRect(at, {at.x + size.x, at.y + size.y}, theme.colors.outline, pad);
  const ImVec2 corner{at.x + pad, at.y + pad};
  const auto [uv0, uv1] = atlas.uv(spot.map);
  list.AddImage(atlas.texture, corner, {corner.x + picture.x, corner.y + picture.y}, uv0, uv1);
  list.AddRect(corner, {corner.x + picture.x, corner.y + picture.y}, theme.colors.outline);
  const ImVec2 cell{corner.x + static_cast<float>(spot.column) * enlarge, corner.y + static_cast<float>(spot.row) * enlarge};
  list.AddRect({cell.x - 1, cell.y - 1}, {cell.x + enlarge + 1, cell.y + enlarge + 1}, theme.colors.highlight, 0, 0, 2.0f);
  put_text(list, number, {corner.x, corner.y + picture.y + pad}, theme.colors.text, title);
  put_text(list, plain, {corner.x, corner.y + picture.y + pad * 1.3f + number.size}, theme.colors.text_muted, where);
}

/// Operands of the open derivation: one frame around those that fill a rectangle of a map, else each by itself.
void draw_lit(const Theme& theme, ImDrawList& list, const MosaicData& data, const MosaicLayout& layout, float gap,
              ImVec2 origin) {
  struct Box {
    int map = -1, top = 0, left = 0, bottom = 0, right = 0;
    std::int64_t count = 0;
  };
  std::vector<Box> boxes(static_cast<std::size_t>(data.count));
  const std::int64_t total = static_cast<std::int64_t>(data.values.size());
  for (const std::int64_t index : data.lit) {
    if (index < data.first || index >= data.first + total) continue;
    const Spot s = spot_of(data, index);
    Box& box = boxes[static_cast<std::size_t>(s.map)];
    if (box.count++ == 0) {
      box = {s.map, s.row, s.column, s.row, s.column, 1};
    } else {
      box.top = std::min(box.top, s.row), box.bottom = std::max(box.bottom, s.row);
      box.left = std::min(box.left, s.column), box.right = std::max(box.right, s.column);
    }
  }
  const auto frame = [&](const Rect& a, const Rect& b) {
    list.AddRect({a.min.x - 1, a.min.y - 1}, {b.max.x + 1, b.max.y + 1}, theme.colors.highlight, 0, 0, 2.0f);
  };
  const auto index_of = [&](int map, int row, int column) {
    return data.first + (static_cast<std::int64_t>(map) * data.height + row) * data.width + column;
  };
  for (const Box& box : boxes) {
    if (box.count == 0) continue;
    if (box.count == static_cast<std::int64_t>(box.bottom - box.top + 1) * (box.right - box.left + 1)) {
      frame(mosaic_cell(data, layout, gap, origin, index_of(box.map, box.top, box.left)),
            mosaic_cell(data, layout, gap, origin, index_of(box.map, box.bottom, box.right)));
      continue;
    }
    for (const std::int64_t index : data.lit) {
      if (index < data.first || index >= data.first + total || spot_of(data, index).map != box.map) continue;
      const Rect cell = mosaic_cell(data, layout, gap, origin, index);
      frame(cell, cell);
    }
  }
}

std::int64_t index_of(const MosaicData& data, int map, Cell part) {
  return data.first + (static_cast<std::int64_t>(map) * data.height + part.row) * data.width + part.column;
}

/// For the keyboard's cursor, which walks through all values of all maps.
GridWords words_of(const MosaicData& data, const MosaicLayout& layout) {
  const bool single = data.height * data.width == 1;
  const std::string size = std::to_string(data.height) + "×" + std::to_string(data.width);
  const std::string name = data.name.empty() ? std::string(data.key) : std::string(data.name);
  GridWords words{.name = name + ", " + (single ? std::to_string(data.count) + " values" : data.count == 1 ? size + " values" : std::to_string(data.count) + " " + std::string(data.one) + "s of " + size),
                  .help = "Enter: where the number comes from", .count = data.count, .part_rows = data.height, .part_columns = data.width};
  words.place = [&data, &layout, single](Cell cell, Cell part) {
    const int map = cell.row * layout.columns + cell.column;
    const float value = data.values[static_cast<std::size_t>(index_of(data, map, part) - data.first)];
    std::string text = single ? "value " + std::to_string(map) : data.count > 1 ? std::string(data.one) + " " + std::to_string(map) + ", " : "";
    if (!single) text += "row " + std::to_string(part.row) + ", column " + std::to_string(part.column);
    return text + ": " + value_text(value, 5);
  };
  return words;
}

}  // namespace

ImVec2 MosaicLayout::size(int height, int width, float gap) const {
  if (rows <= 0) return {0.0f, 0.0f};
  return {static_cast<float>(columns) * (static_cast<float>(width) * scale + gap) - gap,
          static_cast<float>(rows) * (static_cast<float>(height) * scale + gap) - gap};
}

MosaicLayout layout_mosaic(int count, int height, int width, ImVec2 available, float gap, float most_scale) {
  MosaicLayout best;
  if (count <= 0 || height <= 0 || width <= 0) return best;
  best.scale = 0.0f;
  for (int columns = 1; columns <= count; ++columns) {
    const int rows = (count + columns - 1) / columns;
    const float across = (available.x + gap) / static_cast<float>(columns) - gap;
    const float down = (available.y + gap) / static_cast<float>(rows) - gap;
    float scale = std::min({across / static_cast<float>(width), down / static_cast<float>(height), most_scale});
    if (scale > 2.0f) scale = std::floor(scale);
    // Of equally large ones the widest: canvases are wider than high.
    if (scale > 0.0f && scale >= best.scale) best = {columns, rows, scale};
  }
  if (best.scale <= 0.0f) best = {count, 1, std::min(0.5f, most_scale)};
  return best;
}

Rect mosaic_cell(const MosaicData& data, const MosaicLayout& layout, float gap, ImVec2 origin, std::int64_t index) {
  const Spot spot = spot_of(data, index);
  const Rect map = grid_of(data, layout, gap, origin).rect({spot.map / layout.columns, spot.map % layout.columns});
  const ImVec2 min{map.min.x + static_cast<float>(spot.column) * layout.scale,
                   map.min.y + static_cast<float>(spot.row) * layout.scale};
  return {min, {min.x + layout.scale, min.y + layout.scale}};
}

MosaicHit draw_mosaic(const Theme& theme, TextureCache& textures, const char* id, const MosaicData& data,
                      const MosaicLayout& layout, float gap) {
  MosaicHit hit;
  const std::int64_t needed = static_cast<std::int64_t>(data.count) * data.height * data.width;
  if (needed <= 0 || static_cast<std::int64_t>(data.values.size()) < needed || layout.rows <= 0) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const GridGeometry grid = grid_of(data, layout, gap, origin);
  const Atlas atlas = make_atlas(theme, textures, data);
  const bool outlined = data.count <= 200 && data.height * data.width > 1;
  for (int map = 0; map < data.count; ++map) {
    const Rect box = grid.rect({map / layout.columns, map % layout.columns});
    const auto [uv0, uv1] = atlas.uv(map);
    list.AddImage(atlas.texture, box.min, box.max, uv0, uv1);
    if (outlined) list.AddRect(box.min, box.max, with_alpha(theme.colors.outline, 0.8f));
  }
  draw_lit(theme, list, data, layout, gap, origin);
  if (data.selected >= 0 && data.selected < data.count) {
    const Rect box = grid.rect({data.selected / layout.columns, data.selected % layout.columns});
    list.AddRect({box.min.x - 2, box.min.y - 2}, {box.max.x + 2, box.max.y + 2}, theme.colors.accent, 2.0f, 0, 2.0f);
  }

  const GridInput input = grid_input(theme, id, grid, words_of(data, layout));
  const auto exists = [&](const std::optional<Cell>& cell) { return cell && cell->row * layout.columns + cell->column < data.count; };
  if (exists(input.pointed)) {
    hit.hovered_map = input.pointed->row * layout.columns + input.pointed->column;
    hit.hovered = index_of(data, hit.hovered_map, input.pointed_part);
    const Rect cell = mosaic_cell(data, layout, gap, origin, *hit.hovered);
    list.AddRect({cell.min.x - 1, cell.min.y - 1}, {cell.max.x + 1, cell.max.y + 1}, theme.colors.highlight, 0, 0, 1.5f);
    const std::optional<ImVec2> anchor = input.by_keyboard ? std::optional(cell.center()) : std::nullopt;
    zoom_tip(theme, atlas, data, spot_of(data, *hit.hovered), *hit.hovered, anchor);
  }
  if (exists(input.clicked)) {
    hit.clicked_map = input.clicked->row * layout.columns + input.clicked->column;
    hit.clicked = index_of(data, hit.clicked_map, input.clicked_part);
  }
  return hit;
}

}  // namespace chainrule
