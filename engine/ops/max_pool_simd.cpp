// Forward, four windows side by side compare and select in the reference's order. Backward, each window is searched
// once and gives its gradient to its winner, windows in the reference's order: the terms it leaves out are zeros, and a
// sum that began at +0 is not changed by them. 2×2 windows at stride 2, the usual ones, have no overlap and no branches
// at all: masks choose the winner. Tied to the reference by ParityMaxPool and ParityMaxPoolGrad.
#include <algorithm>

#include "engine/ops/fast.h"
#include "engine/ops/max_pool.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::kLanes;

f32x4 larger(f32x4 best, f32x4 next) { return next > best ? next : best; }

float first_of_largest(const PoolSizes& d, const float* corner) {
  float best = corner[0];
  for (int r = 0; r < d.window; ++r)
    for (int s = 0; s < d.window; ++s) best = corner[r * d.W + s] > best ? corner[r * d.W + s] : best;
  return best;
}

/// One row of outputs from the rows of x at `x`.
[[gnu::noinline]] void pool_row(const PoolSizes& d, const float* x, float* y) {
  int q = 0;
  for (; q + kLanes <= d.Q; q += kLanes) {
    const float* corner = x + q * d.stride;
    f32x4 best = simd::load_strided(corner, d.stride);
    for (int r = 0; r < d.window; ++r)
      for (int s = r == 0 ? 1 : 0; s < d.window; ++s)
        best = larger(best, simd::load_strided(corner + r * d.W + s, d.stride));
    simd::store(y + q, best);
  }
  for (; q < d.Q; ++q) y[q] = first_of_largest(d, x + q * d.stride);
}

void max_pool(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const PoolSizes d = pool_sizes(attributes, o.in_shapes[0]);
  workspace.split(d.maps(), grain_of_numbers(d.numbers_of_map()), [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    for (std::ptrdiff_t map = begin; map < end; ++map)
      for (int p = 0; p < d.P; ++p)
        pool_row(d, o.in[0] + (map * d.H + p * d.stride) * d.W, o.out[0] + (map * d.P + p) * d.Q);
  });
}

/// Adds the gradients of one row of windows to the rows of dx at `dx`.
void scatter_row(const PoolSizes& d, const float* x, const float* dy, float* dx, int q) {
  for (; q < d.Q; ++q) {
    const std::int64_t corner = std::int64_t{q} * d.stride;
    std::int64_t best = corner;
    for (int r = 0; r < d.window; ++r)
      for (int s = 0; s < d.window; ++s) {
        const std::int64_t at = corner + std::int64_t{r} * d.W + s;
        if (x[at] > x[best]) best = at;
      }
    dx[best] += dy[q];
  }
}

/// The same for 2×2 windows at stride 2, on rows of dx that hold zeros.
[[gnu::noinline]] void scatter_row_2x2(const PoolSizes& d, const float* x, const float* dy, float* dx) {
  const f32x4 zero{};
  int q = 0;
  for (; q + kLanes <= d.Q; q += kLanes) {
    const float* corner = x + 2 * q;
    const f32x4 a = simd::load_strided(corner, 2), b = simd::load_strided(corner + 1, 2);
    const f32x4 c = simd::load_strided(corner + d.W, 2), e = simd::load_strided(corner + d.W + 1, 2);
    const f32x4 best_b = larger(a, b), best_c = larger(best_b, c), gradient = zero + simd::load(dy + q);
    const auto e_won = e > best_c, c_won = ~e_won & (c > best_b), b_won = ~e_won & ~c_won & (b > a);
    const auto a_won = ~(e_won | c_won | b_won);
    simd::store_interleaved(dx + 2 * q, a_won ? gradient : zero, b_won ? gradient : zero);
    simd::store_interleaved(dx + 2 * q + d.W, c_won ? gradient : zero, e_won ? gradient : zero);
  }
  scatter_row(d, x, dy, dx, q);
}

void scatter_maps(const PoolSizes& d, const Operands<float>& o, std::int64_t first_map, std::int64_t last_map) {
  const std::int64_t map_size = std::int64_t{d.H} * d.W;
  std::fill(o.out[0] + first_map * map_size, o.out[0] + last_map * map_size, 0.0f);
  for (std::int64_t map = first_map; map < last_map; ++map)
    for (int p = 0; p < d.P; ++p) {
      const std::int64_t first = (map * d.H + p * d.stride) * d.W;
      const float *x = o.in[0] + first, *dy = o.in[1] + (map * d.P + p) * d.Q;
      if (d.window == 2 && d.stride == 2)
        scatter_row_2x2(d, x, dy, o.out[0] + first);
      else
        scatter_row(d, x, dy, o.out[0] + first, 0);
    }
}

void max_pool_grad(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const PoolSizes d = pool_sizes(attributes, o.in_shapes[0]);
  workspace.split(d.maps(), grain_of_numbers(d.numbers_of_map()),
                  [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) { scatter_maps(d, o, begin, end); });
}

}  // namespace

const FastKernel kFastMaxPool{no_scratch, max_pool};
const FastKernel kFastMaxPoolGrad{no_scratch, max_pool_grad};

}  // namespace chainrule
