// A packed matrix product (Goto and van de Geijn, 2008): blocks of A and B are copied so that the innermost loop reads
// both from front to back, transposed or not, and a block of A stays in the second-level cache under all panels of B.
// Blocks of k come in order and sums go on from C, so that y[m,n] is one running sum over k. Threads take rectangles of y. Tied
// to the reference by ParityMatMul.
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
Index slot_floats(const Sizes& d) { return packed_a(d) + std::min(d.K, kBlockK) * kTileColumns; }

std::size_t scratch_floats(const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape>, int threads) {
  return static_cast<std::size_t>(slot_floats(sizes(attributes, in)) * threads);
}

void pack_rows(const Sizes& d, const float* a, Index m0, Index M, Index k0, Index K, float* to) {
  for (Index m = 0; m < M; m += kTileRows) {
    const Index rows = std::min(kTileRows, M - m);
    gemm::pack(a + (m0 + m) * d.a_row + k0 * d.a_column, d.a_column, d.a_row, rows, rows, K, to + m * K);
  }
}

/// Rows first_row .. last_row − 1 and columns first_column .. last_column − 1 of y.
struct Rectangle {
  Index first_row, last_row, first_column, last_column;
};

void multiply(const Sizes& d, const Rectangle& part, const float* a, const float* b, float* y, float* a_block) {
  float* b_panel = a_block + packed_a(d);
  for (Index m0 = part.first_row; m0 < part.last_row; m0 += kBlockM) {
    const Index M = std::min(kBlockM, part.last_row - m0);
    for (Index k0 = 0; k0 < d.K; k0 += kBlockK) {
      const Index K = std::min(kBlockK, d.K - k0);
      pack_rows(d, a, m0, M, k0, K, a_block);
      for (Index n = part.first_column; n < part.last_column; n += kTileColumns) {
        const Index columns = std::min(kTileColumns, part.last_column - n);
        gemm::pack(b + k0 * d.b_row + n * d.b_column, d.b_row, d.b_column, columns, gemm::panel_width(columns), K,
                   b_panel);
        gemm::multiply_panel({a_block, M, K}, gemm::neighbours(0, K), b_panel, columns, y + m0 * d.N + n, d.N, k0 > 0);
      }
    }
  }
}

/// Threads share the longer side of y: each packs what the others pack too, rows of a or columns of b.
void matmul(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const Sizes d = sizes(attributes, o.in_shapes);
  const bool by_rows = d.M >= d.N;
  Grain grain = grain_of_products(d.K * (by_rows ? d.N : d.M));
  grain.multiple = by_rows ? kTileRows : kTileColumns;
  grain.per_thread = 1;
  workspace.split(by_rows ? d.M : d.N, grain, [&](Index begin, Index end, int slot) {
    const Rectangle part = by_rows ? Rectangle{begin, end, 0, d.N} : Rectangle{0, d.M, begin, end};
    multiply(d, part, o.in[0], o.in[1], o.out[0], workspace.scratch.data() + slot * slot_floats(d));
  });
}

}  // namespace

const FastKernel kFastMatMul{scratch_floats, matmul};

}  // namespace chainrule
