#include "web/app/app.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"
#include "web/lesson_kit/catalogue.h"
#include "web/text/tr.h"

namespace chainrule {
namespace {

constexpr double kWorkSeconds = 0.010;    // of a frame's 0.0167
constexpr double kMostWorkSeconds = 0.040;
constexpr double kBenchSeconds = 0.030;  // of a frame while the machine's speed is measured
constexpr double kSettleSeconds = 0.6;    // after an input: hover delays and releases need frames to come
constexpr std::string_view kRunFile = "run";  // the purpose under which a run file is asked for
constexpr double kLinkSeconds = 0.5;      // browsers slow down pages that change their address more often
constexpr float kScales[] = {0.8f, 0.9f, 1.0f, 1.15f, 1.3f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f};
// Units of distance that a presentation leaves the lesson at least.
constexpr float kPresentationWidth = 104, kPresentationHeight = 62;
constexpr int kScaleCount = static_cast<int>(std::size(kScales));

int read_index(std::string_view key, int otherwise, int count) {
  const Result<long long> read = parse_integer(platform::load_preference(key));
  return read.ok() && read.value() >= 0 && read.value() < count ? static_cast<int>(read.value()) : otherwise;
}

}  // namespace

App::App(TextureCache& textures) : textures_(textures), session_(toasts_) {
  set_twin(&twin_);
  load_preferences();
  choose_language(platform::page_language());
  session_.set_speed(preferences_.speed);
  const std::string hash = platform::hash();
  const Status opened = session_.open(is_bench_link(hash) ? "" : hash, true);
  if (is_bench_link(hash)) show_bench(true);
  if (!opened.ok()) toasts_.add(ToastKind::kWarning, opened.error_message(), platform::now());
  if (const Status known = embed_.check(session_.player().lesson()); !known.ok())
    toasts_.add(ToastKind::kWarning, known.error_message(), platform::now());
  if (platform::address_setting("present") == "1") present(true);
  if (embed_.is_on()) preferences_.wishes.contents = preferences_.wishes.side = false;
  platform::on_files_dropped({.progress = nullptr,
                              .done = [this](const std::vector<platform::File>& files) { receive_files("digits", files); },
                              .failed = [this](const std::string& sentence) { say_error(sentence); }});
  input();
}

void App::load_preferences() {
  const std::string theme = platform::load_preference("theme");
  if (theme == "light" || theme == "dark") preferences_.theme = theme;
  preferences_.scale = read_index("scale", preferences_.scale, kScaleCount);
  preferences_.presentation_scale = read_index("presentation-scale", preferences_.presentation_scale, kScaleCount);
  preferences_.speed = read_index("speed", preferences_.speed, static_cast<int>(std::size(kSpeeds)));
  preferences_.wishes.contents = platform::load_preference("contents") != "closed";
  preferences_.wishes.side = platform::load_preference("side") != "closed";
  preferences_.computing.most_threads = most_threads();
  preferences_.computing.threads = read_index("threads", preferences_.computing.most_threads, preferences_.computing.most_threads + 1);
  preferences_.computing.training = read_index("training", 0, 3);
  preferences_.computing.meter = platform::load_preference("meter") == "on";
  use_threads(preferences_.computing);
  if (platform::load_preference("tab") == "settings") side_tab_ = kSettingsTab;
}

void App::save_preferences() const {
  if (embed_.is_on()) return;  // what is shown within another page says nothing about this reader's own
  platform::save_preference("theme", preferences_.theme);
  platform::save_preference("scale", std::to_string(preferences_.scale));
  if (preferences_.presentation_scale >= 0) {
    platform::save_preference("presentation-scale", std::to_string(preferences_.presentation_scale));
  }
  platform::save_preference("speed", std::to_string(preferences_.speed));
  platform::save_preference("contents", preferences_.wishes.contents ? "open" : "closed");
  platform::save_preference("side", preferences_.wishes.side ? "open" : "closed");
  platform::save_preference("threads", std::to_string(preferences_.computing.threads));
  platform::save_preference("training", std::to_string(preferences_.computing.training));
  platform::save_preference("meter", preferences_.computing.meter ? "on" : "off");
  if (side_tab_ != kDerivationTab) platform::save_preference("tab", side_tab_ == kSettingsTab ? "settings" : "lesson");
}

void App::input() {
  last_input_ = platform::now();
  platform::request_frame();
}

void App::work() {
  const double now = platform::now();
  const double elapsed = std::clamp(now - last_frame_, 0.0, 0.25);
  if (bench_.is_open()) {
    bench_.work(kBenchSeconds, &platform::now);
    last_frame_ = now;
    return;
  }
  // Where drawing is slow (no GPU, a large screen) the model gets as much time as the picture.
  session_.work(std::clamp(0.5 * elapsed, kWorkSeconds, kMostWorkSeconds), elapsed);
  explain_.update(session_);
  if (session_.replay_waits() != std::exchange(replay_asked_, session_.replay_waits())) ask_about_replay();
  last_frame_ = now;
}

bool App::prepare() {
  const bool dark = preferences_.theme == "dark" || (preferences_.theme == "auto" && platform::prefers_dark());
  const ThemeMode mode = dark ? ThemeMode::kDark : ThemeMode::kLight;
  const float scale = kScales[scale_index()];
  const float ratio = platform::pixel_ratio();
  const bool touch = platform::last_press_was_touch();
  const bool bake = !fonts_baked_ || theme_.scale != scale || theme_.pixel_ratio != ratio;
  if (!bake && mode == theme_.mode && touch == theme_.touch) return false;
  theme_.mode = mode;
  theme_.colors = palette_of(mode);
  theme_.touch = touch;
  theme_.scale = scale;
  theme_.pixel_ratio = ratio;
  theme_.unit = 8.0f * scale;
  if (bake) fonts_.bake(theme_, *ImGui::GetIO().Fonts);
  fonts_baked_ = true;
  apply_style(theme_);
  platform::set_page_theme(dark, scale);
  return bake;
}

void App::follow_session() {
  if (generation_ == session_.generation()) return;
  generation_ = session_.generation();
  explain_.clear();
  explain_request_.reset();
  told_step_ = session_.player().step();
  if (!bench_.is_open()) platform::set_page_title(tr_sentence(session_.info().title) + " · Chainrule");
}

void App::draw() {
  ++frame_;
  twin_.begin_frame();
  follow_session();
  layout_ = arrange(ImGui::GetIO().DisplaySize, theme_.unit, preferences_.wishes);
  if (bench_.is_open()) {  // it needs neither panel nor transport
    layout_.side_docked = sheet_open_ = false;
    layout_.header.size.x = ImGui::GetIO().DisplaySize.x - layout_.header.at.x;
    layout_.canvas.size = {layout_.header.size.x, ImGui::GetIO().DisplaySize.y - layout_.canvas.at.y};
  }
  if (layout_.side_docked) sheet_open_ = false;
  if (layout_.contents_docked) contents_open_ = false;
  words_ = {};
  std::vector<Action> actions;
  draw_bars();
  bench_.is_open() ? draw_bench() : draw_lesson(actions);
  if (layout_.side_docked) draw_side(actions);
  draw_floating(actions);
  place_contents();
  place_words();
  touch_scroll_.update(theme_);
  do_keys();
  do_requests();
  send_twin();
  session_.apply(std::move(actions));
  if (!ImGui::IsAnyMouseDown()) session_.player().end_gesture();
}

void App::finish_frame() {
  const double now = platform::now();
  meter_.add(now - last_frame_);
  sync_link();
  session_.autosave(shown_link_);
  const bool moving = bench_.running() || touch_scroll_.gliding() || toasts_.moving(now) || sheet_moving(now);
  if ((session_.busy() && !bench_.is_open()) || moving || now - last_input_ < kSettleSeconds) return platform::request_frame();
  const double toast = toasts_.next_change(now), save = session_.next_save();
  if (toast > 0.0 || save > 0.0) platform::request_frame_after(toast > 0.0 && save > 0.0 ? std::min(toast, save) : std::max(toast, save));
}

void App::sync_link() {
  const Player& player = session_.player();
  if (player.playing() || player.working()) return;
  const std::string link = bench_.is_open() ? "#/bench" : player.link();
  if (link == shown_link_) return;
  const double now = platform::now();
  if (now - shown_link_at_ < kLinkSeconds) return platform::request_frame_after(kLinkSeconds);
  shown_link_ = link;
  shown_link_at_ = now;
  platform::set_hash(link, true);
}

void App::hash_changed() {
  const std::string hash = platform::hash();
  if ("#" + hash == shown_link_ || hash == shown_link_) return;
  const Status opened = open(hash);
  if (opened.ok()) return;
  toasts_.add(ToastKind::kWarning, opened.error_message(), platform::now());
  shown_link_.clear();  // the address tells again what is open
}

void App::suspend() { session_.player().pause(); }

void App::hidden() { session_.save_now(shown_link_); }

void App::resume() {
  fonts_baked_ = false;
  input();
}

Status App::open(std::string_view link) {
  contents_open_ = false;
  show_bench(is_bench_link(link));
  if (bench_.is_open()) return Done{};
  const Status opened = session_.open(link);
  input();
  return opened;
}

void App::receive_files(std::string_view purpose, const std::vector<platform::File>& files) {
  std::vector<Blob> blobs;
  for (const platform::File& file : files) blobs.push_back({file.name, file.bytes});
  input();
  // What the page has decoded (web/pictures.js).
  const bool picture = blobs.size() == 1 && blobs[0].bytes->size() > 2 && (*blobs[0].bytes)[0] == 'P' && (*blobs[0].bytes)[1] == '6';
  if (picture) return session_.receive_files(kPictureFile, blobs);
  const bool run = blobs.size() == 1 && purpose != kNetworkFile && (is_run_file(*blobs[0].bytes) || purpose == kRunFile);
  if (!run) return session_.receive_files(purpose, blobs);
  if (const Status opened = session_.open_run(blobs[0]); !opened.ok()) say_error(opened.error_message());
}

void App::say_error(const std::string& sentence) {
  if (!sentence.empty()) toasts_.add(ToastKind::kError, sentence, platform::now());
  input();
}

void App::do_requests() {
  if (explain_request_) {
    explain_.open(session_, *std::exchange(explain_request_, std::nullopt));
    open_side(kDerivationTab);
  }
  if (std::exchange(bench_asked_, false)) show_bench(true);
  if (seek_request_) session_.player().seek(*std::exchange(seek_request_, std::nullopt));
  if (file_request_) pick_files(*std::exchange(file_request_, std::nullopt));
  if (const std::optional<Blob> file = std::exchange(save_request_, std::nullopt)) platform::save_file(file->name, *file->bytes);
  if (const std::optional<LessonRequest> wanted = std::exchange(lesson_request_, std::nullopt)) {
    if (const Status opened = open("#/" + wanted->slug); !opened.ok()) return say_error(opened.error_message());
    session_.receive_files(wanted->files.purpose, wanted->files.files);
  }
}

// Pictures of the camera come many times a second: without words.
void App::use_camera(bool on) {
  if (!on) return platform::stop_camera();
  platform::start_camera({.progress = nullptr,
                          .done =
                              [this](const std::vector<platform::File>& files) {
                                const Status received = session_.receive_frame({files[0].name, files[0].bytes});
                                if (!received.ok()) platform::stop_camera();
                                input();
                              },
                          .failed = [this](const std::string& sentence) { say_error(sentence); }});
}

void App::pick_files(const std::string& purpose) {
  if (purpose == kCameraOn || purpose == kCameraOff) return use_camera(purpose == kCameraOn);
  platform::pick_files(purpose,
                       {.progress = nullptr,
                        .done = [this, purpose](const std::vector<platform::File>& files) { receive_files(purpose, files); },
                        .failed = [this](const std::string& sentence) { say_error(sentence); }});
}

void App::open_side(int tab) {
  side_tab_ = tab;
  if (layout_.side_docked) return;
  // Where the panel fits beside the lesson it opens there, else it comes over it.
  preferences_.wishes.side = true;
  sheet_open_ = !arrange(ImGui::GetIO().DisplaySize, theme_.unit, preferences_.wishes).side_docked;
}

void App::present(bool on) {
  if (preferences_.wishes.presentation == on) return;
  preferences_.wishes.presentation = on;
  sheet_open_ = contents_open_ = false;
  platform::announce(on ? tr("Presentation. Escape leaves it.") : tr("Presentation left."));
  input();
}

// The presentation has a scale of its own: as large as its screen allows, until somebody chooses another.
int App::scale_index() const {
  if (!preferences_.wishes.presentation) return preferences_.scale;
  if (preferences_.presentation_scale >= 0) return preferences_.presentation_scale;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  int index = 0;
  while (index + 1 < kScaleCount && screen.x >= 8 * kPresentationWidth * kScales[index + 1] &&
         screen.y >= 8 * kPresentationHeight * kScales[index + 1]) {
    ++index;
  }
  return std::max(index, preferences_.scale);
}

void App::do_page(PageChoices choices) {
  if (bench_.is_open()) choices.toggle_side = choices.undo = choices.redo = choices.share = choices.toggle_presentation = false;
  if (choices.toggle_contents && !embed_.is_on()) {
    LayoutWishes wishes = preferences_.wishes;
    wishes.contents = true;
    const bool fits = arrange(ImGui::GetIO().DisplaySize, theme_.unit, wishes).contents_docked;
    if (fits) {
      preferences_.wishes.contents = !preferences_.wishes.contents;
    } else {
      contents_open_ = !contents_open_;
    }
  }
  if (choices.toggle_side && !embed_.hides("panel")) {
    if (layout_.side_docked) {
      preferences_.wishes.side = false;
    } else if (sheet_open_) {
      sheet_open_ = false;
    } else {
      open_side(side_tab_);
    }
  }
  if (choices.toggle_theme) preferences_.theme = theme_.mode == ThemeMode::kLight ? "dark" : "light";
  if (choices.show_keys) platform::open_dialog("keys", "{}");
  if (choices.full_screen) platform::toggle_full_screen();
  if (choices.undo) session_.undo();
  if (choices.redo) session_.redo();
  if (choices.share) open_share();
  if (choices.toggle_presentation) present(!preferences_.wishes.presentation);
  if (choices.scale_steps != 0) {
    int& scale = preferences_.wishes.presentation ? preferences_.presentation_scale : preferences_.scale;
    scale = std::clamp(scale_index() + choices.scale_steps, 0, kScaleCount - 1);
  }
  const bool chose = choices.toggle_contents || choices.toggle_side || choices.toggle_theme || choices.scale_steps != 0;
  if (chose) save_preferences();
}

void App::do_transport(TransportChoices choices) {
  Player& player = session_.player();
  // Their keys are hidden with them.
  for (const auto& [name, flag] : {std::pair{"step-back", &choices.back}, {"play", &choices.play}, {"step", &choices.step},
                                   {"phase", &choices.phase}, {"reset", &choices.reset}, {"new-weights", &choices.new_weights}})
    *flag = *flag && !embed_.hides(name);
  if (choices.play) player.playing() ? player.pause() : player.play();
  if (choices.step) player.pause(), player.step_by(1);
  if (choices.phase) player.next_phase();
  // Held within a step, back is to its beginning.
  if (choices.back) player.held() ? player.seek(player.step()) : (player.pause(), player.step_by(-1));
  if (choices.seek) player.seek(*choices.seek);
  if (choices.cancel) player.cancel();
  if (choices.reset) session_.reset();
  if (choices.new_weights) session_.new_weights();
  if (choices.speed) {
    preferences_.speed = *choices.speed;
    session_.set_speed(*choices.speed);
    save_preferences();
  }
}

}  // namespace chainrule
