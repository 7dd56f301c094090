// The numbers of "Fit a line" and "Batch size and noise" against arithmetic in double that knows nothing of them.
#include <gtest/gtest.h>

#include <cmath>

#include "web/lessons/fit/batch_noise.h"
#include "web/lessons/fit/fit_a_line.h"

namespace chainrule {
namespace {

double loss_of(const FitPoints& points, double w0, double w1) {
  double sum = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double r = w0 + w1 * static_cast<double>(points.x[i]) - static_cast<double>(points.y[i]);
    sum += 0.5 * r * r;
  }
  return sum / static_cast<double>(points.size());
}

void set(Lesson& lesson, const char* name, double value) { ASSERT_TRUE(lesson.apply(Action::set(name, value)).ok()) << name; }

void step(Lesson& lesson) {
  while (!lesson.advance(1 << 24)) continue;
}

TEST(FitALineTest, ClosedFormAndGradientsAreThoseOfDoubles) {
  for (int data = 0; data < 4; ++data) {
    FitALine lesson;
    set(lesson, "data", data);
    lesson.reset(7);
    const FitPoints& points = lesson.points();
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double x = points.x[i], y = points.y[i];
      n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx), intercept = (sy - slope * sx) / n;
    EXPECT_NEAR(lesson.values("w.closed")[1], slope, 2e-4 * std::max(1.0, std::abs(slope)));
    EXPECT_NEAR(lesson.values("w.closed")[0], intercept, 5e-4 * std::max(1.0, std::abs(intercept)));
    const double w0 = lesson.values("w")[0], w1 = lesson.values("w")[1], e = 1e-5;
    EXPECT_NEAR(lesson.values("J")[0], loss_of(points, w0, w1), 1e-5 * (1 + loss_of(points, w0, w1)));
    EXPECT_NEAR(lesson.values("g.all")[0], (loss_of(points, w0 + e, w1) - loss_of(points, w0 - e, w1)) / (2 * e), 1e-4);
    EXPECT_NEAR(lesson.values("g.all")[1], (loss_of(points, w0, w1 + e) - loss_of(points, w0, w1 - e)) / (2 * e), 4e-4);
    EXPECT_NEAR(LineLosses().at(points, {w0, w1}), loss_of(points, w0, w1), 1e-5 * (1 + loss_of(points, w0, w1)));
    // Curvatures of J: the Hessian XᵀX / m, whose trace and determinant are the sum and the product of the eigenvalues.
    const double greatest = lesson.values("lambda")[0], least = lesson.values("lambda")[1];
    EXPECT_NEAR(greatest + least, 1 + sxx / n, 1e-4 * (1 + sxx / n));
    EXPECT_NEAR(greatest * least, sxx / n - sx * sx / (n * n), 1e-3 * greatest);
    EXPECT_NEAR(lesson.values("lr.limit")[0], 2 / greatest, 1e-5);
    EXPECT_NEAR(lesson.values("lr.best")[0], 2 / (greatest + least), 1e-5);
  }
}

TEST(FitALineTest, TheStableLimitIsWhereStepsBeginToGrow) {
  for (const double share : {0.97, 1.03}) {
    FitALine lesson;
    lesson.reset(1);
    const double limit = lesson.values("lr.limit")[0];
    set(lesson, "lr", share * limit);
    for (int i = 0; i < 60; ++i) step(lesson);
    const double before = lesson.values("J")[0] - lesson.values("J.closed")[0];
    for (int i = 0; i < 30; ++i) step(lesson);
    const double after = lesson.values("J")[0] - lesson.values("J.closed")[0];
    if (share < 1) EXPECT_LT(after, before);
    else EXPECT_GT(after, 2 * before);
  }
}

TEST(FitALineTest, AnEpochOfBatchesHasTheGradientOfAllPoints) {
  FitALine lesson;
  set(lesson, "batch", 2);
  set(lesson, "size", 4);
  lesson.reset(3);
  ASSERT_EQ(lesson.points().size(), 12u);
  EXPECT_EQ(lesson.steps_per_epoch(), 3);
  set(lesson, "lr", 1e-3);
  std::vector<int> seen(12, 0);
  for (int i = 0; i < 3; ++i) {
    double g0 = 0;
    for (const std::uint32_t k : lesson.batch()) {
      ++seen[k];
      g0 += static_cast<double>(lesson.values("yhat")[k]) - static_cast<double>(lesson.points().y[k]);
    }
    EXPECT_NEAR(lesson.values("g")[0], g0 / 4, 1e-5);
    const float w = lesson.values("w")[0], g = lesson.values("g")[0];
    step(lesson);
    EXPECT_EQ(lesson.values("w")[0], w - 1e-3f * g);
  }
  EXPECT_EQ(seen, std::vector<int>(12, 1));
}

