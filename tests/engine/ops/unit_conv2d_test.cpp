// Hand-worked values: convolution. The 5×5 input and the kernels are deck 000's (NUMBERS.md, N2).
#include <gtest/gtest.h>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;
const Values<float> kInput{Shape{1, 1, 5, 5}, {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1}};

Values<float> kernel(Numbers numbers) { return {Shape{1, 1, 3, 3}, std::move(numbers)}; }
Numbers convolve(const Numbers& numbers) { return first_output(OpKind::kConv2d, {}, {kInput, kernel(numbers)}); }

OpAttributes window(int stride, int pad, int dilation, Shape shape = {}) {
  OpAttributes attributes;
  attributes.stride = stride;
  attributes.pad = pad;
  attributes.dilation = dilation;
  attributes.shape = shape;
  return attributes;
}

// First element: 0·3+1·3+2·2 + 2·0+2·0+0·1 + 0·3+1·1+2·2 = 7 + 0 + 5 = 12.
TEST(Conv2dUnit, DeckExample) {
  EXPECT_EQ(convolve({0, 1, 2, 2, 2, 0, 0, 1, 2}), (Numbers{12, 12, 17, 10, 17, 19, 9, 6, 14}));
  // The kernel turned by half a turn: convolution in the mathematicians' sense.
  EXPECT_EQ(convolve({2, 1, 0, 0, 2, 2, 2, 1, 0}), (Numbers{18, 20, 19, 10, 9, 17, 11, 8, 14}));
}

TEST(Conv2dUnit, DeckFilterTable) {
  EXPECT_EQ(convolve({0, 0, 0, 0, 1, 0, 0, 0, 0}), (Numbers{0, 1, 3, 1, 2, 2, 0, 0, 2}));  // identity: the middle
  EXPECT_EQ(convolve({0, 1, 0, 1, -4, 1, 0, 1, 0}), (Numbers{5, 3, -7, 1, -4, 2, 3, 4, -4}));
  EXPECT_EQ(convolve({-1, -1, -1, -1, 8, -1, -1, -1, -1}), (Numbers{-15, -6, 12, 0, 7, 2, -10, -7, 6}));
  EXPECT_EQ(convolve({0, -1, 0, -1, 5, -1, 0, -1, 0}), (Numbers{-5, -2, 10, 0, 6, 0, -3, -4, 6}));
  EXPECT_EQ(convolve({1, 1, 1, 1, 1, 1, 1, 1, 1}), (Numbers{15, 15, 15, 9, 11, 16, 10, 7, 12}));
  EXPECT_EQ(convolve({1, 2, 1, 2, 4, 2, 1, 2, 1}), (Numbers{20, 25, 29, 17, 21, 32, 13, 11, 22}));
}

// Every second window of the deck's example: its corners.
TEST(Conv2dUnit, Stride) {
  const auto output = run_op<float>(OpKind::kConv2d, window(2, 0, 1), {kInput, kernel({0, 1, 2, 2, 2, 0, 0, 1, 2})})[0];
  EXPECT_EQ(output.shape, (Shape{1, 1, 2, 2}));
  EXPECT_EQ(output.numbers, (Numbers{12, 17, 9, 14}));
}

// A 2×2 image [1 2; 3 4], a 2×2 kernel [1 10; 100 1000], one zero on each side: P = 2 + 2 − 1 = 3.
// Corner (0,0): the window holds three zeros and 1 under 1000. (0,1): 1·100 + 2·1000. (1,1): 1·1+2·10+3·100+4·1000.
TEST(Conv2dUnit, Pad) {
  const auto output = run_op<float>(OpKind::kConv2d, window(1, 1, 1),
                                    {{Shape{1, 1, 2, 2}, {1, 2, 3, 4}}, {Shape{1, 1, 2, 2}, {1, 10, 100, 1000}}})[0];
  EXPECT_EQ(output.shape, (Shape{1, 1, 3, 3}));
  EXPECT_EQ(output.numbers, (Numbers{1000, 2100, 200, 3010, 4321, 402, 30, 43, 4}));
}

// Dilation 2: the 2×2 kernel reaches over 3×3. At (0,0): 3·1 + 2·10 + 3·100 + 2·1000 = 2323, the corners of the window.
TEST(Conv2dUnit, Dilation) {
  const auto output =
      run_op<float>(OpKind::kConv2d, window(1, 0, 2), {kInput, {Shape{1, 1, 2, 2}, {1, 10, 100, 1000}}})[0];
  EXPECT_EQ(output.shape, (Shape{1, 1, 3, 3}));
  // (0,1): x[0,1]=3 x[0,3]=1 x[2,1]=1 x[2,3]=2: 3 + 10 + 100 + 2000 = 2113. (0,2): 2 + 0 + 200 + 3000 = 3202.
  // (1,0): 0 1 2 0: 10 + 200 = 210. (1,1): 0 3 0 2: 30 + 2000 = 2030. (1,2): 1 1 0 2: 11 + 2000 = 2011.
  // (2,0): 3 2 2 0: 3 + 20 + 200 = 223. (2,1): 1 2 0 0: 21. (2,2): 2 3 0 1: 2 + 30 + 1000 = 1032.
  EXPECT_EQ(output.numbers, (Numbers{2323, 2113, 3202, 210, 2030, 2011, 223, 21, 1032}));
}

