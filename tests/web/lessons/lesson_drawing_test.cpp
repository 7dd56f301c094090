// Every lesson of lessons.def draws, at every size, whatever its state, wherever somebody clicks.
#include <gtest/gtest.h>

#include <bit>
#include <memory>

#include "engine/math/rng.h"
#include "tests/web/support/lesson_players.h"
#include "tests/web/widgets/null_frame.h"

namespace chainrule {
namespace {

class LessonDrawing : public NullFrame {
 protected:
  void draw(Player& player, ImVec2 size) {
    DrawContext context{.theme = theme,
                        .textures = textures,
                        .size = size,
                        .narrow = size.x < 600,
                        .actions = actions,
                        .explain_request = clicked,
                        .seek_request = sought,
                        .open_explanation = open ? &*open : nullptr,
                        .file_request = file_request};
    player.lesson().draw(context);
  }

  std::vector<Action> actions;
  std::optional<ElementRef> clicked;
  std::optional<std::int64_t> sought;
  std::optional<Explanation> open;
  std::optional<std::string> file_request;
};

constexpr ImVec2 kSizes[] = {{1280, 600}, {390, 640}, {150, 90}};

TEST_F(LessonDrawing, BeforeItsDataAreThere) {
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    Player player(entry.make, 3);
    for (const ImVec2 size : kSizes) frame(size, [&] { draw(player, size); });
  }
}

TEST_F(LessonDrawing, WhereverSomebodyClicks) {
  Rng rng(5, "data");
  int explained = 0, acted = 0;
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const std::unique_ptr<Player> player = quick_player(entry);
    player->step_by(2);
    work_off(*player);
    for (int i = 0; i < 300; ++i) {
      const ImVec2 size = kSizes[rng.below(2)];
      const ImVec2 at{rng.uniform(0.0f, size.x), rng.uniform(0.0f, size.y)};
      clicked.reset();
      actions.clear();
      click(size, at, [&] { draw(*player, size); });
      for (const Action& action : std::vector<Action>(actions)) {
        ++acted;
        if (const Status status = player->apply(action); !status.ok()) EXPECT_TRUE(status.error_message().ends_with('.'));
        give_assets(*player);
      }
      if (clicked) {
        ++explained;
        const Result<Explanation> explanation = player->explain(*clicked);
        ASSERT_TRUE(explanation.ok()) << explanation.error_message();
        if (!explanation.value().derivation.empty())
          EXPECT_EQ(std::bit_cast<std::uint32_t>(explanation.value().derivation.evaluate()),
                    std::bit_cast<std::uint32_t>(explanation.value().value));
        open = explanation.value();
      }
    }
  }
  EXPECT_GT(explained, 5) << "no number could be clicked";
  EXPECT_GT(acted, 5) << "nothing could be done";
}

}  // namespace
}  // namespace chainrule
