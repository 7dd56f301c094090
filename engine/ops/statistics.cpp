#include "engine/ops/statistics.h"

namespace chainrule {

std::vector<Shape> RowsMean::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[1].rank() == 2, "means of rows of ", in[0].text(), " by lists ", in[1].text(), " need two matrices");
  return {Shape{in[1][0], in[0][1]}};
}
std::string RowsMean::formula(const OpAttributes&, int) { return "y[k,c] = (Σ_b x[rows[k,b],c]) / B"; }

std::vector<Shape> Covariance::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[1].size() == in[0][1], "covariance of ", in[0].text(), " about ", in[1].text(), " needs a mean for each column");
  return {Shape{in[0][1], in[0][1]}};
}
std::string Covariance::formula(const OpAttributes&, int) { return "C[i,j] = (Σ_k (x[k,i] − m[i]) · (x[k,j] − m[j])) / K"; }

std::vector<Shape> Solve2::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == (Shape{2, 2}) && in[1].size() == 2, "two equations need 2×2 and 2 numbers, not ", in[0].text(), " and ", in[1].text());
  return {Shape{2, 1}};
}
std::string Solve2::formula(const OpAttributes&, int) {
  return "w[0] = (b[0] · A[1,1] − A[0,1] · b[1]) / D, w[1] = (A[0,0] · b[1] − b[0] · A[1,0]) / D, D = A[0,0] · A[1,1] − A[0,1] · A[1,0]";
}

std::vector<Shape> Eigenvalues2::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == (Shape{2, 2}), "eigenvalues are of 2×2, not of ", in[0].text());
  return {Shape{2}};
}
std::string Eigenvalues2::formula(const OpAttributes&, int) {
  return "λ = (A[0,0] + A[1,1]) / 2 ± √(((A[0,0] − A[1,1]) / 2)² + A[0,1]²)";
}

std::vector<Shape> Angle::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].size() == 2 && in[1].size() == 2, "an angle is between two arrows of two numbers, not ", in[0].text(), " and ", in[1].text());
  return {Shape{1}};
}
std::string Angle::formula(const OpAttributes&, int) {
  return "angle = 2 · atan(|a[0]·b[1] − a[1]·b[0]| / (√(a[0]² + a[1]²) · √(b[0]² + b[1]²) + a[0]·b[0] + a[1]·b[1])) · 180/π";
}

}  // namespace chainrule
