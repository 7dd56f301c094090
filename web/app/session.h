// Session: the open lesson with its player, the data that it waits for, and its share of each frame's time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/app/toasts.h"
#include "web/lesson_kit/player.h"

namespace chainrule {

class Session {
 public:
  explicit Session(Toasts& toasts) : toasts_(toasts) {}

  /// Opens what a link names; the first lesson when it names none. What was not understood is said in toasts.
  /// Errors: there is no such lesson; the one that is open stays, the first one opens if none is.
  Status open(std::string_view link);
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
  void set_speed(int index);
  int speed() const { return speed_; }

  /// Works for about `seconds`; `elapsed` is the time since the last frame.
  void work(double seconds, double elapsed);
  /// Is there more to do, or a step to wait for?
  bool busy() const;

  void cancel_asset();
  const std::string& asset_loading() const { return asset_; }
  float asset_progress() const { return asset_progress_; }
  /// Why the last asset failed; told once.
  std::string take_error() { return std::exchange(last_error_, ""); }
  /// Files of a person, for the purpose that the lesson named.
  void receive_files(std::string_view purpose, const std::vector<Blob>& files);

 private:
  void check_wanted_asset();
  /// Starts the fetch of an asset; harmless when it is under way.
  void request_asset(const std::string& name);
  void deliver(const std::string& name, const std::vector<Blob>& files);
  void fail_asset(const std::string& name, const std::string& sentence);
  void tell_divergence();

  Toasts& toasts_;
  std::unique_ptr<Player> player_;
  std::uint64_t generation_ = 0;
  int speed_ = 3;
  std::int64_t slice_ = 4'000'000;  // multiply-adds that take some milliseconds here
  std::string asset_;             // on its way; empty: none
  std::string failed_asset_;      // not tried again by itself
  int transfer_ = 0;
  float asset_progress_ = 0.0f;
  std::string told_divergence_;
  std::string last_error_;
};

}  // namespace chainrule
