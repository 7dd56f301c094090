#include <gtest/gtest.h>

#include <limits>

#include "tests/web/support/player_steps.h"

namespace chainrule {
namespace {

const std::vector<Blob> kFiles = {{"big", nullptr}};

// ------------------------------------------------------------------------------------------------ forward and back

TEST(Player, BeginsAtStepZeroWithItsSeed) {
  const Player a(make_fake, 7), b(make_fake, 7), c(make_fake, 8);
  EXPECT_EQ(a.step(), 0);
  EXPECT_EQ(a.state_hash(), b.state_hash());
  EXPECT_NE(a.state_hash(), c.state_hash());
}

TEST(Player, StepsAreSlicedByTheBudget) {
  Player player(make_fake);
  player.step_by(1);
  player.advance(kWork - 1);
  EXPECT_EQ(player.step(), 0);
  EXPECT_EQ(player.lesson().phase(), "backward");
  player.advance(1);
  EXPECT_EQ(player.step(), 1);
  EXPECT_FALSE(player.working());
}

TEST(Player, ABudgetHoldsSeveralSteps) {
  Player player(make_fake);
  player.play();
  player.advance(10 * kWork);
  EXPECT_EQ(player.step(), 10);
}

TEST(Player, EveryWayToAStepGivesTheSameHash) {
  Player player(make_fake);
  const std::vector<std::uint64_t> hashes = run(player, 300);
  for (const std::int64_t step : {299, 298, 0, 1, 150, 149, 7, 300, 290, 2, 42, 43}) {
    go_to(player, step);
    EXPECT_EQ(player.state_hash(), hashes[static_cast<std::size_t>(step)]) << step;
    EXPECT_EQ(player.last_step(), 300);
  }
  Player leap(make_fake);
  go_to(leap, 217);
  EXPECT_EQ(leap.state_hash(), hashes[217]);
}

TEST(Player, AStepGoneBackToKnowsItsTensors) {
  Player player(make_fake);
  run(player, 40);
  for (const std::int64_t step : {39, 12, 1}) {
    go_to(player, step);
    const Result<TensorValues> x = player.lesson().tensor("x");
    ASSERT_TRUE(x.ok()) << x.error_message();
    EXPECT_EQ(x.value().step, step);
  }
}

TEST(Player, SteppingBackCostsOneStep) {
  Player player(make_fake);
  run(player, 100);
  for (int back = 1; back < Keyframes::kRing; ++back) {
    player.step_by(-1);
    EXPECT_EQ(player.progress().total, 1);
    player.advance(kWork);
    EXPECT_EQ(player.step(), 100 - back);
    EXPECT_FALSE(player.working());
  }
}

TEST(Player, RepeatedStepsAddUp) {
  Player player(make_fake);
  player.step_by(3);
  player.step_by(4);
  work_off(player);
  EXPECT_EQ(player.step(), 7);
  player.step_by(-2);
  player.step_by(-2);
  player.step_by(1);
  work_off(player);
  EXPECT_EQ(player.step(), 4);
  player.step_by(-100);
  work_off(player);
  EXPECT_EQ(player.step(), 0);
}

TEST(Player, ShowsHowFarASeekIs) {
  Player player(make_fake);
  player.seek(50);
  EXPECT_EQ(player.progress().total, 50);
  player.advance(20 * kWork);
  EXPECT_EQ(player.progress().done, 20);
  EXPECT_TRUE(player.seeking());
}

// ------------------------------------------------------------------------------------------------------------- speed

TEST(Player, KeepsItsSpeed) {
  Player player(make_fake);
  player.set_speed(30);
  player.play();
  for (int frame = 0; frame < 120; ++frame) player.advance(100 * kWork, 1.0 / 60.0);
  EXPECT_NEAR(static_cast<double>(player.step()), 60, 1);
}

TEST(Player, APauseDoesNotSaveUpSteps) {
  Player player(make_fake);
  player.set_speed(10);
  for (int frame = 0; frame < 60; ++frame) player.advance(100 * kWork, 1.0);
  player.play();
  player.advance(100 * kWork, 0.05);
  EXPECT_EQ(player.step(), 0);
}

TEST(Player, PauseFinishesTheStartedStep) {
  Player player(make_fake);
  player.play();
  player.advance(kWork + kWork / 2);
  player.pause();
  EXPECT_TRUE(player.working());
  work_off(player);
  EXPECT_EQ(player.step(), 2);
  EXPECT_EQ(player.lesson().phase(), "");
}

TEST(Player, WantsWorkOnlyWhileThereIsSome) {
  Player player(make_fake);
  for (int frame = 0; frame < 3; ++frame) player.advance(kWork);
  EXPECT_FALSE(player.wants_work());
  player.step_by(1);
  EXPECT_TRUE(player.wants_work());
  for (int frame = 0; frame < 3; ++frame) player.advance(kWork);
  EXPECT_FALSE(player.wants_work());
}

// ----------------------------------------------------------------------------------------------------------- actions

TEST(Player, ActionsArePartOfTheReplay) {
  Player player(make_fake);
  run(player, 10);
  set(player, "rate", 0.5);
  run(player, 20);
  ASSERT_TRUE(player.apply(Action::assign("w", {3.0f})).ok());
  const std::uint64_t edited = player.state_hash();
  run(player, 30);
  const std::uint64_t end = player.state_hash();
  go_to(player, 5);
  EXPECT_FLOAT_EQ(static_cast<float>(player.lesson().param("rate")), 0.1f);
  go_to(player, 20);
  EXPECT_EQ(player.state_hash(), edited);
  go_to(player, 30);
  EXPECT_EQ(player.state_hash(), end);
  go_to(player, 0);
  player.play();
  while (player.step() < 30) player.advance(kWork);
  EXPECT_EQ(player.state_hash(), end);
}

TEST(Player, AnActionInThePastBeginsAnotherFuture) {
  Player player(make_fake);
  run(player, 10);
  set(player, "rate", 0.5);
  run(player, 40);
  const std::uint64_t old_end = player.state_hash();
  go_to(player, 20);
  set(player, "rate", 0.9);
  EXPECT_EQ(player.last_step(), 20);
  EXPECT_EQ(player.timeline().log().size(), 2u);  // the one at step 10 stays
  run(player, 40);
  const std::uint64_t new_end = player.state_hash();
  EXPECT_NE(new_end, old_end);
  go_to(player, 4);
  go_to(player, 40);
  EXPECT_EQ(player.state_hash(), new_end);
}

TEST(Player, AnActionInTheMiddleOfAStepBeginsItAgain) {
  Player whole(make_fake), half(make_fake);
  run(whole, 5);
  set(whole, "rate", 0.5);
  run(whole, 6);
  run(half, 5);
  half.play();
  half.advance(kWork / 2);
  ASSERT_NE(half.lesson().phase(), "");
  set(half, "rate", 0.5);
  half.pause();
  run(half, 6);
  EXPECT_EQ(half.state_hash(), whole.state_hash());
}

TEST(Player, AfterAnActionInThePauseTheStepsTensorsComeBack) {
  Player player(make_fake);
  run(player, 5);
  player.play();
  player.advance(kWork / 2);
  player.pause();
  set(player, "rate", 0.5);
  work_off(player);
  EXPECT_EQ(player.step(), 5);
  EXPECT_TRUE(player.lesson().tensor("x").ok());
  EXPECT_FLOAT_EQ(static_cast<float>(player.lesson().param("rate")), 0.5f);
}

TEST(Player, ViewParamsAreNoPartOfReplay) {
  Player player(make_fake);
  run(player, 10);
  const std::uint64_t hash = player.state_hash();
  go_to(player, 5);
  set(player, "grid", 1);
  EXPECT_EQ(player.last_step(), 10);
  EXPECT_TRUE(player.timeline().log().empty());
  go_to(player, 10);
  EXPECT_EQ(player.lesson().param("grid"), 1.0);
  EXPECT_EQ(player.state_hash(), hash);
}

TEST(Player, RefusesWithASentenceAndChangesNothing) {
  Player player(make_fake);
  run(player, 3);
  const std::uint64_t hash = player.state_hash();
  const Status unknown = player.apply(Action::set("speed", 1));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error_message(), "This lesson has no param \"speed\"; params() lists those it has.");
  const Status beyond = player.apply(Action::set("rate", 1000));
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error_message(), "Rate (rate) cannot be 1000; it is a number from 0.001 to 100.");
  EXPECT_FALSE(player.apply(Action::set("rate", std::numeric_limits<double>::quiet_NaN())).ok());
  EXPECT_FALSE(player.apply(Action::set("count", 2.5)).ok());
  EXPECT_FALSE(player.apply(Action::set("count", 7)).ok());
  EXPECT_FALSE(player.apply(Action::assign("x", {1.0f})).ok());
  EXPECT_EQ(player.state_hash(), hash);
  EXPECT_TRUE(player.timeline().log().empty());
}

