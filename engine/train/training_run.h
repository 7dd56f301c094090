// TrainingRun: the trainer that is shown, with the steps ahead of it where there is a thread to make them.
#pragma once

#include "engine/train/ahead.h"

namespace chainrule {

/// `Source` is a copyable BatchSource; `Notes` as TrainingAhead has them.
template <class Notes, class Source>
class TrainingRun {
 public:
  TrainingRun(std::unique_ptr<Trainer> trainer, Source source) : shown_(std::move(trainer)), source_(std::move(source)) {}

  const Trainer& trainer() const { return *shown_; }
  /// To change it: what was computed ahead counts no more.
  Trainer& change() {
    stop_ahead();
    return *shown_;
  }
  const Source& source() const { return source_; }
  Source& source() { return source_; }

  /// In slices, here and now; see Trainer::advance.
  bool advance(std::int64_t budget) { return change().advance(budget, source_); }

  /// What came of a look at the steps ahead.
  struct Ahead {
    bool threaded = false;       // false: there is no thread, or no room for the trainers; `advance` is the way
    std::optional<Notes> notes;  // of the steps that were taken, the last of which is shown now
  };
  /// Has steps made ahead, up to `last`, and takes those that are ready; notes begin as `blank`. Between steps.
  Ahead take_ahead(std::int64_t last, const Notes& blank = {}) {
    if (ahead_ == nullptr && (!background_allowed() || shown_->bytes() > kMostBytes)) return {};
    if (ahead_ == nullptr) ahead_ = std::make_unique<TrainingAhead<Notes>>(shown_->twin(), shown_->twin(), std::make_unique<Source>(source_));
    std::optional<Notes> notes = ahead_->take(shown_);
    const bool more = shown_->step() < last && !(notes && shown_->divergence());
    if (more && !ahead_->run(*shown_, last, blank)) return {};
    return {true, std::move(notes)};
  }
  /// For who else makes steps ahead: it may be swapped with another trainer of its program. Requires: stop_ahead() before that.
  std::unique_ptr<Trainer>& shown() { return shown_; }
  void stop_ahead() {
    if (ahead_ != nullptr) ahead_->cancel();
  }

 private:
  /// Two more trainers must find room beside those that explain older steps.
  static constexpr std::int64_t kMostBytes = 48 << 20;

  std::unique_ptr<Trainer> shown_;
  Source source_;
  std::unique_ptr<TrainingAhead<Notes>> ahead_;  // made when it is first wanted
};

}  // namespace chainrule
