// A tile of C is kept in registers while k runs: each k costs one load per vector of B, one broadcast per row of A and one
// multiply and add per vector of C. Packed panels make all those loads consecutive. Vectors lie across columns of C, and
// sums go through C between blocks of k, so that every output is one running sum, as in the reference kernels. Tied to
// them by ParityMatMul and ParityConv2d.
#include "engine/ops/gemm_tile.h"

#include <algorithm>

#include "engine/ops/simd.h"

namespace chainrule::gemm {
namespace {

using simd::f32x4;
using simd::kLanes;

// Functions of their own, never inlined: V8 replaces its quick first code of a function only from call to call.
template <int kRows, int kVectors>
[[gnu::noinline]] void tile(std::int64_t K, const float* __restrict a, const float* __restrict b, float* __restrict c,
                            std::int64_t ldc, bool resume) {
  f32x4 sum[kRows][kVectors] = {};
  if (resume) {
#pragma GCC unroll 5
    for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sum[m][v] = simd::load(c + m * ldc + v * kLanes);
  }
  for (std::int64_t k = 0; k < K; ++k) {
    f32x4 column[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) column[v] = simd::load(b + v * kLanes);
#pragma GCC unroll 5
    for (int m = 0; m < kRows; ++m) {
      const f32x4 row = simd::splat(a[m]);
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sum[m][v] += row * column[v];
    }
    a += kRows;
    b += kVectors * kLanes;
  }
#pragma GCC unroll 5
  for (int m = 0; m < kRows; ++m)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) simd::store(c + m * ldc + v * kLanes, sum[m][v]);
}

template <int kVectors>
void tile_of(std::int64_t rows, std::int64_t K, const float* a, const float* b, float* c, std::int64_t ldc, bool resume) {
  switch (rows) {
    case 5: return tile<5, kVectors>(K, a, b, c, ldc, resume);
    case 4: return tile<4, kVectors>(K, a, b, c, ldc, resume);
    case 3: return tile<3, kVectors>(K, a, b, c, ldc, resume);
    case 2: return tile<2, kVectors>(K, a, b, c, ldc, resume);
    default: return tile<1, kVectors>(K, a, b, c, ldc, resume);
  }
}

void any_tile(std::int64_t rows, std::int64_t width, std::int64_t K, const float* a, const float* b, float* c,
              std::int64_t ldc, bool resume) {
  width == 8 ? tile_of<2>(rows, K, a, b, c, ldc, resume) : tile_of<1>(rows, K, a, b, c, ldc, resume);
}

/// A tile whose columns are no whole vectors: by way of a small copy of C.
void narrow_tile(std::int64_t rows, std::int64_t columns, std::int64_t K, const float* a, const float* b, float* c,
                 std::int64_t ldc, bool resume) {
  float copy[kTileRows * kTileColumns] = {};
  const auto bytes = static_cast<std::size_t>(columns) * sizeof(float);
  if (resume)
    for (std::int64_t m = 0; m < rows; ++m) std::memcpy(copy + m * kTileColumns, c + m * ldc, bytes);
  any_tile(rows, panel_width(columns), K, a, b, copy, kTileColumns, resume);
  for (std::int64_t m = 0; m < rows; ++m) std::memcpy(c + m * ldc, copy + m * kTileColumns, bytes);
}

void pack_four_rows(const float* from, std::int64_t lane_step, std::int64_t width, std::int64_t K, float* to) {
  std::int64_t k = 0;
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
    for (std::int64_t lane = 0; lane < kLanes; ++lane) to[k * width + lane] = from[k + lane * lane_step];
}

}  // namespace

void pack(const float* from, std::int64_t k_step, std::int64_t lane_step, std::int64_t lanes, std::int64_t width,
          std::int64_t K, float* to) {
  std::int64_t lane = 0;
  for (; lane + kLanes <= lanes; lane += kLanes) {
    const float* column = from + lane * lane_step;
    if (k_step == 1) {
      pack_four_rows(column, lane_step, width, K, to + lane);
    } else {
      for (std::int64_t k = 0; k < K; ++k)
        simd::store(to + k * width + lane, simd::load_strided(column + k * k_step, lane_step));
    }
  }
  for (; lane < width; ++lane)
    for (std::int64_t k = 0; k < K; ++k)
      to[k * width + lane] = lane < lanes ? from[k * k_step + lane * lane_step] : 0.0f;
}

void multiply_panel(const RowPanels& rows, std::int64_t k0, std::int64_t K, const float* b, std::int64_t columns, float* c,
                    std::int64_t ldc, bool resume) {
  const std::int64_t width = panel_width(columns);
  for (std::int64_t m = 0; m < rows.M; m += kTileRows) {
    const std::int64_t here = std::min(kTileRows, rows.M - m);
    const float* a = rows.a + m * rows.kA + k0 * here;
    if (columns == width)
      any_tile(here, width, K, a, b, c + m * ldc, ldc, resume);
    else
      narrow_tile(here, columns, K, a, b, c + m * ldc, ldc, resume);
  }
}

}  // namespace chainrule::gemm
