// The ladder of font sizes, baked at physical pixels: Dear ImGui 1.90.1 needs every size and sign before it draws.
#pragma once

#include <cstdint>
#include <vector>

#include "web/app/theme.h"

namespace chainrule {

/// The font files, read once; the atlas is baked from them again when the device's or the interface's scale changes.
class FontLibrary {
 public:
  /// Reads the files through the platform. Ensures: missing files leave Dear ImGui's own font in their place.
  FontLibrary();
  /// Fills theme.text, strong and number for theme.scale and theme.pixel_ratio, and makes the body face the default.
  /// Metrics are in logical pixels, bitmaps in physical ones. Requires: between frames.
  /// Ensures: the atlas is at most 4096 x 4096; where that cannot hold the signs at full sharpness, less sharp ones.
  void bake(Theme& theme, ImFontAtlas& atlas) const;

 private:
  struct Face {
    std::vector<std::uint8_t> bytes;
    float line_em = 1.2f;  // (ascent - descent) / em, which is what Dear ImGui calls the size
  };
  bool try_bake(Theme& theme, ImFontAtlas& atlas, float density) const;
  ImFont* add(ImFontAtlas& atlas, const Face& face, float em, float density, const ImWchar* signs) const;

  Face regular_, strong_, number_, maths_, fallback_;
};

}  // namespace chainrule
