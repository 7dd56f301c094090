// Vanishing gradients against the decks' numbers (N5, E6); each mistake in backpropagation is found by the gradient check,
// and right backpropagation passes it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "web/lessons/net/vanishing_lesson.h"
#include "web/lessons/net/wrong_lesson.h"
#include "web/lessons/tape/net_mistakes.h"

namespace chainrule {
namespace {

void set(Lesson& lesson, const std::string& name, double value) { ASSERT_TRUE(lesson.apply(Action::set(name, value)).ok()) << name; }

float number(const Lesson& lesson, std::string_view tensor, std::size_t index = 0) { return lesson.tensor(tensor).value().data[index]; }

// ----------------------------------------------------------------------------------------------------------- vanishing

TEST(Vanishing, Deck003sQuestion) {
  VanishingLesson lesson;
  lesson.reset(1);
  EXPECT_NEAR(number(lesson, "h1.w.grad"), 1e-10, 1e-17);  // "0.0000000001"
  EXPECT_EQ(number(lesson, "h1.w"), 0.5f);
  EXPECT_NEAR(number(lesson, "h1.w.updates"), 7e9, 7e9 * 1e-6);  // from 0.5 to −0.2 at η = 1
  EXPECT_TRUE(std::isinf(number(lesson, "h1.w.updates32"))) << "0.5f − 1e−10f is 0.5f";
  EXPECT_EQ(number(lesson, "h1.w.change"), 0.0f);
  EXPECT_EQ(number(lesson, "h1.w.gap"), 0x1p-25f);
  set(lesson, "lr", 0.01);
  EXPECT_NEAR(number(lesson, "h1.w.updates"), 7e11, 7e11 * 1e-6);
  // A step of half the gap is rounded back, too; one a little larger moves the weight by the whole gap.
  set(lesson, "lr", 0x1p-26 / 1e-10 * 0.999);
  EXPECT_EQ(number(lesson, "h1.w.change"), 0.0f);
  set(lesson, "lr", 0x1p-26 / 1e-10 * 1.001);
  EXPECT_EQ(number(lesson, "h1.w.change"), -0x1p-25f);
  EXPECT_EQ(number(lesson, "h1.w.updates32"), 0.7f / 0x1p-25f);
}

// σ′(0) = 1/4, exactly: with w = 1 ten hops make 0.25¹⁰ = 9.54e−7, seventeen 5.8e−11. With w = 4 nothing vanishes, and
// above it explodes: the factor of each hop is w · σ′ (E6).
TEST(Vanishing, TheProductOfQuartersAndWeights) {
  const struct {
    int hops;
    double w, product;
  } kCases[] = {{10, 1, 9.5367431640625e-7}, {17, 1, 5.8207660913467407e-11}, {10, 4, 1.0}, {29, 4, 1.0}, {10, 6, 57.6650390625}, {29, -4, -1.0}};
  for (const auto& [hops, w, product] : kCases) {
    VanishingLesson lesson;
    lesson.reset(1);
    set(lesson, "depth", hops + 1);
    set(lesson, "w", w);
    const double ratio = static_cast<double>(number(lesson, "h1.net.grad")) / static_cast<double>(number(lesson, "o.net.grad"));
    EXPECT_NEAR(ratio, product, 1e-6 * std::abs(product)) << hops << " hops, w = " << w;
    for (const TensorSummary& tensor : lesson.tensors())
      if (tensor.name.ends_with(".slope")) EXPECT_EQ(number(lesson, tensor.name), 0.25f) << tensor.name;
  }
}

TEST(Vanishing, MeanMagnitudesAreThoseOfTheGradients) {
  VanishingLesson lesson;
  lesson.reset(3);
  set(lesson, "width", 5);
  set(lesson, "weights", 1);
  set(lesson, "depth", 4);
  const auto gradient = lesson.tensor("h2.w.grad").value().data;
  double sum = 0.0;
  for (const float g : gradient) sum += std::abs(static_cast<double>(g));
  EXPECT_NEAR(number(lesson, "h2.w.grad.size"), sum / 25.0, 1e-6 * sum);
}

// At η = 1 the last weights learn, and the first ones are where they were.
TEST(Vanishing, EarlyLayersStandStill) {
  VanishingLesson lesson;
  lesson.reset(1);
  for (int i = 0; i < 50; ++i) lesson.advance(1'000'000);
  EXPECT_EQ(number(lesson, "h1.w.moved"), 0.0f);
  EXPECT_EQ(number(lesson, "h3.w.moved"), 0.0f);
  EXPECT_GT(std::abs(number(lesson, "o.w.moved")), 0.1f);
  // ReLU with w = 1 hands the gradient on whole.
  set(lesson, "activation", static_cast<double>(Activation::kRelu));
  set(lesson, "w", 1);
  EXPECT_EQ(number(lesson, "h1.net.grad"), number(lesson, "o.net.grad"));
}

// ------------------------------------------------------------------------------------------------------------ mistakes

bool passes(const NetModel& model) { return std::ranges::all_of(check_gradients(model), &CheckedGradient::right); }

TEST(Mistakes, RightGradientsPassAndEachMistakeFails) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    WrongLesson lesson;
    lesson.reset(seed);
    for (int made = -1; made < kNetMistakes; ++made) {
      for (int m = 0; m < kNetMistakes; ++m) set(lesson, std::string(mistake_text(static_cast<NetMistake>(m)).param), m == made);
      for (const int steps : {0, 25}) {
        for (int i = 0; i < steps; ++i) lesson.advance(1'000'000);
        SCOPED_TRACE("seed " + std::to_string(seed) + ", mistake " + std::to_string(made) + ", step " + std::to_string(steps));
        EXPECT_TRUE(passes(lesson.model(WrongLesson::kRight)));
        EXPECT_EQ(passes(lesson.model(WrongLesson::kChecked)), made < 0);
        EXPECT_EQ(lesson.state_hash(), [&] { const Snapshot kept = lesson.save(); lesson.restore(kept); return lesson.state_hash(); }());
      }
    }
  }
}

