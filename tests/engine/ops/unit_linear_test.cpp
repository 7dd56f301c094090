// Hand-worked values: matmul, bias, element by element, sums, reshape, concat.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;
const Values<float> kA{Shape{2, 3}, {1, 2, 3, 4, 5, 6}};
const Values<float> kB{Shape{3, 2}, {7, 8, 9, 10, 11, 12}};

OpAttributes transposed(bool a, bool b) {
  OpAttributes attributes;
  attributes.transpose_a = a;
  attributes.transpose_b = b;
  return attributes;
}
OpAttributes shaped(const Shape& shape) {
  OpAttributes attributes;
  attributes.shape = shape;
  return attributes;
}

// [1 2 3]   [ 7  8]   [1·7+2·9+3·11  1·8+2·10+3·12]   [ 58  64]
// [4 5 6] · [ 9 10] = [4·7+5·9+6·11  4·8+5·10+6·12] = [139 154]
//           [11 12]
TEST(MatMulUnit, ByHandInAllFourLayouts) {
  const Numbers product = {58, 64, 139, 154};
  const Values<float> a_stored{Shape{3, 2}, {1, 4, 2, 5, 3, 6}}, b_stored{Shape{2, 3}, {7, 9, 11, 8, 10, 12}};
  EXPECT_EQ(first_output(OpKind::kMatMul, transposed(false, false), {kA, kB}), product);
  EXPECT_EQ(first_output(OpKind::kMatMul, transposed(true, false), {a_stored, kB}), product);
  EXPECT_EQ(first_output(OpKind::kMatMul, transposed(false, true), {kA, b_stored}), product);
  EXPECT_EQ(first_output(OpKind::kMatMul, transposed(true, true), {a_stored, b_stored}), product);
}

// The order of summation is part of the contract: ((0 + 2^24) + 1) + 1 loses both ones in float, 1 + 1 first would not.
TEST(MatMulUnit, AddsFromTheFirstTermOn) {
  EXPECT_EQ(first_output(OpKind::kMatMul, {}, {{Shape{1, 3}, {16777216, 1, 1}}, {Shape{3, 1}, {1, 1, 1}}}), (Numbers{16777216}));
  EXPECT_EQ(first_output(OpKind::kMatMul, {}, {{Shape{1, 3}, {1, 1, 16777216}}, {Shape{3, 1}, {1, 1, 1}}}), (Numbers{16777218}));
}

TEST(MatMulUnit, ShapesThatDoNotFit) {
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kMatMul, {}, {kA, kA}), "inner sizes 3 and 2");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kMatMul, transposed(true, false), {kA, kB}), "inner sizes 2 and 3");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kMatMul, {}, {kA, {Shape{3}, {1, 2, 3}}}), "needs two matrices");
}

TEST(BiasUnit, OneNumberForEachUnitOrMap) {
  // [1+10 2+20 3+30; 4+10 5+20 6+30]
  EXPECT_EQ(first_output(OpKind::kBias, {}, {kA, {Shape{3}, {10, 20, 30}}}), (Numbers{11, 22, 33, 14, 25, 36}));
  // Two maps of 1×2: the first gets 10, the second 20.
  EXPECT_EQ(first_output(OpKind::kBias, {}, {{Shape{1, 2, 1, 2}, {1, 2, 3, 4}}, {Shape{2}, {10, 20}}}),
            (Numbers{11, 12, 23, 24}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kBias, {}, {kA, {Shape{2}, {1, 2}}}), "bias 2 on 2×3");
}

TEST(BiasUnit, GradientAddsOverSamplesAndPositions) {
  // Columns: 1+4, 2+5, 3+6.
  EXPECT_EQ(first_output(OpKind::kBiasGrad, shaped(Shape{3}), {kA}), (Numbers{5, 7, 9}));
  // N=2, C=2, 1×2: map 0: (1+2)+(5+6) = 14; map 1: (3+4)+(7+8) = 22.
  EXPECT_EQ(first_output(OpKind::kBiasGrad, shaped(Shape{2}), {{Shape{2, 2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8}}}), (Numbers{14, 22}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kBiasGrad, shaped(Shape{2}), {kA}), "bias gradient 2 from 2×3");
}

TEST(ElementwiseUnit, ByHand) {
  const Values<float> a{Shape{3}, {1, -2, 3}}, b{Shape{3}, {4, 5, -6}};
  EXPECT_EQ(first_output(OpKind::kAdd, {}, {a, b}), (Numbers{5, 3, -3}));
  EXPECT_EQ(first_output(OpKind::kSubtract, {}, {a, b}), (Numbers{-3, -7, 9}));
  EXPECT_EQ(first_output(OpKind::kMultiply, {}, {a, b}), (Numbers{4, -10, -18}));
  EXPECT_EQ(first_output(OpKind::kNegate, {}, {a}), (Numbers{-1, 2, -3}));
  const Values<float> other{Shape{3, 1}, {1, 2, 3}};
  for (const OpKind kind : {OpKind::kAdd, OpKind::kSubtract, OpKind::kMultiply})
    EXPECT_DEATH_IF_SUPPORTED(first_output(kind, {}, {a, other}), "3 and 3×1");
}

TEST(ReduceUnit, SumMeanSpread) {
  EXPECT_EQ(first_output(OpKind::kSum, {}, {kA}), (Numbers{21}));        // 1+2+3+4+5+6
  EXPECT_EQ(first_output(OpKind::kMean, {}, {kA}), (Numbers{3.5f}));     // 21/6
  EXPECT_EQ(first_output(OpKind::kSum, {}, {{Shape{3}, {16777216, 1, 1}}}), (Numbers{16777216}));  // the order again
  OpAttributes spread = shaped(Shape{2, 2});
  EXPECT_EQ(first_output(OpKind::kSpread, spread, {{Shape{1}, {3}}}), (Numbers{3, 3, 3, 3}));
  spread.divisor = 4;
  EXPECT_EQ(first_output(OpKind::kSpread, spread, {{Shape{1}, {3}}}), (Numbers{0.75f, 0.75f, 0.75f, 0.75f}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSpread, spread, {kA}), "spread of 2×3 needs one number");
}

