// Contours of a function on a grid. Each cell is four triangles around its middle, whose value is the mean of its corners; within a triangle the
// function is linear. Bands, lines and read-out agree in this, on the screen and in files.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "web/widgets/plane_view.h"

namespace chainrule {

/// values[j * nx + i] at x_low + i · (x_high − x_low)/(nx − 1), y_low + j · (y_high − y_low)/(ny − 1). Not finite: a hole.
struct ContourGrid {
  PlaneRange range;
  int nx = 0, ny = 0;
  std::span<const float> values = {};
  std::uint64_t version = 0;  // another one whenever values or range differ

  bool empty() const { return nx < 2 || ny < 2 || values.size() < static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny); }
  PlanePoint place(int i, int j) const {
    return {range.x_low + range.width() * i / (nx - 1), range.y_low + range.height() * j / (ny - 1)};
  }
  float at(int i, int j) const { return values[static_cast<std::size_t>(j) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(i)]; }
};

/// Between the grid's values; NaN in holes, nothing outside.
std::optional<float> grid_value(const ContourGrid& grid, PlanePoint p);
/// The least and the greatest finite value; nothing where there is none.
std::optional<std::pair<float, float>> grid_limits(const ContourGrid& grid);

/// Values at which lines are drawn, ascending: round numbers, about `count` of them, within low and high. With `logarithmic` 1, 2, 5 (or
/// only 1) times powers of ten above 0.
std::vector<double> contour_levels(double low, double high, int count, bool logarithmic);

/// Where the function is `level`: pieces joined to lines as long as they go, in the plane. A closed line ends where it begins.
using ContourLine = std::vector<PlanePoint>;
std::vector<ContourLine> contour_lines(const ContourGrid& grid, double level);

/// How many of the levels are at most `value`: the band that it lies in.
int band_of(double value, std::span<const double> levels);

/// A convex piece of a band.
struct BandPiece {
  int band = 0;
  int corners = 0;
  PlanePoint corner[5];
};
/// All bands in pieces; cells of one band that lie side by side are one. Holes are left out.
std::vector<BandPiece> band_pieces(const ContourGrid& grid, std::span<const double> levels);
/// The bands as a picture of width x height, its first row at y_high; −1 in holes.
std::vector<std::int16_t> band_picture(const ContourGrid& grid, std::span<const double> levels, int width, int height);

/// What was worked out for one version of a grid.
struct ContourCache {
  bool filled = false;
  std::uint64_t version = 0;
  std::vector<double> levels;
  std::vector<std::vector<ContourLine>> lines;  // by level
  // The bands as a picture.
  std::uint64_t picture_version = 0, picture_number = 0;
  int width = 0, height = 0;
  ThemeMode mode = ThemeMode::kLight;
  std::vector<std::uint32_t> rgba;
};

}  // namespace chainrule
