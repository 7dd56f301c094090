#include "web/widgets/contours.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

namespace chainrule {
namespace {

struct Sampled {
  std::vector<float> values;
  ContourGrid grid;
};

template <class F>
Sampled sampled(int nx, int ny, const PlaneRange& range, const F& f) {
  Sampled out;
  out.grid = {range, nx, ny, {}, 1};
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) {
      const PlanePoint p = out.grid.place(i, j);
      out.values.push_back(static_cast<float>(f(p.x, p.y)));
    }
  out.grid.values = out.values;
  return out;
}

double area_of(const BandPiece& piece) {
  double twice = 0.0;
  for (int k = 0; k < piece.corners; ++k) {
    const PlanePoint p = piece.corner[k], q = piece.corner[(k + 1) % piece.corners];
    twice += p.x * q.y - q.x * p.y;
  }
  return 0.5 * std::abs(twice);
}

TEST(ContoursTest, PlaneHasStraightLines) {
  // x + y = 1 on the unit square, exactly: a plane is linear in every triangle.
  const Sampled s = sampled(9, 9, {0, 1, 0, 1}, [](double x, double y) { return x + y; });
  const auto lines = contour_lines(s.grid, 1.0);
  ASSERT_EQ(lines.size(), 1u);
  for (const PlanePoint p : lines[0]) EXPECT_NEAR(p.x + p.y, 1.0, 1e-9);
  const PlanePoint first = lines[0].front(), last = lines[0].back();
  EXPECT_NEAR(std::abs(first.x - last.x), 1.0, 1e-9);
}

TEST(ContoursTest, CircleIsOneClosedLine) {
  const Sampled s = sampled(65, 65, {-2, 2, -2, 2}, [](double x, double y) { return x * x + y * y; });
  const auto lines = contour_lines(s.grid, 1.0);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].front(), lines[0].back());
  EXPECT_GT(lines[0].size(), 60u);
  for (const PlanePoint p : lines[0]) EXPECT_NEAR(std::hypot(p.x, p.y), 1.0, 2e-3);
}

TEST(ContoursTest, SaddleLinesDoNotMeet) {
  const Sampled s = sampled(33, 33, {-1, 1, -1, 1}, [](double x, double y) { return x * y; });
  const auto lines = contour_lines(s.grid, 0.1);
  ASSERT_EQ(lines.size(), 2u);
  for (const ContourLine& line : lines)
    for (const PlanePoint p : line) EXPECT_NEAR(p.x * p.y, 0.1, 2e-3);
}

TEST(ContoursTest, BandsCoverThePlaneOnce) {
  const Sampled s = sampled(129, 65, {-2, 2, -1, 1}, [](double x, double y) { return x * x + 3 * y * y; });
  const std::vector<double> levels = {0.5, 1.0, 2.0};
  std::vector<double> areas(4, 0.0);
  double all = 0.0;
  for (const BandPiece& piece : band_pieces(s.grid, levels)) areas[static_cast<std::size_t>(piece.band)] += area_of(piece), all += area_of(piece);
  EXPECT_NEAR(all, 8.0, 1e-9);
  // The ellipse x² + 3y² < 0.5 has the area π · 0.5/√3.
  EXPECT_NEAR(areas[0], 3.14159265 * 0.5 / std::sqrt(3.0), 0.005);
  // The picture says the same.
  const auto picture = band_picture(s.grid, levels, 400, 200);
  for (int band = 0; band < 4; ++band)
    EXPECT_NEAR(static_cast<double>(std::count(picture.begin(), picture.end(), band)) / 80000.0 * 8.0, areas[static_cast<std::size_t>(band)], 0.02) << band;
}

TEST(ContoursTest, ReadOutAndPictureAgreeWithLines) {
  const Sampled s = sampled(9, 9, {-2, 2, -2, 2}, [](double x, double y) { return std::sin(3 * x) * y + x; });
  for (const ContourLine& line : contour_lines(s.grid, 0.3))
    for (const PlanePoint p : line) EXPECT_NEAR(*grid_value(s.grid, p), 0.3, 1e-5);
}

TEST(ContoursTest, HolesAreLeftOut) {
  const Sampled s = sampled(16, 16, {-1, 1, -1, 1}, [](double x, double) { return x < 0 ? std::log(x) : 1e30 * x; });
  const std::vector<double> levels = {1e29};
  double all = 0.0;
  for (const BandPiece& piece : band_pieces(s.grid, levels)) all += area_of(piece);
  EXPECT_LT(all, 2.0);
  EXPECT_TRUE(std::isnan(*grid_value(s.grid, {-0.5, 0.0})));
  EXPECT_FALSE(grid_value(s.grid, {1.5, 0.0}).has_value());
  const auto picture = band_picture(s.grid, levels, 20, 20);
  EXPECT_EQ(picture[0], -1);
  const Sampled nothing = sampled(4, 4, {-1, 1, -1, 1}, [](double, double) { return std::numeric_limits<double>::infinity(); });
  EXPECT_TRUE(contour_lines(nothing.grid, 0.0).empty());
  EXPECT_FALSE(grid_limits(nothing.grid).has_value());
}

TEST(ContoursTest, LevelsAreRound) {
  EXPECT_EQ(contour_levels(0.0, 10.0, 6, false), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  for (const double level : contour_levels(0.0, 2500.0, 40, true)) EXPECT_GT(level, 0.0);
  EXPECT_TRUE(contour_levels(1.0, 1.0, 6, false).empty());
}

TEST(PlaneViewTest, ZoomKeepsThePointAndEndsAtFloatsPrecision) {
  const PlaneRange range{-1, 3, 10, 20};
  const PlaneRange near = zoomed(range, {0, 12}, 0.5);
  EXPECT_NEAR((0.0 - near.x_low) / near.width(), 0.25, 1e-12);
  EXPECT_NEAR((12.0 - near.y_low) / near.height(), 0.2, 1e-12);
  PlaneRange at = range;
  for (int i = 0; i < 200; ++i) at = zoomed(at, {0.5, 12}, 0.5);
  EXPECT_GT(at.width(), 0.0);
  EXPECT_EQ(with_equal_axes({0, 1, 0, 1}, 200, 100), (PlaneRange{-0.5, 1.5, 0, 1}));
}

}  // namespace
}  // namespace chainrule
