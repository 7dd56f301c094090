// Player: play, pause, step, step back, scrub, speed, reset and new weights for any lesson, and explanations of any
// step.
//
// It has no clock. The app calls advance once a frame with the work and the time that the frame may take, and asks
// wants_work whether there will be more to do. Every state is replay(start, actions, n), so whichever way a step is
// reached, forward, back, or in one leap, it has the same hash and knows the same tensors.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/lesson_kit/explainer.h"
#include "web/lesson_kit/history.h"
#include "web/lesson_kit/link.h"
#include "web/lesson_kit/run_file.h"
#include "web/lesson_kit/timeline.h"

namespace chainrule {

using LessonFactory = std::function<std::unique_ptr<Lesson>()>;

class Player {
 public:
  static constexpr double kFullSpeed = std::numeric_limits<double>::infinity();

  /// Makes the lesson and resets it to `seed`.
  explicit Player(const LessonFactory& factory, std::uint64_t seed = kDefaultSeed,
                  std::int64_t keyframe_bytes = Keyframes::kDefaultBudget);

  // ------------------------------------------------------------------------------------------------- where it is
  const Lesson& lesson() const { return *lesson_; }
  std::uint64_t seed() const { return seed_; }
  std::int64_t step() const { return lesson_->step(); }
  /// The scrub bar's right end: the furthest step of this run.
  std::int64_t last_step() const { return timeline_.last_step(); }
  /// Requires: no step is half done, lesson().phase() is empty.
  std::uint64_t state_hash() const { return lesson_->state_hash(); }
  const Timeline& timeline() const { return timeline_; }
  /// Grows whenever something changed that a run file would hold.
  std::uint64_t version() const { return version_; }
  /// Grows when an action changed the model: what was explained of it is to be explained anew.
  std::uint64_t edits() const { return edits_; }
  /// How many steps must be run to go to `step`.
  std::int64_t steps_to_run(std::int64_t step) const;

  // -------------------------------------------------------------------------------------------- links and run files
  /// The link that leads here; where that has no room for what was done on the way, one without that.
  std::string link() const { return linked().text; }
  /// Why the link does not lead here, in a sentence; empty: it does.
  std::string link_note() const { return linked().note; }
  /// Everything, as a run file; a person's files only where they are asked for. `address`: see RunFile.
  RunFile run_file(std::string address = "", bool with_files = true) const;

  // --------------------------------------------------------------------------------------------------- what people do
  /// Applies what a person did; what changes the model is logged with the present step. Done in the past, it begins
  /// another future: the steps after it are forgotten. A step that is half done is begun again.
  /// Reals are rounded to float32, so that a link holds them whole.
  /// Errors: unknown param, value out of range, whatever the lesson refuses, a seek under way. Nothing changes then.
  Status apply(Action action);
  /// An asset or a person's files, see Lesson::receive.
  Status receive(std::string_view asset, const std::vector<Blob>& files);
  /// The asset will not come: params that wanted it go back, and a run that waited for it begins without.
  void asset_failed(std::string_view asset);

  void play();
  /// Stops after the step that is under way. Forgets steps that were asked for with step(); a seek goes on.
  void pause();
  bool playing() const { return playing_; }
  /// Forward or, negative, back; pauses. Repeated calls add up.
  void step_by(std::int64_t steps);
  /// To `target`, forward or back; pauses. Needs advance to get there. Another seek under way changes only the target.
  void seek(std::int64_t target);
  /// Steps a second while playing; kFullSpeed: as many as the budget allows.
  void set_speed(double steps_per_second) { speed_ = steps_per_second; }
  double speed() const { return speed_; }
  /// Ends a seek: the state is at once what it was where the seek began (and advance makes its tensors again). Ends
  /// steps asked for with step_by where they are.
  void cancel();
  /// Goes on until the step's next phase, and holds there; from "update" to the end of the step.
  void next_phase();
  /// To the end of the update, where steps are less than that; else a step.
  void next_update();
  /// Held within a step by next_phase.
  bool held() const { return held_; }
  /// Same seed, step 0, paused. The params stay as they are now, whenever they were set; edits of weights are undone; a
  /// new run begins, so what happened before cannot be stepped back to.
  void reset();
  /// The same with other initial weights.
  void new_weights(std::uint64_t seed);
  /// Sets a link's params (others to their initial values), its seed, and seeks its step; on the way its actions are
  /// done again. Returns what the lesson refused at once; later refusals come with take_notes.
  std::vector<std::string> open(const Link& link);
  /// Opens a run file, all but at once. Errors: the lesson does not bear what is in it; then nothing has changed but,
  /// perhaps, the run, which is at its start.
  Status open(const RunFile& run);
  /// What was refused on the way, or came out otherwise; told once.
  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  // ------------------------------------------------------------------------------------------------------------- undo
  /// What follows is another gesture: it is not merged with what was done before.
  void end_gesture() { gesture_ = false; }
  bool can_undo() const { return history_.can_undo(); }
  bool can_redo() const { return history_.can_redo(); }
  /// Back to the moment before the last thing that a person did, wherever the run has gone since; pauses. Where its
  /// states are no longer kept, they are sought. Returns what was undone, or redone: "Learning rate = 0.05".
  /// Requires: can_undo, can_redo.
  std::string undo();
  std::string redo();
  void forget_history() { history_.clear(); }

