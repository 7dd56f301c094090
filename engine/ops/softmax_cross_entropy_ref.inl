#pragma once

#include "engine/ops/softmax_cross_entropy.h"
#include "engine/ops/softmax_ref.inl"

namespace chainrule {

template <class T, class R>
void SoftmaxCrossEntropy::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  using math::log;
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  const T* z = operands.in[0];
  for (int n = 0; n < N; ++n) {
    const std::int64_t row = std::int64_t{n} * C;
    if (!recorder.wants(0, n) && !recorder.wants_any(1, row, C)) continue;
    const auto m = row_maximum(recorder, z, row, C);
    const auto sum = row_exp_sum(recorder, z, row, C, m);
    CHECK(operands.in[1][n] >= 0 && operands.in[1][n] < static_cast<T>(C), "label ", operands.in[1][n], " of ", C, " classes");
    const auto label = static_cast<std::int64_t>(operands.in[1][n]);
    const auto z_of_label = [&] {
      return recorder.choose(recorder.read(0, z, row + label), recorder.read(1, operands.in[1], n));
    };
    if (recorder.wants(0, n)) recorder.write(0, operands.out[0], n, log(sum) - (z_of_label() - m));
    write_softmax_row(recorder, 1, z, operands.out[1], row, C, m, sum);
  }
}

template <class T, class R>
void SoftmaxCrossEntropyGrad::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int n = 0; n < N; ++n)
    for (int i = 0; i < C; ++i) {
      const std::int64_t at = std::int64_t{n} * C + i;
      if (!recorder.wants(0, at)) continue;
      const T target = operands.in[1][n] == static_cast<T>(i) ? T(1) : T(0);
      const auto one_or_zero = recorder.choose(recorder.constant(target), recorder.read(1, operands.in[1], n));
      recorder.write(0, operands.out[0], at,
                     (recorder.read(0, operands.in[0], at) - one_or_zero) *
                         recorder.read(2, operands.in[2], n));
    }
}

}  // namespace chainrule
