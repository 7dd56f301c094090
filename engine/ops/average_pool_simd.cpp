// Forward, four windows side by side add up their elements in the reference's order. Backward, each window adds its
// gradient to all its elements, windows in the reference's order, and one division of everything ends it; 2×2 windows
// at stride 2, the usual ones, have no overlap and are spread four at a time. Tied to the reference by
// ParityAveragePool and ParityAveragePoolGrad.
#include <algorithm>

#include "engine/ops/average_pool.h"
#include "engine/ops/fast.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::kLanes;

/// One row of outputs from the rows of x at `x`.
[[gnu::noinline]] void pool_row(const PoolSizes& d, const float* x, float* y) {
  const float count = static_cast<float>(d.window * d.window);
  int q = 0;
  for (; q + kLanes <= d.Q; q += kLanes) {
    f32x4 sum{};
    for (int r = 0; r < d.window; ++r)
      for (int s = 0; s < d.window; ++s) sum += simd::load_strided(x + q * d.stride + r * d.W + s, d.stride);
    simd::store(y + q, sum / simd::splat(count));
  }
  for (; q < d.Q; ++q) {
    float sum = 0.0f;
    for (int r = 0; r < d.window; ++r)
      for (int s = 0; s < d.window; ++s) sum += x[q * d.stride + r * d.W + s];
    y[q] = sum / count;
  }
}

void average_pool(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const PoolSizes d = pool_sizes(attributes, o.in_shapes[0]);
  workspace.split(d.maps(), grain_of_numbers(d.numbers_of_map()), [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    for (std::ptrdiff_t map = begin; map < end; ++map)
      for (int p = 0; p < d.P; ++p)
        pool_row(d, o.in[0] + (map * d.H + p * d.stride) * d.W, o.out[0] + (map * d.P + p) * d.Q);
  });
}

/// Adds the gradients of one row of windows to the rows of dx at `dx`.
[[gnu::noinline]] void spread_row(const PoolSizes& d, const float* dy, float* dx) {
  int q = 0;
  if (d.window == 2 && d.stride == 2)
    for (; q + kLanes <= d.Q; q += kLanes) {
      const f32x4 gradient = f32x4{} + simd::load(dy + q);
      simd::store_interleaved(dx + 2 * q, gradient, gradient);
      simd::store_interleaved(dx + 2 * q + d.W, gradient, gradient);
    }
  for (; q < d.Q; ++q)
    for (int r = 0; r < d.window; ++r)
      for (int s = 0; s < d.window; ++s) dx[q * d.stride + r * d.W + s] += dy[q];
}

void average_pool_grad(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const PoolSizes d = pool_sizes(attributes, attributes.shape);
  const f32x4 count = simd::splat(static_cast<float>(d.window * d.window));
  const std::int64_t map_size = std::int64_t{d.H} * d.W;
  workspace.split(d.maps(), grain_of_numbers(d.numbers_of_map()), [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    float *dx = o.out[0] + begin * map_size, *behind = o.out[0] + end * map_size;
    std::fill(dx, behind, 0.0f);
    for (std::int64_t map = begin; map < end; ++map)
      for (int p = 0; p < d.P; ++p)
        spread_row(d, o.in[0] + (map * d.P + p) * d.Q, o.out[0] + (map * d.H + p * d.stride) * d.W);
    simd::map(
        behind - dx, [=](f32x4 sum) { return sum / count; }, dx, static_cast<const float*>(dx));
  });
}

}  // namespace

const FastKernel kFastAveragePool{no_scratch, average_pool};
const FastKernel kFastAveragePoolGrad{no_scratch, average_pool_grad};

}  // namespace chainrule
