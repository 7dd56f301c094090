#pragma once

#include "engine/ops/reshape.h"

namespace chainrule {

template <class T, class R>
void Reshape::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const std::int64_t size = operands.in_shapes[0].size();
  for (std::int64_t i = 0; i < size; ++i)
    if (recorder.wants(0, i)) recorder.write(0, operands.out[0], i, recorder.read(0, operands.in[0], i));
}

}  // namespace chainrule
