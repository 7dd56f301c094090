// "The loss plane of a real network": training, and beside it the true loss on a plane through all its weights.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/lesson_kit/param_table.h"
#include "web/lessons/plane/plane_measure.h"

namespace chainrule {

class LossPlaneLesson final : public Lesson {
 public:
  explicit LossPlaneLesson(std::shared_ptr<DigitLibrary> library = std::make_shared<DigitLibrary>());

  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<LossPlaneLesson>(library_); }
  std::string wanted_asset() const override;
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  void asset_failed(std::string_view asset) override;

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::optional<bool> advance_ahead(std::int64_t last) override;
  void stop_ahead() override;
  std::int64_t work_per_step() const override { return training_ ? training_->trainer().work_per_step() : 0; }
  bool idle_work(std::int64_t budget) override;
  double idle_share() const override { return 1.5; }

  std::int64_t step() const override { return training_ ? training_->trainer().step() : 0; }
  std::string_view phase() const override;
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override { return training_ ? training_->trainer().state_hash() : 0; }
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  /// Null while digits are on their way.
  const PlaneTraining* training() const { return training_.get(); }
  PlaneMeasure& measure() const { return *measure_; }
  PlaneChoice choice() const;
  /// The loss at the point that a person asked about. Requires: measure().pinned().
  ElementRef pinned_loss() const;

 private:
  PlaneSetup setup() const;
  void start_over();
  void rebuild();
  void set_rates();
  void model_changed();
  Status set_numbers(const Action& action);
  std::string leaf_text(const TensorInfo& info, std::int64_t index) const;
  /// A tensor of an evaluation of all samples: "evaluation/loss" of the present weights' mean, "evaluation.2/h1.net" of their pass on
  /// batch 2; "plane@64,32/loss", "plane@64,32.2/h1.net" at the point of the plane that a person asked about.
  struct Evaluated {
    EvaluationSet* set = nullptr;
    std::string prefix;
    int batch = -1;  // -1: of the mean
    TensorId id = kNoTensor;
  };
  std::optional<Evaluated> evaluated(std::string_view name) const;
  Result<Explanation> explain_mean(const ElementRef& element, const Evaluated& tensor) const;
  Result<Explanation> explain_pass(const ElementRef& element, const Evaluated& tensor) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::shared_ptr<DigitLibrary> library_;
  std::unique_ptr<PlaneTraining> training_;
  struct ByHand {
    std::string tensor;
    std::int64_t index = -1;  // -1: all of it
  };
  std::vector<ByHand> by_hand_;  // since the last step
  Trajectory path_;
  // What is measured and shown: no part of the model.
  mutable std::unique_ptr<PlaneMeasure> measure_;
};

std::unique_ptr<Lesson> make_loss_plane();

}  // namespace chainrule