// What each wrong rule computes, worked out in double from the right numbers of the same weights.
TEST(Mistakes, AreTheRulesThatTheySay) {
  const auto gradients = [](NetMistake mistake, std::string_view tensor) {
    WrongLesson lesson;
    lesson.reset(4);
    for (int m = 0; m < kNetMistakes; ++m) set(lesson, std::string(mistake_text(static_cast<NetMistake>(m)).param), static_cast<int>(mistake) == m);
    const auto wrong = lesson.tensor(tensor).value().data;
    const auto right = lesson.tensor("right." + std::string(tensor)).value().data;
    return std::pair(std::vector<float>(wrong.begin(), wrong.end()), std::vector<float>(right.begin(), right.end()));
  };
  const auto [turned, straight] = gradients(NetMistake::kSign, "h1.w.grad");
  const auto [whole, mean] = gradients(NetMistake::kMeanForgotten, "h1.w.grad");
  for (std::size_t i = 0; i < straight.size(); ++i) {
    EXPECT_EQ(turned[i], -straight[i]);
    EXPECT_NEAR(whole[i], 4.0f * mean[i], 1e-6f * std::abs(whole[i]));
  }
  const auto [flat, sloped] = gradients(NetMistake::kSlopeLeftOut, "o.net.grad");
  WrongLesson lesson;
  lesson.reset(4);
  for (std::size_t n = 0; n < flat.size(); ++n) {
    const float slope = number(lesson, "right.o.slope", n);
    EXPECT_NEAR(sloped[n], flat[n] * slope, 1e-6f * std::abs(sloped[n]));
  }
  set(lesson, "slope-left-out", 0);
  set(lesson, "weight-for-input", 1);
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0.0;
    for (std::size_t n = 0; n < 4; ++n) sum += static_cast<double>(number(lesson, "o.net.grad", n));
    EXPECT_NEAR(number(lesson, "o.w.grad", i), sum * static_cast<double>(number(lesson, "o.w", i)), 1e-6);
  }
  set(lesson, "weight-for-input", 0);
  set(lesson, "transpose-forgotten", 1);
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < 3; ++j) sum += static_cast<double>(number(lesson, "h2.net.grad", j)) * static_cast<double>(number(lesson, "h2.w", i * 3 + j));
    EXPECT_NEAR(number(lesson, "h1.out.grad", i), sum, 1e-6) << "W where Wᵀ belongs";
  }
  set(lesson, "transpose-forgotten", 0);
  set(lesson, "updated-weights", 1);
  for (std::size_t i = 0; i < 3; ++i) {
    const double next = static_cast<double>(number(lesson, "o.w", i)) - lesson.param("lr") * static_cast<double>(number(lesson, "o.w.grad", i));
    EXPECT_NEAR(number(lesson, "h2.out.grad", i), static_cast<double>(number(lesson, "o.net.grad", 0)) * next, 1e-6);
  }
}

TEST(Mistakes, TheTraceOfErrorsIsThinnedOut) {
  StepTrace trace;
  for (std::int64_t step = 0; step <= 5000; ++step) trace.put(step, static_cast<float>(step));
  EXPECT_LE(trace.values().size(), StepTrace::kMost);
  for (std::size_t i = 0; i < trace.values().size(); ++i)
    EXPECT_EQ(trace.values()[i], static_cast<float>(static_cast<std::int64_t>(i) * trace.stride()));
  const auto count = trace.values().size();
  trace.put(5000, -1.0f);
  EXPECT_EQ(trace.values().size(), count);
  if (5000 % trace.stride() == 0) EXPECT_EQ(trace.values().back(), -1.0f);
}

}  // namespace
}  // namespace chainrule
