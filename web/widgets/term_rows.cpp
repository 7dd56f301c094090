#include "web/widgets/term_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chainrule {
namespace {

struct Builder {
  std::span<const Term> terms;
  const std::array<std::string_view, Mark::kAxes>& axes;
  const OpenGroups& open;
  std::size_t most;
  std::vector<TermRow> rows = {};

  std::int32_t at(std::size_t term, int axis) const { return terms[term].position[static_cast<std::size_t>(axis)]; }

  /// The first axis from `axis` on along which the terms differ; kAxes when there is none.
  int splitting_axis(std::size_t begin, std::size_t end, int axis) const {
    for (; axis < Mark::kAxes; ++axis) {
      if (axes[static_cast<std::size_t>(axis)].empty()) continue;
      for (std::size_t i = begin + 1; i < end; ++i)
        if (at(i, axis) != at(begin, axis)) return axis;
    }
    return Mark::kAxes;
  }

  void add(std::size_t begin, std::size_t end, int first_axis, int depth) {
    const int axis = end - begin > most ? splitting_axis(begin, end, first_axis) : Mark::kAxes;
    if (axis == Mark::kAxes) {
      for (std::size_t i = begin; i < end; ++i) rows.push_back({false, false, depth, -1, 0, i, i + 1});
      return;
    }
    for (std::size_t from = begin; from < end;) {
      std::size_t to = from + 1;
      while (to < end && at(to, axis) == at(from, axis)) ++to;
      if (to - from == 1) {
        rows.push_back({false, false, depth, -1, 0, from, to});
      } else {
        const bool is_open = open.contains({depth, from});
        rows.push_back({true, is_open, depth, axis, at(from, axis), from, to});
        if (is_open) add(from, to, axis + 1, depth + 1);
      }
      from = to;
    }
  }
};

}  // namespace

std::vector<TermRow> visible_rows(std::span<const Term> terms, const std::array<std::string_view, Mark::kAxes>& axes,
                                  const OpenGroups& open, std::size_t most) {
  Builder builder{terms, axes, open, most};
  builder.add(0, terms.size(), 0, 0);
  return std::move(builder.rows);
}

std::vector<std::uint32_t> order_by_size(std::span<const Term> terms) {
  std::vector<std::uint32_t> order(terms.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto size = [&](std::uint32_t i) {
    const float value = std::abs(terms[i].value);
    return std::isnan(value) ? HUGE_VALF : value;
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return size(a) != size(b) ? size(a) > size(b) : a < b;
  });
  return order;
}

}  // namespace chainrule
