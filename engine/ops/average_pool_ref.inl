#pragma once

#include <algorithm>

#include "engine/ops/average_pool.h"

namespace chainrule {

template <class T, class R>
void AveragePool::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const PoolSizes d = pool_sizes(attributes, operands.in_shapes[0]);
  for (int map = 0; map < d.N * d.C; ++map)
    for (int p = 0; p < d.P; ++p)
      for (int q = 0; q < d.Q; ++q) {
        const std::int64_t at = (std::int64_t{map} * d.P + p) * d.Q + q;
        if (!recorder.wants(0, at)) continue;
        auto sum = recorder.constant(T(0));
        for (int r = 0; r < d.window; ++r)
          for (int s = 0; s < d.window; ++s) {
            recorder.mark(r, s);
            const int h = p * d.stride + r, w = q * d.stride + s;
            sum += recorder.read(0, operands.in[0], (std::int64_t{map} * d.H + h) * d.W + w);
          }
        recorder.write(0, operands.out[0], at, sum / recorder.constant(static_cast<T>(d.window * d.window)));
      }
}

template <class T, class R>
void AveragePoolGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const PoolSizes d = pool_sizes(attributes, attributes.shape);
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
            sum += recorder.read(0, operands.in[0], (std::int64_t{map} * d.P + p) * d.Q + q);
          }
        recorder.write(0, operands.out[0], at, sum / recorder.constant(static_cast<T>(d.window * d.window)));
      }
}

}  // namespace chainrule
