// The parts of the widgets that need no screen: ticks, downsampling, texts, hit-testing, layout of mosaics, formulas.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "web/widgets/axes.h"
#include "web/widgets/bars.h"
#include "web/widgets/color_scale.h"
#include "web/widgets/downsample.h"
#include "web/widgets/equation.h"
#include "web/widgets/grid_cursor.h"
#include "web/widgets/matrix_grid.h"
#include "web/widgets/mosaic.h"
#include "web/widgets/plot.h"
#include "web/widgets/spots.h"
#include "web/widgets/ticks.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(Spots, ArrowKeysGoToTheNearestOnThatSide) {
  const auto at = [](float x, float y) { return Rect{{x - 5, y - 5}, {x + 5, y + 5}}; };
  // 0 and 1 in a column, 2 to the right of both and nearer to the upper one, 3 far to the right of 1.
  const std::vector<Rect> spots = {at(0, 0), at(0, 100), at(100, 20), at(300, 100)};
  EXPECT_EQ(moved_spot(spots, 0, "ArrowDown"), 1);
  EXPECT_EQ(moved_spot(spots, 1, "ArrowUp"), 0) << "straight on for 100, against 80 and 100 across";
  EXPECT_EQ(moved_spot(spots, 0, "ArrowRight"), 2);
  EXPECT_EQ(moved_spot(spots, 2, "ArrowRight"), 3);
  EXPECT_EQ(moved_spot(spots, 3, "ArrowRight"), 3) << "there is none";
  EXPECT_EQ(moved_spot(spots, 0, "ArrowUp"), 0);
  EXPECT_EQ(moved_spot(spots, 2, "Home"), 0);
  EXPECT_EQ(moved_spot(spots, 0, "End"), 3);
  EXPECT_EQ(moved_spot({}, 0, "ArrowUp"), 0);
}

TEST(Ticks, AreRoundAndWithinTheRange) {
  EXPECT_EQ(nice_ticks(0.0, 1.0, 6), (std::vector<double>{0.0, 0.2, 0.4, 0.6, 0.8, 1.0}));
  EXPECT_EQ(nice_ticks(0.0, 1.0, 5), (std::vector<double>{0.0, 0.5, 1.0}));
  EXPECT_EQ(nice_ticks(-0.31, 0.31, 7), (std::vector<double>{-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3}));
  EXPECT_EQ(nice_ticks(0.0, 1280.0, 4), (std::vector<double>{0.0, 500.0, 1000.0}));
  // 0.3 itself, not three times 0.1.
  EXPECT_EQ(nice_ticks(0.25, 0.35, 3)[1], 0.3);
}

TEST(Ticks, NeverMoreThanAskedFor) {
  for (const double high : {1e-30, 3.7e-5, 0.99, 1.01, 42.0, 1e6 + 1, 9.9e30}) {
    for (int most = 1; most < 30; ++most) {
      const auto ticks = nice_ticks(-high / 3, high, most);
      EXPECT_LE(static_cast<int>(ticks.size()), most) << high;
      for (std::size_t i = 1; i < ticks.size(); ++i) EXPECT_LT(ticks[i - 1], ticks[i]);
    }
  }
}

TEST(Ticks, NothingOnAnEmptyOrBrokenRange) {
  EXPECT_TRUE(nice_ticks(1.0, 1.0, 5).empty());
  EXPECT_TRUE(nice_ticks(2.0, 1.0, 5).empty());
  EXPECT_TRUE(nice_ticks(0.0, std::numeric_limits<double>::infinity(), 5).empty());
  EXPECT_TRUE(nice_ticks(std::nan(""), 1.0, 5).empty());
  EXPECT_TRUE(nice_ticks(0.0, 1.0, 0).empty());
  // A range that floats cannot step through ends nevertheless.
  EXPECT_LE(nice_ticks(1e16, 1e16 + 2, 10).size(), 10u);
}

