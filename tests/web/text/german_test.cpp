// The German table: it fits what the program says, and nothing that is drawn or read out is left in English.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/math/rng.h"
#include "tests/web/support/lesson_players.h"
#include "tests/web/widgets/null_frame.h"
#include "web/app/app.h"
#include "web/lesson_kit/catalogue.h"
#include "web/text/tr.h"
#include "web/widgets/derivation_panel.h"

namespace chainrule {
namespace {

std::string read_table() {
  std::ifstream stream(std::string(CHAINRULE_SOURCE_DIR) + "/web/text/de.txt", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string read_words(const std::string& slug, const std::string& language) {
  std::ifstream stream(std::string(CHAINRULE_SOURCE_DIR) + "/web/lessons/" + slug + "." + language + ".md", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class German : public NullFrame {
 protected:
  German() { set_language("de", read_table()); }
  ~German() override { set_language("en", ""); }

  // Formulas, words of a line that was translated as a whole, names of tensors and layers, and what lessons' own files translate are no words of the table.
  void expect_all_translated(const Lesson& lesson) {
    std::set<std::string>& names = names_;
    for (const TensorSummary& tensor : lesson.tensors()) names.insert(tensor.name.substr(0, tensor.name.find('.')));
    for (const LessonEntry& entry : lessons()) names.insert({entry.info.title, entry.info.summary, entry.info.topic});
    for (const std::string& text : untranslated()) {
      const bool name = std::ranges::any_of(names, [&](const std::string& one) { return text.starts_with(one); });
      const bool formula = text.find(" = ") != text.npos || text.find("\u2202") != text.npos || text.find('[') != text.npos ||
                           text.ends_with('(') || text.ends_with("))") || text.find("′") != text.npos ||
                           (text.find('_') != text.npos && text.find(' ') == text.npos) || text == "σ(x)" || text.substr(1, 2) == "  " || text.find('^') != text.npos || text.find("√") != text.npos || text.starts_with(' ') || text.find("max(") != text.npos || text.find("min(") != text.npos || text.find("cos(") != text.npos || text.find("P(") != text.npos;
      EXPECT_TRUE(name || formula || text.size() < 4) << text;
    }
  }

 private:
  std::set<std::string> names_{"Chainrule", "softmax", "input"};
};

TEST(Tr, FillsTemplatesAndTranslatesTheirValues) {
  set_language("de", "{0} of {1}\n{0} von {1}\n\nloss\nVerlust\n\n");
  EXPECT_EQ(tr_text("3 of 10"), "3 von 10");
  EXPECT_EQ(tr_text("loss of digit"), "Verlust von digit");
  EXPECT_EQ(tr_text("loss\n1 of 2"), "Verlust\n1 von 2");
  EXPECT_EQ(tr_text("3 von 10"), "3 von 10");
  EXPECT_EQ(tr_text("0.25"), "0.25");
  EXPECT_TRUE(untranslated().empty());
  EXPECT_EQ(tr_text("Something else"), "Something else");
  EXPECT_EQ(untranslated(), std::vector<std::string>{"Something else"});
  set_language("en", "");
  EXPECT_EQ(tr_text("3 of 10"), "3 of 10");
}

TEST_F(German, EveryParamIsTranslated) {
  for (const LessonEntry& entry : lessons()) {
    const std::unique_ptr<Lesson> lesson = entry.make();
    for (const ParamSpec& spec : lesson->params()) {
      for (const std::string& text : {spec.label, spec.help}) (void)tr_text(text);
      for (const std::string& text : spec.choices) (void)tr_text(text);
    }
  }
  EXPECT_EQ(untranslated(), std::vector<std::string>());
}

TEST(Words, AgreeWithTheLessons) {
  for (const LessonEntry& entry : lessons()) {
    const std::string text = read_words(entry.info.slug, "en");
    const std::string fields = "---\ntitle: " + entry.info.title + "\nsummary: " + entry.info.summary + "\ntopic: " + entry.info.topic +
                               "\ndecks: " + entry.info.decks + "\n---\n";
    EXPECT_TRUE(text.starts_with(fields)) << entry.info.slug << ".en.md should begin with\n" << fields;
    EXPECT_TRUE(read_words(entry.info.slug, "de").starts_with("---\ntitle: ")) << entry.info.slug << ".de.md";
  }
}

// Presses everywhere, as people do: what was shown then had German words.
TEST_F(German, NothingOfTheAppIsLeftInEnglish) {
  ImGuiIO& io = ImGui::GetIO();
  App app(textures);
  set_language("de", read_table());  // the app begins in the page's language
  Rng rng(29, "data");
  const auto one_frame = [&] {
    app.work();
    app.prepare();
    ImGui::NewFrame();
    app.draw();
    ImGui::Render();
    app.finish_frame();
  };
  for (const ImVec2 size : {ImVec2{1280, 720}, ImVec2{390, 844}, ImVec2{1920, 1080}}) {
    io.DisplaySize = size;
    for (int press = 0; press < 150; ++press) {
      io.AddMousePosEvent(rng.uniform(0.0f, size.x), rng.uniform(0.0f, size.y));
      one_frame();
      for (const bool down : {true, false}) {
        io.AddMouseButtonEvent(0, down);
        one_frame();
      }
    }
  }
  expect_all_translated(app.player()->lesson());
}

TEST_F(German, NothingOfALessonIsLeftInEnglish) {
  Rng rng(31, "data");
  for (const LessonEntry& entry : lessons()) {
    const std::unique_ptr<Player> player = quick_player(entry);
    std::optional<Explanation> open;
    DerivationPanelState panel;
    for (int i = 0; i < 400; ++i) {
      if (i % 100 == 50) player->step_by(1), work_off(*player);
      player->advance(kBudget);
      const ImVec2 size = i % 2 == 0 ? ImVec2{1280, 600} : ImVec2{390, 640};
      std::vector<Action> actions;
      std::optional<ElementRef> clicked, other;
      std::optional<std::int64_t> sought;
      std::optional<std::string> files;
      click(size, {rng.uniform(0.0f, size.x), rng.uniform(0.0f, size.y)}, [&] {
        DrawContext context{.theme = theme, .textures = textures, .size = size, .narrow = size.x < 600, .actions = actions,
                            .explain_request = clicked, .seek_request = sought, .open_explanation = open ? &*open : nullptr, .file_request = files};
        player->lesson().draw(context);
      });
      if (open) frame({400, 600}, [&] { draw_derivation_panel(theme, *open, panel, other); });
      for (const Action& action : actions) {
        (void)player->apply(action);
        give_assets(*player);
      }
      if (clicked)
        if (Result<Explanation> explained = player->explain(*clicked); explained.ok()) open = explained.value();
    }
    expect_all_translated(player->lesson());
  }
}

}  // namespace
}  // namespace chainrule
