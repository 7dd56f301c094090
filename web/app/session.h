// Session: the open lesson with its player, the data that it waits for, and its share of each frame's time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/app/autosave.h"
#include "web/app/draw_context.h"
#include "web/app/toasts.h"
#include "web/lesson_kit/catalogue.h"
#include "web/lesson_kit/player.h"

namespace chainrule {

class Session {
 public:
  explicit Session(Toasts& toasts) : toasts_(toasts) {}

  /// Opens what a link names; the first lesson when it names none. What was not understood is said in toasts.
  /// `restore`: a lesson named without more goes on where it was left, and so does the link that was shown then.
  /// Errors: there is no such lesson; the one that is open stays, the first one opens if none is.
  Status open(std::string_view link, bool restore = false);
  /// Opens a run file, of whatever lesson. Errors: it cannot be read, or is not of this app; what is open stays.
  Status open_run(const Blob& file);
  bool is_open() const { return player_ != nullptr; }
  Player& player() { return *player_; }
  const Player& player() const { return *player_; }
  const LessonInfo& info() const { return player_->lesson().info(); }
  /// Grows when another lesson is opened or a run begins anew: what was remembered of the old one is over.
  std::uint64_t generation() const { return generation_; }

  /// Applies what people did; refusals become toasts.
  void apply(std::vector<Action> actions);
  void reset();
  void new_weights();
  /// Nothing happens when there is nothing to undo.
  void undo();
  void redo();
  void set_speed(int index);
  int speed() const { return speeds_[is_open() && info().is_read ? 1 : 0]; }

  /// Works for about `seconds`; `elapsed` is the time since the last frame.
  void work(double seconds, double elapsed);
  /// Is there more to do, or a step to wait for?
  bool busy() const;

  /// About how long so many steps take here, in seconds; 0 when that is not known.
  double expected_seconds(std::int64_t steps) const;
  /// A long replay that a link asked for, and that waits until the person agrees.
  bool replay_waits() const { return replay_waits_; }
  void answer_replay(bool agreed);

  /// Saves what changed, now and then, or at once. `address` is what the page's address says.
  void autosave(const std::string& address);
  void save_now(const std::string& address);
  /// Seconds until there is something to save; 0: nothing.
  double next_save() const;

  void cancel_asset();
  /// Cancel was pressed at the progress named `key`.
  void cancel_progress(std::string_view key);
  const std::string& asset_loading() const { return asset_; }
  float asset_progress() const { return asset_progress_; }
  /// Why the last asset failed; told once.
  std::string take_error() { return std::exchange(last_error_, ""); }
  /// Files of a person, for the purpose that the lesson named.
  /// A picture of the camera. Errors: the lesson takes none.
  Status receive_frame(const Blob& picture) { return player_->receive(kCameraFrame, {picture}); }
  void receive_files(std::string_view purpose, const std::vector<Blob>& files);

 private:
  void check_wanted_asset();
  /// Starts the fetch of an asset; harmless when it is under way.
  void request_asset(const std::string& name);
  void deliver(const std::string& name, const std::vector<Blob>& files);
  void fail_asset(const std::string& name, const std::string& sentence);
  void tell_divergence();
  void tell_replay();
  void learn_rate(std::int64_t steps, double seconds);
  void ask_about_replay();
  void look_for_saved_run(std::string_view link);
  void restore(const RunFile& run);
  void open_lesson(const LessonEntry& entry);

  Toasts& toasts_;
  std::unique_ptr<Player> player_;
  std::uint64_t generation_ = 0;
  Autosave autosave_;
  int speeds_[2] = {3, 0};  // index into kSpeeds: of lessons that train, and of those that are read
  double rate_ = 0.0;  // multiply-adds a second, as seen lately; 0: not known
  double seconds_seen_ = 0.0, work_seen_ = 0.0;  // of busy frames, since rate_ was updated
  bool was_busy_ = false;
  bool replay_unasked_ = false, replay_waits_ = false, replay_told_ = false;
  std::uint64_t fresh_version_ = 0;  // of a player that nothing was opened in yet
  std::int64_t slice_ = 4'000'000;  // multiply-adds that take some milliseconds here
  std::string asset_;             // on its way; empty: none
  std::string failed_asset_;      // not tried again by itself
  int transfer_ = 0;
  float asset_progress_ = 0.0f;
  std::string told_divergence_;
  std::string last_error_;
};

}  // namespace chainrule
