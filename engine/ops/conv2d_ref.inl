#pragma once

#include "engine/ops/conv2d.h"

namespace chainrule {

template <class T, class R>
void Conv2d::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const Conv2dSizes d = conv2d_sizes(attributes, operands.in_shapes[0], operands.in_shapes[1]);
  for (int n = 0; n < d.N; ++n)
    for (int k = 0; k < d.K; ++k)
      for (int p = 0; p < d.P; ++p)
        for (int q = 0; q < d.Q; ++q) {
          const std::int64_t at = ((std::int64_t{n} * d.K + k) * d.P + p) * d.Q + q;
          if (!recorder.wants(0, at)) continue;
          auto sum = recorder.constant(T(0));
          for (int c = 0; c < d.C; ++c)
            for (int r = 0; r < d.R; ++r)
              for (int s = 0; s < d.S; ++s) {
                recorder.mark(c, r, s);
                const int h = p * d.stride + r * d.dilation - d.pad;
                const int w = q * d.stride + s * d.dilation - d.pad;
                const bool inside = h >= 0 && h < d.H && w >= 0 && w < d.W;
                const auto x = inside ? recorder.read(0, operands.in[0], ((std::int64_t{n} * d.C + c) * d.H + h) * d.W + w)
                                      : recorder.constant(T(0));
                sum += x * recorder.read(1, operands.in[1], ((std::int64_t{k} * d.C + c) * d.R + r) * d.S + s);
              }
          recorder.write(0, operands.out[0], at, sum);
        }
}

template <class T, class R>
void Conv2dInputGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const Conv2dSizes d = conv2d_sizes(attributes, attributes.shape, operands.in_shapes[1]);
  for (int n = 0; n < d.N; ++n)
    for (int c = 0; c < d.C; ++c)
      for (int h = 0; h < d.H; ++h)
        for (int w = 0; w < d.W; ++w) {
          const std::int64_t at = ((std::int64_t{n} * d.C + c) * d.H + h) * d.W + w;
          if (!recorder.wants(0, at)) continue;
          auto sum = recorder.constant(T(0));
          for (int k = 0; k < d.K; ++k)
            for (int r = 0; r < d.R; ++r)
              for (int s = 0; s < d.S; ++s) {
                const int rows = h + d.pad - r * d.dilation, columns = w + d.pad - s * d.dilation;
                if (rows % d.stride != 0 || columns % d.stride != 0) continue;
                recorder.mark(k, r, s);
                const int p = rows / d.stride, q = columns / d.stride;
                const bool inside = p >= 0 && p < d.P && q >= 0 && q < d.Q;
                const auto dy = inside ? recorder.read(0, operands.in[0], ((std::int64_t{n} * d.K + k) * d.P + p) * d.Q + q)
                                       : recorder.constant(T(0));
                sum += dy * recorder.read(1, operands.in[1], ((std::int64_t{k} * d.C + c) * d.R + r) * d.S + s);
              }
          recorder.write(0, operands.out[0], at, sum);
        }
}

template <class T, class R>
void Conv2dKernelGrad::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  const Conv2dSizes d = conv2d_sizes(attributes, operands.in_shapes[1], attributes.shape);
  for (int k = 0; k < d.K; ++k)
    for (int c = 0; c < d.C; ++c)
      for (int r = 0; r < d.R; ++r)
        for (int s = 0; s < d.S; ++s) {
          const std::int64_t at = ((std::int64_t{k} * d.C + c) * d.R + r) * d.S + s;
          if (!recorder.wants(0, at)) continue;
          auto sum = recorder.constant(T(0));
          for (int n = 0; n < d.N; ++n)
            for (int p = 0; p < d.P; ++p)
              for (int q = 0; q < d.Q; ++q) {
                recorder.mark(n, p, q);
                const int h = p * d.stride + r * d.dilation - d.pad;
                const int w = q * d.stride + s * d.dilation - d.pad;
                const bool inside = h >= 0 && h < d.H && w >= 0 && w < d.W;
                const auto x = inside ? recorder.read(1, operands.in[1], ((std::int64_t{n} * d.C + c) * d.H + h) * d.W + w)
                                      : recorder.constant(T(0));
                sum += recorder.read(0, operands.in[0], ((std::int64_t{n} * d.K + k) * d.P + p) * d.Q + q) * x;
              }
          recorder.write(0, operands.out[0], at, sum);
        }
}

}  // namespace chainrule
