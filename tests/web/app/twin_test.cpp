// The twin: every control of the page and of every lesson has a named element, events reach the widget that they are meant
// for, and nothing is sent when nothing changed.
#include "web/widgets/twin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/imgui_items.h"
#include "tests/web/support/lesson_players.h"
#include "tests/web/widgets/null_frame.h"
#include "web/app/page.h"
#include "web/app/toasts.h"
#include "web/widgets/controls.h"
#include "web/widgets/derivation_panel.h"
#include "web/widgets/grid_cursor.h"

namespace chainrule {
namespace {

class TwinTest : public NullFrame {
 protected:
  TwinTest() {
    ImFont* font = ImGui::GetIO().Fonts->Fonts[0];
    for (int size = 0; size < 4; ++size) theme.text[size] = theme.strong[size] = theme.number[size] = font;
    set_twin(&twin_);
  }

  /// One frame; returns what the page is told.
  std::string draw(ImVec2 size, const std::function<void()>& body) {
    twin_.begin_frame();
    frame(size, body);
    return twin_.end_frame();
  }

  const Twin::Placed* node(std::string_view name, TwinRole role) const {
    for (const Twin::Placed& placed : twin_.nodes())
      if (placed.node.name == name && placed.node.role == role) return &placed;
    return nullptr;
  }

  Twin twin_;
};

class TwinIsComplete : public TwinTest {
 protected:
  void check(std::size_t least) {
    const std::vector<ImguiItem> items = items_.take();
    std::set<ImGuiID> ids;
    std::size_t controls = 0;
    for (const Twin::Placed& placed : twin_.nodes()) {
      EXPECT_TRUE(ids.insert(placed.id).second) << "twice: " << placed.node.name;
      EXPECT_FALSE(placed.node.name.empty()) << "an element without a name at " << placed.box.min.x << ", " << placed.box.min.y;
      controls += placed.node.role != TwinRole::kText && placed.node.role != TwinRole::kRegion;
    }
    for (const ImguiItem& item : items)
      if (!item.in_popup) EXPECT_TRUE(ids.contains(item.id)) << "no element for the item \"" << item.label << "\"";
    EXPECT_GE(items.size(), least) << "the hooks see nothing";
    EXPECT_GE(controls, least);
    EXPECT_EQ(twin_.left_out(), 0u);
  }

