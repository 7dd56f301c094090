// No sign is missing: the whole app, in null frames with the fonts of the site, never draws the sign for "no such sign".
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "engine/math/rng.h"
#include "tests/web/widgets/null_frame.h"
#include "web/app/app.h"
#include "web/app/fonts.h"

namespace chainrule {
namespace {

class Glyphs : public NullFrame {
 protected:
  void SetUp() override {
    for (const char* font : {"Inter-Regular.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf", "STIXMath-Regular.otf", "DejaVuSans.ttf"}) {
      ASSERT_FALSE(platform::read_asset(std::string("fonts/") + font).empty()) << font << " is not in build/site/fonts";
    }
  }

  // The texture coordinates of what the fonts draw for signs that they lack.
  static std::set<std::pair<float, float>> fallbacks() {
    std::set<std::pair<float, float>> corners;
    for (const ImFont* font : ImGui::GetIO().Fonts->Fonts) {
      if (font->FallbackGlyph != nullptr) corners.insert({font->FallbackGlyph->U0, font->FallbackGlyph->V0});
    }
    return corners;
  }

  // How many signs of the last frame were missing.
  static int missing() {
    const std::set<std::pair<float, float>> corners = fallbacks();
    int count = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
      for (const ImDrawVert& vertex : list->VtxBuffer) count += corners.contains({vertex.uv.x, vertex.uv.y}) ? 1 : 0;
    }
    return count;
  }

  void app_frame(App& app) {
    app.work();
    app.prepare();
    ImGui::NewFrame();
    app.draw();
    ImGui::Render();
    app.finish_frame();
  }
};

TEST_F(Glyphs, AMissingSignIsFound) {
  FontLibrary().bake(theme, *ImGui::GetIO().Fonts);
  const auto write = [&](const char* text) {
    frame({400, 100}, [&] { ImGui::TextUnformatted(text); });
    return missing();
  };
  EXPECT_EQ(write("∂L/∂w = Σ δ·x, größer als ½ ≤ 3 × 4, Ärger, Öl, über, ß"), 0);
  EXPECT_GT(write("\xE4\xBD\xA0"), 0) << "a Chinese sign, which no font here has";
}

TEST_F(Glyphs, EveryFaceHasGermanAndGreek) {
  FontLibrary().bake(theme, *ImGui::GetIO().Fonts);
  for (int size = 0; size < 4; ++size) {
    for (const ImFont* font : {theme.text[size], theme.strong[size], theme.number[size]}) {
      for (const ImWchar sign : {0xE4, 0xF6, 0xFC, 0xC4, 0xD6, 0xDC, 0xDF, 0x201E, 0x201C, 0x2013, 0xD7, 0xB7, 0x2202, 0x3B1, 0x3C9, 0x2212, 0x2026}) {
        EXPECT_NE(font->FindGlyphNoFallback(sign), nullptr) << "U+" << std::hex << static_cast<int>(sign) << " at size " << size;
      }
    }
  }
}

// Presses everywhere: tabs, panels, menus, derivations. The same presses every time.
TEST_F(Glyphs, TheWholePageHasAllItsSigns) {
  ImGuiIO& io = ImGui::GetIO();
  App app(textures);
  Rng rng(11, "data");
  for (const ImVec2 size : {ImVec2{1280, 720}, ImVec2{390, 844}, ImVec2{1920, 1080}}) {
    io.DisplaySize = size;
    for (int press = 0; press < 120; ++press) {
      if (press % 20 == 0 && app.player() != nullptr && press < 60) app.player()->step_by(1);
      const ImVec2 at{rng.uniform(0.0f, size.x), rng.uniform(0.0f, size.y)};
      io.AddMousePosEvent(at.x, at.y);
      app_frame(app);
      ASSERT_EQ(missing(), 0) << "near " << at.x << ", " << at.y << " on " << size.x << " x " << size.y;
      for (const bool down : {true, false}) {
        io.AddMouseButtonEvent(0, down);
        app_frame(app);
        ASSERT_EQ(missing(), 0) << "after a press at " << at.x << ", " << at.y << " on " << size.x << " x " << size.y;
      }
      if (press % 10 == 9) app.player()->pause();
    }
  }
}

}  // namespace
}  // namespace chainrule
