#pragma once

#include "engine/ops/elementwise_ref.inl"
#include "engine/ops/optimizer_steps.h"

namespace chainrule {

template <class T, class R>
void SgdStep::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) - recorder.read(2, o.in[2], 0) * recorder.read(1, o.in[1], i);
  });
}

template <class T, class R>
void Velocity::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto pull = recorder.read(2, o.in[2], 0) * recorder.read(1, o.in[1], i);
    return pull + recorder.read(3, o.in[3], 0) * recorder.read(0, o.in[0], i);
  });
}

template <class T, class R>
void MovingAverage::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto kept = recorder.read(2, o.in[2], 0) * recorder.read(0, o.in[0], i);
    return kept + (recorder.constant(T(1)) - recorder.read(2, o.in[2], 0)) * recorder.read(1, o.in[1], i);
  });
}

template <class T, class R>
void MovingAverageOfSquares::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto kept = recorder.read(2, o.in[2], 0) * recorder.read(0, o.in[0], i);
    const auto square = recorder.read(1, o.in[1], i) * recorder.read(1, o.in[1], i);
    return kept + (recorder.constant(T(1)) - recorder.read(2, o.in[2], 0)) * square;
  });
}

template <class T, class R>
void AdamStep::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::sqrt;
  const auto one = [&] { return recorder.constant(T(1)); };
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto m_hat = recorder.read(1, o.in[1], i) / (one() - recorder.read(4, o.in[4], 0));
    const auto v_hat = recorder.read(2, o.in[2], i) / (one() - recorder.read(5, o.in[5], 0));
    const auto step = recorder.read(3, o.in[3], 0) * m_hat / (sqrt(v_hat) + recorder.read(6, o.in[6], 0));
    return recorder.read(0, o.in[0], i) - step;
  });
}

template <class T, class R>
void CorrectedMoment::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) / (recorder.constant(T(1)) - recorder.read(1, o.in[1], 0));
  });
}

template <class T, class R>
void MultipliedMoment::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) * (recorder.constant(T(1)) - recorder.read(1, o.in[1], 0));
  });
}

template <class T, class R>
void ScaledByRoot::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::sqrt;
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) / (sqrt(recorder.read(1, o.in[1], i)) + recorder.read(2, o.in[2], 0));
  });
}

template <class T, class R>
void SumOfSquares::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) + recorder.read(1, o.in[1], i) * recorder.read(1, o.in[1], i);
  });
}

template <class T, class R>
void CentredSquares::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::maximum;
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto square = recorder.read(1, o.in[1], i) * recorder.read(1, o.in[1], i);
    return maximum(recorder.read(0, o.in[0], i) - square, recorder.constant(T(0)));
  });
}

template <class T, class R>
void MomentumSum::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(2, o.in[2], 0) * recorder.read(0, o.in[0], i) + recorder.read(1, o.in[1], i);
  });
}

template <class T, class R>
void NesterovStep::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto ahead = recorder.read(1, o.in[1], i) + recorder.read(4, o.in[4], 0) * recorder.read(2, o.in[2], i);
    return recorder.read(0, o.in[0], i) - recorder.read(3, o.in[3], 0) * ahead;
  });
}

template <class T, class R>
void DecayedGradient::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return recorder.read(0, o.in[0], i) + recorder.read(2, o.in[2], 0) * recorder.read(1, o.in[1], i);
  });
}

}  // namespace chainrule
