// A tile of C is kept in registers while k runs: each k costs one load per vector of B, one broadcast per row of A and
// one multiply and add per vector of C. Packed panels make all those loads consecutive. Vectors lie across columns of
// C, and sums go through C between blocks of k, so that every output is one running sum, as in the reference kernels.
// Tied to them by ParityMatMul, ParityConv2d, ParityConv2dInputGrad and ParityConv2dKernelGrad.
#include "engine/ops/gemm_tile.h"

#include <algorithm>

#include "engine/ops/simd.h"

namespace chainrule::gemm {
namespace {

using simd::f32x4;
constexpr Index kLanes = simd::kLanes;

// Functions of their own, never inlined: V8 replaces its quick first code of a function only from call to call.
template <int kRows, int kVectors>
[[gnu::noinline]] void tile(const Stretch& stretch, const float* __restrict a, const float* __restrict b,
                            float* __restrict c, Index ldc, bool resume) {
  f32x4 sum[kRows][kVectors] = {};
  if (resume) {
#pragma GCC unroll 4
    for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sum[m][v] = simd::load(c + m * ldc + v * kLanes);
  }
  const Index length = stretch.length, skipped = stretch.gap * kRows;
  for (Index chunk = stretch.chunks; chunk > 0; --chunk) {
    // Unrolled by hand or by the compiler, this loop is slower in V8, which then moves registers to and fro.
#pragma GCC unroll 1
    for (Index k = 0; k < length; ++k) {
      f32x4 column[kVectors];
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) column[v] = simd::load(b + v * kLanes);
#pragma GCC unroll 4
      for (int m = 0; m < kRows; ++m) {
        const f32x4 row = simd::splat(a[m]);
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) sum[m][v] += row * column[v];
      }
      a += kRows;
      b += kVectors * kLanes;
    }
    a += skipped;
  }
#pragma GCC unroll 4
  for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) simd::store(c + m * ldc + v * kLanes, sum[m][v]);
}

template <int kVectors>
void tile_of(Index rows, const Stretch& k, const float* a, const float* b, float* c, Index ldc, bool resume) {
  switch (rows) {
    case 4:
      return tile<4, kVectors>(k, a, b, c, ldc, resume);
    case 3:
      return tile<3, kVectors>(k, a, b, c, ldc, resume);
    case 2:
      return tile<2, kVectors>(k, a, b, c, ldc, resume);
    default:
      return tile<1, kVectors>(k, a, b, c, ldc, resume);
  }
}

void any_tile(Index rows, Index width, const Stretch& k, const float* a, const float* b, float* c, Index ldc,
              bool resume) {
  width == 8 ? tile_of<2>(rows, k, a, b, c, ldc, resume) : tile_of<1>(rows, k, a, b, c, ldc, resume);
}

/// A tile whose columns are no whole vectors: by way of a small copy of C.
void narrow_tile(Index rows, Index columns, const Stretch& k, const float* a, const float* b, float* c, Index ldc,
                 bool resume) {
  float copy[kTileRows * kTileColumns] = {};
  const auto bytes = static_cast<std::size_t>(columns) * sizeof(float);
  if (resume)
    for (Index m = 0; m < rows; ++m) std::memcpy(copy + m * kTileColumns, c + m * ldc, bytes);
  any_tile(rows, panel_width(columns), k, a, b, copy, kTileColumns, resume);
  for (Index m = 0; m < rows; ++m) std::memcpy(c + m * ldc, copy + m * kTileColumns, bytes);
}

void pack_four_rows(const float* from, Index lane_step, Index width, Index K, float* to) {
  Index k = 0;
  for (; k + kLanes <= K; k += kLanes) {
    f32x4 a = simd::load(from + k), b = simd::load(from + k + lane_step);
    f32x4 c = simd::load(from + k + 2 * lane_step), d = simd::load(from + k + 3 * lane_step);
    simd::transpose(a, b, c, d);
    simd::store(to + k * width, a);
    simd::store(to + (k + 1) * width, b);
    simd::store(to + (k + 2) * width, c);
    simd::store(to + (k + 3) * width, d);
  }
  for (; k < K; ++k)
    for (Index lane = 0; lane < kLanes; ++lane) to[k * width + lane] = from[k + lane * lane_step];
}

}  // namespace

void pack(const float* from, Index k_step, Index lane_step, Index lanes, Index width, Index K, float* to) {
  Index lane = 0;
  for (; lane + kLanes <= lanes; lane += kLanes) {
    const float* column = from + lane * lane_step;
    if (k_step == 1) {
      pack_four_rows(column, lane_step, width, K, to + lane);
    } else {
      for (Index k = 0; k < K; ++k)
        simd::store(to + k * width + lane, simd::load_strided(column + k * k_step, lane_step));
    }
  }
  for (; lane < width; ++lane)
    for (Index k = 0; k < K; ++k) to[k * width + lane] = lane < lanes ? from[k * k_step + lane * lane_step] : 0.0f;
}

void multiply_panel(const RowPanels& rows, const Stretch& k, const float* b, Index columns, float* c, Index ldc,
                    bool resume) {
  const Index width = panel_width(columns);
  for (Index m = 0; m < rows.M; m += kTileRows) {
    const Index here = std::min(kTileRows, rows.M - m);
    const float* a = rows.a + m * rows.K + k.first * here;
    if (columns == width)
      any_tile(here, width, k, a, b, c + m * ldc, ldc, resume);
    else
      narrow_tile(here, columns, k, a, b, c + m * ldc, ldc, resume);
  }
}

}  // namespace chainrule::gemm