  // ---------------------------------------------------------------------------------------------------------- work
  /// Works for about `budget` multiply-adds; `seconds` is the time since the last call, for the speed alone.
  void advance(std::int64_t budget, double seconds = 1.0 / 60.0);
  /// Are steps made on a thread of their own? Then advance has little to do.
  bool ahead() const { return ahead_; }
  /// What that thread is at is not wanted; the next advance begins anew.
  void end_ahead();
  /// Has something been asked for that advance has not finished (steps, a seek, a started step)? Playing does not
  /// count.
  bool working() const;
  bool seeking() const { return seek_.has_value(); }
  /// Of the seek or of the steps asked for.
  Progress progress() const;
  /// Should there be another frame of advance or advance_explain?
  bool wants_work() const;

  // -------------------------------------------------------------------------------------------------- explanations
  /// At once, however many steps must be run again; for scripts and tests.
  Result<Explanation> explain(const ElementRef& element);
  /// In slices. A new one replaces the old one.
  void start_explain(const ElementRef& element);
  /// True when explain_result is there, also if nothing was started.
  bool advance_explain(std::int64_t budget);
  Progress explain_progress() const;
  /// Null while under way, or if nothing was started.
  const Result<Explanation>* explain_result() const;
  void cancel_explain();

 private:
  /// Where a seek began, and the keyframe of that step in case it is cancelled.
  struct Seek {
    std::int64_t origin = 0;
    std::shared_ptr<const Snapshot> keyframe;
  };
  /// What is to happen when a run has begun that a link or a run file asked for.
  struct Opening {
    std::vector<LoggedAction> actions;
    std::vector<Action> kept;
    std::int64_t step = 0, last_step = 0;
    std::int64_t frame_step = 0;
    Snapshot frame;
    std::optional<std::uint64_t> hash;
  };
  struct Linked {
    std::string text, note;
  };

  bool runnable() const { return lesson_->wanted_asset().empty(); }
  bool half_done() const { return !lesson_->phase().empty(); }
  Linked linked() const;
  Moment moment() const;
  void go_to(const Moment& moment);
  std::vector<std::string> set_params(std::span<const ParamValue> params);
  void finish_opening();
  void check_arrival();
  void note(std::vector<std::string> sentences);
  std::int64_t work_on_phase(std::int64_t budget);
  bool must_rerun() const { return !tensors_known_ && !playing_ && !target_ && !half_done(); }
  bool step_due() const { return working() || playing_; }
  Status checked(Action& action) const;
  Status change_model(Action action);
  bool goes_on_with_gesture();
  void restart();
  void begin_run();
  void begin_waiting_run();
  void stop();
  void restart_step();
  void go_towards(std::int64_t target);
  void arrive();
  bool complete_step();
  bool step_completed(bool was_finite);
  bool in_haste() const;
  bool runs_ahead();
  void forget_from(std::int64_t step);
  ExplainJob begin_explain(const ElementRef& element);

  std::unique_ptr<Lesson> lesson_;
  std::uint64_t seed_;
  Timeline timeline_;
  Explainer explainer_;
  std::optional<ExplainJob> explain_job_;

  bool playing_ = false;
  double speed_ = kFullSpeed;
  double credit_ = 0.0;                 // steps that the speed allows now
  std::optional<std::int64_t> target_;  // step to run to
  std::int64_t target_start_ = 0;       // step from which it runs
  std::optional<Seek> seek_;
  bool held_ = false;          // a step that is half done stays so
  std::optional<std::string> phase_left_;  // next_phase goes on until this one is over
  bool gesture_ = false;       // what a person does now goes on with what was done last
  bool recorded_ = false;      // of which undo knows the beginning
  History history_;
  std::optional<Opening> opening_;
  std::optional<std::pair<std::int64_t, std::uint64_t>> expected_;  // step and hash of an opened run file
  std::vector<std::string> notes_;
  std::uint64_t version_ = 0;
  std::uint64_t edits_ = 0;
  bool tensors_known_ = true;  // false: the present step was restored and not run
  bool idle_pending_ = true;
  bool ahead_ = false;     // steps are made on a thread of their own
  bool threaded_ = true;   // there may be one: not asked yet, or it was there
};

}  // namespace chainrule
