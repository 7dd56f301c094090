#include "web/widgets/surface_view.h"

#include <algorithm>
#include <cmath>
#include <glm/ext/matrix_clip_space.hpp>
#include <glm/ext/matrix_transform.hpp>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <glm/vec4.hpp>
#include <limits>
#include <numeric>

namespace chainrule {
namespace {

constexpr float kDistance = 5.2f;       // of the eye from the middle: some perspective, little distortion
constexpr float kMargin = 0.012f;       // of height: a point on the surface is not behind it
constexpr double kSteepness = 1000.0;   // of the logarithmic scale: three decades

float nan() { return std::numeric_limits<float>::quiet_NaN(); }

}  // namespace

void SurfaceCamera::turn_by(float turn_degrees, float tilt_degrees) {
  turn = std::remainder(turn + turn_degrees, 360.0f);
  tilt = std::clamp(tilt + tilt_degrees, 5.0f, 89.0f);
}

void SurfaceCamera::zoom_by(float factor) { zoom = std::clamp(zoom * factor, 0.5f, 6.0f); }

float HeightScale::share(double value) const {
  if (!std::isfinite(value)) return nan();
  const double part = std::clamp((value - low) / std::max(high - low, 1e-300), 0.0, 1.0);
  return static_cast<float>(logarithmic ? std::log1p(kSteepness * part) / std::log1p(kSteepness) : part);
}

// --------------------------------------------------------------------------------------------------------------- mesh

void SurfaceMesh::fill(const ContourGrid& grid, const HeightScale& wanted) {
  const bool same = filled && version == grid.version && scale.low == wanted.low && scale.high == wanted.high && scale.logarithmic == wanted.logarithmic;
  if (same) return;
  filled = true;
  version = grid.version;
  range = grid.range;
  scale = wanted;
  order.clear();
  columns = rows = 0;
  values.clear();
  shares.clear();
  if (grid.empty()) return;
  const auto corners = [](int count) { return std::min(count, kMostCells + 1); };
  columns = corners(grid.nx);
  rows = corners(grid.ny);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      // Every corner is a point of the grid where the grid is a multiple of the mesh, else what lies between its points.
      const PlanePoint p = place(column, row);
      const std::optional<float> value = columns == grid.nx && rows == grid.ny ? grid.at(column, row) : grid_value(grid, p);
      values.push_back(value.value_or(nan()));
      shares.push_back(scale.share(static_cast<double>(values.back())));
    }
}

PlanePoint SurfaceMesh::place(int column, int row) const {
  return {range.x_low + range.width() * column / std::max(columns - 1, 1), range.y_low + range.height() * row / std::max(rows - 1, 1)};
}

float SurfaceMesh::share_at(PlanePoint p) const {
  if (columns < 2 || rows < 2) return nan();
  const double x = (p.x - range.x_low) / range.width() * (columns - 1), y = (p.y - range.y_low) / range.height() * (rows - 1);
  if (!(x >= 0.0) || !(y >= 0.0) || x > columns - 1 || y > rows - 1) return nan();
  const int i = std::min(static_cast<int>(x), columns - 2), j = std::min(static_cast<int>(y), rows - 2);
  const auto fx = static_cast<float>(x - i), fy = static_cast<float>(y - j);
  const float* below = &shares[static_cast<std::size_t>(j * columns + i)];
  const float* above = below + columns;
  return (below[0] * (1 - fx) + below[1] * fx) * (1 - fy) + (above[0] * (1 - fx) + above[1] * fx) * fy;
}

void SurfaceMesh::sort(const glm::vec3& from) {
  if (columns < 2 || rows < 2 || (!order.empty() && from == eye)) return;
  eye = from;
  const int wide = columns - 1, high = rows - 1;
  order.resize(static_cast<std::size_t>(wide * high));
  std::iota(order.begin(), order.end(), 0);
  std::vector<float> distance(order.size());
  for (int cell = 0; cell < wide * high; ++cell) {
    const float x = 2.0f * (static_cast<float>(cell % wide) + 0.5f) / static_cast<float>(wide) - 1.0f;
    const float y = 2.0f * (static_cast<float>(cell / wide) + 0.5f) / static_cast<float>(high) - 1.0f;
    distance[static_cast<std::size_t>(cell)] = (x - eye.x) * (x - eye.x) + (y - eye.y) * (y - eye.y);
  }
  std::ranges::stable_sort(order, [&](int a, int b) { return distance[static_cast<std::size_t>(a)] > distance[static_cast<std::size_t>(b)]; });
}

// --------------------------------------------------------------------------------------------------------- projection

