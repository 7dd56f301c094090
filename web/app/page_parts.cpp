// The parts of the page that are HTML over the canvas, contents and words, the page's language, and what is pressed there.
#include <algorithm>

#include "web/app/app.h"
#include "web/lesson_kit/json.h"
#include "web/text/tr.h"

namespace chainrule {

void App::place_contents() {
  if (!layout_.contents_docked && !contents_open_) return platform::hide_part("contents");
  JsonObject json;
  json.add("docked", layout_.contents_docked).add("narrow", layout_.narrow).add("dark", theme_.mode == ThemeMode::kDark);
  json.add("slug", bench_.is_open() ? BenchPage::info().slug : session_.info().slug).add("language", language());
  const auto& [at, size] = layout_.contents;
  platform::place_part("contents", at.x, at.y, size.x, size.y, json.done().text);
}

// A list that drops down from the header is drawn on the canvas, so it needs the place to itself.
void App::place_words() {
  const bool popup = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
  const bool shown = side_open() && side_tab_ == kLessonTab && words_.size.y > 0.0f && !popup;
  if (!shown) return platform::hide_part("words");
  const std::string json = JsonObject().add("slug", session_.info().slug).add("language", language()).done().text;
  platform::place_part("words", words_.at.x, words_.at.y, words_.size.x, words_.size.y, json);
}

// What the address leads to besides lessons. The lesson rests meanwhile.
void App::show_bench(bool on) {
  if (bench_.is_open() == on) return;
  session_.player().pause();
  if (preferences_.wishes.presentation) present(false);
  const LessonInfo& shown = on ? BenchPage::info() : session_.info();
  on ? bench_.open() : bench_.close();
  platform::set_page_title(tr_sentence(shown.title) + " · Chainrule");
  platform::announce(tr_sentence(shown.title));
  input();
}

void App::draw_bench() {
  const Area area = layout_.canvas;
  const float pad = layout_.narrow ? theme_.unit : 3 * theme_.unit;
  const std::string machine = std::to_string(platform::cores()) + (platform::isolated() ? " processor cores, 128-bit SIMD, threads" : " processor cores, 128-bit SIMD, no threads");
  begin_part(theme_, "Bench", area, theme_.colors.page, {pad, pad});
  const ImVec2 size{area.size.x - 2 * pad, area.size.y - 2 * pad};
  ImGui::BeginChild("Works", size, 0);
  ImGui::GetWindowDrawList()->_FringeScale = 1.0f / theme_.pixel_ratio;
  const BenchPage::Choice choice = bench_.draw(theme_, size, layout_.narrow, machine, std::max(1, most_threads()));
  ImGui::EndChild();
  end_part();
  if (choice == BenchPage::Choice::kLeave) show_bench(false);
  if (choice != BenchPage::Choice::kCopyText && choice != BenchPage::Choice::kCopyJson) return;
  platform::copy_text(choice == BenchPage::Choice::kCopyText ? bench_.text(machine) : bench_.json(machine));
  toasts_.add(ToastKind::kGood, std::string(tr("The result is in the clipboard.")), platform::now());
}

void App::choose_language(std::string_view name) {
  const std::string chosen(name);
  const auto use = [this, chosen](const std::vector<std::uint8_t>& bytes) {
    const std::string table(bytes.begin(), bytes.end());
    set_language(chosen, table);
    platform::set_page_language(chosen, table);
    if (session_.is_open()) platform::set_page_title(tr_sentence(session_.info().title) + " · Chainrule");
    input();
  };
  if (chosen == kLanguages[0]) return use({});
  const std::string file = "text/" + chosen + ".txt";
  if (const std::vector<std::uint8_t> bytes = platform::read_asset(file); !bytes.empty()) return use(bytes);
  platform::fetch_files({file}, {.progress = nullptr,
                                 .done = [use](const std::vector<platform::File>& files) { use(*files.at(0).bytes); },
                                 .failed = [this](const std::string& sentence) { say_error(sentence); }});
}

void App::page_event(std::string_view name, std::string_view value) {
  input();
  if (name == "share") share_event(value);
  if (name == "undo") session_.undo();
  if (name == "redo") session_.redo();
  if (name == "replay") session_.answer_replay(value == "yes");
  if (name == "contents") contents_open_ = false;
  if (name == "theme") do_page({.toggle_theme = true});
  if (name == "full-screen") do_page({.full_screen = true});
  if (name == "keys") do_page({.show_keys = true});
  if (name == "scale") do_page({.scale_steps = value == "1" ? 1 : -1});
  if (name == "language") {
    for (const std::string_view known : kLanguages)
      if (value == known) {
        platform::save_preference("language", known);
        choose_language(known);
      }
  }
}

}  // namespace chainrule
