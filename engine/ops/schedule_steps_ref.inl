#pragma once

#include "engine/ops/schedule_steps.h"

namespace chainrule {

/// Reads operand `slot`, a single number.
template <class T, class R>
auto single(R& recorder, const Operands<T>& o, int slot) {
  return recorder.read(slot, o.in[static_cast<std::size_t>(slot)], 0);
}

template <class T, class R>
void TimeAfter::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::maximum;
  recorder.write(0, o.out[0], 0, maximum(single(recorder, o, 0) - single(recorder, o, 1), recorder.constant(T(0))));
}

template <class T, class R>
void WarmUp::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  const bool warm = !(o.in[0][0] < o.in[1][0]);
  const auto rest = [&] { return (recorder.constant(T(1)) - single(recorder, o, 2)) * (single(recorder, o, 0) / single(recorder, o, 1)); };
  const auto y = warm ? recorder.constant(T(1)) : single(recorder, o, 2) + rest();
  recorder.write(0, o.out[0], 0, recorder.choose(y, single(recorder, o, 0)));
}

template <class T, class R>
void StepDecay::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::floor, math::pow;
  const auto times = floor(single(recorder, o, 0) / single(recorder, o, 1));
  recorder.write(0, o.out[0], 0, pow(single(recorder, o, 2), times));
}

template <class T, class R>
void ExponentialDecay::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::pow;
  const auto times = single(recorder, o, 0) / single(recorder, o, 1);
  recorder.write(0, o.out[0], 0, pow(single(recorder, o, 2), times));
}

template <class T, class R>
void CosineDecay::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::cos;
  const auto one = [&] { return recorder.constant(T(1)); };
  const auto falling = [&] {
    const auto half_turn = recorder.constant(static_cast<T>(3.14159265358979323846)) * (single(recorder, o, 0) / single(recorder, o, 1));
    return single(recorder, o, 2) + (one() - single(recorder, o, 2)) * (one() + cos(half_turn)) / recorder.constant(T(2));
  };
  const bool over = !(o.in[0][0] < o.in[1][0]);
  recorder.write(0, o.out[0], 0, recorder.choose(over ? single(recorder, o, 2) : falling(), single(recorder, o, 0)));
}

/// Is the loss better than the least one so far? A loss that is NaN is not.
template <class T>
bool is_better(T best, T loss, T threshold) {
  return loss < best * (T(1) - threshold);
}

template <class T, class R>
void PlateauBest::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  const bool better = is_better(o.in[0][0], o.in[1][0], o.in[2][0]);
  const auto edge = single(recorder, o, 1) - single(recorder, o, 0) * (recorder.constant(T(1)) - single(recorder, o, 2));
  recorder.write(0, o.out[0], 0, recorder.choose(single(recorder, o, better ? 1 : 0), edge));
}

template <class T, class R>
void PlateauWait::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  const bool better = is_better(o.in[1][0], o.in[2][0], o.in[3][0]), over = o.in[0][0] + T(1) > o.in[4][0];
  const auto edge = single(recorder, o, 2) - single(recorder, o, 1) * (recorder.constant(T(1)) - single(recorder, o, 3));
  const auto waited = [&] { return single(recorder, o, 0) + recorder.constant(T(1)); };
  const auto patience = waited() - single(recorder, o, 4);
  const auto next = better || over ? recorder.constant(T(0)) : waited();
  recorder.write(0, o.out[0], 0, recorder.choose(recorder.choose(next, patience), edge));
}

template <class T, class R>
void PlateauFactor::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  const bool better = is_better(o.in[2][0], o.in[3][0], o.in[4][0]), over = o.in[1][0] + T(1) > o.in[5][0];
  const auto edge = single(recorder, o, 3) - single(recorder, o, 2) * (recorder.constant(T(1)) - single(recorder, o, 4));
  const auto patience = single(recorder, o, 1) + recorder.constant(T(1)) - single(recorder, o, 5);
  const auto next = !better && over ? single(recorder, o, 0) * single(recorder, o, 6) : single(recorder, o, 0);
  recorder.write(0, o.out[0], 0, recorder.choose(recorder.choose(next, patience), edge));
}

}  // namespace chainrule
