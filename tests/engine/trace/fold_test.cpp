// Folding of LeNet's longest sum: one weight of conv1's kernel gradient, 32 samples of 24×24 positions.
#include "engine/trace/fold.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "engine/math/rng.h"
#include "engine/trace/recorder.h"
#include "tests/engine/support/random_calls.h"

namespace chainrule::test {
namespace {

bool same_bits(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }

Derivation derived(const SampleCall& call, std::int64_t index) {
  return Derivation(trace(call, 0, index), op_info(call.kind).term_axes);
}

/// dy 32×1×24×24, x 32×1×28×28, dw 1×1×5×5.
SampleCall conv1_kernel_gradient() {
  SampleCall call{OpKind::kConv2dKernelGrad, {}, {Shape{32, 1, 24, 24}, Shape{32, 1, 28, 28}}, {}, {}};
  call.attributes.shape = Shape{1, 1, 5, 5};
  call.out_shapes = {call.attributes.shape};
  Rng rng(1, "samples");
  for (const Shape& shape : call.in_shapes) {
    auto& buffer = call.in.emplace_back();
    for (std::int64_t i = 0; i < shape.size(); ++i) buffer.push_back(rng.normal());
  }
  return call;
}

/// Consecutive groups that cover `range`, each beginning at the partial sum where the one before ended.
void expect_cover(const Derivation& derivation, const std::vector<Fold>& folds, TermRange range) {
  ASSERT_FALSE(folds.empty());
  std::size_t next = range.first;
  float running = range.first == 0 ? 0.0f : derivation.terms()[range.first - 1].running;
  for (const Fold& fold : folds) {
    EXPECT_EQ(fold.terms.first, next);
    EXPECT_TRUE(same_bits(fold.running_before, running));
    for (std::size_t i = 0; i < fold.terms.count; ++i) running = running + derivation.terms()[next + i].value;
    EXPECT_TRUE(same_bits(fold.running_after, running));
    next += fold.terms.count;
  }
  EXPECT_EQ(next, range.first + range.count);
}

class KernelGradientFolds : public testing::Test {
 protected:
  const SampleCall call_ = conv1_kernel_gradient();
  const Derivation derivation_ = derived(call_, 7);
};

TEST_F(KernelGradientFolds, FirstBySample) {
  ASSERT_EQ(derivation_.terms().size(), 18432u);
  const auto samples = fold_terms(derivation_, 0, all_terms(derivation_));
  ASSERT_EQ(samples.size(), 32u);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    EXPECT_EQ(samples[n].position[0], static_cast<std::int32_t>(n));
    EXPECT_EQ(samples[n].terms.count, 24u * 24u);
    EXPECT_FALSE(samples[n].block);
    EXPECT_FALSE(samples[n].written_out());
  }
  expect_cover(derivation_, samples, all_terms(derivation_));
  EXPECT_TRUE(same_bits(samples.back().running_after, run(call_)[0][7]));
  EXPECT_TRUE(same_bits(samples.back().running_after, derivation_.value()));
}

TEST_F(KernelGradientFolds, ThenByRow) {
  const Fold sample = fold_terms(derivation_, 0, all_terms(derivation_))[5];
  const auto rows = fold_terms(derivation_, 1, sample.terms);
  ASSERT_EQ(rows.size(), 24u);
  for (std::size_t p = 0; p < rows.size(); ++p) {
    EXPECT_EQ(rows[p].position, (std::array<std::int32_t, 3>{5, static_cast<std::int32_t>(p), 0}));
    EXPECT_EQ(rows[p].terms.count, 24u);
    EXPECT_TRUE(rows[p].written_out());
  }
  expect_cover(derivation_, rows, sample.terms);
  EXPECT_TRUE(same_bits(rows.front().running_before, sample.running_before));
  EXPECT_TRUE(same_bits(rows.back().running_after, sample.running_after));
}

// Rows of all samples at once: the rows 23 of sample 0 and 0 of sample 1 stay apart.
TEST_F(KernelGradientFolds, ByRowOverAllSamples) {
  const auto rows = fold_terms(derivation_, 1, all_terms(derivation_));
  EXPECT_EQ(rows.size(), 32u * 24u);
  expect_cover(derivation_, rows, all_terms(derivation_));
}

TEST_F(KernelGradientFolds, LevelsThatSplit) {
  EXPECT_EQ(block_level(derivation_), 2);
  EXPECT_EQ(splitting_level(derivation_, 0, all_terms(derivation_)), 0);
  const TermRange one_sample = fold_terms(derivation_, 0, all_terms(derivation_))[0].terms;
  EXPECT_EQ(splitting_level(derivation_, 0, one_sample), 1);
  const TermRange one_row = fold_terms(derivation_, 1, one_sample)[0].terms;
  EXPECT_EQ(splitting_level(derivation_, 0, one_row), 2);
}

// Any range, also one that begins inside of a sample.
TEST_F(KernelGradientFolds, OfAPart) {
  const TermRange part{500, 200};
  const auto folds = fold_terms(derivation_, 0, part);
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_EQ(folds[0].terms, (TermRange{500, 76}));
  EXPECT_EQ(folds[1].terms, (TermRange{576, 124}));
  expect_cover(derivation_, folds, part);
  EXPECT_TRUE(fold_terms(derivation_, 0, {18432, 0}).empty());
}

TEST_F(KernelGradientFolds, OrderBySizeIsAPermutationThatFalls) {
  const auto order = terms_by_size(derivation_, all_terms(derivation_));
  ASSERT_EQ(order.size(), 18432u);
  std::vector<bool> seen(order.size(), false);
  for (const std::size_t term : order) seen[term] = true;
  EXPECT_EQ(std::count(seen.begin(), seen.end(), false), 0);
  for (std::size_t i = 1; i < order.size(); ++i)
    ASSERT_GE(std::abs(derivation_.terms()[order[i - 1]].value), std::abs(derivation_.terms()[order[i]].value));
}

/// Sum over x[0], x[1], ... with one index.
Derivation sum_of(const std::vector<float>& x) {
  SampleCall call{OpKind::kSum, {}, {Shape{static_cast<int>(x.size())}}, {Shape{1}}, {x}};
  return derived(call, 0);
}

TEST(Folds, OfOneIndexAreBlocks) {
  const Derivation derivation = sum_of(std::vector<float>(100, 0.1f));
  EXPECT_EQ(block_level(derivation), 0);
  const auto blocks = fold_terms(derivation, 0, all_terms(derivation));
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[1].position[0], 32);
  EXPECT_EQ(blocks[3].terms, (TermRange{96, 4}));
  for (const Fold& block : blocks) EXPECT_TRUE(block.block && block.written_out());
  expect_cover(derivation, blocks, all_terms(derivation));
  EXPECT_TRUE(same_bits(blocks.back().running_after, derivation.value()));
}

TEST(Folds, OrderBySizePutsNaNFirstAndKeepsTies) {
  const Derivation derivation = sum_of({1.0f, -2.0f, NAN, 2.0f, 0.0f, NAN, -1.0f});
  EXPECT_EQ(terms_by_size(derivation, all_terms(derivation)), (std::vector<std::size_t>{2, 5, 1, 3, 0, 6, 4}));
  EXPECT_EQ(terms_by_size(derivation, {3, 3}), (std::vector<std::size_t>{5, 3, 4}));
}

// A sum that starts from its first term, not from 0.
TEST(Folds, BeginAtZeroAlsoWithoutInitialZero) {
  WindowRecorder recorder(0, 0);
  const float x[] = {3.0f, 4.0f};
  const Traced a = recorder.read(0, x, 0), b = recorder.read(0, x, 1);
  recorder.write(0, nullptr, 0, a + b);
  const Derivation derivation(recorder.take(), {"i", "", ""});
  const auto folds = fold_terms(derivation, 0, all_terms(derivation));
  ASSERT_EQ(folds.size(), 1u);
  EXPECT_EQ(folds[0].running_before, 0.0f);
  EXPECT_EQ(folds[0].running_after, 7.0f);
}

}  // namespace
}  // namespace chainrule::test
