#include "engine/ops/matmul.h"

namespace chainrule {

MatMulSizes matmul_sizes(const OpAttributes& attributes, const Shape& a, const Shape& b) {
  CHECK(a.rank() == 2 && b.rank() == 2, "matmul of ", a.text(), " and ", b.text(), " needs two matrices");
  MatMulSizes sizes{};
  sizes.M = attributes.transpose_a ? a[1] : a[0];
  sizes.K = attributes.transpose_a ? a[0] : a[1];
  sizes.N = attributes.transpose_b ? b[0] : b[1];
  const std::int64_t inner = attributes.transpose_b ? b[1] : b[0];
  CHECK(sizes.K == inner, "matmul of ", a.text(), " and ", b.text(), ": inner sizes ", sizes.K, " and ", inner);
  sizes.a_row = attributes.transpose_a ? 1 : a[1];
  sizes.a_column = attributes.transpose_a ? a[1] : 1;
  sizes.b_row = attributes.transpose_b ? 1 : b[1];
  sizes.b_column = attributes.transpose_b ? b[1] : 1;
  return sizes;
}

std::vector<Shape> MatMul::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const MatMulSizes sizes = matmul_sizes(attributes, in[0], in[1]);
  return {Shape{static_cast<int>(sizes.M), static_cast<int>(sizes.N)}};
}

void MatMul::backward(BackwardBuilder& builder) {
  const TensorId a = builder.input(0), b = builder.input(1), dy = builder.gradient_of_output(0);
  const bool ta = builder.attributes().transpose_a, tb = builder.attributes().transpose_b;
  const auto product = [](bool transpose_first, bool transpose_second) {
    OpAttributes attributes;
    attributes.transpose_a = transpose_first;
    attributes.transpose_b = transpose_second;
    return attributes;
  };
  if (builder.needs_gradient(0)) {
    if (ta)
      builder.emit(0, OpKind::kMatMul, product(tb, true), {b, dy}, "∂L/∂a[k,m] = Σ_n b[k,n] · ∂L/∂y[m,n]");
    else
      builder.emit(0, OpKind::kMatMul, product(false, !tb), {dy, b}, "∂L/∂x[n,i] = Σ_j ∂L/∂y[n,j] · w[j,i]");
  }
  if (builder.needs_gradient(1)) {
    if (tb)
      builder.emit(1, OpKind::kMatMul, product(true, ta), {dy, a}, "∂L/∂w[j,i] = Σ_n ∂L/∂y[n,j] · x[n,i]");
    else
      builder.emit(1, OpKind::kMatMul, product(!ta, false), {a, dy}, "∂L/∂b[k,n] = Σ_m a[m,k] · ∂L/∂y[m,n]");
  }
}

std::string MatMul::formula(const OpAttributes& attributes, int /*output*/) {
  if (!attributes.transpose_a && attributes.transpose_b) return "y[n,j] = Σ_i x[n,i] · w[j,i]";
  return std::string("y[m,n] = Σ_k ") + (attributes.transpose_a ? "a[k,m]" : "a[m,k]") + " · " +
         (attributes.transpose_b ? "b[n,k]" : "b[k,n]");
}

}  // namespace chainrule
