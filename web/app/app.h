// App: one page with one lesson: the frame's order of business, what people chose, and what a script may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/app/bench_page.h"
#include "web/app/computing.h"
#include "web/app/draw_context.h"
#include "web/app/embed.h"
#include "web/app/explain_panel.h"
#include "web/app/fonts.h"
#include "web/app/layout.h"
#include "web/app/page.h"
#include "web/app/session.h"
#include "web/app/toasts.h"
#include "web/app/touch_scroll.h"
#include "web/lesson_kit/script_api.h"
#include "web/platform/platform.h"
#include "web/widgets/twin.h"

namespace chainrule {

class App final : public ScriptHost {
 public:
  /// Requires: a current Dear ImGui context.
  explicit App(TextureCache& textures);

  /// Training and background work, within the frame's share of time.
  void work();
  /// Follows the screen's and the reader's wishes. True: the font atlas was baked anew. Requires: between frames.
  bool prepare();
  /// The whole page. Requires: between ImGui::NewFrame and ImGui::Render.
  void draw();
  /// Asks for the next frame, if there is a reason for one; brings the address up to date.
  void finish_frame();

  /// A person did something: frames are drawn until what follows from it has settled.
  void input();
  void hash_changed();
  /// Something was pressed in a part of the page that is not on the canvas; see platform::open_dialog.
  void page_event(std::string_view name, std::string_view value);
  /// Something happened at an element of the twin (web/twin.js). id 0, kind "scale": two fingers, text 1 or -1.
  void twin_event(std::uint32_t id, std::string_view kind, std::string_view text);
  /// The page is hidden, and may end without another word.
  void hidden();
  /// The dialog with the link to what is open.
  void open_share();
  /// The graphics card is gone for a while; resume: it is back, and knows no fonts any more.
  void suspend();
  void resume();
  const Theme& theme() const { return theme_; }

  Player* player() override { return session_.is_open() ? &session_.player() : nullptr; }
  Status open(std::string_view link) override;
  std::int64_t frame() const override { return frame_; }
  bool loading() const override { return !session_.asset_loading().empty(); }
  std::string take_error() override { return session_.take_error(); }

 private:
  struct Preferences {
    std::string theme = "auto";  // or light, dark
    int scale = 2;               // index into the scales
    int presentation_scale = -1; // the same for the presentation; -1: as the screen allows
    LayoutWishes wishes;
    int speed = 3;
    Computing computing;
  };

  void load_preferences();
  void save_preferences() const;
  void follow_session();
  void draw_lesson(std::vector<Action>& actions);
  void draw_side(std::vector<Action>& actions);
  void draw_bars();
  void draw_floating(std::vector<Action>& actions);
  void draw_bench();
  void show_bench(bool on);
  void do_page(PageChoices choices);
  void do_transport(TransportChoices choices);
  void do_requests();
  void do_keys();
  void toggle_digits();
  void pick_files(const std::string& purpose);
  void use_camera(bool on);
  void save_run_file();
  void ask_about_replay();
  void share_event(std::string_view value);
  void receive_files(std::string_view purpose, const std::vector<platform::File>& files);
  void say_error(const std::string& sentence);
  bool side_open() const { return layout_.side_docked || sheet_open_; }
  enum SideTab : int { kLessonTab, kSettingsTab, kDerivationTab };
  void open_side(int tab);
  void present(bool on);
  bool sheet_moving(double now) const;
  int scale_index() const;
  void sync_link();
  void send_twin();
  void tell_step();
  void place_contents();
  void place_words();
  /// The page's texts change when those of the language are there.
  void choose_language(std::string_view name);

  TextureCache& textures_;
  Toasts toasts_;
  Twin twin_;
  Session session_;
  ExplainPanel explain_;
  FontLibrary fonts_;
  Theme theme_;
  TouchScroll touch_scroll_;
  Preferences preferences_;
  Embed embed_{platform::address_setting("embed"), platform::address_setting("hide")};
  Layout layout_;
  bool contents_open_ = false;  // the drawer
  bool sheet_open_ = false;     // the side panel over the lesson
  double sheet_since_ = 0.0;    // when it was first drawn; 0: not yet
  int side_tab_ = kLessonTab;
  Area words_ = {};             // where the lesson's words are in this frame; empty: nowhere
  std::uint64_t generation_ = 0;
  std::optional<ElementRef> explain_request_;
  std::optional<std::int64_t> seek_request_;
  std::optional<std::string> file_request_;
  std::optional<Blob> save_request_;
  std::optional<LessonRequest> lesson_request_;
  std::string shown_link_;
  double shown_link_at_ = 0.0;
  std::int64_t frame_ = 0;
  std::int64_t told_step_ = 0;   // the step that was read out last, and when
  double told_step_at_ = 0.0;
  bool replay_asked_ = false;
  bool fonts_baked_ = false;
  double last_input_ = 0.0, last_frame_ = 0.0;
  FrameMeter meter_;
  BenchPage bench_;
  bool bench_asked_ = false;
};

}  // namespace chainrule
