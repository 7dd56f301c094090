// Four floats at a time, with the vector extensions that gcc and clang share: one source for SSE, NEON and wasm
// SIMD128. Lanes are different outputs, never parts of one sum, so that each output is computed exactly as in the
// reference kernel.
#pragma once

#include <cstdint>
#include <cstring>

namespace chainrule::simd {

typedef float f32x4 __attribute__((vector_size(16)));
typedef std::int32_t i32x4 __attribute__((vector_size(16)));
inline constexpr std::int64_t kLanes = 4;

/// Anywhere in memory: memcpy is how C++ says "unaligned".
inline f32x4 load(const float* from) {
  f32x4 v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store(float* to, f32x4 v) { std::memcpy(to, &v, sizeof v); }
inline f32x4 splat(float x) { return f32x4{x, x, x, x}; }

/// The first 0 < `count` <= 4 lanes; reads and writes nothing beyond them. Lane by lane, because a copy whose length is not a
/// constant is a call.
inline f32x4 load_first(const float* from, std::int64_t count) {
  f32x4 v{from[0], 0.0f, 0.0f, 0.0f};
  if (count > 1) v[1] = from[1];
  if (count > 2) v[2] = from[2];
  if (count > 3) v[3] = from[3];
  return v;
}
inline void store_first(float* to, f32x4 v, std::int64_t count) {
  to[0] = v[0];
  if (count > 1) to[1] = v[1];
  if (count > 2) to[2] = v[2];
  if (count > 3) to[3] = v[3];
}

/// from[0], from[stride], from[2·stride], from[3·stride]; reads nothing behind the last of them.
inline f32x4 load_strided(const float* from, std::int64_t stride) {
  if (stride == 1) return load(from);
  if (stride == 2) return __builtin_shufflevector(load(from), load(from + 3), 0, 2, 5, 7);
  return f32x4{from[0], from[stride], from[2 * stride], from[3 * stride]};
}

/// a[0], b[0], a[1], b[1], ... a[3], b[3].
inline void store_interleaved(float* to, f32x4 a, f32x4 b) {
  store(to, __builtin_shufflevector(a, b, 0, 4, 1, 5));
  store(to + kLanes, __builtin_shufflevector(a, b, 2, 6, 3, 7));
}

/// Rows become columns.
inline void transpose(f32x4& a, f32x4& b, f32x4& c, f32x4& d) {
  const f32x4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const f32x4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  a = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  b = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  c = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  d = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

/// out[i] = rule(in0[i], in1[i], ...) for i < size, four at a time; the rest in the first lanes of one more vector.
/// Requires: `out` overlaps no input, or is one.
template <class Rule, class... In>
void map(std::int64_t size, Rule rule, float* out, const In*... in) {
  std::int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) store(out + i, rule(load(in + i)...));
  if (i < size) store_first(out + i, rule(load_first(in + i, size - i)...), size - i);
}

}  // namespace chainrule::simd
