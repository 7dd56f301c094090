// The pieces of a matrix product C = A·B that MatMul and the convolutions share: packing and one register tile.
#pragma once

#include <cstdint>

namespace chainrule::gemm {

/// A tile of C: at most 5 rows of 8 columns. Its 10 sums, 2 vectors of B, 1 of A and 1 product fit into the 15 or so
/// vector registers that V8 hands out on x64; a sixth row would spill.
inline constexpr std::int64_t kTileRows = 5, kTileColumns = 8;
/// So many k at a time: a packed panel of B (8 KiB) and one of A then stay in the first-level cache.
inline constexpr std::int64_t kBlockK = 256;

/// Columns that a packed panel of B holds for `columns` <= 8 of C: whole vectors, the surplus is 0.
constexpr std::int64_t panel_width(std::int64_t columns) { return columns > 4 ? 8 : 4; }
/// The same for all N columns.
constexpr std::int64_t packed_width(std::int64_t N) { return (N + 3) / 4 * 4; }

/// Copies an interleaved panel: to[k·width + lane] = from[k·k_step + lane·lane_step], 0 for lanes <= lane < width.
/// Panels of A have width = lanes <= 5, panels of B have panel_width(lanes).
void pack(const float* from, std::int64_t k_step, std::int64_t lane_step, std::int64_t lanes, std::int64_t width,
          std::int64_t K, float* to);

/// C[m,n] (+)= sum_k A[m,k]·B[k,n] for M rows and `columns` <= 8 columns.
/// a: panels of 5 rows (the last with what is left), each kA·5 numbers; of each panel k = k0 .. k0 + K − 1 are used.
/// b: one packed panel of K·panel_width(columns). c: rows at c, c + ldc, ...
/// Ensures: with `resume` the sums go on from what is in C, else they start at 0; k = k0, k0 + 1, ... one product at a
/// time, rounded and then added.
struct RowPanels {
  const float* a;
  std::int64_t M, kA;
};
void multiply_panel(const RowPanels& rows, std::int64_t k0, std::int64_t K, const float* b, std::int64_t columns, float* c,
                    std::int64_t ldc, bool resume);

}  // namespace chainrule::gemm