TEST(FitALineTest, PointsAndWeightsCanBeChanged) {
  FitALine lesson;
  lesson.reset(1);
  ASSERT_TRUE(lesson.apply(Action::command("move", 3, {0.25f, -2.0f})).ok());
  EXPECT_EQ(lesson.values("X")[7], 0.25f);
  EXPECT_EQ(lesson.values("y")[3], -2.0f);
  ASSERT_TRUE(lesson.apply(Action::command("add", 0, {1, 1})).ok());
  EXPECT_EQ(lesson.points().size(), 13u);
  ASSERT_TRUE(lesson.apply(Action::command("remove", 0)).ok());
  EXPECT_EQ(lesson.points().size(), 12u);
  EXPECT_EQ(lesson.values("y")[2], -2.0f);
  ASSERT_TRUE(lesson.apply(Action::assign("w", {1, -1})).ok());
  EXPECT_EQ(lesson.values("w")[1], -1.0f);
  for (const Action& wrong : {Action::command("move", 99, {0, 0}), Action::command("move", 0, {1}), Action::command("add", 0, {std::nanf(""), 0}), Action::assign("w", {1}),
                              Action::command("fly"), Action::edit("J", 0, 1)})
    EXPECT_FALSE(lesson.apply(wrong).ok()) << wrong.name;
  // A state with other points is taken by a sibling.
  step(lesson);
  const std::unique_ptr<Lesson> other = lesson.sibling();
  other->reset(9);
  ASSERT_TRUE(other->check(lesson.save()).ok());
  other->restore(lesson.save());
  EXPECT_EQ(other->state_hash(), lesson.state_hash());
}

// The gradient of sample i for each of the network's 13 weights, by central differences of a network in double.
TEST(BatchNoiseTest, GradientsOfSamplesAreThoseOfANetworkInDouble) {
  BatchNoise lesson;
  set(lesson, "model", 1);
  lesson.reset(5);
  std::vector<double> weights;
  for (const char* name : {"fc1.w", "fc1.b", "fc2.w", "fc2.b"})
    for (const float w : lesson.values(name)) weights.push_back(w);
  ASSERT_EQ(weights.size(), 13u);
  const auto loss = [&](std::size_t i) {
    double out = weights[12];
    for (std::size_t k = 0; k < 4; ++k) out += weights[8 + k] * std::tanh(weights[k] * static_cast<double>(lesson.points().x[i]) + weights[4 + k]);
    const double r = out - static_cast<double>(lesson.points().y[i]);
    return 0.5 * r * r;
  };
  for (std::size_t i = 0; i < lesson.points().size(); i += 5) {
    for (std::size_t p = 0; p < 13; ++p) {
      const double kept = weights[p];
      weights[p] = kept + 1e-5;
      const double above = loss(i);
      weights[p] = kept - 1e-5;
      const double below = loss(i);
      weights[p] = kept;
      EXPECT_NEAR(lesson.values("gradients")[13 * i + p], (above - below) / 2e-5, 2e-5) << i << " " << p;
    }
  }
}

// All batches of two: the mean of (their mean − the mean of all)² is σ²/B · (n − B)/(n − 1) without, σ²/B with replacement.
TEST(BatchNoiseTest, ExpectedVariancesAreThoseOfAllBatches) {
  for (const bool replacement : {false, true}) {
    BatchNoise lesson;
    set(lesson, "count", 9);
    set(lesson, "size", 2);
    set(lesson, "replacement", replacement ? 1 : 0);
    lesson.reset(2);
    const auto samples = lesson.values("samples");
    double mean = 0, sum = 0, batches = 0;
    for (std::size_t i = 0; i < 9; ++i) mean += static_cast<double>(samples[2 * i]) / 9;
    for (std::size_t i = 0; i < 9; ++i) {
      for (std::size_t j = 0; j < 9; ++j) {
        if (i == j && !replacement) continue;
        const double d = 0.5 * (static_cast<double>(samples[2 * i]) + static_cast<double>(samples[2 * j])) - mean;
        sum += d * d, batches += 1;
      }
    }
    EXPECT_NEAR(lesson.values("expected")[0], sum / batches, 1e-4 * sum / batches);
    EXPECT_NEAR(lesson.values("measured")[0], sum / batches, 0.35 * sum / batches) << "200 draws: five standard deviations";
  }
}

TEST(BatchNoiseTest, TheBatchOfAllHasNoNoise) {
  BatchNoise lesson;
  set(lesson, "count", 16);
  set(lesson, "size", 16);
  lesson.reset(1);
  EXPECT_NEAR(lesson.values("measured")[0], 0.0, 1e-9);
  EXPECT_EQ(lesson.values("expected")[0], 0.0f);
  EXPECT_NEAR(lesson.values("angle")[0], 0.0, 1e-2);
}

TEST(BatchNoiseTest, DrawsWithoutReplacementAreDifferent) {
  Rng rng(1, "test");
  for (int repeat = 0; repeat < 100; ++repeat) {
    std::vector<float> batch(5);
    draw_samples(rng, 8, false, batch);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_GE(batch[i], 0.0f);
      EXPECT_LT(batch[i], 8.0f);
      for (std::size_t j = 0; j < i; ++j) EXPECT_NE(batch[i], batch[j]);
    }
  }
}

}  // namespace
}  // namespace chainrule
