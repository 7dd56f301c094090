#include "web/widgets/downsample.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace chainrule {
namespace {

struct Column {
  std::array<std::size_t, 4> kept{};  // first, least, greatest, last
  bool used = false;
  bool gap = false;

  void add(std::span<const float> y, std::size_t i) {
    if (!used) {
      kept = {i, i, i, i};
      used = true;
      return;
    }
    if (y[i] < y[kept[1]]) kept[1] = i;
    if (y[i] > y[kept[2]]) kept[2] = i;
    kept[3] = i;
  }
};

}  // namespace

std::vector<CurvePoint> downsample(std::span<const float> x, std::span<const float> y, double low, double high,
                                   int columns) {
  std::vector<CurvePoint> points;
  const std::size_t count = x.empty() ? y.size() : std::min(x.size(), y.size());
  if (count == 0 || !(low <= high) || columns < 1) return points;
  const auto at = [&](std::size_t i) { return x.empty() ? static_cast<double>(i) : static_cast<double>(x[i]); };

  std::size_t begin = 0, end = count;
  while (begin + 1 < count && at(begin + 1) < low) ++begin;
  while (end > begin + 1 && at(end - 2) > high) --end;
  const bool all = end - begin <= 2 * static_cast<std::size_t>(columns);

  bool gap = true;
  Column column;
  long long current = -1;
  const auto flush = [&] {
    if (!column.used) return;
    std::array<std::size_t, 4> order = column.kept;
    std::sort(order.begin(), order.end());
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (k > 0 && order[k] == order[k - 1]) continue;
      points.push_back({at(order[k]), y[order[k]], column.gap && k == 0});
    }
    column = {};
  };
  for (std::size_t i = begin; i < end; ++i) {
    if (!std::isfinite(y[i])) {
      flush();
      gap = true;
      continue;
    }
    const double part = high > low ? (at(i) - low) / (high - low) : 0.0;
    const long long next = all ? static_cast<long long>(i) : static_cast<long long>(std::floor(part * columns));
    if (next != current || gap) {
      flush();
      current = next;
      column.gap = gap;
      gap = false;
    }
    column.add(y, i);
  }
  flush();
  return points;
}

}  // namespace chainrule
