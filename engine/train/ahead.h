// TrainingAhead: the steps after the one that is shown, made on the background thread, published a whole step at a time.
//
// Three trainers of one program go round: one is shown, one computes, one waits with the newest whole step until it is taken.
// So nobody waits for anybody, and every number of the shown trainer belongs to the same step. What is computed ahead counts
// only when it is taken: whoever changes the shown trainer cancels, and the steps begin again from there.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "engine/base/background.h"
#include "engine/train/trainer.h"

namespace chainrule {

/// `Notes` is what is to be known of every step, also of those that are never shown: default-constructible; add(const Trainer&)
/// is called on the background thread after each step; full() says that no more fit in before somebody takes them.
template <class Notes>
class TrainingAhead {
 public:
  /// `spare` and `working` are trainers of the program that is shown; `source` is used by the background thread alone.
  TrainingAhead(std::unique_ptr<Trainer> spare, std::unique_ptr<Trainer> working, std::unique_ptr<BatchSource> source)
      : shared_(std::make_shared<Shared>()) {
    shared_->spare = std::move(spare);
    shared_->working = std::move(working);
    shared_->source = std::move(source);
  }
  ~TrainingAhead() { cancel(); }
  TrainingAhead(const TrainingAhead&) = delete;
  TrainingAhead& operator=(const TrainingAhead&) = delete;

  /// Goes on from `shown` up to step `last`, or to the first one that diverges, unless that is under way already.
  /// Notes begin as `blank`. Requires: `shown` is between steps. False: there is no thread.
  bool run(const Trainer& shown, std::int64_t last, const Notes& blank = {}) {
    Shared& s = *shared_;
    if (running() && s.last == last) return true;
    cancel();
    const std::lock_guard lock(s.mutex);
    s.last = last;
    s.blank = blank;
    // The copy is made here, because `shown` may change while a task of before is still at its last step.
    s.start = shown.save();
    s.start_step = shown.step();
    s.hypers = shown.hypers();
    s.diverged = shown.divergence().has_value();
    s.wanted = post_to_background(Lane::kTraining, [shared = shared_, generation = s.generation] { work(*shared, generation); });
    return s.wanted;
  }
  /// Are there steps to come, or one to take?
  bool running() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->wanted || shared_->published != nullptr;
  }

  /// Where a newer whole step is there, it becomes `shown`, and the notes of the steps on the way come back.
  std::optional<Notes> take(std::unique_ptr<Trainer>& shown) {
    Shared& s = *shared_;
    const std::lock_guard lock(s.mutex);
    if (s.published == nullptr) return std::nullopt;
    s.spare = std::exchange(shown, std::move(s.published));
    s.changed.notify_one();
    return std::exchange(s.published_notes, {});
  }

  /// Nothing that is under way counts any more.
  void cancel() {
    Shared& s = *shared_;
    const std::lock_guard lock(s.mutex);
    ++s.generation;
    s.wanted = false;
    if (s.published != nullptr) s.spare = std::move(s.published);
    s.published_notes = {};
    s.changed.notify_one();
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;  // something was taken or cancelled
    std::uint64_t generation = 0;     // a task of another one has been cancelled
    bool wanted = false;              // a task is under way, or to come
    std::int64_t last = 0;
    std::vector<float> start, hypers;
    std::int64_t start_step = 0;
    bool diverged = false;                        // at the start
    std::unique_ptr<Trainer> spare, published;    // one of them
    Notes published_notes, blank;
    // The background thread's own.
    std::unique_ptr<Trainer> working;
    std::unique_ptr<BatchSource> source;
  };

  static void work(Shared& s, std::uint64_t generation) {
    Notes notes;
    {
      const std::lock_guard lock(s.mutex);
      if (s.generation != generation) return;
      notes = s.blank;
      s.working->restore(s.start, s.start_step);
      s.working->set_hypers(s.hypers);
    }
    do {
      s.working->use_threads(&training_pool());
      s.working->run(1, *s.source);
      s.working->use_threads(nullptr);  // whoever takes it runs on another thread, and may not ask for the pool
      notes.add(*s.working);
    } while (publish(s, generation, notes));
  }

  /// Hands over the step where the one before was taken, the last one in any case. False: no more.
  static bool publish(Shared& s, std::uint64_t generation, Notes& notes) {
    std::unique_lock lock(s.mutex);
    const bool ends = s.working->step() >= s.last || (s.working->divergence() && !s.diverged);
    if (ends || notes.full()) s.changed.wait(lock, [&] { return s.generation != generation || s.published == nullptr; });
    if (s.generation != generation) return false;
    if (s.published != nullptr) return true;
    s.spare->go_on_from(*s.working);
    s.published = std::exchange(s.working, std::move(s.spare));
    s.published_notes = std::exchange(notes, s.blank);
    s.wanted = !ends;
    return !ends;
  }

  std::shared_ptr<Shared> shared_;  // outlives this object while a cancelled task is at its last step
};

}  // namespace chainrule
