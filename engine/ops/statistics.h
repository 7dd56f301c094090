// What is measured of many gradients, and of a parabola with two weights: means of some rows, covariance, the lowest point, curvatures, angles.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[k,c] = (sum_b x[rows[k,b], c]) / B: the mean of B rows of x, for each of K lists of rows. A batch's gradient is such a mean of its
/// samples' gradients.
/// Shapes: x [N,C], rows [K,B] of whole numbers from 0 to N − 1, y [K,C]. Ensures: the sum starts at 0 and runs over b; divided once at the
/// end. A number outside of the range counts as the nearest within.
struct RowsMean {
  static constexpr std::string_view kName = "mean of rows";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"sample", "", ""};
  CHAINRULE_OP_FACES;
};

/// C[i,j] = (sum_k (x[k,i] − m[i]) · (x[k,j] − m[j])) / K, about the means m that are given: of all K rows there are, so divided by K.
/// Shapes: x [K,C], m [C] or [1,C], C [C,C]. Ensures: the sum starts at 0 and runs over k; divided once at the end.
struct Covariance {
  static constexpr std::string_view kName = "covariance";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"sample", "", ""};
  CHAINRULE_OP_FACES;
};

/// w with A·w = b, by Cramer's rule: w[0] = (b[0]·A[1,1] − A[0,1]·b[1]) / D, w[1] = (A[0,0]·b[1] − b[0]·A[1,0]) / D with the determinant
/// D = A[0,0]·A[1,1] − A[0,1]·A[1,0]. Not finite where D is 0.
/// Shapes: A [2,2], b [2,1], w [2,1].
struct Solve2 {
  static constexpr std::string_view kName = "two equations";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// Eigenvalues of a symmetric matrix, the greater one first: (a + d)/2 ± √(((a − d)/2)² + b²) with a = A[0,0], b = A[0,1], d = A[1,1].
/// Shapes: A [2,2], y [2].
struct Eigenvalues2 {
  static constexpr std::string_view kName = "eigenvalues";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// The angle between two arrows in the plane, in degrees from 0 to 180: 2 · atan(|a₀b₁ − a₁b₀| / (|a|·|b| + a₀b₀ + a₁b₁)) · 180/π, the half
/// angle's tangent. Not a number where an arrow has no length.
/// Shapes: a and b of two numbers each, y [1].
/// Source: W. Kahan, How futile are mindless assessments of roundoff in floating-point computation? (2006), section 12.
struct Angle {
  static constexpr std::string_view kName = "angle";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
