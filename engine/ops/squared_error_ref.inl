#pragma once

#include "engine/ops/squared_error.h"

namespace chainrule {

template <class T, class R>
void SquaredError::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int n = 0; n < N; ++n) {
    if (!recorder.wants(0, n)) continue;
    auto sum = recorder.constant(T(0));
    for (int j = 0; j < C; ++j) {
      recorder.mark(j);
      const std::int64_t at = std::int64_t{n} * C + j;
      const auto error = recorder.read(0, operands.in[0], at) - recorder.read(1, operands.in[1], at);
      sum += error * error;
    }
    const auto loss = attributes.form == SquaredErrorForm::kHalfSum ? recorder.constant(T(0.5)) * sum
                                                                    : sum / recorder.constant(static_cast<T>(C));
    recorder.write(0, operands.out[0], n, loss);
  }
}

template <class T, class R>
void SquaredErrorGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int n = 0; n < N; ++n)
    for (int j = 0; j < C; ++j) {
      const std::int64_t at = std::int64_t{n} * C + j;
      if (!recorder.wants(0, at)) continue;
      const auto error = recorder.read(0, operands.in[0], at) - recorder.read(1, operands.in[1], at);
      const auto dl = recorder.read(2, operands.in[2], n);
      const auto gradient = attributes.form == SquaredErrorForm::kHalfSum
                                ? error * dl
                                : recorder.constant(T(2)) * error / recorder.constant(static_cast<T>(C)) * dl;
      recorder.write(0, operands.out[0], at, gradient);
    }
}

}  // namespace chainrule
