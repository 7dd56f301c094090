// SheetLesson: a lesson whose model is a sheet. A step shows one more cell; after the last it begins again.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "web/lesson_kit/param_table.h"
#include "web/lessons/kernel/sheet.h"

namespace chainrule {

/// Subclasses say which tensors there are, what they start with and how they are drawn.
class SheetLesson : public Lesson {
 public:
  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool merge(Action& last, const Action& next) const override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return 1000; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::optional<std::int64_t> phase_end() const override;
  std::span<const std::string_view> phase_names() const override { return {}; }
  std::optional<std::int64_t> update_end() const override;
  std::optional<double> loss() const override { return std::nullopt; }
  std::vector<Metric> metrics() const override;
  std::string divergence() const override { return ""; }
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  const Sheet& sheet() const { return *sheet_; }
  std::span<const SheetCell> order() const { return sheet_->plan().order; }
  /// Cells shown since the beginning of the present round, 0 to order().size().
  std::int64_t shown() const;
  /// The cell that was shown last; nothing before the first step.
  std::optional<SheetCell> present() const;
  /// Has the present round come to it? What no step shows is always there.
  bool is_shown(TensorId tensor, std::int64_t index) const;
  /// Changes whenever a number does: for textures.
  std::uint64_t version() const { return version_; }
  bool can_set(std::string_view tensor) const;

  /// The number that is being typed over: of the view, no part of the model.
  struct Selection {
    std::string tensor;
    std::int64_t index = 0;
  };
  Selection& selection() const { return selection_; }

  /// Sets numbers of a tensor, index and value in turns: what one stroke paints.
  static Action paint(const std::string& tensor, std::vector<float> indices_and_values) {
    return Action::command("paint", 0.0, std::move(indices_and_values), tensor);
  }

 protected:
  SheetLesson(LessonInfo info, std::vector<ParamSpec> params, std::vector<SheetStore> stores);

  virtual SheetPlan plan(const ParamValues& params) const = 0;
  /// Fills the stores (in the order of the constructor's) with what the params start with.
  virtual void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const = 0;
  /// A param was set: others may follow it.
  virtual void follow(const std::string& param, ParamValues& params) const {
    static_cast<void>(param), static_cast<void>(params);
  }
  /// Where a number that nobody has set comes from: "of deck 000".
  virtual std::string source_text(const std::string& tensor) const = 0;

  ParamValues params_;

 private:
  int store_of(std::string_view tensor) const;
  /// Makes the sheet for the params as they are, and computes it.
  void rebuild();
  Status set_numbers(const std::string& tensor, std::span<const float> indices_and_values);

  LessonInfo info_;
  std::vector<SheetStore> specs_;
  std::vector<std::vector<float>> stores_, start_;
  std::unique_ptr<Sheet> sheet_;
  std::vector<std::vector<std::int32_t>> place_in_order_;  // by tensor and element; −1: no step shows it
  std::uint64_t seed_ = 1, version_ = 0;
  std::int64_t step_ = 0;
  mutable Selection selection_;
};

}  // namespace chainrule
