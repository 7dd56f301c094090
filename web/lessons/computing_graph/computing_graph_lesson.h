// ComputingGraph: a training step as a graph of ops, one op a step.
//
// Step s > 0 is op (s − 1) mod L of update (s − 1) / L, L the number of ops of a training step: forward, then backward, then
// the updates. All numbers are there at once; `written` says which of them people have come to.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/lesson_kit/lesson.h"
#include "web/lesson_kit/param_table.h"
#include "web/lessons/computing_graph/graph_model.h"

namespace chainrule {

struct ComputingGraphViewState;

class ComputingGraph final : public Lesson {
 public:
  ComputingGraph();

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<ComputingGraph>(); }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override;
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::optional<std::int64_t> phase_end() const override;
  std::string_view marked_phase() const override { return present() == nullptr ? "" : phase_name(present()->phase); }
  std::optional<std::int64_t> update_end() const override;
  double reading_time() const override;
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
  const GraphModel& model() const { return *model_; }
  /// Ops of the present update that are done, 0 to L; the last of them is the present one.
  std::int64_t written() const { return written_; }
  std::int64_t length() const { return model_->length(); }
  /// Updates before the present one.
  std::int64_t update() const { return turned() ? step_ / length() : step_ == 0 ? 0 : (step_ - 1) / length(); }
  /// The op that was just done; null before the first.
  const OpCall* present() const { return written_ == 0 ? nullptr : &model_->call_at(written_ - 1); }
  /// Has its op been done? What is set from outside is always there.
  bool is_written(TensorId tensor) const { return model_->place_of(tensor) < written_; }
  /// The tensor that holds the present number: of a parameter the updated one as soon as that is written.
  TensorId current(TensorId tensor) const;
  /// What a click on a number asks for: the number at the step that made it.
  ElementRef reference(TensorId tensor, std::int64_t index) const;
  /// Of a parameter as it was before this update.
  ElementRef reference_before(TensorId tensor, std::int64_t index) const;
  /// Changes whenever a number may have.
  std::uint64_t state_version() const { return version_; }

 private:
  /// A number that a person set, and when.
  struct ByHand {
    TensorId tensor = kNoTensor;
    std::int32_t index = 0;
    std::int64_t step = 0;
  };
  /// What a snapshot holds.
  struct Saved {
    std::uint64_t seed = 0;
    std::int64_t step = 0;
    std::vector<double> values;  // of params()
    std::vector<ByHand> by_hand;
    std::vector<float> numbers;  // of the settable tensors
  };

  static GraphChoice choice_of(const ParamValues& values);
  bool turned() const { return previous_ != nullptr; }
  Status set_param(const ParamSpec& spec, double value);
  Status edit(const Action& action);
  void set_number(TensorId tensor, std::int64_t index, float value);
  void start_over();
  void go_to_next_update();
  const ByHand* by_hand(TensorId tensor, std::int64_t index) const;
  /// Nothing where the bytes are too few or too many.
  std::optional<Saved> read_saved(const Snapshot& snapshot) const;
  std::string leaf_text(TensorId tensor, const ElementRef& element) const;
  Explanation explain_call(const Buffers<float>& buffers, std::int64_t update, TensorId tensor, const ElementRef& element) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::unique_ptr<GraphModel> model_;
  std::int64_t step_ = 0, written_ = 0;
  // At the end of an update a parameter was set by hand: the next update has begun, of which nothing is done yet. These are
  // the numbers of the update that is over.
  std::unique_ptr<Buffers<float>> previous_;
  std::vector<ByHand> by_hand_;  // inputs since the start, parameters since the last update

  std::uint64_t version_ = 0;
  mutable std::shared_ptr<ComputingGraphViewState> view_;  // what people look at: no part of the model
};

std::unique_ptr<Lesson> make_computing_graph();

}  // namespace chainrule
