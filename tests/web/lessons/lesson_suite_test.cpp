// What every lesson of lessons.def must do, headless.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

#include "engine/math/rng.h"
#include "tests/web/support/lesson_players.h"

namespace chainrule {
namespace {

/// Many steps where they are cheap.
std::int64_t steps_of(const Player& player) {
  const std::int64_t work = player.lesson().work_per_step();
  return work > 0 && work <= 20'000 ? 300 : 5;
}

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a != a && b != b);
}

/// A value other than the initial one.
double other_value(const ParamSpec& spec) {
  switch (spec.type) {
    case ParamType::kSwitch:
      return spec.initial != 0 ? 0.0 : 1.0;
    case ParamType::kChoice:
      return spec.initial != 0 ? 0.0 : spec.maximum > 0 ? 1.0 : 0.0;
    case ParamType::kInteger:
      return clamp_param(spec, spec.initial + 1 > spec.maximum ? spec.minimum : spec.initial + 1);
    case ParamType::kReal:
      break;
  }
  const double near = spec.logarithmic ? spec.initial * 1.5 : spec.initial + 0.1 * (spec.maximum - spec.initial);
  return static_cast<double>(static_cast<float>(near > spec.maximum || near == spec.initial ? spec.minimum : near));
}

TEST(LessonSuite, DescriptionsAndParamsAreWhole) {
  std::vector<std::string> slugs;
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    EXPECT_FALSE(entry.info.slug.empty() || entry.info.title.empty() || entry.info.topic.empty());
    EXPECT_TRUE(entry.info.summary.ends_with('.')) << entry.info.summary;
    slugs.push_back(entry.info.slug);
    std::vector<std::string> names = {"v", "seed", "step"};
    const std::unique_ptr<Lesson> lesson = entry.make();
    for (const ParamSpec& spec : lesson->params()) {
      SCOPED_TRACE(spec.name);
      EXPECT_EQ(spec.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
      EXPECT_EQ(std::ranges::count(names, spec.name), 0) << "a name twice, or one that links use themselves";
      names.push_back(spec.name);
      EXPECT_FALSE(spec.label.empty() || spec.help.empty());
      EXPECT_EQ(clamp_param(spec, spec.initial), spec.initial);
      EXPECT_EQ(lesson->param(spec.name), spec.initial);
      if (spec.type == ParamType::kChoice) {
        EXPECT_EQ(spec.maximum, static_cast<double>(spec.choices.size()) - 1);
      }
      if (spec.logarithmic) {
        EXPECT_GT(spec.minimum, 0);
      }
    }
  }
  std::ranges::sort(slugs);
  EXPECT_EQ(std::ranges::adjacent_find(slugs), slugs.end()) << "two lessons with the same slug";
}

TEST(LessonSuite, ResetGivesTheSameStart) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto player = quick_player(entry);
    const std::uint64_t start = player->state_hash();
    player->step_by(2);
    work_off(*player);
    EXPECT_NE(player->state_hash(), start);
    player->reset();
    EXPECT_EQ(player->state_hash(), start);
    player->new_weights(player->seed() + 1);
    EXPECT_EQ(player->state_hash() != start, entry.info.is_random);
  }
}

TEST(LessonSuite, ForwardBackAndForwardAgainGiveTheSameHashes) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto player = quick_player(entry);
    const std::int64_t last = steps_of(*player);
    std::vector<std::uint64_t> hashes = {player->state_hash()};
    for (std::int64_t step = 1; step <= last; ++step) {
      player->step_by(1);
      work_off(*player);
      hashes.push_back(player->state_hash());
    }
    for (const std::int64_t step : {last - 1, std::int64_t{1}, last / 2, std::int64_t{0}, last}) {
      player->seek(step);
      work_off(*player);
      ASSERT_EQ(player->step(), step);
      EXPECT_EQ(player->state_hash(), hashes[static_cast<std::size_t>(step)]) << step;
    }
    EXPECT_EQ(quick_player(entry)->state_hash(), hashes[0]) << "another instance begins otherwise";
  }
}

