#pragma once

#include "engine/ops/elementwise_ref.inl"
#include "engine/ops/functions.h"

namespace chainrule {

template <class T, class R>
void Divide::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) { return recorder.read(0, o.in[0], i) / recorder.read(1, o.in[1], i); });
}

template <class T, class R>
void DivisorGrad::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    return -(recorder.read(2, o.in[2], i) * recorder.read(1, o.in[1], i)) / recorder.read(0, o.in[0], i);
  });
}

template <class T, class R>
void Power::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::pow;
  for_each_element(o, recorder, [&](std::int64_t i) { return pow(recorder.read(0, o.in[0], i), recorder.read(1, o.in[1], i)); });
}

template <class T, class R>
void PowerBaseGrad::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::pow;
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto b = recorder.read(1, o.in[1], i);
    if (o.in[1][i] == T(0)) return recorder.choose(recorder.constant(T(0)), b);
    return recorder.read(2, o.in[2], i) * (b * pow(recorder.read(0, o.in[0], i), b - recorder.constant(T(1))));
  });
}

template <class T, class R>
void PowerExponentGrad::run(const OpAttributes&, const Operands<T>& o, R& recorder) {
  using math::log;
  for_each_element(o, recorder, [&](std::int64_t i) {
    const auto a = recorder.read(0, o.in[0], i);
    if (o.in[0][i] == T(0)) return recorder.choose(recorder.constant(T(0)), a);
    return recorder.read(2, o.in[2], i) * (recorder.read(1, o.in[1], i) * log(a));
  });
}

template <class T, class R>
void Elementary::run(const OpAttributes& attributes, const Operands<T>& o, R& recorder) {
  using namespace math;
  const auto f = [&](std::int64_t i) -> typename R::Number {
    const auto x = recorder.read(0, o.in[0], i);
    switch (attributes.function) {
      case Function::kExp: return exp(x);
      case Function::kLog: return log(x);
      case Function::kSqrt: return sqrt(x);
      case Function::kAbs: return abs(x);
      case Function::kSin: return sin(x);
      case Function::kCos: return cos(x);
      case Function::kTan: return sin(x) / cos(x);
    }
    return x;
  };
  for_each_element(o, recorder, f);
}

template <class T, class R>
void ElementaryGrad::run(const OpAttributes& attributes, const Operands<T>& o, R& recorder) {
  using namespace math;
  const auto gradient = [&](std::int64_t i) -> typename R::Number {
    const auto x = [&] { return recorder.read(0, o.in[0], i); };
    const auto y = [&] { return recorder.read(1, o.in[1], i); };
    const auto dy = recorder.read(2, o.in[2], i);
    switch (attributes.function) {
      case Function::kExp: return dy * y();
      case Function::kLog: return dy / x();
      case Function::kSqrt: return dy / (recorder.constant(T(2)) * y());
      case Function::kAbs: {
        const T decides = o.in[0][i];
        if (decides > T(0)) return recorder.choose(dy, x());
        if (decides < T(0)) return recorder.choose(-dy, x());
        return dy * (x() * recorder.constant(T(0)));  // a NaN stays one
      }
      case Function::kSin: return dy * cos(x());
      case Function::kCos: return dy * -sin(x());
      case Function::kTan: {
        const auto c = cos(x());
        return dy / (c * c);
      }
    }
    return dy;
  };
  for_each_element(o, recorder, gradient);
}

/// Is it b that max or min takes? A NaN is taken wherever it is.
template <class T>
bool takes_second(bool smaller, T a, T b) {
  return a == a && (b != b || (smaller ? b < a : b > a));
}

template <class T, class R>
void Extreme::run(const OpAttributes& attributes, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const bool second = takes_second(attributes.smaller, o.in[0][i], o.in[1][i]);
    const auto a = recorder.read(0, o.in[0], i), b = recorder.read(1, o.in[1], i);
    return recorder.choose(second ? b : a, second ? a : b);
  });
}

template <class T, class R>
void ExtremeGrad::run(const OpAttributes& attributes, const Operands<T>& o, R& recorder) {
  for_each_element(o, recorder, [&](std::int64_t i) {
    const bool second = takes_second(attributes.smaller, o.in[0][i], o.in[1][i]);
    const auto a = recorder.read(0, o.in[0], i), b = recorder.read(1, o.in[1], i);
    const auto branch = second == attributes.second ? recorder.read(2, o.in[2], i) : recorder.constant(T(0));
    return recorder.choose(recorder.choose(branch, a), b);
  });
}

}  // namespace chainrule
