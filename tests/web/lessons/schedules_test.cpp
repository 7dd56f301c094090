// "Learning rate and schedules": the rates that it shows, runs that are kept and come back, numbers that can be clicked.
#include "web/lessons/schedules/schedules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "web/lesson_kit/player.h"

namespace chainrule {
namespace {

std::unique_ptr<Lesson> make() { return std::make_unique<SchedulesLesson>(); }

void go_on(Lesson& lesson, int steps) {
  for (int step = 0; step < steps; ++step) ASSERT_TRUE(lesson.advance(lesson.work_per_step()));
}

void set(Lesson& lesson, const std::string& name, double value) {
  const Status status = lesson.apply(Action::set(name, value));
  ASSERT_TRUE(status.ok()) << status.error_message();
}

float rate_of(const SchedulesLesson& lesson) { return lesson.run().values("lr")[0]; }

// The initial settings: 20 steps of warm-up from 0.01 to 0.1, then half a cosine over 380.
TEST(Schedules, RatesByHand) {
  SchedulesLesson lesson;
  lesson.reset(1);
  EXPECT_NEAR(rate_of(lesson), 0.01, 1e-7);
  const std::vector<float> ahead(lesson.rates_ahead().begin(), lesson.rates_ahead().end());
  ASSERT_EQ(ahead.size(), 400u);
  go_on(lesson, 10);
  EXPECT_NEAR(rate_of(lesson), 0.1 * (0.1 + 0.9 * 0.5), 1e-7);
  EXPECT_EQ(rate_of(lesson), ahead[9]);
  go_on(lesson, 200);
  EXPECT_NEAR(rate_of(lesson), 0.1 * (1.0 + std::cos(std::numbers::pi * 190.0 / 380.0)) / 2.0, 1e-6);
  EXPECT_EQ(rate_of(lesson), ahead[209]);
}

// What the lesson's words claim: with mini-batches a constant rate of 0.1 never comes to rest, and one that falls does.
TEST(Schedules, AConstantRateDoesNotSettle) {
  const auto last = [](ScheduleKind kind) {
    SchedulesLesson lesson;
    lesson.reset(1);
    set(lesson, "schedule", static_cast<double>(kind));
    go_on(lesson, 400);
    return *lesson.loss();
  };
  const double constant = last(ScheduleKind::kConstant);
  EXPECT_GT(constant, 0.15);
  EXPECT_LT(last(ScheduleKind::kCosine), constant / 3);
  EXPECT_LT(last(ScheduleKind::kExponential), constant / 3);
}

/// Background work until there is none.
void finish_idle(Lesson& lesson) {
  for (int i = 0; lesson.idle_work(1'000'000); ++i) ASSERT_LT(i, 10'000);
}

// A kept run is its recipe: another lesson makes the same curves of it, bit for bit, changes on the way included.
TEST(Schedules, KeptRunsComeBackFromTheirRecipes) {
  SchedulesLesson first;
  first.reset(5);
  set(first, "schedule", static_cast<double>(ScheduleKind::kStepwise));
  go_on(first, 60);
  set(first, "lr", 0.025);
  ASSERT_TRUE(first.apply(Action::edit("o.w", 3, 0.5f)).ok());
  go_on(first, 40);
  ASSERT_TRUE(first.apply(Action::command(std::string(schedule_command::kKeep))).ok());
  ASSERT_EQ(first.runs().size(), 1u);
  EXPECT_TRUE(first.runs()[0].complete) << "the present run's curves are there";
  EXPECT_EQ(first.runs()[0].name, "stepwise, 0.1, warm-up 20, changed");
  SchedulesLesson second;
  second.reset(1);
  for (const Action& action : first.kept()) ASSERT_TRUE(second.apply(action).ok());
  EXPECT_FALSE(second.runs()[0].complete);
  finish_idle(second);
  ASSERT_TRUE(second.runs()[0].complete);
  for (const auto trace : {&RunCurves::rate, &RunCurves::loss}) {
    const std::span<const float> wanted = (first.curves().*trace).values(), got = (second.runs()[0].curves.*trace).values();
    ASSERT_EQ(got.size(), 101u);
    EXPECT_TRUE(std::ranges::equal(got, wanted));
  }
  EXPECT_EQ(second.runs()[0].curves.rate.values()[80], 0.025f) << "the rate that was set at step 60 holds";
}

TEST(Schedules, KeptRunsSurviveUndoLinksAndRestarts) {
  Player player(make, 2);
  const auto runs = [&] { return static_cast<const SchedulesLesson&>(player.lesson()).runs().size(); };
  const auto go_to = [&](std::int64_t step) {
    player.seek(step);
    for (int frame = 0; player.working() && frame < 10'000; ++frame) player.advance(1'000'000);
    ASSERT_EQ(player.step(), step);
  };
  go_to(12);
  ASSERT_TRUE(player.apply(Action::command(std::string(schedule_command::kKeep))).ok());
  EXPECT_FALSE(player.apply(Action::command(std::string(schedule_command::kKeep))).ok()) << "it is there already";
  player.end_gesture();
  ASSERT_TRUE(player.apply(Action::set("schedule", 0)).ok());
  EXPECT_EQ(player.step(), 0);
  EXPECT_EQ(runs(), 1u);
  player.end_gesture();
  ASSERT_TRUE(player.apply(Action::command(std::string(schedule_command::kRemove), 0)).ok());
  EXPECT_EQ(runs(), 0u);
  player.undo();
  for (int frame = 0; player.working() && frame < 10'000; ++frame) player.advance(1'000'000);
  EXPECT_EQ(runs(), 1u);
  const std::string link = player.link();
  Player other(make, 1);
  other.open(parse_link(link, other.lesson().params()));
  for (int frame = 0; other.working() && frame < 10'000; ++frame) other.advance(1'000'000);
  ASSERT_EQ(static_cast<const SchedulesLesson&>(other.lesson()).runs().size(), 1u);
  EXPECT_EQ(static_cast<const SchedulesLesson&>(other.lesson()).runs()[0].recipe, static_cast<const SchedulesLesson&>(player.lesson()).runs()[0].recipe);
}

TEST(Schedules, WhatIsRefused) {
  SchedulesLesson lesson;
  lesson.reset(1);
  const auto refused = [&](const Action& action, const char* word) {
    const Status status = lesson.apply(action);
    ASSERT_FALSE(status.ok()) << word;
    EXPECT_NE(status.error_message().find(word), std::string::npos) << status.error_message();
  };
  refused(Action::command("keep-run", 0, {}, "#/lenet-mnist?v=1"), "recipe");
  refused(Action::command("keep-run", 0, {}, "#/schedules?v=1&step=9999"), "4,000");
  refused(Action::command("keep-run", 0, {}, "#/schedules?v=1&lr=fast"), "recipe");
  refused(Action::command("remove-run", 0), "no kept run");
  refused(Action::edit("o.w", 99, 1.0f), "32 numbers");
  refused(Action::edit("all.loss", 0, 1.0f), "cannot");
  refused(Action::edit("decay.steps", 0, 10.0f), "planned steps");
  refused(Action::assign("o.w", {}), "one by one");
  ASSERT_TRUE(lesson.apply(Action::edit("lr.base", 0, 0.5f)).ok());
  EXPECT_EQ(lesson.param("lr"), 0.5);
}

// From one rate to the next, γ = 10 every 50 steps: a range test. It diverges in the end, or its loss rises again.
TEST(Schedules, RangeTest) {
  SchedulesLesson lesson;
  lesson.reset(1);
  set(lesson, "schedule", static_cast<double>(ScheduleKind::kExponential));
  set(lesson, "warm-up", 0);
  set(lesson, "lr", 1e-4);
  set(lesson, "factor", 10);
  set(lesson, "every", 50);
  go_on(lesson, 150);
  EXPECT_NEAR(rate_of(lesson), 0.1, 1e-6);
  const double best = *lesson.loss();
  EXPECT_LT(best, 0.9 * static_cast<double>(lesson.curves().loss.values()[0]));
  go_on(lesson, 150);
  EXPECT_GT(*lesson.loss(), best);
}

}  // namespace
}  // namespace chainrule
