// Backward by sliding, channels and pooling, weight sharing: their numbers by plain loops and by measured slopes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "web/lessons/kernel/channels_pooling.h"
#include "web/lessons/kernel/conv_backward.h"
#include "web/lessons/kernel/sheet.h"
#include "web/lessons/kernel/weight_sharing.h"

namespace chainrule {
namespace {

using Numbers = std::vector<float>;

Numbers values(const SheetLesson& lesson, std::string_view name) {
  const auto data = lesson.sheet().values(name);
  return {data.begin(), data.end()};
}
void set(SheetLesson& lesson, const char* param, double value) {
  ASSERT_TRUE(lesson.apply(Action::set(param, value)).ok()) << param;
}

// 2×3 in a store of 4×5: element (1,2) is number 5 of the tensor and number 7 of the store.
TEST(Sheet, StoresKeepPositions) {
  EXPECT_EQ(store_index(Shape{2, 3}, Shape{4, 5}, 5), 7);
  EXPECT_EQ(store_index(Shape{1, 1, 2, 3}, Shape{1, 1, 4, 5}, 5), 7);
  EXPECT_EQ(store_index(Shape{2, 1, 2, 2}, Shape{4, 1, 3, 3}, 7), 13);
}

// dw by the definition: each weight with every pixel that it met; dx the other way round.
TEST(ConvBackward, GradientsByPlainLoops) {
  ConvBackward lesson;
  lesson.reset(1);
  for (const auto& [stride, pad] : {std::pair{1, 0}, {2, 0}, {1, 2}, {2, 1}, {3, 3}}) {
    set(lesson, "stride", stride);
    set(lesson, "padding", pad);
    const Numbers x = values(lesson, "x"), w = values(lesson, "w"), dy = values(lesson, "dy");
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(dy.size()))));
    Numbers dw(9, 0.0f), dx(25, 0.0f);
    for (int p = 0; p < side; ++p)
      for (int q = 0; q < side; ++q)
        for (int r = 0; r < 3; ++r)
          for (int s = 0; s < 3; ++s) {
            const int h = p * stride + r - pad, v = q * stride + s - pad;
            if (h < 0 || v < 0 || h >= 5 || v >= 5) continue;
            dw[static_cast<std::size_t>(r * 3 + s)] +=
                dy[static_cast<std::size_t>(p * side + q)] * x[static_cast<std::size_t>(h * 5 + v)];
            dx[static_cast<std::size_t>(h * 5 + v)] +=
                dy[static_cast<std::size_t>(p * side + q)] * w[static_cast<std::size_t>(r * 3 + s)];
          }
    EXPECT_EQ(values(lesson, "dw"), dw) << stride << ", " << pad;
    EXPECT_EQ(values(lesson, "dx"), dx) << stride << ", " << pad;
    EXPECT_LT(lesson.worst_difference(), 1e-8) << "the measured slopes";
  }
}

TEST(ConvBackward, TheCheckSeesAKinkWherePixelsAreEqual) {
  ConvBackward lesson;
  lesson.reset(1);
  set(lesson, "layer", 1);
  set(lesson, "kernel", 2);
  set(lesson, "stride", 2);
  EXPECT_GT(lesson.worst_difference(), 0.1) << "3 3 in the first window: half the gradient goes to either side";
  ASSERT_TRUE(lesson.apply(SheetLesson::paint("x", {0, 9, 7, 5, 12, 6, 15, 8, 3, 1, 8, 4, 17, 7})).ok());
  const Numbers x = values(lesson, "x"), dy = values(lesson, "dy"), dx = values(lesson, "dx");
  Numbers wanted(25, 0.0f);
  for (int p = 0; p < 2; ++p)
    for (int q = 0; q < 2; ++q) {
      int best = p * 2 * 5 + q * 2;
      for (const int at : {1, 5, 6})
        if (x[static_cast<std::size_t>(p * 10 + q * 2 + at)] > x[static_cast<std::size_t>(best)])
          best = p * 10 + q * 2 + at;
      wanted[static_cast<std::size_t>(best)] += dy[static_cast<std::size_t>(p * 2 + q)];
    }
  EXPECT_EQ(dx, wanted);
  EXPECT_LT(lesson.worst_difference(), 1e-8) << "without ties backpropagation and the measured slope agree";
}

// Forward, then the kernel's gradient, then the picture's.
TEST(ConvBackward, StepsGoThroughItsParts) {
  ConvBackward lesson;
  lesson.reset(1);
  EXPECT_EQ(lesson.order().size(), 9u + 9u + 25u);
  EXPECT_EQ(lesson.phase_end(), 9);
  for (int i = 0; i < 10; ++i) lesson.advance(1);
  EXPECT_EQ(lesson.sheet().program().info(lesson.present()->tensor).name, "dw");
  EXPECT_EQ(lesson.phase_end(), 18);
}

