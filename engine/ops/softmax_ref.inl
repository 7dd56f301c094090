#pragma once

#include "engine/ops/softmax.h"

namespace chainrule {

/// max_j z[j] of one row of C logits.
template <class T, class R>
auto row_maximum(R& recorder, const T* z, std::int64_t row, int C) {
  using math::maximum;
  auto m = recorder.read(0, z, row);
  for (int j = 1; j < C; ++j) m = maximum(m, recorder.read(0, z, row + j));
  return m;
}

/// sum_j exp(z[j] − m) of one row.
template <class T, class R, class Number>
Number row_exp_sum(R& recorder, const T* z, std::int64_t row, int C, Number m) {
  using math::exp;
  auto sum = recorder.constant(T(0));
  for (int j = 0; j < C; ++j) {
    recorder.mark(j);
    sum += exp(recorder.read(0, z, row + j) - m);
  }
  return sum;
}

/// Writes p[row + i] = exp(z[row + i] − m) / sum for the classes i of one row, as output `output`.
template <class T, class R, class Number>
void write_softmax_row(R& recorder, int output, const T* z, T* p, std::int64_t row, int C, Number m, Number sum) {
  using math::exp;
  for (int i = 0; i < C; ++i)
    if (recorder.wants(output, row + i))
      recorder.write(output, p, row + i, exp(recorder.read(0, z, row + i) - m) / sum);
}

template <class T, class R>
void Softmax::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int n = 0; n < N; ++n) {
    const std::int64_t row = std::int64_t{n} * C;
    if (!recorder.wants_any(0, row, C)) continue;
    const auto m = row_maximum(recorder, operands.in[0], row, C);
    const auto sum = row_exp_sum(recorder, operands.in[0], row, C, m);
    write_softmax_row(recorder, 0, operands.in[0], operands.out[0], row, C, m, sum);
  }
}

template <class T, class R>
void SoftmaxGrad::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int n = 0; n < N; ++n) {
    const std::int64_t row = std::int64_t{n} * C;
    if (!recorder.wants_any(0, row, C)) continue;
    auto inner = recorder.constant(T(0));
    for (int j = 0; j < C; ++j) {
      recorder.mark(j);
      inner += recorder.read(1, operands.in[1], row + j) * recorder.read(0, operands.in[0], row + j);
    }
    for (int i = 0; i < C; ++i)
      if (recorder.wants(0, row + i))
        recorder.write(0, operands.out[0], row + i,
                       recorder.read(0, operands.in[0], row + i) * (recorder.read(1, operands.in[1], row + i) - inner));
  }
}

}  // namespace chainrule
