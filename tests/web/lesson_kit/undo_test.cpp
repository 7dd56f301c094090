#include "engine/math/rng.h"
#include "tests/web/support/player_steps.h"

namespace chainrule {
namespace {

TEST(Undo, GoesBackToTheMomentBeforeAndForwardAgain) {
  Player player(make_fake, 5);
  run(player, 3);
  const std::uint64_t before = player.state_hash();
  set(player, "rate", 0.5);
  const std::uint64_t after = player.state_hash();
  run(player, 7);
  const std::uint64_t end = player.state_hash();
  ASSERT_TRUE(player.can_undo());
  EXPECT_EQ(player.undo(), "Rate = 0.5");
  work_off(player);
  EXPECT_EQ(player.step(), 3);
  EXPECT_EQ(player.state_hash(), before);
  EXPECT_EQ(player.lesson().param("rate"), 0.1);
  EXPECT_FALSE(player.can_undo());
  EXPECT_EQ(player.redo(), "Rate = 0.5");
  work_off(player);
  EXPECT_EQ(player.step(), 7) << "what was learned since comes back too";
  EXPECT_EQ(player.state_hash(), end);
  go_to(player, 3);
  EXPECT_EQ(player.state_hash(), after);
}

TEST(Undo, TakesBackWhatAnActionInThePastForgot) {
  Player player(make_fake, 5);
  const std::vector<std::uint64_t> hashes = run(player, 8);
  go_to(player, 4);
  set(player, "rate", 2);
  EXPECT_EQ(player.last_step(), 4);
  player.undo();
  work_off(player);
  EXPECT_EQ(player.last_step(), 8);
  go_to(player, 8);
  EXPECT_EQ(player.state_hash(), hashes[8]);
}

TEST(Undo, KnowsResetNewWeightsAndParamsThatStartOver) {
  Player player(make_fake, 5);
  std::vector<std::uint64_t> hashes;
  const auto here = [&] { return player.state_hash() ^ player.seed(); };
  run(player, 3);
  hashes.push_back(here());
  player.reset();
  hashes.push_back(here());
  player.new_weights(9);
  run(player, 2);
  hashes.push_back(here());
  set(player, "mode", 1);
  hashes.push_back(here());
  std::vector<std::string> undone;
  for (std::size_t i = hashes.size() - 1; i-- > 0;) {
    undone.push_back(player.undo());
    work_off(player);
    EXPECT_EQ(here(), hashes[i]) << i;
  }
  EXPECT_EQ(undone, (std::vector<std::string>{"Mode = double", "New weights", "Reset"}));
  for (std::size_t i = 1; i < hashes.size(); ++i) {
    player.redo();
    work_off(player);
    EXPECT_EQ(here(), hashes[i]) << i;
  }
}

TEST(Undo, AGestureIsOneActionAndLeadsToTheSameState) {
  Player player(make_fake, 5), once(make_fake, 5);
  run(player, 2);
  run(once, 2);
  for (const double rate : {0.2, 0.3, 0.4}) set(player, "rate", rate);
  player.end_gesture();
  set(once, "rate", 0.4);
  EXPECT_EQ(player.timeline().log().size(), 1u);
  EXPECT_EQ(player.state_hash(), once.state_hash());
  set(player, "rate", 0.9);
  EXPECT_EQ(player.timeline().log().size(), 2u);
  player.undo();
  work_off(player);
  EXPECT_EQ(player.lesson().param("rate"), static_cast<double>(0.4f));
  player.undo();
  work_off(player);
  EXPECT_EQ(player.lesson().param("rate"), 0.1);
}

TEST(Undo, AGestureThatStartsOverAtEveryPlaceIsOneAction) {
  Player player(make_fake, 5);
  run(player, 3);
  const std::uint64_t before = player.state_hash();
  for (const double mode : {1.0, 0.0, 1.0}) set(player, "mode", mode);
  player.end_gesture();
  set(player, "mode", 0);
  player.undo();
  work_off(player);
  EXPECT_EQ(player.lesson().param("mode"), 1.0);
  player.undo();
  work_off(player);
  EXPECT_EQ(player.step(), 3);
  EXPECT_EQ(player.state_hash(), before);
  EXPECT_FALSE(player.can_undo());
}

TEST(Undo, WhatComesAfterAnUndoneActionIsForgottenByAnother) {
  Player player(make_fake, 5);
  set(player, "rate", 0.5);
  player.undo();
  work_off(player);
  ASSERT_TRUE(player.can_redo());
  set(player, "rate", 0.7);
  EXPECT_FALSE(player.can_redo());
}

TEST(Undo, MomentsWhoseFramesWereDroppedAreRunAgain) {
  FakeLesson* lesson = nullptr;
  Player player(
      [&] {
        auto made = std::make_unique<FakeLesson>();
        made->ballast = 1 << 20;
        lesson = made.get();
        return made;
      },
      5, 4 << 20);
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 60; ++i) {
    run(player, player.step() + 2);
    hashes.push_back(player.state_hash());
    player.end_gesture();
    set(player, "rate", 0.1 + 0.01 * i);
  }
  for (int i = 60; i-- > 0;) {
    player.undo();
    work_off(player);
    ASSERT_EQ(player.step(), 2 * (i + 1));
    ASSERT_EQ(player.state_hash(), hashes[static_cast<std::size_t>(i)]) << i;
  }
}

// Whatever people do in whatever order: back by undo and forward by redo lead to the same states.
// Fewer than History::kMost are ever open.
TEST(Undo, RandomActionsAllComeBack) {
  Rng rng(11, "data");
  Player player(make_fake, 5);
  std::vector<std::uint64_t> before;
  for (int i = 0; i < 500; ++i) {
    player.end_gesture();
    const std::uint64_t here = player.state_hash();
    const std::uint32_t choice = rng.below(7);
    if (choice < 4) before.push_back(here);
    if (choice == 0) set(player, "rate", 0.01 + rng.uniform());
    if (choice == 1) EXPECT_TRUE(player.apply(Action::edit("w", 0, static_cast<float>(rng.uniform()))).ok());
    if (choice == 2) player.reset();
    if (choice == 3) player.new_weights(rng.below(50));
    if (choice == 4) go_to(player, static_cast<std::int64_t>(rng.below(30)));
    if (choice == 5) run(player, player.step() + rng.below(5));
    if (choice == 6 && player.can_undo()) {
      player.undo();
      work_off(player);
      ASSERT_EQ(player.state_hash(), before.back()) << i;
      before.pop_back();
    }
    ASSERT_EQ(player.can_undo(), !before.empty()) << i;
  }
}

TEST(Phases, AreHeldAndThenGoneOnFrom) {
  Player player(make_fake, 5), straight(make_fake, 5);
  run(straight, 2);
  run(player, 1);
  player.next_phase();
  for (int i = 0; i < 3; ++i) player.advance(1000);
  EXPECT_EQ(player.step(), 1);
  EXPECT_EQ(player.lesson().phase(), "backward");
  EXPECT_TRUE(player.held());
  EXPECT_FALSE(player.working());
  player.advance(1000);
  EXPECT_EQ(player.lesson().phase(), "backward") << "held";
  player.next_phase();
  while (player.working()) player.advance(1000);
  EXPECT_EQ(player.step(), 2);
  EXPECT_EQ(player.state_hash(), straight.state_hash());
  player.next_phase();
  while (player.working()) player.advance(1000);
  ASSERT_TRUE(player.held());
  set(player, "rate", 0.3);  // what is half done is begun again
  EXPECT_EQ(player.step(), 2);
  go_to(player, 1);
  EXPECT_FALSE(player.held());
}

}  // namespace
}  // namespace chainrule
