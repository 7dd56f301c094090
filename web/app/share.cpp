// Sharing: the link to what is open, and the run file for what a link cannot hold.
#include "web/app/app.h"
#include "web/lesson_kit/json.h"
#include "web/text/tr.h"

namespace chainrule {

void App::open_share() {
  Player& player = session_.player();
  player.pause();
  const std::string link = platform::page_address() + player.link();
  const std::string note = player.link_note();
  const std::string& title = session_.info().title;
  const std::string address = platform::page_address();
  const std::string embedded = address + (address.find('?') == address.npos ? "?" : "&") + "embed=1" + player.link();
  JsonObject json;
  json.add("title", title).add("link", link).add("note", tr_sentence(note)).add("exact", note.empty());
  json.add("embed", "<iframe src=\"" + embedded + "\" title=\"" + title + "\" width=\"960\" height=\"600\" allow=\"fullscreen; clipboard-write\"></iframe>");
  json.add("steps", player.step()).add("seconds", session_.expected_seconds(player.step()));
  platform::open_dialog("share", json.done().text);
}

void App::share_event(std::string_view value) {
  if (value == "open") open_share();
  if (value == "save-run") save_run_file();
  if (value == "open-run") pick_files("run");
}

void App::ask_about_replay() {
  if (!session_.replay_waits()) return;
  const std::int64_t steps = session_.player().progress().total;
  platform::open_dialog("replay", JsonObject().add("steps", steps).add("seconds", session_.expected_seconds(steps)).done().text);
}

void App::save_run_file() {
  const Player& player = session_.player();
  const std::string name = session_.info().slug + "-step-" + std::to_string(player.step()) + ".run";
  platform::save_file(name, write_run(player.run_file()));
  toasts_.add(ToastKind::kGood, tr("{0} is saved.", name), platform::now());
}

}  // namespace chainrule
