#pragma once

#include "engine/ops/layer_arithmetic.h"

namespace chainrule {

template <class T, class R>
typename R::Number layer_rule(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  using math::floor;
  const auto in = [&](int slot) { return recorder.read(slot, operands.in[static_cast<std::size_t>(slot)], 0); };
  const auto number = [&](int value) { return recorder.constant(static_cast<T>(value)); };
  switch (attributes.rule) {
    case LayerRule::kOutput: return floor((in(0) + number(2) * in(1) - in(2)) / in(3)) + number(1);
    case LayerRule::kPairs: return in(0) * in(1) / in(2);
    case LayerRule::kWeights: return in(0) * in(1) * in(1) + in(2);
    case LayerRule::kMacs: return in(0) * in(1) * in(1) * in(2) * in(2);
    case LayerRule::kLinks: return (in(0) * in(1) * in(1) + in(2)) * in(3) * in(3);
    case LayerRule::kField: return in(0) + (in(1) - number(1)) * in(2);
    case LayerRule::kJump: return in(0) * in(1);
    case LayerRule::kStart: return in(0) - in(1) * in(2);
    case LayerRule::kFirst: return in(0) + in(1) * in(2);
    case LayerRule::kLast: return in(0) + in(1) - number(1);
    case LayerRule::kTotal: break;
  }
  auto sum = number(0);
  for (int slot = 0; slot < static_cast<int>(operands.in.size()); ++slot) sum += in(slot);
  return sum;
}

template <class T, class R>
void LayerArithmetic::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  if (recorder.wants(0, 0)) recorder.write(0, operands.out[0], 0, layer_rule<T, R>(attributes, operands, recorder));
}

}  // namespace chainrule