// Not a whole step: the largest model that params allow may take minutes for one.
TEST(LessonSuite, EveryParamBearsItsExtremes) {
  for (const LessonEntry& entry : lessons()) {
    const std::unique_ptr<Lesson> lesson = entry.make();
    for (const ParamSpec& spec : lesson->params()) {
      for (const double value : {spec.minimum, spec.maximum}) {
        SCOPED_TRACE(entry.info.slug + ": " + spec.name + " = " + param_text(spec, value));
        const auto player = quick_player(entry);
        player->step_by(1);
        work_off(*player);
        const Status status = player->apply(Action::set(spec.name, value));
        if (!status.ok()) {
          EXPECT_TRUE(status.error_message().ends_with('.')) << status.error_message();
        }
        give_assets(*player);
        player->step_by(1);
        player->advance(kBudget);
        player->seek(0);
        work_off(*player);
        EXPECT_EQ(player->step(), 0);
      }
    }
  }
}

TEST(LessonSuite, AnActionInTheMiddleOfAStepIsOneBeforeIt) {
  for (const LessonEntry& entry : lessons()) {
    const auto whole = quick_player(entry), half = quick_player(entry);
    for (Player* player : {whole.get(), half.get()}) {
      player->step_by(2);
      work_off(*player);
    }
    for (const ParamSpec& spec : whole->lesson().params()) {
      if (spec.type != ParamType::kReal || !spec.changes_model || spec.restarts) continue;
      SCOPED_TRACE(entry.info.slug + ": " + spec.name);
      half->step_by(1);
      half->advance(1);
      for (Player* player : {whole.get(), half.get()})
        ASSERT_TRUE(player->apply(Action::set(spec.name, other_value(spec))).ok());
      whole->step_by(1);
      work_off(*whole);
      work_off(*half);
      ASSERT_EQ(half->step(), whole->step());
      EXPECT_EQ(half->state_hash(), whole->state_hash());
    }
  }
}

TEST(LessonSuite, ALinkBringsBackTheState) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto there = quick_player(entry);
    for (const ParamSpec& spec : there->lesson().params()) {
      if (spec.name == "batch") continue;
      static_cast<void>(there->apply(Action::set(spec.name, other_value(spec))));  // may refuse: then it stays
      give_assets(*there);
    }
    there->step_by(1);
    work_off(*there);
    ASSERT_EQ(there->link_note(), "");
    const auto here = std::make_unique<Player>(entry.make);
    const Link link = parse_link(there->link(), here->lesson().params());
    EXPECT_TRUE(link.notes.empty()) << link.notes[0];
    EXPECT_EQ(link_slug(there->link()), entry.info.slug);
    EXPECT_TRUE(here->open(link).empty());
    give_assets(*here);
    work_off(*here);
    EXPECT_EQ(here->link(), there->link());
    EXPECT_EQ(here->state_hash(), there->state_hash()) << there->link();
  }
}

/// The first number of the first parameter, twice as large and a little more.
Action some_edit(const Player& player) {
  for (const TensorSummary& summary : player.lesson().tensors())
    if (summary.kind == "parameter")
      return Action::edit(summary.name, 0, 2.0f * player.lesson().tensor(summary.name).value().data[0] + 0.125f);
  return {};
}

/// Steps, each followed by something that a person does.
void live_a_little(Player& player) {
  for (const ParamSpec& spec : player.lesson().params()) {
    if (spec.type != ParamType::kReal || !spec.changes_model || spec.restarts) continue;
    player.step_by(1);
    work_off(player);
    player.end_gesture();
    ASSERT_TRUE(player.apply(Action::set(spec.name, other_value(spec))).ok()) << spec.name;
  }
  if (const Action edit = some_edit(player); !edit.name.empty()) {
    ASSERT_TRUE(player.apply(edit).ok()) << edit.name;
  }
  player.step_by(2);
  work_off(player);
}

