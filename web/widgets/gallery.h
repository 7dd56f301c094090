// Gallery: pictures that the network got wrong, a page at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "web/app/draw_context.h"
#include "web/widgets/gallery_item.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {

struct GalleryData {
  std::string_view key;  // of the texture
  std::uint64_t version = 0;
  std::span<const MistakeView> items;
  std::int64_t selected_index = -1;  // number of the test digit on show elsewhere
  std::string_view empty_text = "No mistakes to show.";
};

struct GalleryHit {
  std::optional<int> clicked;  // which of items
};

/// How many fit on a page of `size`: at least 1.
int gallery_page_size(const Theme& theme, ImVec2 size);

/// Draws at the window's cursor; `*first` is the page's first item and moves with the pager.
GalleryHit draw_gallery(const Theme& theme, TextureCache& textures, const char* id, ImVec2 size, const GalleryData& data,
                        int* first);

}  // namespace chainrule
