#include "web/widgets/term_rows.h"

namespace chainrule {
namespace {

void add_terms(const Derivation& derivation, TermRange range, int depth, std::vector<TermRow>& rows) {
  const auto terms = derivation.terms();
  for (std::size_t i = range.first; i < range.first + range.count; ++i) {
    TermRow row;
    row.depth = depth;
    row.fold.position = terms[i].position;
    row.fold.terms = {i, 1};
    row.fold.running_before = i > 0 ? terms[i - 1].running : 0.0f;
    row.fold.running_after = terms[i].running;
    rows.push_back(row);
  }
}

void add_range(const Derivation& derivation, const OpenGroups& open, TermRange range, int level, int depth,
               std::vector<TermRow>& rows) {
  if (range.count <= kBlockTerms) return add_terms(derivation, range, depth, rows);
  const std::vector<Fold> folds = fold_terms(derivation, splitting_level(derivation, level, range), range);
  if (folds.size() == 1) return add_terms(derivation, range, depth, rows);
  for (const Fold& fold : folds) {
    if (fold.terms.count == 1) {
      add_terms(derivation, fold.terms, depth, rows);
      continue;
    }
    const bool is_open = open.contains({depth, fold.terms.first});
    rows.push_back({true, is_open, depth, fold});
    if (is_open) add_range(derivation, open, fold.terms, fold.level + 1, depth + 1, rows);
  }
}

}  // namespace

std::vector<TermRow> visible_rows(const Derivation& derivation, const OpenGroups& open) {
  std::vector<TermRow> rows;
  add_range(derivation, open, all_terms(derivation), 0, 0, rows);
  return rows;
}

}  // namespace chainrule
