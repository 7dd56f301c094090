#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "engine/ops/elementwise_ref.inl"
#include "engine/ops/float_gap.h"

namespace chainrule {

/// The neighbour of `x`: numbers of one sign are in the order of their bits. Requires: x is finite.
template <class T>
T next_number_of(T x, bool larger) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits kSign = Bits{1} << (8 * sizeof(T) - 1);
  if (x == T(0)) return std::bit_cast<T>(static_cast<Bits>(larger ? 1 : kSign | 1));
  const Bits bits = std::bit_cast<Bits>(x);
  return std::bit_cast<T>(static_cast<Bits>(larger == (x > T(0)) ? bits + 1 : bits - 1));
}

template <class T, class R>
void FloatGap::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::abs;
  for_each_element(o, recorder, [&](std::int64_t i) {
    const T w = o.in[0][i];
    const T next = w - w == T(0) ? next_number_of(w, !(o.in[1][i] > T(0))) : w;
    return abs(recorder.choose(recorder.constant(next) - recorder.read(0, o.in[0], i), recorder.read(1, o.in[1], i)));
  });
}

}  // namespace chainrule
