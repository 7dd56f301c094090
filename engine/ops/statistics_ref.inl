#pragma once

#include <algorithm>

#include "engine/ops/statistics.h"

namespace chainrule {

template <class T, class R>
void RowsMean::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const int N = operands.in_shapes[0][0], C = operands.in_shapes[0][1], K = operands.in_shapes[1][0], B = operands.in_shapes[1][1];
  for (int k = 0; k < K; ++k)
    for (int c = 0; c < C; ++c) {
      const std::int64_t at = std::int64_t{k} * C + c;
      if (!recorder.wants(0, at)) continue;
      auto sum = recorder.constant(T(0));
      for (int b = 0; b < B; ++b) {
        const T row = operands.in[1][std::int64_t{k} * B + b];
        const int n = row > T(0) ? static_cast<int>(std::min(row, static_cast<T>(N - 1))) : 0;
        recorder.mark(n);
        sum += recorder.read(0, operands.in[0], std::int64_t{n} * C + c);
      }
      recorder.write(0, operands.out[0], at, sum / recorder.constant(static_cast<T>(B)));
    }
}

template <class T, class R>
void Covariance::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const int K = operands.in_shapes[0][0], C = operands.in_shapes[0][1];
  for (int i = 0; i < C; ++i)
    for (int j = 0; j < C; ++j) {
      const std::int64_t at = std::int64_t{i} * C + j;
      if (!recorder.wants(0, at)) continue;
      auto sum = recorder.constant(T(0));
      for (int k = 0; k < K; ++k) {
        recorder.mark(k);
        const auto along_i = recorder.read(0, operands.in[0], std::int64_t{k} * C + i) - recorder.read(1, operands.in[1], i);
        const auto along_j = recorder.read(0, operands.in[0], std::int64_t{k} * C + j) - recorder.read(1, operands.in[1], j);
        sum += along_i * along_j;
      }
      recorder.write(0, operands.out[0], at, sum / recorder.constant(static_cast<T>(K)));
    }
}

template <class T, class R>
void Solve2::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  const auto a = [&](int i, int j) { return recorder.read(0, operands.in[0], i * 2 + j); };
  const auto b = [&](int i) { return recorder.read(1, operands.in[1], i); };
  const auto determinant = [&] { return a(0, 0) * a(1, 1) - a(0, 1) * a(1, 0); };
  if (recorder.wants(0, 0)) recorder.write(0, operands.out[0], 0, (b(0) * a(1, 1) - a(0, 1) * b(1)) / determinant());
  if (recorder.wants(0, 1)) recorder.write(0, operands.out[0], 1, (a(0, 0) * b(1) - b(0) * a(1, 0)) / determinant());
}

template <class T, class R>
void Eigenvalues2::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  using math::sqrt;
  for (const int which : {0, 1}) {
    if (!recorder.wants(0, which)) continue;
    const auto a = recorder.read(0, operands.in[0], 0), b = recorder.read(0, operands.in[0], 1), d = recorder.read(0, operands.in[0], 3);
    const auto two = recorder.constant(T(2));
    const auto half = (a - d) / two;
    const auto spread = sqrt(half * half + b * b);
    recorder.write(0, operands.out[0], which, which == 0 ? (a + d) / two + spread : (a + d) / two - spread);
  }
}

template <class T, class R>
void Angle::run(const OpAttributes&, const Operands<T>& operands, R& recorder) {
  using math::abs, math::atan, math::sqrt;
  if (!recorder.wants(0, 0)) return;
  const auto a0 = recorder.read(0, operands.in[0], 0), a1 = recorder.read(0, operands.in[0], 1);
  const auto b0 = recorder.read(1, operands.in[1], 0), b1 = recorder.read(1, operands.in[1], 1);
  const auto across = abs(a0 * b1 - a1 * b0);
  const auto lengths = sqrt(a0 * a0 + a1 * a1) * sqrt(b0 * b0 + b1 * b1);
  const auto half = atan(across / (lengths + (a0 * b0 + a1 * b1)));
  recorder.write(0, operands.out[0], 0, recorder.constant(T(2)) * half * recorder.constant(T(57.29577951308232)));
}

}  // namespace chainrule
