// tanh and the logistic function of four floats at a time, by the very operations of engine/math/activation.h (the second
// in two doubles to a vector), so that each lane has the bits that the function of one float gives. Tied to them by
// SimdFunctions in tests/engine/ops/simd_functions_test.cpp.
#pragma once

#include "engine/math/activation.h"
#include "engine/ops/simd.h"

namespace chainrule::simd {

/// Vectors of the other types that the functions go through.
typedef double f64x2 __attribute__((vector_size(16)));
/// As many bits.
typedef std::uint64_t u64x2 __attribute__((vector_size(16)));
/// Half of the floats, which as doubles fill a vector.
typedef float f32x2 __attribute__((vector_size(8)));
/// The bits of four floats.
typedef std::uint32_t u32x4 __attribute__((vector_size(16)));

/// rule of the two lower lanes and of the two upper ones, in double.
template <class Rule>
f32x4 in_double(f32x4 x, Rule rule) {
  const f32x2 low = __builtin_shufflevector(x, x, 0, 1), high = __builtin_shufflevector(x, x, 2, 3);
  const f32x2 a = __builtin_convertvector(rule(__builtin_convertvector(low, f64x2)), f32x2);
  const f32x2 b = __builtin_convertvector(rule(__builtin_convertvector(high, f64x2)), f32x2);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3);
}

/// As math::tanh(float) in each lane.
inline f32x4 tanh(f32x4 x) {
  constexpr std::uint32_t kSign = 0x80000000u;
  const u32x4 bits = std::bit_cast<u32x4>(x);
  const f32x4 y = math::internal::tanh_of_size<f32x4, u32x4>(std::bit_cast<f32x4>(bits & ~kSign));
  return std::bit_cast<f32x4>((std::bit_cast<u32x4>(y) & ~kSign) | (bits & kSign));
}

/// As math::logistic(float) in each lane.
inline f32x4 logistic(f32x4 x) {
  return in_double(x, [](f64x2 v) {
    const f64x2 low = {-105.0, -105.0}, high = {40.0, 40.0};
    f64x2 clamped = v < low ? low : v;
    clamped = clamped > high ? high : clamped;
    const auto e = math::internal::short_exp<f64x2, u64x2>(-clamped);
    return 1.0 / (1.0 + (e.scale + e.scale * e.tail));
  });
}

}  // namespace chainrule::simd
