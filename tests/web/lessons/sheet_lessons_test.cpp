// Backward by sliding, channels and pooling, weight sharing: their numbers by plain loops and by measured slopes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>

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

// N4: 28 · 28 · 6 units on 32 · 32 pixels, or six kernels of 5 · 5 and as many biases.
TEST(WeightSharing, CountsTellWhereTheyComeFrom) {
  WeightSharing lesson;
  lesson.reset(1);
  const auto count = [&](const char* name) { return lesson.sheet().at(name, 0); };
  EXPECT_EQ(count("lenet.units"), 4704);
  EXPECT_EQ(count("lenet.full.weights"), 4816896);
  EXPECT_EQ(count("lenet.shared"), 156);
  const auto full = lesson.explain({"counts.full.weights", 0, 0});
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full.value().formula, "weights = units · inputs");
  ASSERT_EQ(full.value().operands.size(), 2u);
  EXPECT_EQ(full.value().operands[0].tensor, "counts.units");
  EXPECT_EQ(full.value().operands[1].tensor, "inputs");
  ASSERT_TRUE(lesson.apply(Action::edit("inputs", 0, 5.0f)).ok());
  EXPECT_EQ(lesson.inputs(), 5);
  EXPECT_EQ(count("counts.full"), 3 * 5 + 3);
}

// y_i = max(0, Σ_j x_{i+j} w_{2−j} + b): the weights of SharedIsACorrelation turned round, 2 0 −1.
TEST(WeightSharing, ConvolutionTurnsTheWeights) {
  WeightSharing lesson;
  lesson.reset(1);
  set(lesson, "operation", 1);
  const Numbers x{0, 0, 2, 5, 3, 1, 0, 0}, turned{2, 0, -1};
  for (const int wiring : {1, 2}) {
    set(lesson, "wiring", wiring);
    for (int unit = 0; unit < 6; ++unit) {
      const Numbers w = wiring == 2 ? Numbers{-1, 0, 2} : values(lesson, lesson.weights_of(unit));
      float sum = 0.0f;
      for (int j = 0; j < 3; ++j)
        sum += x[static_cast<std::size_t>(unit + j)] * w[static_cast<std::size_t>(lesson.weight_at(j))];
      EXPECT_EQ(lesson.weight_at(0), 2);
      EXPECT_EQ(lesson.sheet().at("s" + std::to_string(unit + 1), 0), sum) << wiring << ", " << unit;
    }
  }
  EXPECT_EQ(lesson.sheet().at("s1", 0), -2);
  EXPECT_EQ(lesson.sheet().at("s4", 0), 9) << "5 · 2 + 3 · 0 + 1 · (−1)";
  set(lesson, "shift", 2);
  EXPECT_EQ(lesson.different(), 0) << "a convolution is as equivariant as a correlation";
  set(lesson, "wiring", 0);
  EXPECT_FALSE(lesson.turned());
}

// One layer in three wirings: local weights that are all the shared ones, and full weights that are those in the window
// and 0 elsewhere, make the same bits, shifted or not, correlation or convolution.
TEST(WeightSharing, WiringsAgreeWhereTheirWeightsDo) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> number(-3.0f, 3.0f);
  for (int trial = 0; trial < 60; ++trial) {
    WeightSharing lesson;
    lesson.reset(1);
    set(lesson, "inputs", 4 + trial % 5);
    set(lesson, "window", 1 + trial % 4);
    set(lesson, "shift", trial % 3);
    set(lesson, "activation", trial % 2);
    set(lesson, "operation", trial / 2 % 2);
    const auto fill = [&](const std::string& tensor, const Numbers& numbers) {
      std::vector<float> stroke;
      for (std::size_t i = 0; i < numbers.size(); ++i) stroke.insert(stroke.end(), {static_cast<float>(i), numbers[i]});
      ASSERT_TRUE(lesson.apply(SheetLesson::paint(tensor, stroke)).ok()) << tensor;
    };
    Numbers x(static_cast<std::size_t>(lesson.inputs())), w(static_cast<std::size_t>(lesson.window()));
    for (Numbers* numbers : {&x, &w}) std::ranges::generate(*numbers, [&] { return number(random); });
    const Numbers bias{number(random)};
    const auto outputs = [&] {
      Numbers all;
      for (int unit = 0; unit < lesson.units(); ++unit)
        for (const char* mark : {"", "′"})
          for (const char* letter : {"s", "z", "y"}) {
            const Numbers found = values(lesson, letter + std::to_string(unit + 1) + mark);
            all.insert(all.end(), found.begin(), found.end());
          }
      return all;
    };
    fill("x", x);
    fill("w", w);
    fill("b", bias);
    const Numbers shared = outputs();
    ASSERT_FALSE(shared.empty());
    set(lesson, "wiring", 1);
    for (int unit = 0; unit < lesson.units(); ++unit)
      fill(lesson.weights_of(unit), w), fill(lesson.bias_of(unit), bias);
    const Numbers local = outputs();
    const bool turned = lesson.turned();
    set(lesson, "wiring", 0);
    for (int unit = 0; unit < lesson.units(); ++unit) {
      Numbers row(x.size(), 0.0f);
      for (std::size_t j = 0; j < w.size(); ++j)
        row[static_cast<std::size_t>(unit) + j] = w[turned ? w.size() - 1 - j : j];
      fill(lesson.weights_of(unit), row);
    }
    const Numbers full = outputs();
    const auto bits = [](const Numbers& numbers) {
      std::vector<std::uint32_t> result;
      for (const float value : numbers) result.push_back(std::bit_cast<std::uint32_t>(value));
      return result;
    };
    EXPECT_EQ(bits(local), bits(shared)) << trial;
    EXPECT_EQ(bits(full), bits(shared)) << trial;
  }
}

}  // namespace
}  // namespace chainrule
