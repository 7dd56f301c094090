#pragma once

#include "engine/ops/reduce.h"

namespace chainrule {

/// 0 + x[0] + x[1] + ... in row-major order.
template <class T, class R>
auto sum_of_all(const Operands<T>& operands, R& recorder) {
  auto sum = recorder.constant(T(0));
  for (std::int64_t i = 0; i < operands.in_shapes[0].size(); ++i) {
    recorder.mark(static_cast<int>(i));
    sum += recorder.read(0, operands.in[0], i);
  }
  return sum;
}

template <class T, class R>
void Sum::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  recorder.write(0, operands.out[0], 0, sum_of_all(operands, recorder));
}

template <class T, class R>
void Mean::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const auto size = recorder.constant(static_cast<T>(operands.in_shapes[0].size()));
  recorder.write(0, operands.out[0], 0, sum_of_all(operands, recorder) / size);
}

template <class T, class R>
void Spread::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  for (std::int64_t i = 0; i < operands.out_shapes[0].size(); ++i)
    if (recorder.wants(0, i))
      recorder.write(0, operands.out[0], i,
                     recorder.read(0, operands.in[0], 0) / recorder.constant(static_cast<T>(attributes.divisor)));
}

template <class T, class R>
void MeanMagnitude::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  using math::abs;
  const std::int64_t size = operands.in_shapes[0].size();
  auto sum = recorder.constant(T(0));
  for (std::int64_t i = 0; i < size; ++i) {
    recorder.mark(static_cast<int>(i));
    sum += abs(recorder.read(0, operands.in[0], i));
  }
  recorder.write(0, operands.out[0], 0, sum / recorder.constant(static_cast<T>(size)));
}

}  // namespace chainrule
