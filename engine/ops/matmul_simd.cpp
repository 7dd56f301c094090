// A packed matrix product (Goto and van de Geijn, 2008): blocks of A and B are copied so that the innermost loop reads
// both from front to back, transposed or not, and a block of A stays in the second-level cache under all panels of B.
// Blocks of k come in order and sums go on from C, so that y[m,n] is one running sum over k. Tied to the reference by
// ParityMatMul.
#include <algorithm>

#include "engine/ops/fast.h"
#include "engine/ops/gemm_tile.h"
#include "engine/ops/matmul.h"

namespace chainrule {
namespace {

using gemm::Index;
using gemm::kBlockK;
using gemm::kTileColumns;
using gemm::kTileRows;

constexpr Index kBlockM = 512;

/// MatMulSizes in offsets as wide as a pointer.
struct Sizes {
  Index M, N, K, a_row, a_column, b_row, b_column;
};
Sizes sizes(const OpAttributes& attributes, std::span<const Shape> in) {
  const MatMulSizes d = matmul_sizes(attributes, in[0], in[1]);
  const auto narrow = [](std::int64_t size) { return static_cast<Index>(size); };
  return {narrow(d.M),        narrow(d.N),     narrow(d.K),       narrow(d.a_row),
          narrow(d.a_column), narrow(d.b_row), narrow(d.b_column)};
}

Index packed_a(const Sizes& d) { return std::min(d.M, kBlockM) * std::min(d.K, kBlockK); }

std::size_t scratch_floats(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>) {
  const Sizes d = sizes(attributes, in);
  return static_cast<std::size_t>(packed_a(d) + std::min(d.K, kBlockK) * kTileColumns);
}

void pack_rows(const Sizes& d, const float* a, Index m0, Index M, Index k0, Index K, float* to) {
  for (Index m = 0; m < M; m += kTileRows) {
    const Index rows = std::min(kTileRows, M - m);
    gemm::pack(a + (m0 + m) * d.a_row + k0 * d.a_column, d.a_column, d.a_row, rows, rows, K, to + m * K);
  }
}

void matmul(const OpAttributes& attributes, const Operands<float>& o, std::span<float> scratch) {
  const Sizes d = sizes(attributes, o.in_shapes);
  const float *a = o.in[0], *b = o.in[1];
  float *y = o.out[0], *a_block = scratch.data(), *b_panel = a_block + packed_a(d);
  for (Index m0 = 0; m0 < d.M; m0 += kBlockM) {
    const Index M = std::min(kBlockM, d.M - m0);
    for (Index k0 = 0; k0 < d.K; k0 += kBlockK) {
      const Index K = std::min(kBlockK, d.K - k0);
      pack_rows(d, a, m0, M, k0, K, a_block);
      for (Index n = 0; n < d.N; n += kTileColumns) {
        const Index columns = std::min(kTileColumns, d.N - n);
        gemm::pack(b + k0 * d.b_row + n * d.b_column, d.b_row, d.b_column, columns, gemm::panel_width(columns), K,
                   b_panel);
        gemm::multiply_panel({a_block, M, K}, gemm::neighbours(0, K), b_panel, columns, y + m0 * d.N + n, d.N, k0 > 0);
      }
    }
  }
}

}  // namespace

const FastKernel kFastMatMul{scratch_floats, matmul};

}  // namespace chainrule