// Two channels and two maps of 1×1 kernels: y0 = 1·a + 10·b, y1 = 2·a + 20·b; two samples.
TEST(Conv2dUnit, ChannelsMapsAndSamples) {
  EXPECT_EQ(first_output(OpKind::kConv2d, {}, {{Shape{2, 2, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8}}, {Shape{2, 2, 1, 1}, {1, 10, 2, 20}}}),
            (Numbers{31, 42, 62, 84, 75, 86, 150, 172}));
}

// dy = 1 in one place puts the kernel there: dx is the kernel in the top left corner, then in the bottom right.
TEST(Conv2dUnit, InputGradientOfOneOutput) {
  const Numbers w = {1, 2, 3, 4};
  EXPECT_EQ(first_output(OpKind::kConv2dInputGrad, window(1, 0, 1, Shape{1, 1, 3, 3}),
                         {{Shape{1, 1, 2, 2}, {1, 0, 0, 0}}, {Shape{1, 1, 2, 2}, w}}),
            (Numbers{1, 2, 0, 3, 4, 0, 0, 0, 0}));
  // dy = [1 10; 100 1000]: dx[1,1] lies in all four windows: 1·4 + 10·3 + 100·2 + 1000·1 = 1234.
  EXPECT_EQ(first_output(OpKind::kConv2dInputGrad, window(1, 0, 1, Shape{1, 1, 3, 3}),
                         {{Shape{1, 1, 2, 2}, {1, 10, 100, 1000}}, {Shape{1, 1, 2, 2}, w}}),
            (Numbers{1, 12, 20, 103, 1234, 2040, 300, 3400, 4000}));
  // Stride 2 on 5×5 with a 2×2 kernel: the fifth row and column lie in no window.
  EXPECT_EQ(first_output(OpKind::kConv2dInputGrad, window(2, 0, 1, Shape{1, 1, 5, 5}),
                         {{Shape{1, 1, 2, 2}, {1, 10, 100, 1000}}, {Shape{1, 1, 2, 2}, w}}),
            (Numbers{1,   2,   10,   20,   0, 3,   4,   30,   40,   0, 100, 200, 1000,
                     2000, 0,  300, 400, 3000, 4000, 0, 0, 0, 0, 0, 0}));
}

// dw[r,s] = sum over the windows of dy · the pixel under (r,s): with dy = [1 0; 0 1] of [1 2 3; 4 5 6; 7 8 9],
// dw[0,0] = 1 + 5, dw[0,1] = 2 + 6, dw[1,0] = 4 + 8, dw[1,1] = 5 + 9.
TEST(Conv2dUnit, KernelGradient) {
  const Values<float> x{Shape{1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}, dy{Shape{1, 1, 2, 2}, {1, 0, 0, 1}};
  EXPECT_EQ(first_output(OpKind::kConv2dKernelGrad, window(1, 0, 1, Shape{1, 1, 2, 2}), {dy, x}), (Numbers{6, 8, 12, 14}));
}

TEST(Conv2dUnit, ShapesThatDoNotFit) {
  const Values<float> big{Shape{1, 1, 6, 6}, Numbers(36, 1.0f)}, two{Shape{1, 2, 1, 1}, {1, 1}};
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2d, {}, {kInput, big}), "kernels 1×1×6×6 do not fit into 1×1×5×5 with pad 0");
  EXPECT_EQ(first_output(OpKind::kConv2d, window(1, 1, 1), {kInput, big}).size(), 4u) << "with padding they do: 7 − 6 + 1 = 2";
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2d, {}, {kInput, two}), "conv2d of 1×1×5×5 with kernels 1×2×1×1");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2d, window(0, 0, 1), {kInput, kernel(Numbers(9, 1.0f))}), "stride 0");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2d, window(1, -1, 1), {kInput, kernel(Numbers(9, 1.0f))}), "pad -1");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2d, window(1, 0, 3), {kInput, kernel(Numbers(9, 1.0f))}), "do not fit");
  EXPECT_DEATH_IF_SUPPORTED(
      first_output(OpKind::kConv2dInputGrad, window(1, 0, 1, Shape{1, 1, 4, 4}), {kInput, kernel(Numbers(9, 1.0f))}),
      "dy 1×1×5×5 for dx 1×1×4×4");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kConv2dKernelGrad, window(1, 0, 1, Shape{1, 1, 2, 2}), {kInput, kInput}),
                            "dy 1×1×5×5 for dw 1×1×2×2");
}

}  // namespace
}  // namespace chainrule::test
