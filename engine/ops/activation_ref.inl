#pragma once

#include "engine/ops/activation.h"

namespace chainrule {

/// f(x) of one number.
template <class T, class R, class Number>
Number activate(const OpAttributes& attributes, R& recorder, Number x) {
  using namespace math;
  const auto constant = [&](double value) { return recorder.constant(static_cast<T>(value)); };
  const bool positive = x > T(0);
  switch (attributes.activation) {
    case Activation::kIdentity: return x;
    case Activation::kBinaryStep: return recorder.choose(constant(positive ? 1 : 0), x);
    case Activation::kLogistic: return logistic(x);
    case Activation::kTanh: return tanh(x);
    case Activation::kArctan: return atan(x);
    case Activation::kSoftsign: return x / (constant(1) + abs(x));
    case Activation::kRelu: return maximum(x, constant(0));  // in this order NaN stays NaN
    case Activation::kLeakyRelu: return recorder.choose(positive ? x : constant(attributes.slope) * x, x);
    case Activation::kSoftplus: return softplus(x);
  }
  return x;
}

template <class T, class R>
void Activate::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const std::int64_t size = operands.in_shapes[0].size();
  for (std::int64_t i = 0; i < size; ++i) {
    if (!recorder.wants(0, i)) continue;
    recorder.write(0, operands.out[0], i, activate<T>(attributes, recorder, recorder.read(0, operands.in[0], i)));
  }
}

template <class T, class R>
void ActivateGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  using namespace math;
  const std::int64_t size = operands.in_shapes[0].size();
  const auto constant = [&](double value) { return recorder.constant(static_cast<T>(value)); };
  const auto gradient = [&](std::int64_t i) -> typename R::Number {
    const auto x = [&] { return recorder.read(0, operands.in[0], i); };
    const auto y = [&] { return recorder.read(1, operands.in[1], i); };
    const auto dy = recorder.read(2, operands.in[2], i);
    const bool positive = operands.in[0][i] > T(0);
    switch (attributes.activation) {
      case Activation::kIdentity: return dy;
      case Activation::kBinaryStep: return dy * constant(0);
      case Activation::kLogistic: return dy * (y() * (constant(1) - y()));
      case Activation::kTanh: return dy * (constant(1) - y() * y());
      case Activation::kArctan: return dy * (constant(1) / (constant(1) + x() * x()));
      case Activation::kSoftsign: {
        const auto denominator = constant(1) + abs(x());
        return dy * (constant(1) / (denominator * denominator));
      }
      case Activation::kRelu: return recorder.choose(positive ? dy : constant(0), x());
      case Activation::kLeakyRelu: return recorder.choose(positive ? dy : constant(attributes.slope) * dy, x());
      case Activation::kSoftplus: return dy * logistic(x());
    }
    return dy;
  };
  for (std::int64_t i = 0; i < size; ++i)
    if (recorder.wants(0, i)) recorder.write(0, operands.out[0], i, gradient(i));
}

}  // namespace chainrule
