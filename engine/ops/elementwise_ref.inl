#pragma once

#include "engine/ops/elementwise.h"

namespace chainrule {

/// Writes rule(i) for each wanted element i.
template <class T, class R, class Rule>
void for_each_element(const Operands<T>& operands, R& recorder, Rule rule) {
  const std::int64_t size = operands.out_shapes[0].size();
  for (std::int64_t i = 0; i < size; ++i)
    if (recorder.wants(0, i)) recorder.write(0, operands.out[0], i, rule(i));
}

template <class T, class R>
void Add::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], i) + recorder.read(1, o.in[1], i); });
}

template <class T, class R>
void Subtract::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], i) - recorder.read(1, o.in[1], i); });
}

template <class T, class R>
void Multiply::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], i) * recorder.read(1, o.in[1], i); });
}

template <class T, class R>
void Negate::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) { return -recorder.read(0, o.in[0], i); });
}

template <class T, class R>
void Scale::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  const std::int64_t rows = o.in_shapes[0].size(), row = o.in_shapes[1].size() / rows;
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], i / row) * recorder.read(1, o.in[1], i); });
}

template <class T, class R>
void Repeats::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::abs;
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], 0) / abs(recorder.read(1, o.in[1], i)); });
}

}  // namespace chainrule