// The sum over channels, the bias and the activation by one loop over all; pooling over the result.
TEST(ChannelsPooling, AllOfItByPlainLoops) {
  ChannelsPooling lesson;
  lesson.reset(1);
  for (const int channels : {3, 2, 1}) {
    set(lesson, "channels", channels);
    const Numbers b = values(lesson, "b"), a = values(lesson, "a"), largest = values(lesson, "max"),
                  mean = values(lesson, "mean");
    ASSERT_EQ(a.size(), 32u);
    for (int k = 0; k < 2; ++k)
      for (int p = 0; p < 4; ++p)
        for (int q = 0; q < 4; ++q) {
          float sum = b[static_cast<std::size_t>(k)];
          for (int c = 1; c <= channels; ++c)
            for (int r = 0; r < 3; ++r)
              for (int s = 0; s < 3; ++s)
                sum += lesson.sheet().at("x" + std::to_string(c), (p + r) * 6 + q + s) *
                       lesson.sheet().at("w" + std::to_string(c), (k * 3 + r) * 3 + s);
          EXPECT_EQ(a[static_cast<std::size_t>((k * 4 + p) * 4 + q)], std::max(sum, 0.0f))
              << channels << ": " << k << p << q;
        }
    for (std::size_t i = 0; i < largest.size(); ++i) {
      const std::size_t corner = i / 4 * 16 + i / 2 % 2 * 8 + i % 2 * 2;
      const std::array<float, 4> window{a[corner], a[corner + 1], a[corner + 4], a[corner + 5]};
      EXPECT_EQ(largest[i], *std::ranges::max_element(window));
      EXPECT_EQ(mean[i], std::accumulate(window.begin(), window.end(), 0.0f) / 4.0f);
    }
  }
}

// N4's form of the count, at this lesson's sizes: 6 inputs of 8 see windows of 3.
TEST(WeightSharing, Parameters) {
  WeightSharing lesson;
  lesson.reset(1);
  EXPECT_EQ(lesson.units(), 6);
  EXPECT_EQ(lesson.parameters(Wiring::kFull), 6 * 8 + 6);
  EXPECT_EQ(lesson.parameters(Wiring::kLocal), 6 * 3 + 6);
  EXPECT_EQ(lesson.parameters(Wiring::kShared), 3 + 1);
  set(lesson, "bias", 1);
  EXPECT_EQ(lesson.parameters(Wiring::kShared), 3 + 6);
  for (const Wiring wiring : {Wiring::kFull, Wiring::kLocal, Wiring::kShared}) {
    set(lesson, "wiring", static_cast<double>(wiring));
    std::int64_t parameters = 0;
    for (const TensorInfo& info : lesson.sheet().program().tensors)
      if (info.kind == TensorKind::kParameter) parameters += info.shape.size();
    EXPECT_EQ(parameters, lesson.parameters(wiring)) << "the count is that of the sheet's tensors";
  }
}

// y_i = max(0, Σ_j x_{i+j} w_j + b), deck 004, on 0 0 2 5 3 1 0 0 with −1 0 2 and b = 1.
TEST(WeightSharing, SharedIsACorrelation) {
  WeightSharing lesson;
  lesson.reset(1);
  const Numbers wanted{5, 11, 5, 0, 0, 0};
  for (int unit = 0; unit < 6; ++unit)
    EXPECT_EQ(lesson.sheet().at("y" + std::to_string(unit + 1), 0), wanted[static_cast<std::size_t>(unit)]) << unit;
}

// E23: only shared weights with a shared bias follow the input.
TEST(WeightSharing, EquivarianceNeedsASharedBias) {
  WeightSharing lesson;
  lesson.reset(1);
  for (const int shift : {1, 2, 3}) {
    set(lesson, "shift", shift);
    set(lesson, "wiring", 2);
    set(lesson, "bias", 0);
    EXPECT_GT(lesson.comparable(), 0);
    EXPECT_EQ(lesson.different(), 0) << shift;
    set(lesson, "bias", 1);
    EXPECT_GT(lesson.different(), 0) << "a bias of each unit's own";
    for (const int wiring : {0, 1}) {
      set(lesson, "wiring", wiring);
      EXPECT_GT(lesson.different(), 0) << wiring;
    }
  }
}

}  // namespace
}  // namespace chainrule
