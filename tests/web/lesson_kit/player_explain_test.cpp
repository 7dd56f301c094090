#include <gtest/gtest.h>

#include "tests/web/support/player_steps.h"

namespace chainrule {
namespace {

TEST(Player, ExplainsThePresentStep) {
  Player player(make_fake);
  run(player, 5);
  const Result<Explanation> w = player.explain({"w", 0, 5});
  ASSERT_TRUE(w.ok()) << w.error_message();
  EXPECT_EQ(w.value().derivation.evaluate(), player.lesson().tensor("w").value().data[0]);
}

// From the last step down to the initial weight: each weight is made from the one before it.
TEST(Player, ExplainsAcrossSteps) {
  Player player(make_fake);
  run(player, 30);
  ElementRef at{"w", 0, 30};
  std::optional<float> expected;
  for (; at.step > 0; at = {"w", 0, at.step - 1}) {
    const Result<Explanation> explanation = player.explain(at);
    ASSERT_TRUE(explanation.ok()) << explanation.error_message();
    const Explanation& e = explanation.value();
    EXPECT_EQ(e.element, at);
    EXPECT_EQ(e.derivation.evaluate(), e.value);
    EXPECT_EQ(e.value, expected.value_or(e.value));
    EXPECT_EQ(e.operands[0], (ElementRef{"w", 0, at.step - 1}));
    expected = e.derivation.operand_value(0);
  }
  const Result<Explanation> initial = player.explain(at);
  ASSERT_TRUE(initial.ok());
  EXPECT_EQ(initial.value().formula, "initial weight");
  EXPECT_EQ(initial.value().value, *expected);
  EXPECT_EQ(player.step(), 30);
}

TEST(Player, ExplainsEditsWhereTheyWereMade) {
  Player player(make_fake);
  run(player, 5);
  ASSERT_TRUE(player.apply(Action::assign("w", {3.0f})).ok());
  run(player, 9);
  const Result<Explanation> w = player.explain({"w", 0, 5});
  ASSERT_TRUE(w.ok()) << w.error_message();
  EXPECT_EQ(w.value().formula, "set by hand");
  EXPECT_EQ(w.value().value, 3.0f);
}

TEST(Player, ExplainsInSlicesAndKeepsTheStep) {
  auto made = std::make_unique<FakeLesson>();
  const FakeLesson& fake = *made;
  Player player([&] { return std::move(made); }, 1, 1);  // no room for keyframes
  run(player, 40);
  player.start_explain({"w", 0, 20});
  EXPECT_EQ(player.explain_progress().total, 20);
  EXPECT_FALSE(player.advance_explain(5 * kWork));
  EXPECT_EQ(player.explain_progress().done, 5);
  EXPECT_EQ(player.explain_result(), nullptr);
  EXPECT_TRUE(player.wants_work());
  while (!player.advance_explain(5 * kWork)) {
  }
  ASSERT_NE(player.explain_result(), nullptr);
  EXPECT_TRUE(player.explain_result()->ok());
  player.start_explain({"w.grad", 0, 20});  // the same step: at once
  ASSERT_NE(player.explain_result(), nullptr);
  EXPECT_TRUE(player.explain_result()->ok());
  for (const std::int64_t step : {1, 2, 3, 4, 5, 6}) EXPECT_TRUE(player.explain({"x", 0, step}).ok());
  EXPECT_EQ(fake.siblings(), static_cast<int>(Explainer::kShadows));
}

TEST(Player, ExplainsThePresentStepWhileTheNextIsUnderWay) {
  Player player(make_fake);
  run(player, 5);
  const float w = player.lesson().tensor("w").value().data[0];
  player.play();
  player.advance(kWork / 2);
  const Result<Explanation> explanation = player.explain({"w", 0, 5});
  ASSERT_TRUE(explanation.ok()) << explanation.error_message();
  EXPECT_EQ(explanation.value().value, w);
}

TEST(Player, AnotherFutureMakesOldExplanationsVoid) {
  Player player(make_fake);
  run(player, 20);
  const float before = player.explain({"w", 0, 15}).value().value;
  go_to(player, 10);
  set(player, "rate", 0.9);
  player.start_explain({"w", 0, 10});
  EXPECT_FALSE(player.explain({"w", 0, 15}).ok());
  run(player, 20);
  EXPECT_NE(player.explain({"w", 0, 15}).value().value, before);
}

TEST(Player, AChangeEndsAnExplanationUnderWay) {
  Player player(make_fake, 1, 1);
  run(player, 20);
  player.start_explain({"w", 0, 15});
  player.advance_explain(kWork);
  player.reset();
  EXPECT_TRUE(player.advance_explain(kWork));
  ASSERT_NE(player.explain_result(), nullptr);
  EXPECT_FALSE(player.explain_result()->ok());
}

TEST(Player, ExplainsNoStepThatWasNotRun) {
  Player player(make_fake);
  run(player, 3);
  const Result<Explanation> explanation = player.explain({"w", 0, 4});
  ASSERT_FALSE(explanation.ok());
  EXPECT_EQ(explanation.error_message(), "Step 4 has not been run; the steps are 0 to 3.");
  EXPECT_FALSE(player.explain({"w", 0, -1}).ok());
  EXPECT_FALSE(player.explain({"nothing", 0, 2}).ok());
}

}  // namespace
}  // namespace chainrule