TEST(Player, ParamExtremesRunAndReplay) {
  const std::unique_ptr<Lesson> fake = make_fake();
  for (const ParamSpec& spec : fake->params()) {
    for (const double value : {spec.minimum, spec.maximum}) {
      Player player(make_fake);
      run(player, 2);
      set(player, spec.name, value);
      ASSERT_TRUE(player.receive("big-data", kFiles).ok());
      run(player, 5);
      const std::uint64_t hash = player.state_hash();
      go_to(player, 1);
      go_to(player, 5);
      EXPECT_EQ(player.state_hash(), hash) << spec.name << " = " << value;
    }
  }
}

TEST(Player, AParamThatRestartsBeginsANewRun) {
  Player player(make_fake);
  run(player, 10);
  set(player, "mode", 1);
  EXPECT_EQ(player.step(), 0);
  EXPECT_EQ(player.last_step(), 0);
  const std::vector<std::uint64_t> hashes = run(player, 10);
  go_to(player, 0);
  EXPECT_EQ(player.state_hash(), hashes[0]);
  EXPECT_EQ(player.lesson().param("mode"), 1.0);
}

// ------------------------------------------------------------------------------------------------------------ assets

TEST(Player, WaitsForAnAsset) {
  Player player(make_fake);
  run(player, 5);
  set(player, "data", 1);
  player.play();
  for (int frame = 0; frame < 5; ++frame) player.advance(10 * kWork);
  EXPECT_EQ(player.step(), 5);
  EXPECT_FALSE(player.wants_work());
  ASSERT_TRUE(player.receive("big-data", kFiles).ok());
  player.advance(10 * kWork);
  EXPECT_EQ(player.step(), 15);
  player.pause();
  const std::uint64_t hash = player.state_hash();
  go_to(player, 2);
  go_to(player, 15);
  EXPECT_EQ(player.state_hash(), hash);
  EXPECT_TRUE(player.explain({"w", 0, 9}).ok());  // its shadow has the asset too
}

