// FitLesson: what lessons that fit a program to a handful of points have in common. A step is one update; at step t the buffers hold
// everything of the weights after t updates: predictions, losses, gradients, and the update to come.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/buffers.h"
#include "web/lesson_kit/param_table.h"

namespace chainrule {

/// Points that a curve is fitted to.
struct FitPoints {
  std::vector<float> x, y;
  std::size_t size() const { return x.size(); }
};

class FitLesson : public Lesson {
 public:
  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return work_; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::optional<double> loss() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;

  // ---------------------------------------------------------------------------------------------- for their drawings
  bool is_ready() const { return !program_->calls.empty(); }
  const Program& program() const { return *program_; }
  /// By name. Requires: there is such a tensor.
  std::span<const float> values(std::string_view name) const { return now_[program_->find(name)]; }
  const FitPoints& points() const { return points_; }
  /// The samples of the batch that the next update uses.
  std::span<const std::uint32_t> batch() const { return batch_; }
  std::int64_t steps_per_epoch() const;
  std::uint64_t seed() const { return seed_; }
  /// Changes with everything that is drawn.
  std::uint64_t version() const { return version_; }

  static constexpr std::size_t kMostPoints = 64;

 protected:
  FitLesson(LessonInfo info, std::vector<ParamSpec> params);

  /// The points that a run with these params and this seed starts with.
  virtual FitPoints start_points() const = 0;
  /// Requires: points() and params are set.
  virtual Program make_program() const = 0;
  /// Sets the inputs other than parameters, for the step that there is.
  virtual void fill(Buffers<float>& buffers) const = 0;
  /// The step is computed: what a lesson remembers of each.
  virtual void remember() {}
  virtual void forget() {}
  virtual int batch_size() const = 0;
  /// The samples of the batch of the present step: those of Batcher, each point once an epoch, unless a lesson draws otherwise.
  virtual std::vector<std::uint32_t> next_batch() const;
  /// Puts `value` at the present step of a list by steps; NaN where nothing was put.
  void put(std::vector<float>& list, float value) const;
  /// What a number that no op computed is.
  virtual std::string leaf_text(const std::string& tensor, std::int64_t index) const = 0;
  /// May the numbers of a saved state be those points? Lessons whose points are not set by hand: only their own.
  virtual bool points_are_free() const { return false; }

  /// A program for the points and params as they are, with the weights that there were.
  void rebuild();
  void run();
  void set_points(FitPoints points);
  Status set_weights(std::string_view tensor, std::span<const float> values);
  const ParamValues& settings() const { return params_; }
  ParamValues params_;

 private:
  std::vector<TensorId> carried() const;

  LessonInfo info_;
  std::uint64_t seed_ = 1, version_ = 0;
  FitPoints points_;
  std::shared_ptr<const Program> program_;
  Buffers<float> now_;
  struct Before {
    std::shared_ptr<const Program> program;
    Buffers<float> buffers;
  };
  std::optional<Before> before_;  // of the step before, whose update made the weights
  std::vector<std::string> by_hand_;  // parameters set since the last step
  std::vector<std::uint32_t> batch_;
  std::int64_t step_ = 0, work_ = 0, pending_ = 0;
};

}  // namespace chainrule
