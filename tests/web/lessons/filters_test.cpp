// What a person makes in "Filters on pictures" goes along in links.
#include <gtest/gtest.h>

#include "tests/web/support/lesson_players.h"
#include "web/lessons/filters/filters.h"

namespace chainrule {
namespace {

std::unique_ptr<Lesson> make() { return std::make_unique<Filters>(); }

/// Another player, where the link of `there` leads.
std::unique_ptr<Player> by_link(const Player& there) {
  auto here = std::make_unique<Player>(make);
  const std::vector<std::string> notes = here->open(parse_link(there.link(), here->lesson().params()));
  EXPECT_TRUE(notes.empty()) << notes[0];
  work_off(*here);
  return here;
}

void expect_link_leads_back(const Player& there, const std::string& when) {
  const std::unique_ptr<Player> here = by_link(there);
  EXPECT_EQ(here->state_hash(), there.state_hash()) << when << ": " << there.link();
}

TEST(Filters, AFilterDecidesAboutTheDivisorInLinksToo) {
  Player player(make);
  ASSERT_TRUE(player.apply(Action::set("filter", 7)).ok());  // smoothing, / 12
  player.reset();
  ASSERT_TRUE(player.apply(Action::set("filter", 0)).ok());
  EXPECT_EQ(player.link(), "#/filters?v=1&filter=identity");
  expect_link_leads_back(player, "identity after smoothing");
}

TEST(Filters, TheOwnKernelIsTheSameWhateverWasChosenBefore) {
  Player player(make);
  ASSERT_TRUE(player.apply(Action::set("filter", 1)).ok());
  ASSERT_TRUE(player.apply(Action::set("filter", 9)).ok());
  expect_link_leads_back(player, "own after edges-1");
  ASSERT_TRUE(player.apply(Action::set("filter", 5)).ok());
  ASSERT_TRUE(player.apply(Action::edit("w", 0, 3.0f)).ok());
  EXPECT_EQ(player.lesson().param("filter"), 9);
  expect_link_leads_back(player, "an edit");
  player.reset();
  expect_link_leads_back(player, "the edited kernel after a restart");
  ASSERT_TRUE(player.apply(Action::set("filter", 2)).ok());
  ASSERT_TRUE(player.apply(Action::set("filter", 9)).ok());
  EXPECT_EQ(player.lesson().tensor("w").value().data[0], 3.0f);
  expect_link_leads_back(player, "one's own again");
}

TEST(Filters, ADrawingIsStillThereAfterARestart) {
  Player player(make);
  ASSERT_TRUE(player.apply(Action::command("stroke", 1, {0.2f, 0.2f, 0.8f, 0.7f})).ok());
  player.reset();
  expect_link_leads_back(player, "a drawing");
  ASSERT_TRUE(player.apply(Action::command("stroke", 1, {0.5f, 0.2f})).ok());
  expect_link_leads_back(player, "a stroke more");
  player.undo();
  expect_link_leads_back(player, "without it");
}

}  // namespace
}  // namespace chainrule
