#include "web/app/session.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"
#include "web/app/assets.h"
#include "web/app/page.h"
#include "web/lesson_kit/catalogue.h"
#include "web/platform/platform.h"

namespace chainrule {
namespace {

constexpr double kSliceSeconds = 0.004;  // short enough that a frame's share is met closely
constexpr std::int64_t kLeastSlice = 2'000'000, kMostSlice = 50'000'000;
constexpr const char* kAssetKey = "asset";

std::vector<Blob> to_blobs(const std::vector<platform::File>& files) {
  std::vector<Blob> blobs;
  for (const platform::File& file : files) blobs.push_back({file.name, file.bytes});
  return blobs;
}

}  // namespace

Status Session::open(std::string_view link) {
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
  if (!is_open() || entry->info.slug != info().slug) {
    cancel_asset();
    failed_asset_.clear();
    player_ = std::make_unique<Player>(entry->make);
    set_speed(speed_);
  }
  ++generation_;
  const Link parsed = parse_link(status.ok() ? link : "", player_->lesson().params());
  for (const std::string& note : parsed.notes) toasts_.add(ToastKind::kWarning, note, platform::now());
  player_->open(parsed);
  check_wanted_asset();
  return status;
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

void Session::set_speed(int index) {
  speed_ = std::clamp(index, 0, static_cast<int>(std::size(kSpeeds)) - 1);
  const double steps = kSpeeds[speed_].steps_per_second;
  if (player_ != nullptr) player_->set_speed(steps > 0 ? steps : Player::kFullSpeed);
}

void Session::work(double seconds, double elapsed) {
  check_wanted_asset();
  const double start = platform::now();
  double now = start;
  while (now - start < seconds && player_->wants_work()) {
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
    if (idle && took < 1e-4) break;
  }
  tell_divergence();
}

bool Session::busy() const { return is_open() && (player_->wants_work() || player_->playing()); }

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
  if (!received.ok()) return toasts_.add(ToastKind::kError, received.error_message(), platform::now());
  toasts_.add(ToastKind::kGood, files.size() == 1 ? files[0].name + " is loaded." : "The files are loaded.", platform::now());
}

}  // namespace chainrule
