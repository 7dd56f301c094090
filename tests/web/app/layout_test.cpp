#include "web/app/layout.h"

#include <gtest/gtest.h>

namespace chainrule {
namespace {

constexpr ImVec2 kScreens[] = {{390, 844}, {844, 390}, {768, 1024}, {1280, 720}, {1920, 1080}, {2560, 1440}};

float right(const Area& area) { return area.at.x + area.size.x; }
float bottom(const Area& area) { return area.at.y + area.size.y; }

TEST(Layout, PartsFillTheScreenAndDoNotOverlap) {
  for (const ImVec2 screen : kScreens) {
    for (const bool contents : {false, true}) {
      for (const bool side : {false, true}) {
        const Layout layout = arrange(screen, 8.0f, {contents, side});
        EXPECT_FLOAT_EQ(right(layout.header), screen.x);
        EXPECT_FLOAT_EQ(bottom(layout.header), layout.canvas.at.y);
        EXPECT_FLOAT_EQ(bottom(layout.canvas), layout.transport.at.y);
        EXPECT_FLOAT_EQ(bottom(layout.transport), screen.y);
        if (layout.side_docked) {
          EXPECT_FLOAT_EQ(right(layout.canvas), layout.side.at.x);
        }
        if (layout.contents_docked) {
          EXPECT_FLOAT_EQ(right(layout.contents), layout.canvas.at.x);
        }
        EXPECT_LE(right(layout.side), screen.x + 0.01f);
        EXPECT_LE(bottom(layout.side), screen.y + 0.01f);
        EXPECT_GE(layout.canvas.size.x, 0.5f * screen.x);
        EXPECT_GE(layout.canvas.size.y, 0.55f * screen.y);
      }
    }
  }
}

TEST(Layout, PhonesHaveOneColumnAndLargeScreensThree) {
  EXPECT_TRUE(arrange({390, 844}, 8, {}).narrow);
  EXPECT_FALSE(arrange({390, 844}, 8, {}).side_docked);
  EXPECT_TRUE(arrange({844, 390}, 8, {}).short_screen);
  EXPECT_TRUE(arrange({1280, 720}, 8, {}).side_docked);
  EXPECT_FALSE(arrange({1280, 720}, 8, {}).contents_docked);
  EXPECT_TRUE(arrange({1920, 1080}, 8, {}).contents_docked);
  EXPECT_FALSE(arrange({1920, 1080}, 8, {false, true}).contents_docked);
}

TEST(Layout, APresentationIsTheLessonAndASlimBar) {
  for (const ImVec2 screen : kScreens) {
    const Layout layout = arrange(screen, 8.0f, {.contents = true, .side = true, .presentation = true});
    EXPECT_EQ(layout.header.size.y, 0.0f);
    EXPECT_TRUE(layout.slim);
    EXPECT_FALSE(layout.side_docked || layout.contents_docked);
    EXPECT_FLOAT_EQ(layout.canvas.size.x, screen.x);
    EXPECT_GE(layout.canvas.size.y, screen.y - 7 * 8.0f);
  }
}

TEST(Layout, ALargerInterfaceNeedsALargerScreen) {
  EXPECT_TRUE(arrange({1280, 720}, 8, {}).side_docked);
  EXPECT_FALSE(arrange({1280, 720}, 16, {}).side_docked);
  EXPECT_TRUE(arrange({1280, 720}, 16, {}).narrow);
}

}  // namespace
}  // namespace chainrule
