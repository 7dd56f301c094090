// Term rows: a long sum as the rows of a table, folded by the loops that made it (engine/trace/fold.h).
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "engine/trace/fold.h"

namespace chainrule {

/// One visible row: a term, or a group of terms that may be open.
struct TermRow {
  bool group = false;
  bool open = false;  // a group whose rows follow
  int depth = 0;
  Fold fold;          // of a term: its one term, and the partial sums before and after it
};

/// Which groups are open, by depth and first term.
using OpenGroups = std::set<std::pair<int, std::size_t>>;

/// The rows to show. Up to kBlockTerms terms stand as they are, more are folded; open groups are unfolded one level on.
/// Ensures: the rows at depth 0 cover all terms once, in the order of summation.
std::vector<TermRow> visible_rows(const Derivation& derivation, const OpenGroups& open);

}  // namespace chainrule