TEST(LessonSuite, LinksAndRunFilesHoldWhatWasDoneOnTheWay) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto there = quick_player(entry), by_link = quick_player(entry), by_file = quick_player(entry);
    live_a_little(*there);
    EXPECT_EQ(there->link_note(), "");
    const Link link = parse_link(there->link(), there->lesson().params());
    EXPECT_TRUE(link.notes.empty()) << link.notes[0];
    EXPECT_TRUE(by_link->open(link).empty());
    const Result<RunFile> run = read_run(write_run(there->run_file()), "a.run");
    ASSERT_TRUE(run.ok()) << run.error_message();
    ASSERT_TRUE(by_file->open(run.value()).ok());
    for (Player* player : {by_link.get(), by_file.get()}) {
      work_off(*player);
      EXPECT_EQ(player->state_hash(), there->state_hash());
      EXPECT_EQ(player->link(), there->link());
      EXPECT_TRUE(player->take_notes().empty());
    }
  }
}

TEST(LessonSuite, EverythingThatIsDoneCanBeUndoneAndDoneAgain) {
  for (const LessonEntry& entry : lessons()) {
    const auto player = quick_player(entry);
    player->step_by(2);
    work_off(*player);
    std::vector<Action> actions = {some_edit(*player)};
    for (const ParamSpec& spec : player->lesson().params())
      if (spec.name != "batch" && spec.changes_model) actions.push_back(Action::set(spec.name, other_value(spec)));
    for (const Action& action : actions) {
      SCOPED_TRACE(entry.info.slug + ": " + action.name);
      const std::uint64_t before = player->state_hash();
      player->end_gesture();
      if (action.name.empty() || !player->apply(action).ok()) continue;
      give_assets(*player);
      work_off(*player);
      const std::uint64_t after = player->state_hash();
      player->undo();
      work_off(*player);
      EXPECT_EQ(player->state_hash(), before);
      player->redo();
      work_off(*player);
      EXPECT_EQ(player->state_hash(), after);
      player->undo();
      work_off(*player);
    }
  }
}

// Every tensor that is listed can be read, and an element of it explained: its arithmetic gives the number shown, and
// each operand is the number that it refers to.
TEST(LessonSuite, EveryTensorExplainsItself) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const auto player = quick_player(entry);
    player->step_by(3);
    work_off(*player);
    const std::vector<TensorSummary> tensors = player->lesson().tensors();
    EXPECT_FALSE(tensors.empty());
    Rng rng(5, "data");
    for (const TensorSummary& summary : tensors) {
      SCOPED_TRACE(summary.name);
      const Result<TensorValues> values = player->lesson().tensor(summary.name);
      ASSERT_TRUE(values.ok()) << values.error_message();
      EXPECT_EQ(values.value().shape, summary.shape);
      ASSERT_EQ(static_cast<std::int64_t>(values.value().data.size()), summary.shape.size());
      const auto index = static_cast<std::int64_t>(rng.below(static_cast<std::uint32_t>(summary.shape.size())));
      const float shown = values.value().data[static_cast<std::size_t>(index)];
      const Result<Explanation> explained = player->explain({summary.name, index, values.value().step});
      ASSERT_TRUE(explained.ok()) << explained.error_message();
      const Explanation& e = explained.value();
      EXPECT_TRUE(same_bits(e.value, shown)) << e.value << " and " << shown;
      EXPECT_FALSE(e.formula.empty());
      if (e.derivation.empty()) continue;
      EXPECT_TRUE(same_bits(e.derivation.evaluate(), shown)) << e.derivation.evaluate() << " and " << shown;
      ASSERT_EQ(e.operands.size(), e.derivation.operands().size());
      if (e.operands.empty()) continue;  // a constant, as the gradient of a unit that ReLU switched off
      const auto operand = rng.below(static_cast<std::uint32_t>(e.operands.size()));
      const Result<Explanation> below = player->explain(e.operands[operand]);
      ASSERT_TRUE(below.ok()) << e.operands[operand].tensor << ": " << below.error_message();
      EXPECT_TRUE(same_bits(below.value().value, e.derivation.operand_value(static_cast<std::int32_t>(operand))))
          << e.operands[operand].tensor << "[" << e.operands[operand].index << "] of step " << e.operands[operand].step;
    }
  }
}

}  // namespace
}  // namespace chainrule
