#include "web/widgets/term_rows.h"

#include <gtest/gtest.h>

#include "engine/trace/recorder.h"

namespace chainrule {
namespace {

/// Σ_n Σ_p x[n,p], as a kernel would record it.
Derivation double_sum(int outer, int inner) {
  std::vector<float> x(static_cast<std::size_t>(outer * inner));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.25f * static_cast<float>(i % 7) - 0.5f;
  WindowRecorder recorder(0, 0);
  Traced sum = recorder.constant(0.0f);
  for (int n = 0; n < outer; ++n)
    for (int p = 0; p < inner; ++p) {
      recorder.mark(n, p);
      sum += recorder.read(0, x.data(), n * inner + p);
    }
  float out = 0.0f;
  recorder.write(0, &out, 0, sum);
  return Derivation(recorder.take(), {"sample", "row", ""});
}

std::size_t covered(const std::vector<TermRow>& rows) {
  std::size_t next = 0;
  for (const TermRow& row : rows) {
    if (row.depth > 0) continue;
    EXPECT_EQ(row.fold.terms.first, next);
    next += row.fold.terms.count;
  }
  return next;
}

TEST(TermRows, FewTermsStandAsTheyAre) {
  const Derivation derivation = double_sum(2, 3);
  const auto rows = visible_rows(derivation, {});
  ASSERT_EQ(rows.size(), derivation.terms().size());
  for (const TermRow& row : rows) EXPECT_FALSE(row.group);
  EXPECT_EQ(covered(rows), derivation.terms().size());
}

TEST(TermRows, ManyAreFoldedAndOpenLevelByLevel) {
  const Derivation derivation = double_sum(10, 20);
  const auto closed = visible_rows(derivation, {});
  EXPECT_LT(closed.size(), 20u);
  EXPECT_EQ(covered(closed), derivation.terms().size());
  ASSERT_TRUE(closed.back().group);
  OpenGroups open{{closed.back().depth, closed.back().fold.terms.first}};
  const auto opened = visible_rows(derivation, open);
  EXPECT_EQ(opened.size(), closed.size() + closed.back().fold.terms.count);
  EXPECT_EQ(covered(opened), derivation.terms().size());
  EXPECT_EQ(opened.back().depth, 1);
  EXPECT_EQ(opened.back().fold.running_after, derivation.terms().back().running);
}

TEST(TermRows, ALongSumAlongOneAxisIsFoldedInBlocks) {
  const Derivation derivation = double_sum(1, 500);
  const auto rows = visible_rows(derivation, {});
  EXPECT_LE(rows.size(), 18u);
  EXPECT_EQ(covered(rows), derivation.terms().size());
}

TEST(TermRows, NothingForWhatIsNoSum) { EXPECT_TRUE(visible_rows(Derivation(), {}).empty()); }

}  // namespace
}  // namespace chainrule
