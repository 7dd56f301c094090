// Traced: a float that writes its history on a tape. Each operator does the float32 arithmetic once and records it.
#pragma once

#include "engine/math/functions.h"
#include "engine/trace/tape.h"

namespace chainrule {

struct Traced {
  float value = 0.0f;
  std::int32_t node = -1;
  Tape* tape = nullptr;

  Traced& operator+=(Traced other) { return *this = *this + other; }

  friend Traced operator+(Traced a, Traced b) { return binary(NodeKind::kAdd, a, b, a.value + b.value); }
  friend Traced operator-(Traced a, Traced b) { return binary(NodeKind::kSubtract, a, b, a.value - b.value); }
  friend Traced operator*(Traced a, Traced b) { return binary(NodeKind::kMultiply, a, b, a.value * b.value); }
  friend Traced operator/(Traced a, Traced b) { return binary(NodeKind::kDivide, a, b, a.value / b.value); }
  friend Traced operator-(Traced a) { return unary(NodeKind::kNegate, a, -a.value); }
  friend bool operator>(Traced a, float b) { return a.value > b; }

  friend Traced maximum(Traced a, Traced b) { return binary(NodeKind::kMax, a, b, math::maximum(a.value, b.value)); }
  friend Traced exp(Traced a) { return unary(NodeKind::kExp, a, math::exp(a.value)); }
  friend Traced log(Traced a) { return unary(NodeKind::kLog, a, math::log(a.value)); }
  friend Traced log1p(Traced a) { return unary(NodeKind::kLog1p, a, math::log1p(a.value)); }
  friend Traced tanh(Traced a) { return unary(NodeKind::kTanh, a, math::tanh(a.value)); }
  friend Traced atan(Traced a) { return unary(NodeKind::kAtan, a, math::atan(a.value)); }
  friend Traced logistic(Traced a) { return unary(NodeKind::kLogistic, a, math::logistic(a.value)); }
  friend Traced softplus(Traced a) { return unary(NodeKind::kSoftplus, a, math::softplus(a.value)); }
  friend Traced sqrt(Traced a) { return unary(NodeKind::kSqrt, a, math::sqrt(a.value)); }
  friend Traced abs(Traced a) { return unary(NodeKind::kAbs, a, math::abs(a.value)); }
  friend Traced sin(Traced a) { return unary(NodeKind::kSin, a, math::sin(a.value)); }
  friend Traced cos(Traced a) { return unary(NodeKind::kCos, a, math::cos(a.value)); }
  friend Traced pow(Traced a, Traced b) { return binary(NodeKind::kPower, a, b, math::pow(a.value, b.value)); }
  friend Traced floor(Traced a) { return unary(NodeKind::kFloor, a, math::floor(a.value)); }

 private:
  static Traced unary(NodeKind kind, Traced a, float value) {
    return {value, a.tape->append({.kind = kind, .a = a.node, .value = value}), a.tape};
  }
  static Traced binary(NodeKind kind, Traced a, Traced b, float value) {
    return {value, a.tape->append({.kind = kind, .a = a.node, .b = b.node, .value = value}), a.tape};
  }
};

}  // namespace chainrule