TEST(Ticks, LogarithmicOnesAreDecadesOrTheirHalves) {
  EXPECT_EQ(log_ticks(0.05, 3.0, 8), (std::vector<double>{0.05, 0.1, 0.2, 0.5, 1.0, 2.0}));
  EXPECT_EQ(log_ticks(1e-4, 10.0, 6), (std::vector<double>{1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0}));
  EXPECT_LE(log_ticks(1e-30, 1e30, 5).size(), 5u);
  EXPECT_EQ(log_ticks(0.61, 0.83, 6), (std::vector<double>{0.65, 0.7, 0.75, 0.8}));  // less than a decade is labelled too
  const std::vector<Tick> within_a_decade = axis_ticks({.low = std::log10(0.61), .high = std::log10(0.83), .logarithmic = true}, 6);
  ASSERT_EQ(within_a_decade.size(), 4u);
  EXPECT_EQ(within_a_decade[0].text, "0.65");
  EXPECT_TRUE(log_ticks(0.0, 1.0, 5).empty());
  EXPECT_TRUE(log_ticks(-1.0, 1.0, 5).empty());
}

TEST(Ticks, TextsHaveTheDecimalsOfTheirSpacing) {
  EXPECT_EQ(tick_text(0.5, 0.5), "0.5");
  EXPECT_EQ(tick_text(1.0, 0.25), "1.0");
  EXPECT_EQ(tick_text(0.05, 0.05), "0.05");
  EXPECT_EQ(tick_text(1500.0, 500.0), "1,500");
  EXPECT_EQ(tick_text(20000.0, 10000.0), "20k");
  EXPECT_EQ(tick_text(1.5e6, 5e5), "1.5M");
  EXPECT_EQ(tick_text(-0.2, 0.1), "−0.2");
  EXPECT_EQ(tick_text(0.0, 0.1), "0.0");
  EXPECT_EQ(tick_text(1e-7, 1e-7), "1e−7");
  EXPECT_EQ(tick_text(std::nan(""), 1.0), "–");
}

TEST(Downsample, KeepsEveryPointOfAShortCurve) {
  const std::vector<float> x{0, 1, 2, 3}, y{5, 6, 7, 8};
  const auto points = downsample(x, y, 0, 3, 100);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_TRUE(points[0].gap);
  EXPECT_FALSE(points[1].gap);
  EXPECT_EQ(points[3].y, 8);
}

TEST(Downsample, LosesNoPeak) {
  std::vector<float> y(100000, 1.0f);
  y[54321] = 99.0f;
  y[12345] = -99.0f;
  const auto points = downsample({}, y, 0, 99999, 200);
  EXPECT_LE(points.size(), 4u * 202u);
  double low = 0, high = 0, last = -1;
  for (const CurvePoint& point : points) {
    low = std::min(low, point.y), high = std::max(high, point.y);
    EXPECT_GT(point.x, last);
    last = point.x;
  }
  EXPECT_EQ(low, -99.0);
  EXPECT_EQ(high, 99.0);
  EXPECT_EQ(points.front().x, 0.0);
  EXPECT_EQ(points.back().x, 99999.0);
}

TEST(Downsample, NotANumberBreaksTheLine) {
  const std::vector<float> y{1, kNaN, 2, kInf, kInf, 3, 4};
  const auto points = downsample({}, y, 0, 6, 100);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_TRUE(points[0].gap);
  EXPECT_TRUE(points[1].gap);
  EXPECT_TRUE(points[2].gap);
  EXPECT_FALSE(points[3].gap);
  EXPECT_TRUE(downsample({}, std::vector<float>{kNaN, kNaN}, 0, 1, 10).empty());
  EXPECT_TRUE(downsample({}, {}, 0, 1, 10).empty());
  EXPECT_EQ(downsample({}, std::vector<float>{3}, 0, 0, 10).size(), 1u);
}

TEST(Downsample, TakesOnlyWhatIsInTheRangeAndItsNeighbours) {
  std::vector<float> y(1000);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<float>(i);
  const auto points = downsample({}, y, 100.5, 110.5, 100);
  EXPECT_EQ(points.front().x, 100.0);
  EXPECT_EQ(points.back().x, 111.0);
}

TEST(PlotRange, LeavesAirButNeverBelowZeroForWhatIsNeverNegative) {
  const std::vector<float> y{0.0f, 1.0f, kNaN};
  const PlotSeries series{"", {}, y, {}, {}};
  const PlotRange range = plot_range({&series, 1}, {}, false);
  EXPECT_EQ(range.low, 0.0);
  EXPECT_NEAR(range.high, 1.05, 1e-9);
  const PlotRange logarithmic = plot_range({&series, 1}, {}, true);
  EXPECT_GT(logarithmic.low, 0.0);
  EXPECT_LT(logarithmic.low, logarithmic.high);
  const PlotMark mark{3.0, "reference"};
  EXPECT_GT(plot_range({&series, 1}, {&mark, 1}, false).high, 3.0);
}