  ImguiItems items_;
};

constexpr ImVec2 kSizes[] = {{1280, 600}, {390, 640}};

TEST_F(TwinIsComplete, InEveryLessonInEveryView) {
  std::vector<Action> actions;
  std::optional<ElementRef> clicked;
  std::optional<std::int64_t> sought;
  std::optional<std::string> file_request;
  for (const LessonEntry& entry : lessons()) {
    SCOPED_TRACE(entry.info.slug);
    const std::unique_ptr<Player> player = quick_player(entry);
    player->step_by(2);
    work_off(*player);
    for (const ImVec2 size : kSizes) {
      const auto body = [&] {
        DrawContext context{.theme = theme, .textures = textures, .size = size, .narrow = size.x < 600, .actions = actions,
                            .explain_request = clicked, .seek_request = sought, .file_request = file_request};
        player->lesson().draw(context);
      };
      draw(size, body);
      std::vector<ImGuiID> views;
      for (const Twin::Placed& placed : twin_.nodes())
        if (placed.node.role == TwinRole::kTab) views.push_back(placed.id);
      for (const ImGuiID view : views) {
        twin_.receive(view, "click", "");
        draw(size, body);
        items_.take();
        draw(size, body);
        SCOPED_TRACE(view);
        check(5);
      }
    }
  }
}

TEST_F(TwinIsComplete, InTheHeaderTheTransportTheSettingsAndMessages) {
  for (const ImVec2 screen : {ImVec2{1280, 720}, ImVec2{390, 844}}) {
    for (const LessonEntry& entry : lessons()) {
      const std::unique_ptr<Player> player = quick_player(entry);
      const Layout layout = arrange(screen, theme.unit, {});
      Toasts toasts;
      toasts.add(ToastKind::kWarning, "Something is not as it should be.", 0.0);
      toasts.set_progress("digits", "Loading digits", 0.3f);
      TransportView view;
      view.can_run = true, view.step = 3, view.last_step = 9, view.progress = 0.5f, view.status = "3 of 9";
      std::vector<Action> actions;
      const auto body = [&] {
        draw_header(theme, layout, {.lesson = &entry.info, .can_undo = true});
        draw_transport(theme, layout, view);
        draw_settings(theme, player->lesson(), Embed(), std::min(screen.x, 300.0f), actions);
        toasts.draw(theme, layout.canvas, 0.0);
      };
      draw(screen, body);
      items_.take();
      draw(screen, body);
      check(15);
      EXPECT_NE(node("Step", TwinRole::kButton), nullptr);
    }
  }
}

TEST_F(TwinIsComplete, InADerivationAndItsTextIsThere) {
  for (const LessonEntry& entry : lessons()) {
    const std::unique_ptr<Player> player = quick_player(entry);
    player->step_by(1);
    work_off(*player);
    for (const TensorSummary& tensor : player->lesson().tensors()) {
      const Result<Explanation> explanation = player->explain({tensor.name, 0, player->step()});
      if (!explanation.ok()) continue;
      SCOPED_TRACE(tensor.name);
      DerivationPanelState state;
      state.settable = true;
      std::optional<ElementRef> clicked;
      const auto body = [&] { draw_derivation_panel(theme, explanation.value(), state, clicked); };
      draw({400, 700}, body);
      items_.take();
      draw({400, 700}, body);
      check(1);
      EXPECT_NE(node(derivation_text(explanation.value()), TwinRole::kText), nullptr);
      EXPECT_NE(node("Set this number", TwinRole::kNumber), nullptr);
    }
  }
}

TEST_F(TwinTest, SendsWhatChangedAndNothingElse) {
  bool on = false;
  const auto body = [&] { toggle(theme, "Shuffle", on, "In another order each epoch"); };
  const std::string first = draw({200, 100}, body);
  EXPECT_NE(first.find("\"name\":\"Shuffle\""), std::string::npos) << first;
  EXPECT_NE(first.find("\"on\":false"), std::string::npos) << first;
  EXPECT_NE(first.find("\"tree\""), std::string::npos) << first;
  EXPECT_EQ(draw({200, 100}, body), "");
  on = true;
  const std::string second = draw({200, 100}, body);
  EXPECT_NE(second.find("\"on\":true"), std::string::npos) << second;
  EXPECT_EQ(second.find("\"tree\""), std::string::npos) << second;
  EXPECT_EQ(second.find("\"moved\""), std::string::npos) << second;
  EXPECT_NE(draw({200, 100}, [] {}), "") << "the element is gone";
}

TEST_F(TwinTest, EventsWaitForTheirWidgetButNotForEver) {
  int presses = 0;
  bool enabled = true;
  const auto body = [&] { presses += text_button(theme, "Go", ButtonLook::kQuiet, 0.0f, enabled); };
  draw({200, 100}, body);
  const ImGuiID id = node("Go", TwinRole::kButton)->id;
  twin_.receive(id, "click", "");
  draw({200, 100}, body);
  draw({200, 100}, body);
  EXPECT_EQ(presses, 1);
  enabled = false;
  twin_.receive(id, "click", "");
  for (int i = 0; i < 8; ++i) draw({200, 100}, body);
  enabled = true;
  draw({200, 100}, body);
  EXPECT_EQ(presses, 1) << "a press of a dead button counts when it comes to life";
}

TEST_F(TwinTest, ChoicesSlidersAndFieldsTakeValues) {
  constexpr std::string_view kWords[] = {"one", "two", "three"};
  int chosen = 0, part = 0;
  double value = 1.0;
  std::optional<std::string> typed;
  const auto body = [&] {
    choice(theme, "Which", kWords, chosen, 120);
    segments(theme, "Part", kWords, part, 200);
    slider(theme, "Much", value, 0.01, 100.0, true, 150, "1");
    if (auto text = number_field(theme, "Number", "0.5", 80, {0.0, 1.0, false})) typed = text;
  };
  draw({300, 300}, body);
  twin_.receive(node("Which", TwinRole::kChoice)->id, "set", "2");
  twin_.receive(node("two", TwinRole::kRadio)->id, "click", "");
  twin_.receive(node("Much", TwinRole::kSlider)->id, "set", "1000");
  const ImGuiID number = node("Number", TwinRole::kNumber)->id;
  twin_.receive(number, "set", "abc");
  draw({300, 300}, body);
  EXPECT_EQ(chosen, 2);
  EXPECT_EQ(part, 1);
  EXPECT_DOUBLE_EQ(value, 100.0);
  EXPECT_EQ(typed, "abc") << "what a text means is decided by who asked for it";
  twin_.receive(node("Which", TwinRole::kChoice)->id, "set", "7");
  twin_.receive(number, "key", "ArrowUp");
  draw({300, 300}, body);
  EXPECT_EQ(chosen, 2);
  EXPECT_EQ(typed, "0.51");
}

TEST(NextNumber, GoesBySecondDigitsOrByOneAndStaysWithinItsLimits) {
  EXPECT_DOUBLE_EQ(next_number(0.5, 1, {0.0, 1.0, false}), 0.51);
  EXPECT_DOUBLE_EQ(next_number(0.02, -1, {0.0, 1.0, false}), 0.019);
  EXPECT_DOUBLE_EQ(next_number(32, 1, {1.0, 64.0, true}), 33.0);
  EXPECT_DOUBLE_EQ(next_number(64, 1, {1.0, 64.0, true}), 64.0);
}

TEST(GridCursor, WalksThroughThePartsOfAllCells) {
  // Two rows of three pictures of 4 x 5, the last of which is missing.
  const GridWords words{.name = "", .place = {}, .count = 5, .part_rows = 4, .part_columns = 5};
  const auto moved = [&](Cell from, std::string_view key) { return moved_cursor(from, key, 2, 3, words); };
  EXPECT_EQ(moved({0, 4}, "ArrowRight"), (Cell{0, 5}));
  EXPECT_EQ(moved({3, 4}, "ArrowDown"), (Cell{4, 4}));
  EXPECT_EQ(moved({0, 0}, "ArrowUp"), (Cell{0, 0}));
  EXPECT_EQ(moved({2, 2}, "Ctrl+ArrowRight"), (Cell{2, 7}));
  EXPECT_EQ(moved({4, 9}, "ArrowRight"), (Cell{4, 9})) << "there is no sixth picture";
  EXPECT_EQ(moved({4, 0}, "End"), (Cell{4, 9}));
  EXPECT_EQ(moved({1, 9}, "Home"), (Cell{1, 0}));
}

TEST_F(TwinTest, NeverHasMoreThanFiveHundredNodes) {
  const auto body = [&] {
    for (int i = 0; i < 700; ++i) {
      ImGui::PushID(i);
      text_button(theme, "Button");
      ImGui::PopID();
    }
  };
  draw({200, 20000}, body);
  EXPECT_EQ(twin_.nodes().size(), Twin::kMostNodes);
  EXPECT_EQ(twin_.left_out(), 200u);
}

}  // namespace
}  // namespace chainrule
