// "Learning rate and schedules": a small network learns two classes of points while the rate follows a schedule.
//
// At step t everything is that of the network after t updates, with the rate of the update to come. Runs that a person
// keeps are recipes: what was set and when. From one a run comes back with the same bits, in a link too, and its curves
// are drawn beside the present one's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/data/batcher.h"
#include "engine/data/toy2d.h"
#include "web/lesson_kit/link.h"
#include "web/lesson_kit/param_table.h"
#include "web/lesson_kit/program_run.h"
#include "web/lesson_kit/step_trace.h"

namespace chainrule {

namespace schedule_command {
inline constexpr std::string_view kKeep = "keep-run";      // text: the recipe; empty: of the present run
inline constexpr std::string_view kRemove = "remove-run";  // number: which, from 0
}  // namespace schedule_command

/// Rate and loss at every stride-th step.
struct RunCurves {
  StepTrace rate, loss;
};

struct KeptRun {
  std::string recipe;
  std::string name;  // "cosine, 0.3"
  std::int64_t steps = 0;
  bool complete = false;  // else it is being run again
  RunCurves curves;
};

class SchedulesLesson final : public Lesson {
 public:
  static constexpr int kPoints = 200, kWidth = 16, kMostRuns = 5;

  SchedulesLesson();
  ~SchedulesLesson() override;

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override;
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Effect effect(const Action& action) const override;
  std::vector<Action> kept() const override;
  void clear_kept() override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return run_.work_per_step(); }
  /// Runs kept runs again whose curves are not known.
  bool idle_work(std::int64_t budget) override;

  std::int64_t step() const override { return run_.step(); }
  std::string_view phase() const override { return ""; }
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  const ProgramRun& run() const { return run_; }
  const RunCurves& curves() const { return curves_; }
  std::span<const KeptRun> runs() const { return kept_; }
  /// The rates of the steps after the present one, as far as the run is planned.
  std::span<const float> rates_ahead() const { return ahead_; }
  /// What was set, and when: a link of this lesson.
  std::string recipe() const;
  std::string run_name() const;

 private:
  struct Saved;

  void start_over();
  void set_numbers();
  void compute();
  Status set(const Action& action);
  Status keep(const Action& action);
  Status edit(const Action& action);
  Status edit_weight(TensorId id, const Action& action);
  Status edit_setting(const Action& action);
  void note_change(const Action& action);
  /// Did a person set the element at this step?
  bool by_hand(std::string_view tensor, std::int64_t index) const;
  std::string leaf_text(TensorId id, std::int64_t index) const;
  std::optional<Saved> read_saved(const Snapshot& snapshot) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  Points2d points_;
  std::optional<Batcher> batcher_;
  ProgramRun run_;
  std::int64_t pending_ = 0;
  RunCurves curves_;
  std::vector<float> ahead_;
  std::vector<double> first_values_;    // the params at step 0
  std::vector<LoggedAction> changes_;  // settings at later steps, and weights set by hand
  std::vector<KeptRun> kept_;
  std::map<std::string, RunCurves> known_;  // by recipe: curves of runs that were kept before
  std::unique_ptr<SchedulesLesson> runner_;  // runs the first kept run that is not complete
};

/// The network, its schedule and its optimizer; inputs x, labels (a batch) and points, classes (all).
Program schedules_program(const ParamValues& params);

}  // namespace chainrule
