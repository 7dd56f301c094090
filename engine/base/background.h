// Background: threads beside the caller's, for work that takes longer than a frame.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/base/thread_pool.h"

namespace chainrule {

/// Each is a thread of its own, made on first use: what is measured does not wait for training.
enum class Lane : std::uint8_t { kTraining, kMeasuring };

/// Runs `task` on the thread of `lane`, after those that were posted there before.
/// False: this machine or page gives no thread (a page that is not cross-origin isolated has none), so the caller must do the
/// work itself. Threads live as long as the program; a task that is to end early must be told so.
bool post_to_background(Lane lane, std::function<void()> task);

/// How many threads training may share its calls among, from its next task on; 0: nothing may be posted. Until somebody says more
/// it is 0, so that a program without threads stays one.
void allow_background(int training_threads);
bool background_allowed();
/// Those threads, the training lane's own among them. Requires: a task of that lane asks.
ThreadPool& training_pool();

/// A piece of measuring that goes on slice by slice until it is done or given up.
class BackgroundWork {
 public:
  BackgroundWork() = default;
  ~BackgroundWork() { cancel(); }
  BackgroundWork(const BackgroundWork&) = delete;
  BackgroundWork& operator=(const BackgroundWork&) = delete;

  /// Calls `slice` on the measuring thread until it returns true. It owns what it works on, for it may be at its last slice when
  /// it is given up. False: there is no thread.
  bool start(std::function<bool()> slice);
  /// Under way, or done and not yet given up?
  bool started() const { return state_ != nullptr; }
  /// What the slices wrote may be read from then on.
  bool done() const { return state_ != nullptr && state_->load(std::memory_order_acquire) == State::kDone; }
  void cancel();

 private:
  enum class State : std::uint8_t { kRuns, kDone, kCancelled };
  std::shared_ptr<std::atomic<State>> state_;
};

}  // namespace chainrule