TEST(PlotRange, IsNeverEmpty) {
  for (const std::vector<float>& y : {std::vector<float>{}, {0.0f}, {-2.0f, -2.0f}, {kNaN}, {kInf}, {1e30f}}) {
    const PlotSeries series{"", {}, y, {}, {}};
    for (const bool logarithmic : {false, true}) {
      const PlotRange range = plot_range({&series, 1}, {}, logarithmic);
      EXPECT_LT(range.low, range.high);
      if (logarithmic) EXPECT_GT(range.low, 0.0);
    }
  }
}

TEST(Plot, NearestPoint) {
  const std::vector<float> x{10, 20, 40};
  EXPECT_EQ(nearest_point(x, 3, 14.0), 0u);
  EXPECT_EQ(nearest_point(x, 3, 16.0), 1u);
  EXPECT_EQ(nearest_point(x, 3, -5.0), 0u);
  EXPECT_EQ(nearest_point(x, 3, 99.0), 2u);
  EXPECT_EQ(nearest_point({}, 5, 2.4), 2u);
  EXPECT_EQ(nearest_point({}, 0, 2.4), std::nullopt);
}

TEST(ValueText, HasATrueMinusAndNamesWhatIsNotFinite) {
  EXPECT_EQ(value_text(-0.5f, 4), "−0.5");
  EXPECT_EQ(value_text(0.1f, 0), "0.1");
  EXPECT_EQ(value_text(1e-7f, 3), "1e−7");
  EXPECT_EQ(value_text(kNaN, 4), "NaN");
  EXPECT_EQ(value_text(-kInf, 0), "−∞");
  EXPECT_EQ(cell_text(-0.1234f, 2, 5), "−0.12");
  EXPECT_EQ(cell_text(-123.456f, 2, 5), "−123");
  EXPECT_EQ(cell_text(1234567.0f, 2, 5), "1e+6");
  EXPECT_EQ(cell_text(kNaN, 2, 5), "NaN");
  EXPECT_EQ(percent_text(0.9938, 2), "99.38 %");
  EXPECT_EQ(percent_text(std::nan(""), 2), "–");
}

TEST(GridGeometry, HitsCellsAndNothingBetweenThem) {
  const GridGeometry grid{{100, 50}, {10, 20}, {2, 4}, 3, 5};
  EXPECT_EQ(grid.hit({100, 50}), (Cell{0, 0}));
  EXPECT_EQ(grid.hit({109.9f, 69.9f}), (Cell{0, 0}));
  EXPECT_EQ(grid.hit({110.5f, 60}), std::nullopt);
  EXPECT_EQ(grid.hit({112, 74}), (Cell{1, 1}));
  EXPECT_EQ(grid.hit({99, 60}), std::nullopt);
  EXPECT_EQ(grid.hit({100 + 5 * 12, 60}), std::nullopt);
  EXPECT_EQ(grid.hit({100, 50 + 3 * 24}), std::nullopt);
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 5; ++column)
      EXPECT_EQ(grid.hit(grid.rect({row, column}).center()), (Cell{row, column}));
  EXPECT_EQ(grid.bounds().max.x, 100 + 5 * 12 - 2);
}

TEST(MosaicLayout, FitsAndHoldsAll) {
  for (const int count : {1, 2, 7, 20, 50, 1000}) {
    for (const ImVec2 room : {ImVec2{400, 200}, ImVec2{60, 500}, ImVec2{900, 90}}) {
      const MosaicLayout layout = layout_mosaic(count, 5, 5, room, 2.0f, 20.0f);
      EXPECT_GE(layout.columns * layout.rows, count);
      EXPECT_LT((layout.rows - 1) * layout.columns, count);
      EXPECT_LE(layout.size(5, 5, 2.0f).x, room.x + 0.01f);
      EXPECT_LE(layout.size(5, 5, 2.0f).y, room.y + 0.01f);
    }
  }
  EXPECT_EQ(layout_mosaic(0, 5, 5, {100, 100}, 2, 20).rows, 0);
  EXPECT_GT(layout_mosaic(10, 5, 5, {0, 0}, 2, 20).scale, 0.0f);
}

