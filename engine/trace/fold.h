// Folding: the terms of a long sum in groups, by the loops that made them.
//
// A kernel gradient of LeNet sums 18,432 products: over samples, then rows, then columns. Shown are first the samples,
// each with the partial sum before and after it; one of them opens into its rows, a row into its terms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/trace/derivation.h"

namespace chainrule {

/// Consecutive terms of the main sum, by their numbers in Derivation::terms().
struct TermRange {
  std::size_t first = 0;
  std::size_t count = 0;
  bool operator==(const TermRange&) const = default;
};

inline TermRange all_terms(const Derivation& derivation) { return {0, derivation.terms().size()}; }

/// So many terms are written out one by one; so many make a block where no loop index tells them apart.
inline constexpr std::size_t kBlockTerms = 32;

/// One group. Level L holds the terms that agree in the loop indices 0 ... L; from the last named index on, where every
/// term would be a group, level L holds blocks of kBlockTerms.
struct Fold {
  std::array<std::int32_t, Mark::kAxes> position{};  // of its first term; indices beyond `level` vary inside the group
  int level = 0;
  bool block = false;           // a block of kBlockTerms: `position` says only where it begins
  TermRange terms;
  float running_before = 0.0f;  // the partial sum before the first term, 0 at the beginning
  float running_after = 0.0f;   // and after the last: bit-equal to Term::running

  bool written_out() const { return terms.count <= kBlockTerms; }
};

/// The groups of `level` inside `range`, in the order of summation.
/// Requires: level >= 0, a range within the terms.
/// Ensures: they cover `range` once; each begins with the partial sum at which the one before it ended; with the whole
/// range the last running_after is bit-equal to the sum. Groups end where an index changes, so terms of equal position
/// that do not follow each other stay apart: this never reorders a sum.
std::vector<Fold> fold_terms(const Derivation& derivation, int level, TermRange range);

/// The first level from `level` on that makes more than one group of `range` (a batch of one sample is no group worth
/// opening); the level of blocks if none does.
int splitting_level(const Derivation& derivation, int level, TermRange range);

/// The level from which on groups are blocks: the number of named loop indices less one, at least 0.
int block_level(const Derivation& derivation);

/// Numbers of the terms in `range`, by falling |value|; NaN first, since it decides the sum; equals in their order.
std::vector<std::size_t> terms_by_size(const Derivation& derivation, TermRange range);

}  // namespace chainrule
