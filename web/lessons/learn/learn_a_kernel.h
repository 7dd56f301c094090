// "Can we learn the kernel?": one 3×3 kernel is trained until it does to a picture what a hidden filter does.
//
// At step t the buffers hold everything of the kernel after t updates: output, error, gradient, and the update to come.
#pragma once

#include <memory>
#include <vector>

#include "web/lesson_kit/param_table.h"
#include "web/lesson_kit/program_run.h"

namespace chainrule {

class LearnAKernel final : public Lesson {
 public:
  static constexpr int kSide = 20, kKernel = 3;

  LearnAKernel();

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<LearnAKernel>(); }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return run_.work_per_step(); }
  bool idle_work(std::int64_t) override { return false; }

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
  const Program& program() const { return run_.program(); }
  /// By name. Requires: there is such a tensor.
  std::span<const float> values(std::string_view name) const { return run_.values(name); }
  /// The error at each step from 0 on; NaN where it is not remembered.
  std::span<const float> errors() const { return errors_; }
  /// Root of the mean squared difference of the kernels' numbers.
  double distance() const;

 private:
  void start_over();
  void compute();
  void set_rates();
  Status edit(const Action& action);
  std::span<float> settable(std::string_view name) { return run_.settable(run_.program().find(name)); }
  std::string leaf_text(TensorId id) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  ProgramRun run_;
  std::vector<std::string> by_hand_;  // "w 4": set since the last step
  std::int64_t pending_ = 0;
  std::vector<float> errors_;
};

}  // namespace chainrule
