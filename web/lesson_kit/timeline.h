// Timeline: what decides every state of a run: the start, the actions with the steps at which they were done, and
// keyframes to get there sooner. The state at step n is replay(start, actions, n), for every lesson.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/lesson_kit/keyframes.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// A run as it was at a moment, to come back to it: what decides its states, and the keyframes next to the present.
struct Moment {
  std::uint64_t seed = 0;
  std::vector<ParamValue> start_params;
  std::vector<LoggedAction> log;
  std::vector<Action> kept;  // see Lesson::kept
  std::int64_t step = 0, last_step = 0;
  using Frame = std::pair<std::int64_t, std::shared_ptr<const Snapshot>>;
  Frame start;                // of step 0
  std::vector<Frame> frames;  // of `step`, and the one from which its tensors are made
};

class Timeline {
 public:
  explicit Timeline(std::int64_t keyframe_bytes) : keyframes_(keyframe_bytes) {}

  /// A new run starts with the lesson as it is, at step 0.
  void begin(const Lesson& lesson);
  /// A lesson that has just completed a step becomes a keyframe, then is given the actions that were logged there.
  /// Planned ones that it refuses leave the log. Returns why, in sentences.
  std::vector<std::string> complete_step(Lesson& lesson);
  /// Puts back the keyframe of a step that is the present again.
  void keep(std::int64_t step, std::shared_ptr<const Snapshot> keyframe) { keyframes_.insert(step, std::move(keyframe)); }
  /// Logs an action done at `step`. The steps after it belonged to another future: they are forgotten.
  void record(std::int64_t step, Action action);
  /// The last action, done at `step` too, becomes another one.
  void replace_last(Action action) { log_.back().action = std::make_shared<const Action>(std::move(action)); }
  /// Logs actions of steps that are yet to come. Requires: sorted by step.
  void plan(std::vector<LoggedAction> actions) { log_ = std::move(actions); }
  /// Forgets what was planned after `step`.
  void forget_plan(std::int64_t step);
  /// The first step after `step` at which something is logged, or planned; none: the largest number.
  std::int64_t next_logged(std::int64_t step) const;
  /// Does what was planned for the step that `lesson` is at, as complete_step does.
  std::vector<std::string> do_planned(Lesson& lesson);

  /// Takes the last setting of a param at `step` out of the log: it came to nothing.
  void forget_set(std::int64_t step, std::string_view param);

  /// The present, at `step`.
  Moment moment(std::int64_t step) const;
  /// The run becomes the one that it was. Returns the step up to which its states are still the same, or -1.
  std::int64_t go_to(const Moment& moment);

  /// The latest keyframe at or before `step`.
  std::int64_t nearest(std::int64_t step) const { return keyframes_.nearest(step); }
  /// The keyframe from which running on makes all tensors of `step`: one step before at the latest, except at the
  /// start.
  std::int64_t start_for(std::int64_t step) const { return nearest(step > 0 ? step - 1 : 0); }
  /// Takes `lesson` to the keyframe at `step`, with the actions logged there. Params that change only the view stay.
  /// Requires: there is one. Ensures: the tensors of `step` are known only for step 0.
  void restore(Lesson& lesson, std::int64_t step) const;
  /// Does again what was done at the step that `lesson` is at.
  void replay_actions(Lesson& lesson) const;

  std::int64_t last_step() const { return last_step_; }
  void set_last_step(std::int64_t step) { last_step_ = step; }
  std::span<const LoggedAction> log() const { return log_; }
  /// What the params that change the model were when the run began.
  std::span<const ParamValue> start_params() const { return start_params_; }
  const Keyframes& keyframes() const { return keyframes_; }

 private:
  Keyframes keyframes_;
  std::vector<LoggedAction> log_;  // by step
  std::vector<ParamValue> start_params_;
  std::int64_t last_step_ = 0;
};

/// What a person made is made again; params that change only the view stay as they are. Returns what was refused.
std::vector<std::string> make_again(Lesson& lesson, std::span<const Action> kept);
/// Sets `to`'s params that change only the view as they are in `from`.
void copy_view(const Lesson& from, Lesson& to);
/// Runs `lesson` up to `target`, for about `budget` multiply-adds; `completed` is called after each step.
/// Returns the budget that is left: more than 0 means that the target is reached or `completed` said stop (false).
template <class Completed>
std::int64_t run_steps(Lesson& lesson, std::int64_t target, std::int64_t budget, Completed completed) {
  while (budget > 0 && lesson.step() < target) {
    if (!lesson.advance(budget)) return 0;
    const std::int64_t work = lesson.work_per_step();
    budget = work > 0 ? budget - work : 0;
    if (!completed()) break;
  }
  return budget;
}

}  // namespace chainrule
