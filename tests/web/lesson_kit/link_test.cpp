#include "web/lesson_kit/link.h"

#include <gtest/gtest.h>

#include "tests/web/support/fake_lesson.h"
#include "web/lesson_kit/player.h"

namespace chainrule {
namespace {

Link parse(std::string_view text) { return parse_link(text, FakeLesson().params()); }

std::string only_note(std::string_view text) {
  const Link link = parse(text);
  EXPECT_EQ(link.notes.size(), 1u) << text;
  return link.notes.empty() ? "" : link.notes[0];
}

TEST(Link, HoldsOnlyWhatIsNotInitial) {
  Player player(make_fake);
  EXPECT_EQ(player.link(), "#/fake?v=1");
  ASSERT_TRUE(player.apply(Action::set("rate", 0.05)).ok());
  ASSERT_TRUE(player.apply(Action::set("mode", 1)).ok());
  ASSERT_TRUE(player.apply(Action::set("noise", 0)).ok());
  ASSERT_TRUE(player.apply(Action::set("grid", 1)).ok());
  player.new_weights(77);
  EXPECT_EQ(player.link(), "#/fake?v=1&rate=0.05&noise=off&mode=double&grid=on&seed=77");
}

TEST(Link, BringsBackTheSameState) {
  Player there(make_fake, 77), here(make_fake);
  ASSERT_TRUE(there.apply(Action::set("rate", 1.0 / 3.0)).ok());
  ASSERT_TRUE(there.apply(Action::set("count", 9)).ok());
  ASSERT_TRUE(there.apply(Action::set("mode", 1)).ok());
  there.step_by(12);
  while (there.working()) there.advance(1000);
  ASSERT_EQ(there.link_note(), "");
  ASSERT_TRUE(here.apply(Action::set("noise", 0)).ok());  // goes back to its initial value
  const Link link = parse_link(there.link(), here.lesson().params());
  EXPECT_TRUE(link.notes.empty());
  EXPECT_EQ(link.slug, "fake");
  EXPECT_TRUE(here.open(link).empty());
  while (here.working()) here.advance(1000);
  EXPECT_EQ(here.state_hash(), there.state_hash());
  EXPECT_EQ(here.link(), there.link());
}

TEST(Link, HoldsWhatWasDoneOnTheWay) {
  Player there(make_fake, 5), here(make_fake);
  const auto run_to = [&](std::int64_t step) {
    there.seek(step);
    while (there.working()) there.advance(1000);
  };
  ASSERT_TRUE(there.apply(Action::set("count", 5)).ok());
  ASSERT_TRUE(there.apply(Action::edit("w", 0, 0.25f)).ok());
  ASSERT_TRUE(there.apply(Action::set("rate", 0.5)).ok());
  run_to(2);
  ASSERT_TRUE(there.apply(Action::set("rate", 0.75)).ok());
  run_to(4);
  ASSERT_TRUE(there.apply(Action::assign("w", {-3.0f})).ok());
  there.end_gesture();
  ASSERT_TRUE(there.apply(Action::command("nudge", 0.125, {}, "a, b;c:d%")).ok());
  EXPECT_EQ(there.link_note(), "");
  EXPECT_EQ(there.link(),
            "#/fake?v=1&count=5&seed=5&step=4&do=,e,w,0,.25;,s,rate,0.5;2,s,rate,0.75;4,a,w,-3;"
            ",c,nudge,.125,,a%252C%20b%253Bc%253Ad%2525");
  const Link link = parse_link(there.link(), here.lesson().params());
  EXPECT_TRUE(link.notes.empty()) << link.notes[0];
  EXPECT_EQ(link.actions.back().action->text, "a, b;c:d%");
  EXPECT_TRUE(here.open(link).empty());
  while (here.working()) here.advance(1000);
  EXPECT_EQ(here.state_hash(), there.state_hash());
  EXPECT_EQ(here.link(), there.link());
  EXPECT_TRUE(here.take_notes().empty());
}

TEST(Link, SaysWhenThereIsNoRoomForWhatWasDone) {
  Player player(make_fake);
  for (int i = 0; i < 200; ++i) {
    player.end_gesture();
    ASSERT_TRUE(player.apply(Action::edit("w", 0, 1.0f / static_cast<float>(i + 3))).ok());
  }
  EXPECT_EQ(player.link(), "#/fake?v=1");
  EXPECT_NE(player.link_note().find("a link holds 2000"), std::string::npos) << player.link_note();
}

TEST(Link, ChangesThatCannotBeDoneAreToldAndLeftOut) {
  EXPECT_EQ(only_note("#/fake?step=3&do=1,s,rate,5e5"),
            "The link's Rate (rate) cannot be \"5e5\"; it is a number from 0.001 to 100, and this change is ignored.");
  EXPECT_EQ(only_note("#/fake?step=3&do=1,s,mode,double"),
            "The link sets Mode (mode) on the way, but that starts over; it is ignored.");
  EXPECT_EQ(only_note("#/fake?step=3&do=1,s,color,red"),
            "The link sets \"color\", which this lesson does not have; it is ignored.");
  EXPECT_EQ(only_note("#/fake?step=3&do=nonsense"), "The link's change \"nonsense\" cannot be read; it is ignored.");
  EXPECT_EQ(only_note("#/fake?step=3&do=7,e,w,0,1"),
            "The link ends at step 3; of its changes, 1 come later and are ignored.");
  EXPECT_EQ(parse("#/fake?step=3&do=;;;;;;;;;").notes.size(), 5u) << "four, and how many more";
  // What only the lesson can refuse is told on the way.
  Player player(make_fake);
  Link link = parse("#/fake?step=3&do=1,e,w,8,1;2,e,nothing,0,1;,e,w,0,.5&made=,c,nudge,1");
  EXPECT_TRUE(link.notes.empty());
  EXPECT_TRUE(player.open(link).empty());
  while (player.working()) player.advance(1000);
  EXPECT_EQ(player.step(), 3);
  EXPECT_EQ(player.take_notes().size(), 3u);
  EXPECT_EQ(player.link(), "#/fake?v=1&step=3&do=2,e,w,0,.5");
}

TEST(Link, ACancelledReplayForgetsWhatItHadBefore) {
  Player player(make_fake);
  EXPECT_TRUE(player.open(parse("#/fake?step=9&do=7,e,w,0,5")).empty());
  player.advance(300);
  player.cancel();
  EXPECT_EQ(player.step(), 0);
  player.seek(9);
  while (player.working()) player.advance(1000);
  EXPECT_EQ(player.link(), "#/fake?v=1&step=9");
}

TEST(Link, SlugWithAndWithoutItsDecoration) {
  for (const char* text : {"#/fake?v=1", "/fake", "fake/", "#fake", "#/fa%6be?rate=1"})
    EXPECT_EQ(link_slug(text), "fake") << text;
  for (const char* text : {"", "#", "#/", "?", "#/?rate=1"}) EXPECT_EQ(link_slug(text), "") << text;
}

TEST(Link, DecodesPercentSigns) {
  EXPECT_EQ(parse("#/fake?r%61te=%30%2E5").params, (std::vector<ParamValue>{{"rate", 0.5}}));
  EXPECT_EQ(only_note("#/fake?rate=%"),
            "The link's Rate (rate) cannot be \"%\"; it is a number from 0.001 to 100, and 0.1 is used.");
}

TEST(Link, ClampsAndSaysSo) {
  EXPECT_EQ(only_note("#/fake?rate=1e4"),
            "The link's Rate (rate) is \"1e4\"; the largest allowed is 100, which is used.");
  EXPECT_EQ(parse("#/fake?rate=1e4").params, (std::vector<ParamValue>{{"rate", 100.0}}));
  EXPECT_EQ(only_note("#/fake?count=-5"),
            "The link's Count (count) is \"-5\"; the smallest allowed is 1, which is used.");
  EXPECT_EQ(parse("#/fake?count=-5").params, (std::vector<ParamValue>{{"count", 1.0}}));
  EXPECT_EQ(only_note("#/fake?step=-3"),
            "The link's step is -3; the first that a link can ask for is 0, which is used.");
  EXPECT_EQ(only_note("#/fake?step=99999999"),
            "The link's step is 99999999; the last that a link can ask for is 1000000, which is used.");
}

TEST(Link, SaysWhatItCannotUse) {
  EXPECT_EQ(only_note("#/fake?color=red"), "The link sets \"color\", which this lesson does not have; it is ignored.");
  EXPECT_EQ(only_note("#/fake?mode=triple"),
            "The link's Mode (mode) cannot be \"triple\"; it is one of plain, double, and plain is used.");
  EXPECT_EQ(only_note("#/fake?count=2.5"),
            "The link's Count (count) cannot be \"2.5\"; it is a whole number from 1 to 9, and 3 is used.");
  EXPECT_EQ(only_note("#/fake?grid"), "The link has \"grid\" without a value; it is ignored.");
  EXPECT_EQ(only_note("#/fake?rate=1&rate=2"), "The link sets \"rate\" more than once; the first value counts.");
  EXPECT_EQ(only_note("#/fake?v=2"),
            "The link is of version \"2\" and this page reads version 1; what it understands of it is used.");
  EXPECT_EQ(only_note("#/fake?seed=-1"),
            "The link's seed cannot be \"-1\"; it is a whole number from 0 to 18446744073709551615, and 1 is used.");
  EXPECT_EQ(only_note("#/fake?rate=nan").substr(0, 42), "The link's Rate (rate) cannot be \"nan\"; it");
}

TEST(Link, AnUnreadableValueLeavesTheOthers) {
  const Link link = parse("#/fake?rate=abc&count=5&&seed=18446744073709551615&step=8");
  EXPECT_EQ(link.params, (std::vector<ParamValue>{{"count", 5.0}}));
  EXPECT_EQ(link.seed, 18446744073709551615u);
  EXPECT_EQ(link.step, 8);
  EXPECT_EQ(link.notes.size(), 1u);
}

TEST(Link, NotesBearForeignBytes) {
  const std::string note = only_note(std::string("#/fake?") + std::string(500, 'k') + "%00%ff%0a=1");
  EXPECT_LT(note.size(), 120u);
  EXPECT_EQ(only_note("#/fake?%00%ff%0a=1"), "The link sets \"???\", which this lesson does not have; it is ignored.");
}

// 0.1 and 0.001 are no floats; their nearest floats lie on either side. Both ends must be settable by text.
TEST(Params, LimitsThatAreNoFloatsCanBeSet) {
  ParamSpec spec;
  spec.name = "rate";
  spec.minimum = 0.001;
  spec.maximum = 0.1;
  for (const double limit : {spec.minimum, spec.maximum}) {
    const Result<double> parsed = parse_param(spec, param_text(spec, limit));
    ASSERT_TRUE(parsed.ok()) << parsed.error_message();
    EXPECT_EQ(static_cast<float>(parsed.value()), static_cast<float>(limit));
    EXPECT_EQ(clamp_param(spec, limit), limit);
  }
  EXPECT_FALSE(parse_param(spec, "0.10001").ok());
  EXPECT_EQ(clamp_param(spec, std::numeric_limits<double>::quiet_NaN()), spec.initial);
}

}  // namespace
}  // namespace chainrule
