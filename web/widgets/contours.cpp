#include "web/widgets/contours.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "web/widgets/ticks.h"

namespace chainrule {
namespace {

/// Corners and middle of a cell: a (0, 0), b (1, 0), c (0, 1), d (1, 1), m.
struct CellValues {
  double a, b, c, d, m;
  bool finite() const { return std::isfinite(a) && std::isfinite(b) && std::isfinite(c) && std::isfinite(d); }
  double least() const { return std::min(std::min(a, b), std::min(c, d)); }
  double greatest() const { return std::max(std::max(a, b), std::max(c, d)); }
};

CellValues cell_values(const ContourGrid& grid, int i, int j) {
  CellValues v{grid.at(i, j), grid.at(i + 1, j), grid.at(i, j + 1), grid.at(i + 1, j + 1), 0.0};
  v.m = 0.25 * (v.a + v.b + v.c + v.d);
  return v;
}

/// At (f, g) of the unit cell, by the weights of the three corners of the triangle that it lies in.
double value_in_cell(const CellValues& v, double f, double g) {
  const bool right = f > g, upper = f + g > 1.0;
  if (right && !upper) return 2.0 * g * v.m + (f - g) * v.b + (1.0 - f - g) * v.a;
  if (!right && !upper) return 2.0 * f * v.m + (g - f) * v.c + (1.0 - f - g) * v.a;
  if (!right) return 2.0 * (1.0 - g) * v.m + (f + g - 1.0) * v.d + (g - f) * v.c;
  return 2.0 * (1.0 - f) * v.m + (f + g - 1.0) * v.d + (f - g) * v.b;
}

PlanePoint between(PlanePoint p, PlanePoint q, double t) { return {p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t}; }

/// Pieces of one level's lines while they are joined: where they cross an edge, and the neighbours along the line.
class LineJoiner {
 public:
  LineJoiner(const ContourGrid& grid, double level) : grid_(grid), level_(level), node_at_(static_cast<std::size_t>(grid.nx) * static_cast<std::size_t>(grid.ny) * 6, -1) {}

  void add_cell(int i, int j, const CellValues& v) {
    const PlanePoint a = grid_.place(i, j), b = grid_.place(i + 1, j), c = grid_.place(i, j + 1), d = grid_.place(i + 1, j + 1);
    const PlanePoint m = between(a, d, 0.5);
    // Edges of the cell; each is an edge of one more cell or triangle, and has one number.
    const std::array<Edge, 8> edges{{{number(i, j, 0), a, b, v.a, v.b}, {number(i, j, 1), a, c, v.a, v.c},
                                     {number(i, j + 1, 0), c, d, v.c, v.d}, {number(i + 1, j, 1), b, d, v.b, v.d},
                                     {number(i, j, 2), a, m, v.a, v.m}, {number(i, j, 3), b, m, v.b, v.m},
                                     {number(i, j, 4), c, m, v.c, v.m}, {number(i, j, 5), d, m, v.d, v.m}}};
    constexpr std::array<std::array<std::size_t, 3>, 4> kTriangles{{{0, 4, 5}, {1, 4, 6}, {2, 6, 7}, {3, 5, 7}}};
    for (const auto& triangle : kTriangles) {
      int from = -1;
      for (const std::size_t e : triangle) {
        if ((edges[e].low >= level_) == (edges[e].high >= level_)) continue;
        const int node = node_on(edges[e]);
        if (from >= 0) link(from, node);
        from = node;
      }
    }
  }

  std::vector<ContourLine> lines() {
    std::vector<ContourLine> out;
    for (int open = 1; open >= 0; --open) {  // lines with ends first; what is left are rings
      for (int start = 0; start < static_cast<int>(nodes_.size()); ++start) {
        const Node& node = nodes_[static_cast<std::size_t>(start)];
        if (!node.used && (open == 0 || node.links == 1)) out.push_back(follow(start));
      }
    }
    return out;
  }

 private:
  struct Edge {
    std::int64_t number;
    PlanePoint from, to;
    double low, high;  // values at its ends
  };
  struct Node {
    PlanePoint at;
    std::array<int, 2> next{-1, -1};
    int links = 0;
    bool used = false;
  };

  std::int64_t number(int i, int j, int kind) const { return (static_cast<std::int64_t>(j) * grid_.nx + i) * 6 + kind; }

