#include "web/app/theme.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <regex>
#include <string>

namespace chainrule {
namespace {

class Themes : public testing::TestWithParam<ThemeMode> {
 protected:
  Theme theme() const {
    Theme made;
    made.mode = GetParam();
    made.colors = palette_of(GetParam());
    return made;
  }
};

TEST(Contrast, BlackOnWhiteIsTwentyOne) {
  EXPECT_NEAR(contrast_ratio(IM_COL32_BLACK, IM_COL32_WHITE), 21.0f, 1e-4f);
  EXPECT_FLOAT_EQ(contrast_ratio(IM_COL32_WHITE, IM_COL32_WHITE), 1.0f);
}

// WCAG 2.2, success criterion 1.4.3: 4.5 for text.
TEST_P(Themes, TextIsReadable) {
  const Palette c = theme().colors;
  for (const ImU32 paper : {c.page, c.surface, c.surface_raised}) {
    for (const ImU32 ink : {c.text, c.text_muted, c.accent, c.good, c.warning, c.bad}) {
      EXPECT_GE(contrast_ratio(ink, paper), 4.5f) << std::hex << ink << " on " << paper;
    }
  }
  EXPECT_GE(contrast_ratio(c.text, c.field), 4.5f);
  EXPECT_GE(contrast_ratio(c.text_muted, c.field), 4.5f);
  EXPECT_GE(contrast_ratio(c.accent_text, c.accent), 4.5f);
}

// 1.4.11: 3 for what must be told apart without words.
TEST_P(Themes, SignsAreVisible) {
  const Palette c = theme().colors;
  // Curves lend their colours to their labels, which are text.
  for (const ImU32 series : c.series) {
    for (const ImU32 paper : {c.page, c.surface}) EXPECT_GE(contrast_ratio(series, paper), 4.5f) << std::hex << series;
  }
  EXPECT_GE(contrast_ratio(c.focus, c.surface), 3.0f);
  EXPECT_GE(contrast_ratio(c.focus, c.page), 3.0f);
}

TEST_P(Themes, DivergingColorsMoveAwayFromTheNeutralOne) {
  const ImU32 neutral = diverging_color(theme(), 0.0f, 1.0f);
  EXPECT_LT(contrast_ratio(neutral, theme().colors.surface), 1.3f);
  for (const float sign : {-1.0f, 1.0f}) {
    float before = 1.0f;
    for (int i = 1; i <= 10; ++i) {
      const float ratio = contrast_ratio(diverging_color(theme(), sign * static_cast<float>(i) / 10.0f, 1.0f), neutral);
      EXPECT_GT(ratio, before);
      before = ratio;
    }
    EXPECT_GE(before, 3.0f);
  }
  EXPECT_NE(diverging_color(theme(), 1.0f, 1.0f), diverging_color(theme(), -1.0f, 1.0f));
  EXPECT_EQ(diverging_color(theme(), 5.0f, 1.0f), diverging_color(theme(), 1.0f, 1.0f));
}

TEST_P(Themes, NumbersThatAreNotFiniteHaveAColorOfTheirOwn) {
  const ImU32 odd = diverging_color(theme(), std::numeric_limits<float>::quiet_NaN(), 1.0f);
  EXPECT_EQ(odd, diverging_color(theme(), std::numeric_limits<float>::infinity(), 1.0f));
  EXPECT_EQ(odd, sequential_color(theme(), -std::numeric_limits<float>::infinity(), 0.0f, 1.0f));
  for (int i = 0; i <= 10; ++i) EXPECT_NE(odd, sequential_color(theme(), static_cast<float>(i) / 10.0f, 0.0f, 1.0f));
}

TEST_P(Themes, SequentialColorsGrowLighter) {
  float before = 0.0f;
  for (int i = 0; i <= 20; ++i) {
    const float ratio = contrast_ratio(sequential_color(theme(), static_cast<float>(i), 0.0f, 20.0f), IM_COL32_BLACK);
    EXPECT_GT(ratio, before);
    before = ratio;
  }
}

// docs/DESIGN_LANGUAGE.md says what is true: each row's colours and contrasts, on the page's background.
TEST(DesignLanguage, ItsTableIsThePalette) {
  std::ifstream page(CHAINRULE_SOURCE_DIR "/docs/DESIGN_LANGUAGE.md");
  const std::regex row(R"(\| (\w+)(?: (\d), \w+)? \| #(\w{6}) \| ([\d.]+) \| #(\w{6}) \| ([\d.]+) \|.*)");
  const std::map<std::string, ImU32 Palette::*> roles{
      {"text", &Palette::text}, {"text_muted", &Palette::text_muted}, {"accent", &Palette::accent}, {"good", &Palette::good},
      {"warning", &Palette::warning}, {"bad", &Palette::bad}, {"focus", &Palette::focus}};
  int rows = 0;
  std::smatch found;
  for (std::string line; std::getline(page, line);) {
    if (!std::regex_match(line, found, row)) continue;
    ++rows;
    for (const ThemeMode mode : {ThemeMode::kLight, ThemeMode::kDark}) {
      const Palette palette = palette_of(mode);
      const ImU32 color = found[1] == "series" ? palette.series[std::stoi(found[2]) - 1] : palette.*roles.at(found[1]);
      const int at = mode == ThemeMode::kLight ? 3 : 5;
      char hex[8];
      std::snprintf(hex, sizeof hex, "%02X%02X%02X", (color >> IM_COL32_R_SHIFT) & 255, (color >> IM_COL32_G_SHIFT) & 255,
                    (color >> IM_COL32_B_SHIFT) & 255);
      EXPECT_EQ(found[at], hex) << line;
      EXPECT_NEAR(std::stof(found[at + 1]), contrast_ratio(color, palette.page), 0.051f) << line;
    }
  }
  EXPECT_EQ(rows, 13);
}

TEST(Colors, MixEndsAtBothColors) {
  const ImU32 a = IM_COL32(10, 200, 30, 255), b = IM_COL32(250, 3, 99, 255);
  EXPECT_EQ(mix_color(a, b, 0.0f), a);
  EXPECT_EQ(mix_color(a, b, 1.0f), b);
  EXPECT_EQ(with_alpha(a, 0.0f), a & ~IM_COL32_A_MASK);
}

INSTANTIATE_TEST_SUITE_P(Both, Themes, testing::Values(ThemeMode::kLight, ThemeMode::kDark));

}  // namespace
}  // namespace chainrule
