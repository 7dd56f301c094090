// The pieces of a matrix product C = A·B that MatMul and the convolutions share: packing and one register tile.
#pragma once

#include <cstddef>

namespace chainrule::gemm {

/// Offsets within buffers: as wide as a pointer, because 64-bit arithmetic costs extra in wasm.
using Index = std::ptrdiff_t;

/// A tile of C: at most 4 rows of 8 columns. Its 8 sums, 2 vectors of B, 1 of A and 1 product fit into the 15 or so
/// vector registers that V8 hands out on x64. Measured: 4 rows reach 95 % of what the machine can do, 5 half of that.
inline constexpr Index kTileRows = 4, kTileColumns = 8;
/// So many k at a time: a packed panel of B (8 KiB) and one of A then stay in the first-level cache.
inline constexpr Index kBlockK = 256;

/// Columns that a packed panel of B holds for `columns` <= 8 of C: whole vectors, the surplus is 0.
constexpr Index panel_width(Index columns) { return columns > 4 ? 8 : 4; }
/// The same for all N columns.
constexpr Index packed_width(Index N) { return (N + 3) / 4 * 4; }

/// Copies an interleaved panel: to[k·width + lane] = from[k·k_step + lane·lane_step], 0 for lanes <= lane < width.
/// Panels of A have width = lanes <= 4, panels of B have panel_width(lanes).
void pack(const float* from, Index k_step, Index lane_step, Index lanes, Index width, Index K, float* to);

/// Which k of A a product takes, in this order: `chunks` times `length` neighbours, `gap` left out after each.
struct Stretch {
  Index first, chunks, length, gap;
  Index size() const { return chunks * length; }
};
constexpr Stretch neighbours(Index first, Index K) { return {first, 1, K, 0}; }

/// A packed: panels of 4 of its M rows (the last with what is left) one after another, each of all K.
struct RowPanels {
  const float* a;
  Index M, K;
};

/// C[m,n] (+)= sum_k A[m,k]·B[k,n] for all rows and `columns` <= 8 columns.
/// b: one packed panel, panel_width(columns) numbers for each k taken. c: rows at c, c + ldc, ...
/// Ensures: with `resume` the sums go on from what is in C, else they start at 0; one product at a time is rounded and
/// then added, in the order of k.
void multiply_panel(const RowPanels& rows, const Stretch& k, const float* b, Index columns, float* c, Index ldc,
                    bool resume);

}  // namespace chainrule::gemm