  int node_on(const Edge& edge) {
    int& node = node_at_[static_cast<std::size_t>(edge.number)];
    if (node < 0) {
      node = static_cast<int>(nodes_.size());
      nodes_.push_back({.at = between(edge.from, edge.to, (level_ - edge.low) / (edge.high - edge.low))});
    }
    return node;
  }

  void link(int p, int q) {
    for (const auto& [from, to] : {std::pair{p, q}, std::pair{q, p}}) {
      Node& node = nodes_[static_cast<std::size_t>(from)];
      if (node.links < 2) node.next[static_cast<std::size_t>(node.links++)] = to;
    }
  }

  ContourLine follow(int start) {
    ContourLine line;
    int at = start, came_from = -1;
    while (at >= 0) {
      Node& node = nodes_[static_cast<std::size_t>(at)];
      line.push_back(node.at);
      if (node.used) break;  // a ring is closed
      node.used = true;
      const int next = node.next[0] != came_from ? node.next[0] : node.next[1];
      came_from = at;
      at = next;
    }
    return line;
  }

  const ContourGrid& grid_;
  double level_;
  std::vector<int> node_at_;  // by edge
  std::vector<Node> nodes_;
};

struct Corner {
  PlanePoint at;
  double value;
};

/// The part of a convex polygon with values of at least `level`, or less than it.
std::vector<Corner> clipped(const std::vector<Corner>& polygon, double level, bool above) {
  std::vector<Corner> out;
  for (std::size_t k = 0; k < polygon.size(); ++k) {
    const Corner& p = polygon[k];
    const Corner& q = polygon[(k + 1) % polygon.size()];
    const bool p_in = (p.value >= level) == above, q_in = (q.value >= level) == above;
    if (p_in) out.push_back(p);
    if (p_in != q_in) out.push_back({between(p.at, q.at, (level - p.value) / (q.value - p.value)), level});
  }
  return out;
}

void add_piece(std::vector<BandPiece>& pieces, int band, const std::vector<Corner>& polygon) {
  if (polygon.size() < 3) return;
  BandPiece piece{.band = band, .corners = static_cast<int>(std::min<std::size_t>(polygon.size(), 5)), .corner = {}};
  for (int k = 0; k < piece.corners; ++k) piece.corner[k] = polygon[static_cast<std::size_t>(k)].at;
  pieces.push_back(piece);
}

void cut_triangle(std::vector<BandPiece>& pieces, const std::vector<Corner>& triangle, std::span<const double> levels) {
  double low = triangle[0].value, high = low;
  for (const Corner& corner : triangle) low = std::min(low, corner.value), high = std::max(high, corner.value);
  const int first = band_of(low, levels), last = band_of(high, levels);
  std::vector<Corner> rest = triangle;
  for (int band = first; band < last; ++band) {
    const double level = levels[static_cast<std::size_t>(band)];
    add_piece(pieces, band, clipped(rest, level, false));
    rest = clipped(rest, level, true);
  }
  add_piece(pieces, last, rest);
}

}  // namespace

std::optional<float> grid_value(const ContourGrid& grid, PlanePoint p) {
  if (grid.empty() || !grid.range.contains(p)) return std::nullopt;
  const double u = (p.x - grid.range.x_low) / grid.range.width() * (grid.nx - 1), v = (p.y - grid.range.y_low) / grid.range.height() * (grid.ny - 1);
  const int i = std::clamp(static_cast<int>(u), 0, grid.nx - 2), j = std::clamp(static_cast<int>(v), 0, grid.ny - 2);
  const CellValues values = cell_values(grid, i, j);
  return values.finite() ? static_cast<float>(value_in_cell(values, u - i, v - j)) : std::nanf("");
}

std::optional<std::pair<float, float>> grid_limits(const ContourGrid& grid) {
  std::optional<std::pair<float, float>> limits;
  if (grid.empty()) return limits;
  for (const float value : grid.values.first(static_cast<std::size_t>(grid.nx) * static_cast<std::size_t>(grid.ny))) {
    if (!std::isfinite(value)) continue;
    if (!limits) limits = {value, value};
    limits->first = std::min(limits->first, value);
    limits->second = std::max(limits->second, value);
  }
  return limits;
}

std::vector<double> contour_levels(double low, double high, int count, bool logarithmic) {
  if (!(low < high) || count < 1) return {};
  if (!logarithmic) return nice_ticks(low, high, count);
  // What is 0 or nearly has no logarithm: eight decades below the greatest value are enough for any picture.
  if (!(high > 0.0)) return nice_ticks(low, high, count);
  const double least = std::max(low, high * 1e-8);
  std::vector<double> levels;
  for (const auto factors : {std::initializer_list<double>{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8}, {1, 1.5, 2, 3, 5, 7}}) {
    levels.clear();
    for (double decade = std::pow(10.0, std::floor(std::log10(least))); decade <= high; decade *= 10.0)
      for (const double factor : factors)
        if (decade * factor > least && decade * factor < high) levels.push_back(decade * factor);
    if (static_cast<int>(levels.size()) <= count) return levels;
  }
  return log_ticks(least, high, count);
}

std::vector<ContourLine> contour_lines(const ContourGrid& grid, double level) {
  if (grid.empty()) return {};
  LineJoiner joiner(grid, level);
  for (int j = 0; j + 1 < grid.ny; ++j) {
    for (int i = 0; i + 1 < grid.nx; ++i) {
      const CellValues values = cell_values(grid, i, j);
      if (values.finite() && values.least() < level && values.greatest() >= level) joiner.add_cell(i, j, values);
    }
  }
  return joiner.lines();
}

int band_of(double value, std::span<const double> levels) {
  return static_cast<int>(std::upper_bound(levels.begin(), levels.end(), value) - levels.begin());
}

std::vector<BandPiece> band_pieces(const ContourGrid& grid, std::span<const double> levels) {
  std::vector<BandPiece> pieces;
  if (grid.empty()) return pieces;
  for (int j = 0; j + 1 < grid.ny; ++j) {
    int run_band = -1, run_start = 0;  // cells of one band side by side
    const auto end_run = [&](int end) {
      if (run_band < 0) return;
      add_piece(pieces, run_band, {{grid.place(run_start, j), 0}, {grid.place(end, j), 0}, {grid.place(end, j + 1), 0}, {grid.place(run_start, j + 1), 0}});
      run_band = -1;
    };
    for (int i = 0; i + 1 < grid.nx; ++i) {
      const CellValues v = cell_values(grid, i, j);
      const int band = v.finite() ? band_of(v.least(), levels) : -1;
      if (band >= 0 && band == band_of(v.greatest(), levels)) {
        if (band != run_band) end_run(i), run_band = band, run_start = i;
        continue;
      }
      end_run(i);
      if (band < 0) continue;
      const Corner a{grid.place(i, j), v.a}, b{grid.place(i + 1, j), v.b}, c{grid.place(i, j + 1), v.c}, d{grid.place(i + 1, j + 1), v.d};
      const Corner m{between(a.at, d.at, 0.5), v.m};
      for (const auto& triangle : {std::vector{a, b, m}, {c, a, m}, {d, c, m}, {b, d, m}}) cut_triangle(pieces, triangle, levels);
    }
    end_run(grid.nx - 1);
  }
  return pieces;
}

std::vector<std::int16_t> band_picture(const ContourGrid& grid, std::span<const double> levels, int width, int height) {
  std::vector<std::int16_t> picture(static_cast<std::size_t>(std::max(width, 0)) * static_cast<std::size_t>(std::max(height, 0)), -1);
  if (grid.empty() || picture.empty()) return picture;
  // Per cell what its pixels are, where they are all alike; −2: look at each.
  std::vector<std::int16_t> alike(static_cast<std::size_t>(grid.nx - 1));
  int known_row = -1;
  for (int y = 0; y < height; ++y) {
    const double v = (1.0 - (y + 0.5) / height) * (grid.ny - 1);
    const int j = std::clamp(static_cast<int>(v), 0, grid.ny - 2);
    if (j != known_row) {
      known_row = j;
      for (int i = 0; i + 1 < grid.nx; ++i) {
        const CellValues cell = cell_values(grid, i, j);
        const int low = cell.finite() ? band_of(cell.least(), levels) : -1;
        alike[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(low >= 0 && low != band_of(cell.greatest(), levels) ? -2 : low);
      }
    }
    std::int16_t* row = &picture[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)];
    int present = -1;
    CellValues cell{};
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width * (grid.nx - 1);
      const int i = std::clamp(static_cast<int>(u), 0, grid.nx - 2);
      row[x] = alike[static_cast<std::size_t>(i)];
      if (row[x] != -2) continue;
      if (i != present) present = i, cell = cell_values(grid, i, j);
      row[x] = static_cast<std::int16_t>(band_of(value_in_cell(cell, u - i, v - j), levels));
    }
  }
  return picture;
}

}  // namespace chainrule