TEST(Player, WithoutItsAssetARunGoesOnAsBefore) {
  Player player(make_fake), plain(make_fake);
  run(player, 5);
  set(player, "data", 1);
  player.asset_failed("big-data");
  EXPECT_TRUE(player.timeline().log().empty());
  run(player, 9);
  run(plain, 9);
  EXPECT_EQ(player.state_hash(), plain.state_hash());
  go_to(player, 3);
  go_to(player, 9);
  EXPECT_EQ(player.state_hash(), plain.state_hash());
}

TEST(Player, ALinkThatNeedsAnAssetGoesOnWhenItComes) {
  Player there(make_fake), here(make_fake), without(make_fake);
  ASSERT_TRUE(there.receive("big-data", kFiles).ok());
  set(there, "data", 1);
  go_to(there, 12);
  here.open(parse_link(there.link(), here.lesson().params()));
  here.advance(kWork);
  EXPECT_EQ(here.step(), 0);
  EXPECT_TRUE(here.working());
  ASSERT_TRUE(here.receive("big-data", kFiles).ok());
  work_off(here);
  EXPECT_EQ(here.step(), 12);
  EXPECT_EQ(here.state_hash(), there.state_hash());
  without.open(parse_link(there.link(), without.lesson().params()));
  without.asset_failed("big-data");
  work_off(without);
  EXPECT_EQ(without.step(), 12);
}

// ------------------------------------------------------------------------------------------------ reset, new weights

TEST(Player, ResetKeepsTheParamsAndUndoesTheEdits) {
  Player player(make_fake, 5), fresh(make_fake, 5);
  run(player, 3);
  set(player, "rate", 0.5);
  ASSERT_TRUE(player.apply(Action::assign("w", {9.0f})).ok());
  run(player, 8);
  player.reset();
  EXPECT_EQ(player.step(), 0);
  EXPECT_EQ(player.last_step(), 0);
  EXPECT_EQ(player.link_note(), "");
  set(fresh, "rate", 0.5);
  EXPECT_EQ(player.state_hash(), fresh.state_hash());
  run(player, 5);
  run(fresh, 5);
  EXPECT_EQ(player.state_hash(), fresh.state_hash());
}

