// Matrix product.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y[m,n] = sum_k A[m,k] · B[k,n]
/// Shapes: a [M,K] (stored [K,M] with transpose_a), b [K,N] (stored [N,K] with transpose_b), y [M,N].
/// Ensures: the sum starts at 0 and adds k = 0, 1, ..., K-1, one product at a time.
/// A dense layer is y = x·Wᵀ with x [batch, in] and W [out, in], so that row j of W holds the weights into unit j.
/// Backward (with dy = dL/dy): dA = dy·Bᵀ, dB = Aᵀ·dy, which are matrix products again.
/// Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 2.2 and equation 6.46.
struct MatMul {
  static constexpr std::string_view kName = "matmul";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"k", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// M, N, K and the strides with which a kernel walks a stored matrix, transposed or not.
struct MatMulSizes {
  std::int64_t M, N, K;
  std::int64_t a_row, a_column;  // offset of A[m,k] = m·a_row + k·a_column
  std::int64_t b_row, b_column;  // offset of B[k,n] = k·b_row + n·b_column
};
/// Requires: two matrices whose inner sizes agree once transposed.
MatMulSizes matmul_sizes(const OpAttributes& attributes, const Shape& a, const Shape& b);

}  // namespace chainrule
