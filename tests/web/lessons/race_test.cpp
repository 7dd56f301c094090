// The optimizer race: the lecture's numbers, what diverges, and formulas of a person's own.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/web/support/lesson_players.h"
#include "web/lessons/race/race_lesson.h"

namespace chainrule {
namespace {

std::unique_ptr<Player> race() {
  return std::make_unique<Player>([] { return std::make_unique<RaceLesson>(); });
}

double number(const Player& player, const std::string& tensor) {
  const Result<TensorValues> values = player.lesson().tensor(tensor);
  EXPECT_TRUE(values.ok()) << tensor;
  return values.ok() ? static_cast<double>(values.value().data[0]) : std::nan("");
}

void steps(Player& player, std::int64_t count) {
  player.step_by(count);
  work_off(player);
}

void set(Player& player, const char* name, double value) {
  const Status status = player.apply(Action::set(name, value));
  EXPECT_TRUE(status.ok()) << name;
}

void expect_at(const Player& player, const std::string& racer, double x, double y) {
  EXPECT_NEAR(number(player, racer + ".x"), x, 2e-6 * std::abs(x)) << racer;
  EXPECT_NEAR(number(player, racer + ".y"), y, 2e-6) << racer;
}

// NUMBERS: f = (x² + 10 y²)/2 from (10, 1).
TEST(Race, FirstStepsAreThoseOfTheLecture) {
  const auto player = race();
  EXPECT_NEAR(number(*player, "gd.f"), 55.0, 1e-5);
  steps(*player, 1);
  expect_at(*player, "gd", 9.0, 0.0);
  EXPECT_NEAR(number(*player, "gd.f"), 40.5, 1e-5);
  expect_at(*player, "momentum", 9.8, 0.8);
  expect_at(*player, "adam", 9.9, 0.9);
  set(*player, "adam-form", 1);
  steps(*player, 1);
  expect_at(*player, "adam", 9.683772, 0.683772);
  set(*player, "adam-form", 2);
  steps(*player, 1);
  EXPECT_NEAR(number(*player, "adam.x"), 9.0, 2e-5);  // ten times the rate
  EXPECT_NEAR(number(*player, "adam.y"), 0.0, 2e-5);
}

TEST(Race, CurvatureGivesTheStableAndTheBestRate) {
  const auto player = race();
  EXPECT_NEAR(number(*player, "quadratic.η.stable"), 0.2, 1e-7);
  EXPECT_NEAR(number(*player, "quadratic.η.best"), 2.0 / 11.0, 1e-7);
  EXPECT_NEAR(number(*player, "quadratic.factor"), 9.0 / 11.0, 1e-7);
  // With the best rate both coordinates shrink by that factor, in size.
  set(*player, "lr-gd", 2.0 / 11.0);
  steps(*player, 10);
  EXPECT_NEAR(number(*player, "gd.x"), 10.0 * std::pow(9.0 / 11.0, 10), 1e-5);
  EXPECT_NEAR(std::abs(number(*player, "gd.y")), std::pow(9.0 / 11.0, 10), 1e-5);
  set(*player, "rotation", 30);
  EXPECT_NEAR(number(*player, "quadratic.λ.max"), 10.0, 1e-3);
  EXPECT_NEAR(number(*player, "quadratic.λ.min"), 1.0, 1e-3);
  set(*player, "surface", static_cast<double>(SurfaceKind::kRosenbrock));
  EXPECT_FALSE(player->lesson().tensor("quadratic.κ").ok()) << "it is no quadratic";
}

TEST(Race, BelowTheStableRateItConvergesAndFromItOnItDoesNot) {
  for (const auto& [rate, converges] : {std::pair{0.195, true}, std::pair{0.205, false}}) {
    const auto player = race();
    set(*player, "lr-gd", rate);
    steps(*player, 200);
    EXPECT_EQ(std::abs(number(*player, "gd.y")) < 0.05, converges) << rate;
  }
}

TEST(Race, WhatDivergesStopsAndSaysWhenAndTheOthersRunOn) {
  const auto player = race();
  set(*player, "lr-gd", 3.0);
  steps(*player, 100);
  const auto& lesson = dynamic_cast<const RaceLesson&>(player->lesson());
  const Racer& gd = lesson.racers()[0];
  ASSERT_GT(gd.stopped(), 5);
  EXPECT_EQ(gd.stopped_by(), "f");
  EXPECT_EQ(gd.path().x.values().size(), static_cast<std::size_t>(gd.stopped()) + 1);
  EXPECT_EQ(player->step(), 100);
  EXPECT_LT(number(*player, "adam.f"), 55.0);
  EXPECT_EQ(lesson.divergence(), "") << "others still run";
  // Its last number explains itself at the step where it came to be.
  const ElementRef last = lesson.reference(0, gd.f());
  EXPECT_EQ(last.step, gd.stopped());
  const Result<Explanation> explained = player->explain(last);
  ASSERT_TRUE(explained.ok()) << explained.error_message();
  EXPECT_FALSE(explained.value().derivation.empty());
  for (const char* racer : {"momentum", "adam"}) set(*player, racer, 0);
  EXPECT_NE(lesson.divergence().find("of GD is not finite"), std::string::npos) << lesson.divergence();
}

TEST(Race, TheNumbersOfTheStepToComeExplainThemselves) {
  const auto player = race();
  steps(*player, 3);
  for (const char* name : {"adam.x.m\u2032", "adam.x.v\u2032", "adam.x.m.hat", "adam.x.v.hat", "adam.x.direction", "adam.x.change", "momentum.y.velocity\u2032", "gd.x\u2032", "quadratic.η.best"}) {
    SCOPED_TRACE(name);
    const double shown = number(*player, name);
    const Result<Explanation> explained = player->explain({name, 0, 3});
    ASSERT_TRUE(explained.ok()) << explained.error_message();
    const Explanation& e = explained.value();
    EXPECT_EQ(static_cast<double>(e.derivation.evaluate()), shown);
    for (std::size_t operand = 0; operand < e.operands.size(); ++operand) {
      const Result<Explanation> below = player->explain(e.operands[operand]);
      ASSERT_TRUE(below.ok()) << below.error_message();
      EXPECT_EQ(below.value().value, e.derivation.operand_value(static_cast<std::int32_t>(operand))) << e.operands[operand].tensor;
    }
  }
  // What is to come at step 3 is there at step 4.
  const double next = number(*player, "adam.x\u2032");
  steps(*player, 1);
  EXPECT_EQ(number(*player, "adam.x"), next);
}

TEST(Race, AllSixRunDownEverySurface) {
  for (std::size_t surface = 0; surface < kSurfaceNames.size(); ++surface) {
    SCOPED_TRACE(kSurfaceNames[surface]);
    const auto player = race();
    ASSERT_TRUE(player->apply(Action::command("surface", static_cast<double>(surface))).ok());
    const double before = number(*player, "gd.f");
    steps(*player, 300);
    for (const RacerKind& kind : kRacers) {
      const double after = number(*player, std::string(kind.id) + ".f");
      if (static_cast<SurfaceKind>(surface) != SurfaceKind::kSaddle) {
        EXPECT_TRUE(std::isfinite(after)) << kind.id;
      }
      EXPECT_TRUE(!(after >= before)) << kind.id << " went from " << before << " to " << after;
    }
  }
}

TEST(Race, AFormulaOfOnesOwnGoesAlongInLinksAndUndo) {
  const auto player = race();
  steps(*player, 5);
  const std::uint64_t bowl = player->state_hash();
  player->end_gesture();
  ASSERT_TRUE(player->apply(Action::command("surface", static_cast<double>(SurfaceKind::kOwn))).ok());
  player->end_gesture();
  ASSERT_TRUE(player->apply(Action::command("function", 0.0, {}, "x^2 + 1/y")).ok());
  EXPECT_EQ(player->step(), 0);
  steps(*player, 4);
  const std::uint64_t there = player->state_hash();
  const auto other = race();
  const Link link = parse_link(player->link(), other->lesson().params());
  EXPECT_TRUE(link.notes.empty());
  EXPECT_TRUE(other->open(link).empty());
  work_off(*other);
  EXPECT_EQ(other->state_hash(), there) << player->link();
  EXPECT_EQ(dynamic_cast<const RaceLesson&>(other->lesson()).formula(), "x^2 + 1/y");
  player->reset();
  EXPECT_EQ(dynamic_cast<const RaceLesson&>(player->lesson()).formula(), "x^2 + 1/y") << "starting over keeps the formula";
  for (int i = 0; i < 3; ++i) {
    player->undo();
    work_off(*player);
  }
  EXPECT_EQ(player->state_hash(), bowl);
  const Status refused = player->apply(Action::command("function", 0.0, {}, "x +"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error_message(), "Column 4: the formula ends here; a number, x, y, a function or \"(\" would do.");
}

TEST(Race, AHoleStopsWhoFallsIntoIt) {
  const auto player = race();
  ASSERT_TRUE(player->apply(Action::command("surface", static_cast<double>(SurfaceKind::kOwn))).ok());
  ASSERT_TRUE(player->apply(Action::command("function", 0.0, {}, "1/x + y^2")).ok());
  ASSERT_TRUE(player->apply(Action::command("start", 0.0, {0.0f, 1.0f})).ok());
  const auto& lesson = dynamic_cast<const RaceLesson&>(player->lesson());
  EXPECT_EQ(lesson.racers()[0].stopped(), 0);
  EXPECT_NE(lesson.divergence(), "");
  steps(*player, 3);
  EXPECT_EQ(player->step(), 3);
  // A formula without x and y has no way to go, and none without one of them goes sideways.
  ASSERT_TRUE(player->apply(Action::command("function", 0.0, {}, "y^2")).ok());
  steps(*player, 3);
  EXPECT_EQ(number(*player, "gd.x"), 0.0);
  ASSERT_TRUE(player->apply(Action::command("function", 0.0, {}, "3")).ok());
  steps(*player, 3);
  EXPECT_EQ(number(*player, "gd.y"), 1.0);
  ASSERT_TRUE(player->apply(Action::command("function", 0.0, {}, "x")).ok());
  steps(*player, 1);
  EXPECT_LT(number(*player, "gd.x"), 0.0);
}

TEST(Race, ADraggedStartIsOneAction) {
  const auto player = race();
  for (const float x : {1.0f, 2.0f, 3.0f}) ASSERT_TRUE(player->apply(Action::command("start", 0.0, {x, 2.0f})).ok());
  EXPECT_EQ(number(*player, "gd.x"), 3.0);
  player->end_gesture();
  player->undo();
  work_off(*player);
  EXPECT_EQ(number(*player, "gd.x"), 10.0);
  EXPECT_FALSE(player->apply(Action::command("start", 0.0, {1.0f})).ok());
}

}  // namespace
}  // namespace chainrule
