// "Sliding kernel": decks 000 and 002 through the lesson (N2, N3, E9), its steps, settings and strokes.
#include "web/lessons/kernel/sliding_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/web/support/lesson_players.h"

namespace chainrule {
namespace {

using Numbers = std::vector<float>;

class SlidingKernelTest : public testing::Test {
 protected:
  SlidingKernelTest() { lesson.reset(1); }
  Numbers values(std::string_view name) const {
    const auto data = lesson.tensor(name).value().data;
    return {data.begin(), data.end()};
  }
  void set(const char* param, double value) { ASSERT_TRUE(lesson.apply(Action::set(param, value)).ok()) << param; }
  SlidingKernel lesson;
};

TEST_F(SlidingKernelTest, Deck000) {
  EXPECT_EQ(values("y"), (Numbers{12, 12, 17, 10, 17, 19, 9, 6, 14}));
  set("operation", 1);
  EXPECT_EQ(values("y"), (Numbers{18, 20, 19, 10, 9, 17, 11, 8, 14}));
}

TEST_F(SlidingKernelTest, Deck002SumsAndItsFirstPixels) {
  set("example", 1);
  EXPECT_EQ(lesson.param("divisor"), 12);
  EXPECT_EQ(values("y")[0], 178);
  EXPECT_EQ(values("y")[1], 205);
  set("divisor", 1);
  EXPECT_EQ(values("y"), (Numbers{2141, 2457, 2061, 1110, 947,  1270, 1702, 2264, 2226, 1251, 1049, 1175,
                                  762,  988,  1785, 1644, 512,  384,  690,  804,  918,  894,  756,  618,
                                  2088, 1615, 1493, 1488, 1620, 2088, 2711, 2574, 2437, 2432, 2564, 2741}));
}

TEST_F(SlidingKernelTest, Deck002InPlace) {
  set("example", 2);
  const Numbers y = values("y");
  EXPECT_EQ(Numbers(y.begin() + 8, y.begin() + 16), (Numbers{255, 178, 209, 169, 87, 86, 102, 255}));
  ASSERT_EQ(lesson.order().size(), 36u) << "the border has no window";
  EXPECT_EQ(lesson.order()[0].index, 9);
  lesson.advance(1);
  lesson.advance(1);
  EXPECT_EQ(lesson.present()->index, 10);
  const Explanation second = lesson.explain({"y", 10, 2}).value();
  EXPECT_EQ(second.value, 209.0f);
  EXPECT_EQ(std::ranges::count(second.operands, ElementRef{"y", 9, 2}), 1) << "the new 178 is of the output";
}

// After the last output the window begins again.
TEST_F(SlidingKernelTest, StepsGoRoundTheOutputs) {
  EXPECT_FALSE(lesson.present().has_value());
  for (int step = 1; step <= 20; ++step) {
    lesson.advance(1);
    EXPECT_EQ(lesson.present()->index, (step - 1) % 9);
    EXPECT_EQ(lesson.shown(), (step - 1) % 9 + 1);
  }
  EXPECT_EQ(lesson.phase_end(), 21) << "the next line of outputs";
  EXPECT_EQ(lesson.update_end(), 27);
}

TEST_F(SlidingKernelTest, WhatDoesNotWorkSaysWhyAndOffersWhatDoes) {
  set("kernel", 7);
  EXPECT_FALSE(lesson.works());
  EXPECT_TRUE(lesson.sheet().plan().trouble.ends_with('.'));
  EXPECT_TRUE(lesson.tensor("x").ok());
  EXPECT_FALSE(lesson.tensor("y").ok());
  for (const auto& [param, value] : lesson.sheet().plan().remedy) set(param.c_str(), value);
  EXPECT_TRUE(lesson.works());
}

// What is painted survives a picture that shrinks and grows again.
TEST_F(SlidingKernelTest, StrokesAndSizes) {
  const Action stroke = SlidingKernel::paint("x", {24, 7, 0, 5});
  ASSERT_TRUE(lesson.apply(stroke).ok());
  EXPECT_EQ(values("x")[24], 7);
  set("size", 3);
  EXPECT_EQ(values("x"), (Numbers{5, 3, 2, 0, 0, 1, 3, 1, 2}));
  set("size", 5);
  EXPECT_EQ(values("x")[24], 7);
  Action last = stroke;
  ASSERT_TRUE(lesson.merge(last, SlidingKernel::paint("x", {1, 2}))) << "one stroke is one action";
  EXPECT_EQ(last.data, (Numbers{24, 7, 0, 5, 1, 2}));
  EXPECT_FALSE(lesson.merge(last, SlidingKernel::paint("w", {1, 2})));
  for (const Action& bad :
       {SlidingKernel::paint("x", {25, 1}), SlidingKernel::paint("y", {0, 1}), SlidingKernel::paint("x", {0}),
        SlidingKernel::paint("x", {0, std::nanf("")}), SlidingKernel::paint("z", {0, 1})}) {
    const Status status = lesson.apply(bad);
    ASSERT_FALSE(status.ok());
    EXPECT_TRUE(status.error_message().ends_with('.')) << status.error_message();
  }
}

}  // namespace
}  // namespace chainrule
