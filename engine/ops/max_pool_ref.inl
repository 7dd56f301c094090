#pragma once

#include <algorithm>

#include "engine/ops/max_pool.h"

namespace chainrule {

template <class T, class R>
void MaxPool::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  using math::maximum;
  const PoolSizes d = pool_sizes(attributes, operands.in_shapes[0]);
  const T* x = operands.in[0];
  for (int map = 0; map < d.N * d.C; ++map)
    for (int p = 0; p < d.P; ++p)
      for (int q = 0; q < d.Q; ++q) {
        const std::int64_t at = (std::int64_t{map} * d.P + p) * d.Q + q;
        if (!recorder.wants(0, at)) continue;
        const std::int64_t corner = (std::int64_t{map} * d.H + p * d.stride) * d.W + q * d.stride;
        recorder.mark(0, 0);
        auto best = recorder.read(0, x, corner);
        for (int r = 0; r < d.window; ++r)
          for (int s = 0; s < d.window; ++s) {
            if (r == 0 && s == 0) continue;
            recorder.mark(r, s);
            best = maximum(best, recorder.read(0, x, corner + std::int64_t{r} * d.W + s));
          }
        recorder.write(0, operands.out[0], at, best);
      }
}

/// Offset of the first maximum of the window at (p, q) of one map.
template <class T>
std::int64_t first_maximum(const PoolSizes& d, const T* x, int map, int p, int q) {
  const std::int64_t corner = (std::int64_t{map} * d.H + p * d.stride) * d.W + q * d.stride;
  std::int64_t best = corner;
  for (int r = 0; r < d.window; ++r)
    for (int s = 0; s < d.window; ++s) {
      const std::int64_t at = corner + std::int64_t{r} * d.W + s;
      if (x[at] > x[best]) best = at;
    }
  return best;
}

template <class T, class R>
void MaxPoolGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const PoolSizes d = pool_sizes(attributes, operands.in_shapes[0]);
  // The windows p with p·stride <= h < p·stride + window.
  const auto first_window = [&](int h) { return h < d.window ? 0 : (h - d.window) / d.stride + 1; };
  for (int map = 0; map < d.N * d.C; ++map)
    for (int h = 0; h < d.H; ++h)
      for (int w = 0; w < d.W; ++w) {
        const std::int64_t at = (std::int64_t{map} * d.H + h) * d.W + w;
        if (!recorder.wants(0, at)) continue;
        auto sum = recorder.constant(T(0));
        for (int p = first_window(h); p <= std::min(h / d.stride, d.P - 1); ++p)
          for (int q = first_window(w); q <= std::min(w / d.stride, d.Q - 1); ++q) {
            recorder.mark(p, q);
            const auto dy = recorder.read(1, operands.in[1], (std::int64_t{map} * d.P + p) * d.Q + q);
            const bool won = first_maximum(d, operands.in[0], map, p, q) == at;
            sum += recorder.choose(won ? dy : recorder.constant(T(0)), recorder.read(0, operands.in[0], at));
          }
        recorder.write(0, operands.out[0], at, sum);
      }
}

}  // namespace chainrule
