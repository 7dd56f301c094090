#include "web/app/sharp.h"

#include <cmath>

#include "tests/web/widgets/null_frame.h"
#include "web/app/fonts.h"

namespace chainrule {
namespace {

class Sharp : public NullFrame {
 protected:
  // Draws at a device scale, and calls check(left top, right bottom) in physical pixels for each rectangle or glyph.
  template <typename Check>
  void draw_at(float ratio, float scale, const Check& check) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplayFramebufferScale = {ratio, ratio};
    theme.pixel_ratio = ratio;
    theme.scale = scale;
    FontLibrary().bake(theme, *io.Fonts);
    frame({400, 200}, [&] {
      ImDrawList& list = *ImGui::GetWindowDrawList();
      list.AddText(theme.face(TextSize::kBody), theme.face(TextSize::kBody)->FontSize, {7, 9}, IM_COL32_WHITE, "Gradient 0.25");
      list.AddRectFilled({3.3f, 40.2f}, {90.7f, 41.2f}, IM_COL32_WHITE);
    });
    sharpen(*ImGui::GetDrawData(), theme.glyph_positions);
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
      for (int i = 0; i + 4 <= list->VtxBuffer.Size; i += 4) {
        const ImDrawVert &from = list->VtxBuffer[i], &to = list->VtxBuffer[i + 2];
        check(ImVec2{from.pos.x * ratio, from.pos.y * ratio}, ImVec2{to.pos.x * ratio, to.pos.y * ratio},
              from.uv.x == to.uv.x);
      }
    }
  }
};

float off_grid(float value) { return std::abs(value - std::round(value)); }

TEST_F(Sharp, EverythingFallsOnPhysicalPixels) {
  for (const float ratio : {1.0f, 1.25f, 1.5f, 2.0f, 3.0f}) {
    for (const float scale : {0.8f, 0.9f, 1.0f, 1.15f, 1.3f, 1.5f, 1.75f, 2.0f}) {
      SCOPED_TRACE(testing::Message() << "device " << ratio << ", interface " << scale);
      int glyphs = 0, boxes = 0;
      draw_at(ratio, scale, [&](ImVec2 from, ImVec2 to, bool plain) {
        EXPECT_LT(off_grid(from.y), 2e-3f);
        if (plain) {
          ++boxes;
          for (const float edge : {from.x, to.x, to.y}) EXPECT_LT(off_grid(edge), 2e-3f);
          EXPECT_GE(to.y - from.y, 0.99f) << "a hairline vanished";
        } else {
          ++glyphs;
          // With two positions a pixel, glyphs were baked a quarter of a pixel to the left.
          if (theme.glyph_positions == 2) EXPECT_LT(off_grid(2 * from.x + 0.5f), 4e-3f);
          if (theme.glyph_positions == 1) EXPECT_LT(off_grid(from.x), 2e-3f);
        }
      });
      EXPECT_EQ(glyphs, 12) << "the blank is no glyph";
      EXPECT_EQ(boxes, 1);
    }
  }
}

// One texel a physical pixel downwards: else text is scaled, which blurs it.
TEST_F(Sharp, GlyphsAreDrawnAtTheSizeThatTheyWereBakedFor) {
  for (const float ratio : {1.0f, 1.25f, 1.5f, 2.0f, 3.0f}) {
    theme.pixel_ratio = ratio;
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    FontLibrary().bake(theme, atlas);
    EXPECT_LE(atlas.TexWidth, 4096);
    EXPECT_LE(atlas.TexHeight, 4096);
    for (const ImFontGlyph& glyph : theme.face(TextSize::kBody)->Glyphs) {
      if (!glyph.Visible) continue;
      const float texels = (glyph.V1 - glyph.V0) * static_cast<float>(atlas.TexHeight);
      EXPECT_NEAR((glyph.Y1 - glyph.Y0) * ratio, texels, 0.02f) << "U+" << std::hex << glyph.Codepoint << " at " << ratio;
    }
  }
}

}  // namespace
}  // namespace chainrule
