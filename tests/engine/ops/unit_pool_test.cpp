// Hand-worked values: pooling.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;

OpAttributes pool(int window, int stride, Shape shape = {}) {
  OpAttributes attributes;
  attributes.window = window;
  attributes.window_stride = stride;
  attributes.shape = shape;
  return attributes;
}

const Values<float> kFour{Shape{1, 1, 4, 4}, {1, 2, 5, 6, 3, 4, 8, 7, -1, -2, 9, 0, -4, -3, 0, 9}};

// Windows [1 2; 3 4] [5 6; 8 7] [−1 −2; −4 −3] [9 0; 0 9].
TEST(PoolUnit, TwoByTwo) {
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(2, 2), {kFour}), (Numbers{4, 8, -1, 9}));
  EXPECT_EQ(first_output(OpKind::kAveragePool, pool(2, 2), {kFour}), (Numbers{2.5f, 6.5f, -2.5f, 4.5f}));
}

// 3/1 on 4×4: 2×2 windows that overlap. Their largest are 9 (at [2,2]), 9, 9, 9; sums of the first window:
// 1+2+5+3+4+8−1−2+9 = 29.
TEST(PoolUnit, OverlappingWindows) {
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(3, 1), {kFour}), (Numbers{9, 9, 9, 9}));
  EXPECT_EQ(first_output(OpKind::kAveragePool, pool(3, 1), {kFour})[0], 29.0f / 9.0f);
}

// 3 wide, stride 2 on 5×4: P = (5−3)/2+1 = 2, Q = (4−3)/2+1 = 1: the last column lies in no window.
TEST(PoolUnit, WhatLiesInNoWindow) {
  Numbers numbers(20);
  for (int i = 0; i < 20; ++i) numbers[static_cast<std::size_t>(i)] = static_cast<float>(i);
  const Values<float> x{Shape{1, 1, 5, 4}, numbers};
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(3, 2), {x}), (Numbers{10, 18}));
  const Numbers dx = first_output(OpKind::kMaxPoolGrad, pool(3, 2), {x, {Shape{1, 1, 2, 1}, {1, 2}}});
  Numbers wanted(20, 0.0f);
  wanted[10] = 1, wanted[18] = 2;
  EXPECT_EQ(dx, wanted);
}

// Ties: the first in row-major order wins and gets the whole gradient.
TEST(PoolUnit, TiesGoToTheFirst) {
  const Values<float> x{Shape{1, 1, 2, 4}, {5, 5, 1, 7, 5, 5, 7, 7}}, dy{Shape{1, 1, 1, 2}, {10, 20}};
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(2, 2), {x}), (Numbers{5, 7}));
  EXPECT_EQ(first_output(OpKind::kMaxPoolGrad, pool(2, 2), {x, dy}), (Numbers{10, 0, 0, 20, 0, 0, 0, 0}));
  // All zero, as after ReLU.
  EXPECT_EQ(first_output(OpKind::kMaxPoolGrad, pool(2, 2), {{Shape{1, 1, 2, 2}, {0, 0, 0, 0}}, {Shape{1, 1, 1, 1}, {3}}}),
            (Numbers{3, 0, 0, 0}));
}

// The 9 in the middle of 3×3 wins all four 2/1 windows: 1 + 2 + 3 + 4 = 10.
TEST(PoolUnit, OneWinnerOfManyWindowsGetsTheSum) {
  const Values<float> x{Shape{1, 1, 3, 3}, {1, 2, 3, 4, 9, 5, 6, 7, 8}}, dy{Shape{1, 1, 2, 2}, {1, 2, 3, 4}};
  EXPECT_EQ(first_output(OpKind::kMaxPoolGrad, pool(2, 1), {x, dy}), (Numbers{0, 0, 0, 0, 10, 0, 0, 0, 0}));
}

// Average: each pixel gets dy/4 of each window it lies in. 2/1 on 3×3, dy = [4 8; 12 16]: corners 1 2 3 4, edges
// 1+2, 1+3, 2+4, 3+4, the middle 1+2+3+4.
TEST(PoolUnit, AverageGradient) {
  EXPECT_EQ(first_output(OpKind::kAveragePoolGrad, pool(2, 1, Shape{1, 1, 3, 3}), {{Shape{1, 1, 2, 2}, {4, 8, 12, 16}}}),
            (Numbers{1, 3, 2, 4, 10, 6, 3, 7, 4}));
}

TEST(PoolUnit, MapsAndSamplesStayApart) {
  const Values<float> x{Shape{2, 2, 1, 2}, {1, 2, 4, 3, 5, 6, 8, 7}};
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(1, 1), {x}), x.numbers);
  const Values<float> square{Shape{2, 1, 2, 2}, {1, 2, 4, 3, 5, 6, 8, 7}};
  EXPECT_EQ(first_output(OpKind::kMaxPool, pool(2, 2), {square}), (Numbers{4, 8}));
}

TEST(PoolUnit, ShapesThatDoNotFit) {
  for (const OpKind kind : {OpKind::kMaxPool, OpKind::kAveragePool}) {
    EXPECT_DEATH_IF_SUPPORTED(first_output(kind, pool(5, 1), {kFour}), "window 5, stride 1 on 1×1×4×4");
    EXPECT_DEATH_IF_SUPPORTED(first_output(kind, pool(2, 0), {kFour}), "window 2, stride 0");
    EXPECT_DEATH_IF_SUPPORTED(first_output(kind, pool(2, 2), {{Shape{4, 4}, kFour.numbers}}), "needs N×C×H×W");
  }
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kMaxPoolGrad, pool(2, 2), {kFour, kFour}), "dy 1×1×4×4 for x 1×1×4×4");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kAveragePoolGrad, pool(2, 2, Shape{1, 1, 4, 4}), {kFour}),
                            "dy 1×1×4×4 for x 1×1×4×4");
}

}  // namespace
}  // namespace chainrule::test
