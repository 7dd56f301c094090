// Term rows: a long sum as the rows of a table that can be folded by the loops that made it (sample, channel, row).
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "engine/trace/derivation.h"

namespace chainrule {

/// One visible row: a term, or the terms [begin, end) that share their position on the axes up to `axis`.
struct TermRow {
  bool group = false;
  bool open = false;      // a group whose rows follow
  int depth = 0;
  int axis = -1;          // of a group
  std::int32_t position = 0;
  std::size_t begin = 0, end = 0;  // terms, in the order they were added
};

/// Which groups are open, by depth and first term.
using OpenGroups = std::set<std::pair<int, std::size_t>>;

/// The rows to show. Up to `most` terms stand as they are; more are folded by the first axis on which they differ, and
/// open groups again by the next one.
/// Ensures: the rows' ranges at depth 0 cover all terms once, in order.
std::vector<TermRow> visible_rows(std::span<const Term> terms, const std::array<std::string_view, Mark::kAxes>& axes,
                                  const OpenGroups& open, std::size_t most);

/// Numbers of the terms by falling |value|; NaN first, since it is what decides the sum; equals in their order.
std::vector<std::uint32_t> order_by_size(std::span<const Term> terms);

}  // namespace chainrule
