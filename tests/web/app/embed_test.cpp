#include "web/app/embed.h"

#include <gtest/gtest.h>

#include "tests/web/support/fake_lesson.h"

namespace chainrule {
namespace {

TEST(Embed, HidesWhatTheAddressNames) {
  const Embed embed("1", "rate,,new-weights,");
  EXPECT_TRUE(embed.is_on());
  EXPECT_TRUE(embed.hides("rate") && embed.hides("new-weights"));
  EXPECT_FALSE(embed.hides("") || embed.hides("play"));
  EXPECT_TRUE(embed.check(FakeLesson()).ok());
  EXPECT_FALSE(Embed("", "").is_on());
  EXPECT_FALSE(Embed("yes", "").is_on());
}

TEST(Embed, NamesWhatItDoesNotKnow) {
  const Status known = Embed("1", "rate,colour").check(FakeLesson());
  ASSERT_FALSE(known.ok());
  EXPECT_EQ(known.error_message(),
            "The address hides \"colour\", which is no control here; there are panel, step-back, play, step, phase, reset, new-weights, "
            "speed, rate, noise, count, mode, grid, data.");
}

}  // namespace
}  // namespace chainrule
