#pragma once

#include "engine/ops/filter.h"

namespace chainrule {

template <class T, class R>
void Filter::run(const OpAttributes& attributes, const Operands<T>& operands, R& recorder) {
  using math::floor;
  const FilterSizes d = filter_sizes(attributes, operands.in_shapes[0], operands.in_shapes[1]);
  const Scan scan = attributes.in_place ? attributes.scan : Scan::kRows;
  const int divisor = 2, bias = attributes.divided ? 3 : 2, y = static_cast<int>(operands.in.size());
  const auto rank = [&](int h, int w) { return scan_rank(scan, d.rows, d.columns, h, w); };
  for (int map = 0; map < d.maps; ++map)
    for (int i = 0; i < d.rows * d.columns; ++i) {
      const int pixel = scan_pixel(scan, d.rows, d.columns, i), h = pixel / d.columns, w = pixel % d.columns;
      const std::int64_t at = std::int64_t{map} * d.rows * d.columns + pixel;
      if (!recorder.wants(0, at)) continue;
      if (!d.has_window(h, w)) {
        recorder.write(0, operands.out[0], at, recorder.read(0, operands.in[0], at));
        continue;
      }
      auto sum = recorder.constant(T(0));
      for (int r = 0; r < d.R; ++r)
        for (int s = 0; s < d.S; ++s) {
          recorder.mark(r, s);
          const int from_h = padded_position(attributes.padding, (h - d.top) * d.stride + r * d.dilation - d.pad, d.H);
          const int from_w = padded_position(attributes.padding, (w - d.left) * d.stride + s * d.dilation - d.pad, d.W);
          const bool inside = from_h >= 0 && from_w >= 0;
          const bool is_new =
              attributes.in_place && inside && d.has_window(from_h, from_w) && rank(from_h, from_w) < rank(h, w);
          const std::int64_t from = (std::int64_t{map} * d.H + from_h) * d.W + from_w;
          const auto x = !inside  ? recorder.constant(T(0))
                         : is_new ? recorder.read(y, operands.out[0], from)
                                  : recorder.read(0, operands.in[0], from);
          const int k = attributes.flip ? (d.R - 1 - r) * d.S + d.S - 1 - s : r * d.S + s;
          sum += x * recorder.read(1, operands.in[1], k);
        }
      if (attributes.divided) sum = sum / recorder.read(divisor, operands.in[2], 0);
      if (attributes.shifted) sum = sum + recorder.read(bias, operands.in[static_cast<std::size_t>(bias)], 0);
      if (attributes.rounded) sum = floor(sum + recorder.constant(T(0.5)));
      recorder.write(0, operands.out[0], at, sum);
    }
}

}  // namespace chainrule
