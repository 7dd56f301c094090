#include "engine/landscape/directions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/check.h"

namespace chainrule {
namespace {

double dot(std::span<const float> x, std::span<const float> y) {
  double sum = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) sum += static_cast<double>(x[k]) * y[k];
  return sum;
}

/// A symmetric matrix [n, n], row-major.
struct Symmetric {
  std::size_t n;
  std::vector<double> values;
  double& at(std::size_t i, std::size_t j) { return values[i * n + j]; }
};

/// Turns rows and columns p and q so that element (p, q) vanishes; `vectors` gathers the turns.
void rotate(Symmetric& matrix, Symmetric& vectors, std::size_t p, std::size_t q) {
  const double apq = matrix.at(p, q);
  if (apq == 0.0) return;
  const double theta = (matrix.at(q, q) - matrix.at(p, p)) / (2.0 * apq);
  const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
  const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
  for (std::size_t k = 0; k < matrix.n; ++k) {
    const double kp = matrix.at(k, p), kq = matrix.at(k, q);
    matrix.at(k, p) = c * kp - s * kq;
    matrix.at(k, q) = s * kp + c * kq;
  }
  for (std::size_t k = 0; k < matrix.n; ++k) {
    const double pk = matrix.at(p, k), qk = matrix.at(q, k);
    matrix.at(p, k) = c * pk - s * qk;
    matrix.at(q, k) = s * pk + c * qk;
    const double kp = vectors.at(k, p), kq = vectors.at(k, q);
    vectors.at(k, p) = c * kp - s * kq;
    vectors.at(k, q) = s * kp + c * kq;
  }
}

/// Eigenvalues on the diagonal of `matrix`, eigenvectors in the columns of what is returned.
/// Source: Golub and Van Loan, Matrix Computations, section 8.5 (cyclic Jacobi).
Symmetric diagonalize(Symmetric& matrix) {
  const std::size_t n = matrix.n;
  Symmetric vectors{n, std::vector<double>(n * n, 0.0)};
  for (std::size_t i = 0; i < n; ++i) vectors.at(i, i) = 1.0;
  constexpr int kMostSweeps = 30;  // it converges quadratically: about eight do
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double off = 0.0, all = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) (i == j ? all : off) += matrix.at(i, j) * matrix.at(i, j);
    if (off <= 1e-28 * (all + off)) break;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) rotate(matrix, vectors, p, q);
  }
  return vectors;
}

/// Dᵀ · column `which` of the eigenvectors, made of length 1.
std::vector<float> direction_of(std::span<const std::vector<float>> deviations, Symmetric& vectors, std::size_t which) {
  const std::size_t size = deviations[0].size();
  std::vector<double> sum(size, 0.0);
  for (std::size_t t = 0; t < deviations.size(); ++t)
    for (std::size_t k = 0; k < size; ++k) sum[k] += vectors.at(t, which) * deviations[t][k];
  double square = 0.0, largest = 0.0;
  for (const double x : sum) {
    square += x * x;
    if (std::abs(x) > std::abs(largest)) largest = x;
  }
  const double scale = (largest < 0.0 ? -1.0 : 1.0) / std::sqrt(square);
  std::vector<float> direction(size);
  for (std::size_t k = 0; k < size; ++k) direction[k] = static_cast<float>(sum[k] * scale);
  return direction;
}

}  // namespace

Plane weight_plane(std::span<const float> theta, std::size_t i, std::size_t j) {
  CHECK(i != j && i < theta.size() && j < theta.size(), i, " and ", j, " of ", theta.size());
  Plane plane{{theta.begin(), theta.end()}, std::vector<float>(theta.size(), 0.0f), std::vector<float>(theta.size(), 0.0f)};
  plane.centre[i] = plane.centre[j] = 0.0f;
  plane.u[i] = plane.v[j] = 1.0f;
  return plane;
}

std::vector<float> filter_normalized_direction(const ParameterLayout& layout, std::span<const float> theta, Rng& rng) {
  std::vector<float> direction(layout.size(), 0.0f);
  for (const ParameterLayout::Block& block : layout.blocks()) {
    if (block.shape.rank() < 2) continue;
    const auto filters = static_cast<std::size_t>(block.shape[0]);
    const std::size_t length = block.size() / filters;
    for (std::size_t f = 0; f < filters; ++f) {
      const std::span<float> d = std::span(direction).subspan(block.begin + f * length, length);
      const std::span<const float> w = theta.subspan(block.begin + f * length, length);
      for (float& x : d) x = rng.normal();
      const double scale = std::sqrt(dot(w, w) / dot(d, d));
      for (float& x : d) x = static_cast<float>(x * scale);
    }
  }
  return direction;
}

PrincipalComponents principal_components(std::span<const std::span<const float>> points) {
  const std::size_t count = points.size(), size = points.empty() ? 0 : points[0].size();
  PrincipalComponents components{std::vector<float>(size, 0.0f), std::vector<float>(size, 0.0f)};
  if (count < 2) return components;
  std::vector<std::vector<float>> deviations(count, std::vector<float>(size));
  for (std::size_t k = 0; k < size; ++k) {
    double sum = 0.0;
    for (const auto& point : points) sum += point[k];
    for (std::size_t t = 0; t < count; ++t) deviations[t][k] = static_cast<float>(points[t][k] - sum / static_cast<double>(count));
  }
  Symmetric gram{count, std::vector<double>(count * count)};
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j <= i; ++j) gram.at(i, j) = gram.at(j, i) = dot(deviations[i], deviations[j]);
  Symmetric vectors = diagonalize(gram);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t i, std::size_t j) { return gram.at(i, i) > gram.at(j, j); });
  double total = 0.0;
  for (std::size_t i = 0; i < count; ++i) total += std::max(gram.at(i, i), 0.0);
  const double first = gram.at(order[0], order[0]), second = gram.at(order[1], order[1]);
  if (!(first > 0.0) || !std::isfinite(total)) return components;
  components.first = direction_of(deviations, vectors, order[0]);
  components.first_share = first / total;
  // What rounding leaves of nothing is not a direction.
  if (second <= 1e-12 * first) return components;
  components.second = direction_of(deviations, vectors, order[1]);
  components.second_share = second / total;
  return components;
}

Projection project(const Plane& plane, std::span<const float> theta) {
  std::vector<float> offset(theta.size());
  for (std::size_t k = 0; k < theta.size(); ++k) offset[k] = theta[k] - plane.centre[k];
  const double uu = dot(plane.u, plane.u), vv = dot(plane.v, plane.v), uv = dot(plane.u, plane.v);
  const double du = dot(plane.u, offset), dv = dot(plane.v, offset);
  Projection point;
  const double determinant = uu * vv - uv * uv;
  if (determinant > 1e-12 * uu * vv) {
    point.a = (du * vv - dv * uv) / determinant;
    point.b = (dv * uu - du * uv) / determinant;
  } else if (uu > 0.0) {
    point.a = du / uu;
  }
  double square = 0.0;
  for (std::size_t k = 0; k < theta.size(); ++k) {
    const double rest = static_cast<double>(offset[k]) - (point.a * plane.u[k] + point.b * plane.v[k]);
    square += rest * rest;
  }
  point.distance = std::sqrt(square);
  return point;
}

}  // namespace chainrule
