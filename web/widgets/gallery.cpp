#include "web/widgets/gallery.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/text.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kSide = 28;

struct Tiles {
  ImVec2 cell;
  float picture = 56.0f;
  int columns = 1, rows = 1;
};

Tiles tiles_of(const Theme& theme, ImVec2 size) {
  Tiles tiles;
  const float u = theme.unit;
  const Face caption = face_of(theme, TextSize::kCaption);
  tiles.picture = 7.0f * u;
  tiles.cell = {std::max(tiles.picture, text_width(caption, "0 → 0")) + 2.0f * u, tiles.picture + 2.2f * caption.size + 1.5f * u};
  const float height = size.y - control_height(theme) - u;
  tiles.columns = std::max(1, static_cast<int>((size.x + u) / (tiles.cell.x + u)));
  tiles.rows = std::max(1, static_cast<int>((height + u) / (tiles.cell.y + u)));
  return tiles;
}

ImTextureID page_texture(const Theme& theme, TextureCache& textures, const GalleryData& data, int first, int count) {
  const ColorTable table(theme, {ColorMap::kInk, 0.0f, 255.0f});
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(count) * kSide * kSide, theme.colors.surface);
  std::uint64_t version = data.version * 1099511628211ull + static_cast<std::uint64_t>(theme.mode);
  for (int i = 0; i < count; ++i) {
    const MistakeView& item = data.items[static_cast<std::size_t>(first + i)];
    version = (version ^ static_cast<std::uint64_t>(item.index + 1)) * 1099511628211ull;
    if (item.pixels.size() < static_cast<std::size_t>(kSide * kSide)) continue;
    for (std::size_t p = 0; p < static_cast<std::size_t>(kSide * kSide); ++p)
      pixels[static_cast<std::size_t>(i) * kSide * kSide + p] = table(static_cast<float>(item.pixels[p]));
  }
  return textures.update(std::string(data.key), version, kSide, kSide * count, pixels);
}

void draw_pager(const Theme& theme, ImVec2 at, float width, int count, int page, int* first) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImGui::SetCursorScreenPos(at);
  const float one = text_button_width(theme, "‹");
  if (text_button(theme, "‹", ButtonLook::kQuiet, one, *first > 0, "Earlier digits")) *first = std::max(0, *first - page);
  ImGui::SetCursorScreenPos({at.x + one + theme.unit * 0.5f, at.y});
  if (text_button(theme, "›", ButtonLook::kQuiet, one, *first + page < count, "Later digits")) *first += page;
  const std::string text = std::to_string(*first + 1) + "–" + std::to_string(std::min(count, *first + page)) + " of " + grouped_text(count);
  const float left = at.x + 2.0f * one + 2.0f * theme.unit;
  put_text(list, face_of(theme, TextSize::kCaption), {{left, at.y}, {at.x + width, at.y + control_height(theme)}}, {0.0f, 0.5f},
           theme.colors.text_muted, text);
}

}  // namespace

int gallery_page_size(const Theme& theme, ImVec2 size) {
  const Tiles tiles = tiles_of(theme, size);
  return tiles.columns * tiles.rows;
}

GalleryHit draw_gallery(const Theme& theme, TextureCache& textures, const char* id, ImVec2 size, const GalleryData& data,
                        int* first) {
  GalleryHit hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Palette& colors = theme.colors;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  if (data.items.empty()) {
    put_wrapped(&list, face_of(theme, TextSize::kBody), origin, size.x, colors.text_muted, data.empty_text);
    return hit;
  }
  const Tiles tiles = tiles_of(theme, size);
  const int page = tiles.columns * tiles.rows, total = static_cast<int>(data.items.size());
  *first = std::clamp(*first, 0, (total - 1) / page * page) / page * page;
  const int count = std::min(page, total - *first);
  const ImTextureID texture = page_texture(theme, textures, data, *first, count);
  const Face caption = face_of(theme, TextSize::kCaption), strong = face_of(theme, TextSize::kCaption, Weight::kStrong);
  const GridGeometry grid{origin, tiles.cell, {theme.unit, theme.unit}, (count + tiles.columns - 1) / tiles.columns,
                          std::min(count, tiles.columns)};
  const GridWords words{.name = "Misread digits, " + std::to_string(*first + 1) + " to " + std::to_string(*first + count) + " of " + grouped_text(total),
                        .place = [&](Cell cell, Cell) {
                          const MistakeView& item = data.items[static_cast<std::size_t>(*first + cell.row * grid.columns + cell.column)];
                          return "test digit " + grouped_text(item.index) + ": true " + std::to_string(item.truth) + ", read as " +
                                 std::to_string(item.predicted) + " with " + percent_text(static_cast<double>(item.probability), 0);
                        },
                        .help = "Enter: send the digit through the network",
                        .count = count};
  const GridInput input = grid_input(theme, id, grid, words);
  const auto item_at = [&](const std::optional<Cell>& cell) {
    const int i = cell ? cell->row * grid.columns + cell->column : -1;
    return i < count ? i : -1;
  };
  const int pointed = item_at(input.pointed);
  for (int i = 0; i < count; ++i) {
    const MistakeView& item = data.items[static_cast<std::size_t>(*first + i)];
    const Rect box = grid.rect({i / grid.columns, i % grid.columns});
    const bool chosen = item.index == data.selected_index;
    if (chosen || i == pointed) list.AddRectFilled(box.min, box.max, chosen ? colors.pressed : colors.hover, theme.unit * 0.75f);
    const ImVec2 corner{box.center().x - tiles.picture * 0.5f, box.min.y + theme.unit * 0.5f};
    const float v0 = static_cast<float>(i) / static_cast<float>(count), v1 = static_cast<float>(i + 1) / static_cast<float>(count);
    list.AddImage(texture, corner, {corner.x + tiles.picture, corner.y + tiles.picture}, {0.0f, v0}, {1.0f, v1});
    list.AddRect(corner, {corner.x + tiles.picture, corner.y + tiles.picture}, chosen ? colors.accent : colors.outline, 0, 0, chosen ? 2.0f : 1.0f);
    const float y = corner.y + tiles.picture + theme.unit * 0.25f;
    put_text(list, strong, {{box.min.x, y}, {box.max.x, y + strong.size}}, {0.5f, 0.0f}, colors.text,
             std::to_string(item.truth) + " → " + std::to_string(item.predicted));
    put_text(list, caption, {{box.min.x, y + strong.size}, {box.max.x, y + strong.size + caption.size}}, {0.5f, 0.0f},
             colors.text_muted, percent_text(item.probability, 0));
  }
  if (pointed >= 0) {
    const MistakeView& item = data.items[static_cast<std::size_t>(*first + pointed)];
    value_tip(theme, "true " + std::to_string(item.truth) + " → said " + std::to_string(item.predicted),
              "test digit " + grouped_text(item.index) + "\nP(" + std::to_string(item.predicted) + ") = " + percent_text(item.probability, 2) +
                  "\nP(" + std::to_string(item.truth) + ") = " + percent_text(item.truth_probability, 2) +
                  "\nclick: send it through the network",
              input.anchor);
  }
  if (const int clicked = item_at(input.clicked); clicked >= 0) hit.clicked = *first + clicked;
  ImGui::PushID(id);
  if (total > page)
    draw_pager(theme, {origin.x, origin.y + size.y - control_height(theme)}, size.x, total, page, first);
  ImGui::PopID();
  return hit;
}

}  // namespace chainrule
