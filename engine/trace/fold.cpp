#include "engine/trace/fold.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/base/check.h"

namespace chainrule {
namespace {

std::span<const Term> terms_in(const Derivation& derivation, TermRange range) {
  const std::size_t size = derivation.terms().size();
  CHECK(range.first <= size && range.count <= size - range.first, "terms ", range.first, " + ", range.count, " of ", size);
  return derivation.terms().subspan(range.first, range.count);
}

/// Do the loop indices 0 ... level agree?
bool together(const Term& a, const Term& b, int level) {
  return std::equal(a.position.begin(), a.position.begin() + level + 1, b.position.begin());
}

}  // namespace

int block_level(const Derivation& derivation) {
  const auto named = std::ranges::count_if(derivation.axes(), [](std::string_view axis) { return !axis.empty(); });
  return named == 0 ? 0 : static_cast<int>(named) - 1;
}

std::vector<Fold> fold_terms(const Derivation& derivation, int level, TermRange range) {
  CHECK(level >= 0, "level ", level);
  const std::span<const Term> terms = terms_in(derivation, range);
  const bool blocks = level >= block_level(derivation);
  std::vector<Fold> folds;
  for (std::size_t from = 0; from < terms.size();) {
    std::size_t to = from + 1;
    while (to < terms.size() && (blocks ? to - from < kBlockTerms : together(terms[from], terms[to], level))) ++to;
    const std::size_t first = range.first + from;
    folds.push_back({.position = terms[from].position,
                     .level = level,
                     .block = blocks,
                     .terms = {first, to - from},
                     .running_before = first == 0 ? 0.0f : derivation.terms()[first - 1].running,
                     .running_after = terms[to - 1].running});
    from = to;
  }
  return folds;
}

int splitting_level(const Derivation& derivation, int level, TermRange range) {
  const std::span<const Term> terms = terms_in(derivation, range);
  const int blocks = block_level(derivation);
  const auto splits = [&](int at) {
    return std::ranges::any_of(terms, [&](const Term& term) { return !together(terms.front(), term, at); });
  };
  while (level < blocks && !splits(level)) ++level;
  return level;
}

std::vector<std::size_t> terms_by_size(const Derivation& derivation, TermRange range) {
  std::vector<std::size_t> order(terms_in(derivation, range).size());
  std::iota(order.begin(), order.end(), range.first);
  const auto larger = [&](std::size_t a, std::size_t b) {
    const float size_a = std::abs(derivation.terms()[a].value), size_b = std::abs(derivation.terms()[b].value);
    if (std::isnan(size_a) || std::isnan(size_b)) return std::isnan(size_a) && !std::isnan(size_b);
    return size_a > size_b;
  };
  std::ranges::stable_sort(order, larger);
  return order;
}

}  // namespace chainrule
