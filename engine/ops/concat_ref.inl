#pragma once

#include "engine/ops/concat.h"

namespace chainrule {

template <class T, class R>
void Concat::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const std::int64_t a_row = operands.in_shapes[0].inner_size(), b_row = operands.in_shapes[1].inner_size();
  const std::int64_t row = a_row + b_row;
  for (std::int64_t i = 0; i < operands.out_shapes[0].size(); ++i) {
    if (!recorder.wants(0, i)) continue;
    const std::int64_t n = i / row, c = i % row;
    recorder.write(0, operands.out[0], i,
                   c < a_row ? recorder.read(0, operands.in[0], n * a_row + c)
                             : recorder.read(1, operands.in[1], n * b_row + c - a_row));
  }
}

template <class T, class R>
void Slice::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const Shape &x = operands.in_shapes[0], &y = operands.out_shapes[0];
  const std::int64_t x_row = x.inner_size(), y_row = y.inner_size();
  const std::int64_t begin = attributes.begin * (x_row / x[1]);
  for (std::int64_t i = 0; i < y.size(); ++i)
    if (recorder.wants(0, i))
      recorder.write(0, operands.out[0], i, recorder.read(0, operands.in[0], i / y_row * x_row + begin + i % y_row));
}

}  // namespace chainrule