TEST(Player, NewWeightsAreOtherWeights) {
  Player player(make_fake, 5);
  const std::uint64_t first = player.state_hash();
  player.new_weights(6);
  EXPECT_NE(player.state_hash(), first);
  EXPECT_EQ(player.seed(), 6u);
  player.new_weights(5);
  EXPECT_EQ(player.state_hash(), first);
}

// ------------------------------------------------------------------------------------------------------------ cancel

TEST(Player, CancelKeepsTheStateAsItWas) {
  Player player(make_fake, 1, 1);  // no room for keyframes: seeks are long
  run(player, 60);
  ASSERT_TRUE(player.apply(Action::assign("w", {3.0f})).ok());
  const std::uint64_t hash = player.state_hash();
  for (const std::int64_t target : {10, 200}) {
    player.seek(target);
    player.advance(3 * kWork + kWork / 2);
    ASSERT_TRUE(player.seeking());
    player.seek(target + 5);  // another target, the same origin
    player.advance(kWork / 2);
    player.cancel();
    EXPECT_EQ(player.step(), 60);
    EXPECT_EQ(player.state_hash(), hash);
    work_off(player);
    EXPECT_EQ(player.state_hash(), hash);
    EXPECT_TRUE(player.lesson().tensor("x").ok());
  }
}

TEST(Player, AfterACancelEverythingCanGoOn) {
  Player player(make_fake, 1, 1);
  run(player, 60);
  const std::uint64_t hash = player.state_hash();
  player.seek(10);
  player.advance(3 * kWork);
  player.cancel();
  player.step_by(1);
  player.advance(kWork / 2);
  set(player, "rate", 0.5);  // in the middle of a step
  work_off(player);
  EXPECT_EQ(player.step(), 61);
  set(player, "rate", 0.1);
  go_to(player, 60);
  EXPECT_NE(player.state_hash(), hash);  // the rate that was set at step 60 is part of it
  EXPECT_FLOAT_EQ(static_cast<float>(player.lesson().param("rate")), 0.5f);
}

TEST(Player, DuringASeekTheModelCannotBeChanged) {
  Player player(make_fake);
  player.seek(50);
  player.advance(kWork);
  const Status status = player.apply(Action::set("rate", 1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error_message(), "The lesson is on its way to step 50; change it when it is there, or cancel.");
  EXPECT_TRUE(player.apply(Action::set("grid", 1)).ok());
}

// ----------------------------------------------------------------------------------------------------------- memory

TEST(Player, KeyframesRespectTheirBudgetAndReplayStillWorks) {
  const auto heavy = [] {
    auto lesson = std::make_unique<FakeLesson>();
    lesson->ballast = 10000;
    return lesson;
  };
  Player player(heavy, 1, 100'000);
  const std::vector<std::uint64_t> hashes = run(player, 200);
  EXPECT_LE(player.timeline().keyframes().bytes(), 100'000);
  for (const std::int64_t step : {100, 3, 199, 180}) {
    go_to(player, step);
    EXPECT_EQ(player.state_hash(), hashes[static_cast<std::size_t>(step)]);
    EXPECT_LE(player.timeline().keyframes().bytes(), 100'000);
  }
}

// -------------------------------------------------------------------------------------------------------- divergence

TEST(Player, PlayPausesWhenNumbersDiverge) {
  Player player(make_fake);
  set(player, "rate", 100);
  player.play();
  for (int frame = 0; frame < 100 && player.playing(); ++frame) player.advance(20 * kWork);
  EXPECT_FALSE(player.playing());
  EXPECT_FALSE(player.lesson().divergence().empty());
  const std::int64_t end = player.step();
  player.step_by(-1);
  work_off(player);
  EXPECT_EQ(player.step(), end - 1);
  EXPECT_TRUE(player.lesson().divergence().empty());
  player.step_by(50);
  work_off(player);
  EXPECT_EQ(player.step(), end);  // asked-for steps stop there too
  player.play();
  player.advance(5 * kWork);
  EXPECT_EQ(player.step(), end + 5);  // whoever insists may watch
}

}  // namespace
}  // namespace chainrule