SurfaceProjection::SurfaceProjection(const PlaneRange& range, const SurfaceCamera& camera, const Rect& area) : range_(range) {
  const float turn = glm::radians(camera.turn), tilt = glm::radians(camera.tilt);
  const glm::vec3 middle{0.0f, 0.0f, 0.42f * kHeight};
  eye_ = middle + kDistance * glm::vec3{std::cos(tilt) * std::sin(turn), -std::cos(tilt) * std::cos(turn), std::sin(tilt)};
  matrix_ = glm::perspective(glm::radians(30.0f), 1.0f, 0.1f, 20.0f) * glm::lookAt(eye_, middle, glm::vec3{0.0f, 0.0f, 1.0f});
  ImVec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
  for (int corner = 0; corner < 8; ++corner) {
    const ImVec2 at = raw({(corner & 1) != 0 ? 1.0f : -1.0f, (corner & 2) != 0 ? 1.0f : -1.0f, (corner & 4) != 0 ? kHeight : 0.0f});
    low = {std::min(low.x, at.x), std::min(low.y, at.y)};
    high = {std::max(high.x, at.x), std::max(high.y, at.y)};
  }
  scale_ = camera.zoom * std::min(area.width() / (high.x - low.x), area.height() / (high.y - low.y));
  offset_ = {0.5f * (low.x + high.x), 0.5f * (low.y + high.y)};
  origin_ = area.center();
}

ImVec2 SurfaceProjection::raw(const glm::vec3& point) const {
  const glm::vec4 clip = matrix_ * glm::vec4(point, 1.0f);
  return {clip.x / clip.w, -clip.y / clip.w};
}

glm::vec3 SurfaceProjection::model(PlanePoint p, float share) const {
  return {static_cast<float>(2.0 * (p.x - range_.x_low) / range_.width() - 1.0), static_cast<float>(2.0 * (p.y - range_.y_low) / range_.height() - 1.0), share * kHeight};
}

ImVec2 SurfaceProjection::at(const glm::vec3& point) const {
  const ImVec2 flat = raw(point);
  return {origin_.x + (flat.x - offset_.x) * scale_, origin_.y + (flat.y - offset_.y) * scale_};
}

bool SurfaceProjection::hidden(const SurfaceMesh& mesh, PlanePoint p, float share) const {
  if (mesh.columns < 2) return false;
  const glm::vec3 from = model(p, share);
  const glm::vec3 way = glm::normalize(eye_ - from);
  // A cell and a half at a time, until the ray is above everything or has left the plane.
  const float stride = 3.0f / static_cast<float>(std::max(mesh.columns, mesh.rows));
  for (glm::vec3 at = from + stride * way; std::abs(at.x) <= 1.0f && std::abs(at.y) <= 1.0f && at.z <= kHeight; at += stride * way) {
    const PlanePoint below{range_.x_low + 0.5 * (static_cast<double>(at.x) + 1.0) * range_.width(), range_.y_low + 0.5 * (static_cast<double>(at.y) + 1.0) * range_.height()};
    if (mesh.share_at(below) * kHeight > at.z + kMargin) return true;
  }
  return false;
}

std::optional<PlanePoint> SurfaceProjection::pick(const SurfaceMesh& mesh, ImVec2 screen) const {
  const int wide = mesh.columns - 1;
  for (auto cell = mesh.order.rbegin(); cell != mesh.order.rend(); ++cell) {
    const int i = *cell % wide, j = *cell / wide;
    const auto corner = [&](int di, int dj) {
      const float share = mesh.shares[static_cast<std::size_t>((j + dj) * mesh.columns + i + di)];
      return at(model(mesh.place(i + di, j + dj), share));
    };
    const ImVec2 a = corner(0, 0), b = corner(1, 0), c = corner(1, 1), d = corner(0, 1);
    for (const bool upper : {false, true}) {
      const ImVec2 p = a, q = upper ? c : b, r = upper ? d : c;
      const float area = (q.x - p.x) * (r.y - p.y) - (r.x - p.x) * (q.y - p.y);
      const float u = ((screen.x - p.x) * (r.y - p.y) - (r.x - p.x) * (screen.y - p.y)) / area;
      const float v = ((q.x - p.x) * (screen.y - p.y) - (screen.x - p.x) * (q.y - p.y)) / area;
      if (!(u >= 0.0f) || !(v >= 0.0f) || u + v > 1.0f) continue;
      // a + u (q − a) + v (r − a): the corners' places in cells.
      const double x = i + static_cast<double>(upper ? u : u + v), y = j + static_cast<double>(upper ? u + v : v);
      return PlanePoint{mesh.range.x_low + x / wide * mesh.range.width(), mesh.range.y_low + y / (mesh.rows - 1) * mesh.range.height()};
    }
  }
  return std::nullopt;
}

}  // namespace chainrule