TEST(ReduceUnit, MeanMagnitude) {
  EXPECT_EQ(first_output(OpKind::kMeanMagnitude, {}, {{Shape{2, 2}, {1, -2, 3, -6}}}), (Numbers{3}));  // (1+2+3+6)/4
  // Squares of these would be 0 in float32.
  EXPECT_EQ(first_output(OpKind::kMeanMagnitude, {}, {{Shape{2}, {1e-30f, -1e-30f}}}), (Numbers{1e-30f}));
}

TEST(ElementwiseUnit, ScaleByOneNumberOrByRows) {
  const Values<float> x{Shape{2, 3}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(first_output(OpKind::kScale, {}, {{Shape{1}, {-2}}, x}), (Numbers{-2, -4, -6, -8, -10, -12}));
  EXPECT_EQ(first_output(OpKind::kScale, {}, {{Shape{2}, {10, 100}}, x}), (Numbers{10, 20, 30, 400, 500, 600}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kScale, {}, {{Shape{3}, {1, 2, 3}}, x}), "scales 3 for the rows of 2×3");
}

// 3² + 4² = 25: longer than 1 by a factor of 5, shorter than 8.
TEST(NormLimitUnit, ShortensWhatIsTooLong) {
  const Values<float> x{Shape{1, 2}, {3, -4}};
  EXPECT_EQ(first_output(OpKind::kNormLimit, {}, {x, {Shape{1}, {8}}}), (Numbers{3, -4}));
  EXPECT_EQ(first_output(OpKind::kNormLimit, {}, {x, {Shape{1}, {2.5f}}}), (Numbers{1.5f, -2}));
  EXPECT_EQ(first_output(OpKind::kNormLimit, {}, {{Shape{3}, {0, 0, 0}}, {Shape{1}, {1}}}), (Numbers{0, 0, 0}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kNormLimit, {}, {x, x}), "the limit is one number");
}

TEST(ElementwiseUnit, RepeatsCountSteps) {
  const float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(first_output(OpKind::kRepeats, {}, {{Shape{1}, {0.5f}}, {Shape{3}, {0.25f, -2, 0}}}), (Numbers{2, 0.25f, kInfinity}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kRepeats, {}, {{Shape{2}, {1, 2}}, {Shape{2}, {1, 2}}}), "one number, not 2");
}

// Floats have 24 bits: between 1/4 and 1/2 they are 2^-25 apart, between 1/2 and 1 they are 2^-24 apart.
TEST(FloatGapUnit, TheNextFloatAgainstTheGradient) {
  const Values<float> w{Shape{6}, {0.5f, 0.5f, -0.5f, -0.5f, 0.0f, 0.5f}}, g{Shape{6}, {1, -1, 1, -1, 1, 0}};
  const Numbers gaps{0x1p-25f, 0x1p-24f, 0x1p-24f, 0x1p-25f, 0x1p-149f, 0x1p-24f};
  EXPECT_EQ(first_output(OpKind::kFloatGap, {}, {w, g}), gaps);
  for (const float step : {0x1p-26f, 0x1.1p-26f}) EXPECT_EQ(0.5f - step == 0.5f, step == 0x1p-26f);  // half a gap, a tie, and more
  const float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(first_output(OpKind::kFloatGap, {}, {{Shape{1}, {kInfinity}}, {Shape{1}, {1}}})[0]));
}

TEST(ReshapeUnit, SameNumbersInRowMajorOrder) {
  const auto output = run_op<float>(OpKind::kReshape, shaped(Shape{3, 2}), {kA})[0];
  EXPECT_EQ(output.numbers, kA.numbers);
  EXPECT_EQ(output.shape, (Shape{3, 2}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kReshape, shaped(Shape{4}), {kA}), "2×3 as 4");
}

// Each sample's channels follow each other: [a0 | b0] [a1 | b1].
TEST(ConcatUnit, JoinsAndCutsChannels) {
  const Values<float> a{Shape{2, 1}, {1, 2}}, b{Shape{2, 2}, {3, 4, 5, 6}};
  const auto joined = run_op<float>(OpKind::kConcat, {}, {a, b})[0];
  EXPECT_EQ(joined.shape, (Shape{2, 3}));
  EXPECT_EQ(joined.numbers, (Numbers{1, 3, 4, 2, 5, 6}));
  OpAttributes cut = shaped(Shape{2, 2});
  cut.begin = 1;
  EXPECT_EQ(first_output(OpKind::kSlice, cut, {joined}), b.numbers);
  EXPECT_EQ(first_output(OpKind::kSlice, shaped(Shape{2, 1}), {joined}), a.numbers);
  // Maps of 1×2: channel 1 of 2, of two samples.
  OpAttributes map = shaped(Shape{2, 1, 1, 2});
  map.begin = 1;
  EXPECT_EQ(first_output(OpKind::kSlice, map, {{Shape{2, 2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8}}}), (Numbers{3, 4, 7, 8}));
  cut.begin = 2;
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSlice, cut, {joined}), "slice 2×2 of 2×3 from 2");
  cut.begin = -1;
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSlice, cut, {joined}), "slice 2×2 of 2×3 from -1");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConcat, {}, {a, kB}), "concat of 2×1 and 3×2");
}

}  // namespace
}  // namespace chainrule::test
