#pragma once

#include "engine/ops/norm_limit.h"

namespace chainrule {

template <class T, class R>
void NormLimit::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  using math::maximum;
  using math::sqrt;
  const std::int64_t size = operands.in_shapes[0].size();
  auto squares = recorder.constant(T(0));
  for (std::int64_t j = 0; j < size; ++j) {
    recorder.mark(static_cast<int>(j));
    squares += recorder.read(0, operands.in[0], j) * recorder.read(0, operands.in[0], j);
  }
  const auto limit = recorder.read(1, operands.in[1], 0);
  const auto share = limit / maximum(limit, sqrt(squares));
  for (std::int64_t i = 0; i < size; ++i)
    if (recorder.wants(0, i)) recorder.write(0, operands.out[0], i, recorder.read(0, operands.in[0], i) * share);
}

}  // namespace chainrule
