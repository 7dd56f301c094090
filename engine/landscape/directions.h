// Directions in the space of all parameters, and the planes that two of them span.
#pragma once

#include <span>
#include <vector>

#include "engine/landscape/parameters.h"
#include "engine/math/rng.h"

namespace chainrule {

/// θ(a, b) = centre + (a · u + b · v), each element in float. Shapes: all three as long as θ.
struct Plane {
  std::vector<float> centre, u, v;

  float at(std::size_t k, float a, float b) const { return centre[k] + (a * u[k] + b * v[k]); }
};

/// The plane of two weights: a and b are the values of elements i and j, all others stay as in `theta`.
/// Requires: i != j, both below theta.size(). Ensures: θ(a, b)[i] == a and θ(a, b)[j] == b, exactly.
Plane weight_plane(std::span<const float> theta, std::size_t i, std::size_t j);

/// A random direction d, each filter of which is as long as that of θ: d_f ← d_f / ‖d_f‖ · ‖θ_f‖, drawn from N(0, 1).
/// A filter is what feeds one unit or map: w[k] of shape [units, ...]. Biases, of rank 1, stay as they are: d = 0.
/// Source: Li, Xu, Taylor, Studer, Goldstein (2018), "Visualizing the Loss Landscape of Neural Nets", section 4.
std::vector<float> filter_normalized_direction(const ParameterLayout& layout, std::span<const float> theta, Rng& rng);

/// The two directions in which points of θ-space lie farthest apart.
struct PrincipalComponents {
  std::vector<float> first, second;  // of length 1, at right angles
  double first_share = 0.0, second_share = 0.0;  // of the total variance: λᵢ / Σ λ
};
/// From the points' deviations D [T, |θ|] from their mean: eigenvectors of the small matrix D·Dᵀ [T, T] (Jacobi's
/// method, in double), turned into directions by Dᵀ. Requires: points of equal length.
/// Ensures: the largest element of each direction is positive, so that the answer does not flip from step to step. Points that
/// span no second direction get a second component of zeros with share 0; fewer than two different points two of them.
/// Source: Turk and Pentland (1991), section 2 (the small matrix); Li et al. (2018), section 7 (of a trajectory).
PrincipalComponents principal_components(std::span<const std::span<const float>> points);

/// Where the point of the plane that is nearest to θ lies, and how far away it is: ‖θ − θ(a, b)‖, in double.
struct Projection {
  double a = 0.0, b = 0.0, distance = 0.0;
};
/// Least squares: the 2 × 2 normal equations of u and v, which need not be at right angles. A direction of zeros gets 0.
Projection project(const Plane& plane, std::span<const float> theta);

}  // namespace chainrule
