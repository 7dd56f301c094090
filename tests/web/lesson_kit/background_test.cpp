// Training on a thread of its own gives the states that a run without threads gives, whatever people do meanwhile.
#include <gtest/gtest.h>

#include <thread>

#include "engine/base/background.h"
#include "engine/math/rng.h"
#include "tests/web/support/lesson_players.h"

namespace chainrule {
namespace {

constexpr std::int64_t kSlice = 20'000;  // a few steps of the smallest network, where there is no thread

const LessonEntry& entry_of(std::string_view slug) { return *find_lesson(lessons(), slug).value(); }

std::unique_ptr<Player> player_of(std::string_view slug, std::string_view settings) {
  auto player = std::make_unique<Player>(entry_of(slug).make);
  give_assets(*player);
  const std::string text = "#/" + std::string(slug) + "?v=1&" + std::string(settings);
  EXPECT_TRUE(player->open(parse_link(text, player->lesson().params())).empty());
  work_off(*player);
  return player;
}

class Background : public testing::Test {
 protected:
  void SetUp() override { allow_background(2); }
  void TearDown() override { allow_background(0); }
};

/// A few frames; while something is sought, until it is there.
void frames(Player& player, int count) {
  for (int i = 0; i < count || player.working(); ++i) {
    player.advance(kSlice);
    if (player.ahead()) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void act(Player& player, Rng& rng) {
  switch (rng.below(12)) {
    case 0: player.pause(); break;
    case 1: player.step_by(1 + rng.below(5)); break;
    case 2: player.step_by(-static_cast<std::int64_t>(1 + rng.below(5))); break;
    case 3: player.seek(rng.below(static_cast<std::uint32_t>(player.last_step() + 5))); break;
    case 4: player.next_phase(); break;
    case 5: player.cancel(); break;
    case 6: static_cast<void>(player.apply(Action::set("lr", 0.001 * (1 + rng.below(9))))); break;
    case 7: static_cast<void>(player.apply(Action::set("momentum", 0.1 * rng.below(9)))); break;
    case 8:
      if (player.can_undo()) player.undo();
      break;
    case 9:
      if (rng.below(4) == 0) player.reset();
      break;
    case 10:
      if (rng.below(6) == 0) player.new_weights(rng.below(100));
      break;
    default: player.play();
  }
}

// What a link leads to is run without threads and must have the same hash.
void expect_replayed(Player& player, std::string_view slug) {
  player.pause();
  frames(player, 1);
  const std::string link = player.link();
  ASSERT_EQ(player.link_note(), "");
  allow_background(0);
  Player other(entry_of(slug).make);
  give_assets(other);
  EXPECT_TRUE(other.open(parse_link(link, other.lesson().params())).empty());
  work_off(other);
  EXPECT_EQ(other.step(), player.step());
  EXPECT_EQ(other.state_hash(), player.state_hash()) << link;
  allow_background(2);
}

// On the smallest network, because replays take as many steps again.
TEST_F(Background, ThousandTransportActionsGiveTheStatesOfARunWithoutThreads) {
  constexpr std::string_view kLesson = "loss-plane", kSettings = "layers=1&units=2";
  Rng rng(5, "data");
  auto player = player_of(kLesson, kSettings);
  for (int i = 1; i <= 1000; ++i) {
    act(*player, rng);
    frames(*player, static_cast<int>(rng.below(4)));
    if (i % 50 == 0) expect_replayed(*player, kLesson);
    if (HasFatalFailure()) return;
    // Another lesson is opened while steps are made ahead.
    if (i % 50 == 0) player = player_of(kLesson, kSettings);
  }
}

TEST_F(Background, PlayingMakesWholeStepsThatAreShownWithTheirNumbers) {
  auto player = player_of("lenet-mnist", "network=mlp&batch=4");
  player->play();
  for (int shown = 0; shown < 5;) {
    const std::int64_t before = player->step();
    frames(*player, 1);
    if (player->step() == before) continue;
    ++shown;
    EXPECT_TRUE(player->ahead());
    EXPECT_EQ(player->lesson().phase(), "");
    const Result<Explanation> loss = player->explain({"loss", 0, player->step()});
    ASSERT_TRUE(loss.ok()) << loss.error_message();
    EXPECT_EQ(static_cast<double>(loss.value().value), *player->lesson().loss());
    EXPECT_EQ(loss.value().derivation.value(), loss.value().value);
  }
  player->pause();
  EXPECT_FALSE(player->ahead());
  const std::int64_t step = player->step();
  frames(*player, 5);
  EXPECT_EQ(player->step(), step) << "what was computed ahead is not shown after the pause";
}

TEST_F(Background, PlayingOnFromWithinAStepGoesAheadAfterIt) {
  auto player = player_of("loss-plane", "layers=1&units=2");
  player->next_phase();
  frames(*player, 1);
  ASSERT_NE(player->lesson().phase(), "");
  player->play();
  for (int i = 0; i < 100 && !player->ahead(); ++i) player->advance(kSlice);
  EXPECT_TRUE(player->ahead());
}

TEST_F(Background, TheLossPlaneHasThePathOfARunWithoutThreads) {
  auto player = player_of("loss-plane", "points=xor");
  player->play();
  while (player->step() < 100) frames(*player, 1);
  expect_replayed(*player, "loss-plane");
}

TEST_F(Background, DivergenceStopsPlayingAndCanBeSteppedBackFrom) {
  auto player = player_of("lenet-mnist", "network=linear&batch=4");
  ASSERT_TRUE(player->apply(Action::assign("fc1.w", std::vector<float>(7840, 3e38f))).ok());
  player->play();
  for (int frame = 0; player->playing() && frame < 10'000; ++frame) frames(*player, 1);
  EXPECT_FALSE(player->playing());
  EXPECT_NE(player->lesson().divergence(), "");
  const std::int64_t diverged = player->step();
  player->step_by(-1);
  frames(*player, 1);
  EXPECT_EQ(player->step(), diverged - 1);
}

}  // namespace
}  // namespace chainrule