TEST(MosaicLayout, CellOfAnElement) {
  MosaicData data;
  data.count = 20, data.height = 24, data.width = 24, data.first = 1000;
  const MosaicLayout layout{5, 4, 2.0f};
  // Map 7 is in row 1, column 2; its element (3, 4).
  const Rect cell = mosaic_cell(data, layout, 2.0f, {10, 20}, 1000 + 7 * 576 + 3 * 24 + 4);
  EXPECT_FLOAT_EQ(cell.min.x, 10 + 2 * (48 + 2) + 4 * 2);
  EXPECT_FLOAT_EQ(cell.min.y, 20 + 1 * (48 + 2) + 3 * 2);
  EXPECT_FLOAT_EQ(cell.width(), 2.0f);
}

TEST(MatrixCellSide, FitsBothWays) {
  EXPECT_EQ(matrix_cell_side(5, 5, {100, 200}, 64), 20);
  EXPECT_EQ(matrix_cell_side(5, 5, {1000, 1000}, 64), 64);
  EXPECT_FLOAT_EQ(matrix_cell_side(500, 800, {400, 400}, 64), 0.5f);
  EXPECT_EQ(matrix_cell_side(0, 5, {100, 200}, 64), 0);
}

TEST(ColorScale, SpansTheGreatestFiniteValue) {
  const std::vector<float> values{0.5f, -2.0f, kNaN, kInf};
  const ColorScale scale = diverging_scale(values);
  EXPECT_EQ(scale.low, -2.0f);
  EXPECT_EQ(scale.high, 2.0f);
  EXPECT_EQ(diverging_scale({}).high, 1.0f);
  EXPECT_EQ(diverging_scale(std::vector<float>{0, 0}).high, 1.0f);
}

TEST(ColorTable, AgreesWithTheTheme) {
  for (const ThemeMode mode : {ThemeMode::kLight, ThemeMode::kDark}) {
    Theme theme;
    theme.mode = mode;
    theme.colors = palette_of(mode);
    const ColorTable table(theme, {ColorMap::kDiverging, -3.0f, 3.0f});
    for (float value = -4.0f; value <= 4.0f; value += 0.11f) {
      const ImU32 exact = diverging_color(theme, value, 3.0f), quick = table(value);
      for (int shift = 0; shift < 32; shift += 8)
        EXPECT_NEAR(static_cast<int>(exact >> shift & 255u), static_cast<int>(quick >> shift & 255u), 4) << value;
    }
    EXPECT_EQ(table(0.0f), diverging_color(theme, 0.0f, 3.0f));
    EXPECT_EQ(table(kNaN), diverging_color(theme, kNaN, 3.0f));
  }
}

TEST(Greatest, IsTheFirstOfEqualsAndNeverNaN) {
  EXPECT_EQ(greatest(std::vector<float>{1, 3, 3, 2}), 1);
  EXPECT_EQ(greatest(std::vector<float>{kNaN, -1}), 1);
  EXPECT_EQ(greatest(std::vector<float>{kNaN}), -1);
  EXPECT_EQ(greatest({}), -1);
}

using Level = FormulaRun::Level;

TEST(Formula, SubscriptsAndSuperscripts) {
  EXPECT_EQ(parse_formula("Σ_i x_{n,i}^2"),
            (std::vector<FormulaRun>{{Level::kBase, "Σ"}, {Level::kSub, "i"}, {Level::kBase, " x"}, {Level::kSub, "n,i"}, {Level::kSuper, "2"}}));
  EXPECT_EQ(parse_formula("a_θ+1"), (std::vector<FormulaRun>{{Level::kBase, "a"}, {Level::kSub, "θ"}, {Level::kBase, "+1"}}));
}

TEST(Formula, WhatIsNotClosedIsText) {
  EXPECT_EQ(parse_formula("x_{a"), (std::vector<FormulaRun>{{Level::kBase, "x_{a"}}));
  EXPECT_EQ(parse_formula("x_"), (std::vector<FormulaRun>{{Level::kBase, "x_"}}));
  EXPECT_EQ(parse_formula("x_ y"), (std::vector<FormulaRun>{{Level::kBase, "x_ y"}}));
  EXPECT_TRUE(parse_formula("").empty());
  EXPECT_EQ(parse_formula("_{}").size(), 0u);
}

}  // namespace
}  // namespace chainrule
