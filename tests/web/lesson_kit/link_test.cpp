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
  ASSERT_TRUE(there.link_is_exact());
  ASSERT_TRUE(here.apply(Action::set("noise", 0)).ok());  // goes back to its initial value
  const Link link = parse_link(there.link(), here.lesson().params());
  EXPECT_TRUE(link.notes.empty());
  EXPECT_EQ(link.slug, "fake");
  EXPECT_TRUE(here.open(link).empty());
  while (here.working()) here.advance(1000);
  EXPECT_EQ(here.state_hash(), there.state_hash());
  EXPECT_EQ(here.link(), there.link());
}

TEST(Link, IsNotExactAfterAnEditOrAParamSetOnTheWay) {
  Player player(make_fake);
  ASSERT_TRUE(player.apply(Action::set("rate", 0.5)).ok());
  EXPECT_TRUE(player.link_is_exact());
  player.step_by(2);
  while (player.working()) player.advance(1000);
  ASSERT_TRUE(player.apply(Action::set("rate", 0.7)).ok());
  EXPECT_FALSE(player.link_is_exact());
  player.reset();
  EXPECT_TRUE(player.link_is_exact());
  ASSERT_TRUE(player.apply(Action::assign("w", {1.0f})).ok());
  EXPECT_FALSE(player.link_is_exact());
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
