#include "web/lesson_kit/run_file.h"

#include "tests/web/support/player_steps.h"

namespace chainrule {
namespace {

std::unique_ptr<Player> player_with_a_past() {
  auto player = std::make_unique<Player>(make_fake, 5);
  set(*player, "grid", 1);
  set(*player, "count", 4);
  run(*player, 3);
  set(*player, "rate", 0.5);
  run(*player, 6);
  EXPECT_TRUE(player->apply(Action::edit("w", 0, 2.5f)).ok());
  run(*player, 30);
  go_to(*player, 25);
  return player;
}

Result<RunFile> read(const std::vector<std::uint8_t>& bytes) { return read_run(bytes, "my.run"); }

TEST(RunFile, OpensAtOnceAndKnowsItsPast) {
  const auto there = player_with_a_past();
  const Result<RunFile> run_file = read(write_run(there->run_file("#/fake?v=1")));
  ASSERT_TRUE(run_file.ok()) << run_file.error_message();
  EXPECT_EQ(run_file.value().address, "#/fake?v=1");
  Player here(make_fake);
  ASSERT_TRUE(here.open(run_file.value()).ok());
  int frames = 0;
  for (; here.working(); ++frames) here.advance(kWork);
  EXPECT_LE(frames, 2) << "one step is run again, no more";
  EXPECT_EQ(here.step(), 25);
  EXPECT_EQ(here.last_step(), 30);
  EXPECT_EQ(here.state_hash(), there->state_hash());
  EXPECT_EQ(here.lesson().param("grid"), 1);
  EXPECT_EQ(here.link(), there->link());
  EXPECT_TRUE(here.take_notes().empty());
  for (const std::int64_t step : {6, 3, 0, 30}) {
    go_to(here, step);
    go_to(*there, step);
    EXPECT_EQ(here.state_hash(), there->state_hash()) << step;
  }
}

TEST(RunFile, ReadsBackTheSameBytes) {
  const RunFile run = player_with_a_past()->run_file();
  const std::vector<std::uint8_t> bytes = write_run(run);
  EXPECT_EQ(write_run(read(bytes).value()), bytes);
}

TEST(RunFile, WhatIsNoneIsToldInASentence) {
  std::vector<std::uint8_t> bytes = write_run(player_with_a_past()->run_file());
  const auto error = [](const std::vector<std::uint8_t>& damaged) {
    const Result<RunFile> result = read(damaged);
    return result.ok() ? "" : result.error_message();
  };
  EXPECT_EQ(error({}), "my.run is not a run file of Chainrule; choose one that \"Save run file\" has made.");
  EXPECT_EQ(error({bytes.begin(), bytes.begin() + 15}), "my.run is cut off: it has 15 bytes, less than its header.");
  EXPECT_EQ(error({bytes.begin(), bytes.end() - 1}),
            "my.run is damaged or cut off: its checksum does not fit. Save the run again.");
  bytes[8] = 2;
  EXPECT_EQ(error(bytes), "my.run is a run file of version 2; this page reads version 1.");
}

TEST(RunFile, OfAnotherLessonOrWithAForeignStateChangesNothing) {
  RunFile run = player_with_a_past()->run_file();
  Player player(make_fake);
  run.slug = "other";
  EXPECT_EQ(player.open(run).error_message(), "The run file is of the lesson \"other\", and this is \"fake\".");
  run.slug = "fake";
  run.frame.pop_back();
  ASSERT_TRUE(player.open(run).ok());
  work_off(player);
  EXPECT_EQ(player.step(), 25) << "made again from the start";
  const std::vector<std::string> notes = player.take_notes();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0], "That is no state of a fake. The run is made again from its start.");
}

TEST(RunFile, SaysWhenItComesOutOtherwise) {
  RunFile run = player_with_a_past()->run_file();
  run.hash ^= 1;
  Player player(make_fake);
  ASSERT_TRUE(player.open(run).ok());
  work_off(player);
  ASSERT_EQ(player.take_notes().size(), 1u);
}

TEST(RunFile, WaitsForDataThatItNeeds) {
  Player there(make_fake, 5), here(make_fake);
  set(there, "data", 1);
  ASSERT_TRUE(there.receive("big-data", {Blob{}}).ok());
  run(there, 4);
  ASSERT_TRUE(here.open(there.run_file()).ok());
  here.advance(1000);
  EXPECT_EQ(here.lesson().wanted_asset(), "big-data");
  ASSERT_TRUE(here.receive("big-data", {Blob{}}).ok());
  work_off(here);
  EXPECT_EQ(here.step(), 4);
  EXPECT_EQ(here.state_hash(), there.state_hash());
}

}  // namespace
}  // namespace chainrule
