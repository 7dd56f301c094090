#include "web/app/session.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"
#include "web/app/assets.h"
#include "web/app/page.h"
#include "web/lesson_kit/catalogue.h"
#include "web/platform/platform.h"
#include "web/text/tr.h"

namespace chainrule {
namespace {

constexpr double kSliceSeconds = 0.004;  // short enough that a frame's share is met closely
constexpr double kBesideSeconds = 0.003;
constexpr std::int64_t kLeastSlice = 2'000'000, kMostSlice = 50'000'000;
constexpr double kUsualRate = 8e9;       // multiply-adds a second, until it is measured
constexpr double kShortReplay = 0.7;     // seconds that need no words
constexpr double kLongReplay = 20.0;     // seconds after which a person is asked first
constexpr const char* kAssetKey = "asset";
constexpr const char* kReplayKey = "replay";

std::vector<Blob> to_blobs(const std::vector<platform::File>& files) {
  std::vector<Blob> blobs;
  for (const platform::File& file : files) blobs.push_back({file.name, file.bytes});
  return blobs;
}

}  // namespace

Status Session::open(std::string_view link, bool restore) {
  const std::string slug = link_slug(link);
  Status status = Done{};
  const LessonEntry* entry = &lessons().front();
  if (!slug.empty()) {
    const Result<const LessonEntry*> found = find_lesson(lessons(), slug);
    if (found.ok()) {
      entry = found.value();
    } else {
      status = found.error();
      if (is_open()) return status;  // what is open stays
    }
  }
  if (!is_open() || entry->info.slug != info().slug) open_lesson(*entry);
  ++generation_;
  replay_waits_ = replay_unasked_ = false;
  const bool first = player_->version() == fresh_version_;
  const Link parsed = parse_link(status.ok() ? link : "", player_->lesson().params());
  for (const std::string& note : parsed.notes) toasts_.add(ToastKind::kWarning, note, platform::now());
  for (const std::string& note : player_->open(parsed)) toasts_.add(ToastKind::kWarning, note, platform::now());
  if (first) player_->forget_history();
  replay_unasked_ = parsed.step > 0;
  autosave_.begin(*player_);
  check_wanted_asset();
  if (restore) look_for_saved_run(link);
  return status;
}

void Session::open_lesson(const LessonEntry& entry) {
  cancel_asset();
  failed_asset_.clear();
  player_ = std::make_unique<Player>(entry.make);
  fresh_version_ = player_->version();
  set_speed(speed());
}

// The run is as it was saved, unless something has been done meanwhile.
void Session::look_for_saved_run(std::string_view link) {
  const bool bare = link.find('?') == link.npos;
  const std::uint64_t generation = generation_;
  const std::string address = player_->link();
  Autosave::load(info().slug, [this, bare, generation, address](const RunFile& run) {
    if (generation != generation_ || player_->playing() || player_->can_undo() || (!bare && run.address != address)) return;
    restore(run);
  });
}

void Session::restore(const RunFile& run) {
  const Status opened = player_->open(run);
  if (!opened.ok()) return toasts_.add(ToastKind::kWarning, opened.error_message(), platform::now());
  ++generation_;
  replay_waits_ = replay_unasked_ = false;
  autosave_.begin(*player_);
  check_wanted_asset();
  toasts_.add(ToastKind::kGood, tr("Your session is back, at step {0}.", grouped_text(run.step)), platform::now());
}

Status Session::open_run(const Blob& file) {
  const Result<RunFile> run = read_run(*file.bytes, file.name);
  if (!run.ok()) return run.error();
  const Result<const LessonEntry*> entry = find_lesson(lessons(), run.value().slug);
  if (!entry.ok()) return entry.error();
  if (run.value().slug != info().slug) open_lesson(*entry.value());
  const Status opened = player_->open(run.value());
  ++generation_;
  replay_waits_ = replay_unasked_ = false;
  check_wanted_asset();
  if (opened.ok()) toasts_.add(ToastKind::kGood, tr("{0} is open, at step {1}.", file.name, grouped_text(run.value().step)), platform::now());
  return opened;
}

void Session::apply(std::vector<Action> actions) {
  if (!actions.empty()) failed_asset_.clear();
  for (Action& action : actions) {
    const Status done = player_->apply(std::move(action));
    if (!done.ok()) toasts_.add(ToastKind::kWarning, done.error_message(), platform::now());
  }
}

void Session::reset() {
  player_->reset();
  ++generation_;
}

void Session::new_weights() {
  // The next seed, so that the link tells the weights and nobody needs a clock.
  player_->new_weights(player_->seed() + 1);
  ++generation_;
}

void Session::undo() {
  if (!player_->can_undo()) return;
  toasts_.add(ToastKind::kInfo, tr("Undone: {0}", player_->undo()), platform::now());
  ++generation_;
}

void Session::redo() {
  if (!player_->can_redo()) return;
  toasts_.add(ToastKind::kInfo, tr("Done again: {0}", player_->redo()), platform::now());
  ++generation_;
}

void Session::set_speed(int index) {
  int& speed = speeds_[is_open() && info().is_read ? 1 : 0];
  speed = std::clamp(index, 0, static_cast<int>(std::size(kSpeeds)) - 1);
  const double steps = kSpeeds[speed].steps_per_second;
  if (player_ != nullptr) player_->set_speed(steps > 0 ? steps : Player::kFullSpeed);
}

void Session::work(double seconds, double elapsed) {
  check_wanted_asset();
  ask_about_replay();
  const double since_last_frame = elapsed;
  std::int64_t steps = 0;
  const double start = platform::now();
  double now = start;
  // What goes on beside a thread that trains leaves the page's own free for drawing.
  if (player_->ahead()) seconds = std::min(seconds, kBesideSeconds);
  while (now - start < seconds && player_->wants_work() && !replay_waits_) {
    const std::int64_t step = player_->step();
    player_->advance(slice_, elapsed);
    player_->advance_explain(slice_);
    elapsed = 0.0;  // counted once a frame
    const double took = platform::now() - now;
    now += took;
    if (took > 1.5 * kSliceSeconds) slice_ = std::max(slice_ / 2, kLeastSlice);
    if (took < 0.5 * kSliceSeconds) slice_ = std::min(slice_ * 2, kMostSlice);
    // Waiting for the clock at a slow speed: nothing moves before the next frame.
    const bool idle = player_->step() == step && player_->lesson().phase().empty() && !player_->working();
    if ((idle || player_->ahead()) && took < 1e-4) break;
    if (player_->step() > step) steps += player_->step() - step;
  }
  learn_rate(steps, since_last_frame);
  for (const std::string& note : player_->take_notes()) toasts_.add(ToastKind::kWarning, note, platform::now());
  tell_divergence();
  tell_replay();
}

// By the clock on the wall, because people wait for frames to be drawn, too.
void Session::learn_rate(std::int64_t steps, double seconds) {
  if (std::exchange(was_busy_, player_->working() || player_->playing())) {
    seconds_seen_ += seconds;
    work_seen_ += static_cast<double>(steps) * static_cast<double>(player_->lesson().work_per_step());
  } else {
    seconds_seen_ = work_seen_ = 0.0;
  }
  if (seconds_seen_ < 0.2 || work_seen_ == 0.0) return;
  const double seen = work_seen_ / seconds_seen_;
  rate_ = rate_ > 0.0 ? rate_ + 0.3 * (seen - rate_) : seen;
  seconds_seen_ = work_seen_ = 0.0;
}

double Session::expected_seconds(std::int64_t steps) const {
  const double rate = rate_ > 0.0 ? rate_ : kUsualRate;
  return static_cast<double>(steps) * static_cast<double>(player_->lesson().work_per_step()) / rate;
}

// As soon as the lesson knows how much work a step is, which it may not before its data are there.
void Session::ask_about_replay() {
  if (!replay_unasked_ || player_->lesson().work_per_step() == 0) return;
  replay_unasked_ = false;
  const Progress progress = player_->progress();
  replay_waits_ = expected_seconds(progress.total - progress.done) > kLongReplay;
}

// How long it will take is said before it begins, and while it goes on.
void Session::tell_replay() {
  const Progress progress = player_->progress();
  const double left = expected_seconds(progress.total - progress.done);
  if (!player_->seeking() || progress.total < 2 || (left < kShortReplay && !replay_told_)) {
    if (std::exchange(replay_told_, false)) toasts_.end_progress(kReplayKey);
    return;
  }
  replay_told_ = true;
  const std::string seconds = fixed_text(std::max(left, 0.1), left < 10 ? 1 : 0);
  toasts_.set_progress(kReplayKey, tr("Running {0} steps again: about {1} s left", grouped_text(progress.total), seconds),
                       static_cast<float>(progress.done) / static_cast<float>(progress.total));
}

void Session::answer_replay(bool agreed) {
  replay_waits_ = replay_unasked_ = false;
  if (!agreed) player_->cancel();
}

void Session::autosave(const std::string& address) { autosave_.update(*player_, address, platform::now()); }
void Session::save_now(const std::string& address) { autosave_.save_now(*player_, address); }
double Session::next_save() const { return autosave_.next_save(*player_, platform::now()); }

bool Session::busy() const { return is_open() && !replay_waits_ && (player_->wants_work() || player_->playing()); }

void Session::tell_divergence() {
  const std::string sentence = player_->lesson().divergence();
  if (!sentence.empty() && sentence != told_divergence_) toasts_.add(ToastKind::kError, sentence, platform::now());
  told_divergence_ = sentence;
}

void Session::check_wanted_asset() {
  const std::string wanted = player_->lesson().wanted_asset();
  if (wanted.empty()) failed_asset_.clear();  // the params went back: who sets them again means it
  if (wanted.empty() || wanted == failed_asset_) return;
  request_asset(wanted);
}

void Session::request_asset(const std::string& name) {
  if (asset_ == name) return;
  const AssetFiles files = files_of_asset(name);
  if (files.addresses.empty()) return fail_asset(name, "There is no data called \"" + name + "\".");
  if (files.loaded_at_start) {
    const std::vector<Blob> blobs = read_loaded_asset(files);
    if (blobs.empty()) return fail_asset(name, "The page did not load " + files.label + ".");
    return deliver(name, blobs);
  }
  cancel_asset();
  asset_ = name;
  asset_progress_ = 0.0f;
  const std::string loading = "Loading " + files.label;
  toasts_.set_progress(kAssetKey, loading, 0.0f);
  transfer_ = platform::fetch_files(
      files.addresses,
      {.progress = [this, loading](double received, double total) {
         asset_progress_ = total > 0 ? static_cast<float>(received / total) : 0.0f;
         toasts_.set_progress(kAssetKey, loading + ": " + fixed_text(received / 1e6, 1) + " of " + fixed_text(total / 1e6, 1) + " MB",
                              asset_progress_);
         platform::request_frame();
       },
       .done = [this, name](const std::vector<platform::File>& got) { deliver(name, to_blobs(got)); },
       .failed = [this, name](const std::string& sentence) { fail_asset(name, sentence); }});
}

void Session::cancel_asset() {
  if (!asset_.empty()) platform::cancel(transfer_);
}

void Session::cancel_progress(std::string_view key) {
  if (key == kAssetKey) cancel_asset();
  if (key == kReplayKey) player_->cancel();
}

void Session::deliver(const std::string& name, const std::vector<Blob>& files) {
  asset_.clear();
  toasts_.end_progress(kAssetKey);
  const Status received = player_->receive(name, files);
  if (!received.ok()) fail_asset(name, received.error_message());
}

void Session::fail_asset(const std::string& name, const std::string& sentence) {
  if (asset_ == name) asset_.clear();
  toasts_.end_progress(kAssetKey);
  failed_asset_ = name;
  last_error_ = sentence;
  player_->asset_failed(name);
  if (!sentence.empty()) toasts_.add(ToastKind::kError, sentence, platform::now());
}

void Session::receive_files(std::string_view purpose, const std::vector<Blob>& files) {
  const Status received = player_->receive(purpose, files);
  if (received.ok()) autosave_.save_files(*player_);
  if (!received.ok()) return toasts_.add(ToastKind::kError, received.error_message(), platform::now());
  toasts_.add(ToastKind::kGood, files.size() == 1 ? files[0].name + " is loaded." : "The files are loaded.", platform::now());
}

}  // namespace chainrule
