#pragma once

#include "engine/ops/matmul.h"

namespace chainrule {

template <class T, class R>
void MatMul::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const MatMulSizes s = matmul_sizes(attributes, operands.in_shapes[0], operands.in_shapes[1]);
  const T* a = operands.in[0];
  const T* b = operands.in[1];
  T* y = operands.out[0];
  for (std::int64_t m = 0; m < s.M; ++m) {
    for (std::int64_t n = 0; n < s.N; ++n) {
      if (!recorder.wants(0, m * s.N + n)) continue;
      auto sum = recorder.constant(T(0));
      for (std::int64_t k = 0; k < s.K; ++k) {
        recorder.mark(static_cast<int>(k));
        sum += recorder.read(0, a, m * s.a_row + k * s.a_column) * recorder.read(1, b, k * s.b_row + n * s.b_column);
      }
      recorder.write(0, y, m * s.N + n, sum);
    }
  }
}

}  // namespace chainrule
