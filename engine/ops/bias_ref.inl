#pragma once

#include "engine/ops/bias.h"

namespace chainrule {

template <class T, class R>
void Bias::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const Shape& shape = operands.in_shapes[0];
  const std::int64_t N = shape[0], C = shape[1], positions = shape.size() / (N * C);
  for (std::int64_t n = 0; n < N; ++n) {
    for (std::int64_t c = 0; c < C; ++c) {
      const std::int64_t first = (n * C + c) * positions;
      for (std::int64_t i = first; i < first + positions; ++i) {
        if (!recorder.wants(0, i)) continue;
        recorder.write(0, operands.out[0], i, recorder.read(0, operands.in[0], i) + recorder.read(1, operands.in[1], c));
      }
    }
  }
}

template <class T, class R>
void BiasGrad::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const Shape& shape = operands.in_shapes[0];
  const std::int64_t N = shape[0], C = shape[1], positions = shape.size() / (N * C);
  const int columns = shape.rank() == 4 ? shape[3] : 1;
  for (std::int64_t c = 0; c < C; ++c) {
    if (!recorder.wants(0, c)) continue;
    auto sum = recorder.constant(T(0));
    for (std::int64_t n = 0; n < N; ++n) {
      for (std::int64_t p = 0; p < positions; ++p) {
        recorder.mark(static_cast<int>(n), static_cast<int>(p / columns), static_cast<int>(p % columns));
        sum += recorder.read(0, operands.in[0], (n * C + c) * positions + p);
      }
    }
    recorder.write(0, operands.out[0], c, sum);
  }
}

}  // namespace chainrule
