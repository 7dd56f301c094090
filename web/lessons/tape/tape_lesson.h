// TapeLesson: backpropagation on a small network, one number at a time. Canvas A's lessons are this one with other starts.
//
// A step writes down one number of the tape: step s > 0 is number (s − 1) mod L of update (s − 1) / L, L the length of the
// tape. After the last one the update is complete; the next step begins the next update, with the new weights.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/lesson_kit/param_table.h"
#include "web/lessons/tape/net_model.h"

namespace chainrule {

/// What distinguishes the lessons.
struct TapeLessonSetup {
  LessonInfo info;
  std::string example;     // of net_examples, at the start
  bool fixed = false;      // the network itself cannot be changed
  bool slide = false;      // deck 003's mistakes can be shown beside what is right
};

/// How the numbers are written; index of the param "digits".
enum class TapeDigits : std::uint8_t { kTwoRounded, kTwoCut, kFour, kFull };

class TapeLesson final : public Lesson {
 public:
  explicit TapeLesson(TapeLessonSetup setup);

  const LessonInfo& info() const override { return setup_.info; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<TapeLesson>(setup_); }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return 50; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;

  std::optional<std::int64_t> phase_end() const override;
  std::optional<std::int64_t> update_end() const override;
  std::string_view marked_phase() const override;
  double reading_time() const override;

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  const TapeLessonSetup& setup() const { return setup_; }
  const NetModel& model() const { return *model_; }
  /// Numbers of the present update that are written down, 0 to L; the last of them is the present one.
  std::int64_t written() const { return written_; }
  /// Updates before the one whose tape this is.
  std::int64_t update() const { return turned_ ? step_ / length() : step_ == 0 ? 0 : (step_ - 1) / length(); }
  std::int64_t length() const { return static_cast<std::int64_t>(model_->tape().size()); }
  /// Has the tape reached it? Inputs, targets, the rate and the weights are always there.
  bool is_written(TensorId tensor, std::int64_t index) const;
  /// The number as it stands at this step: of a parameter the updated one as soon as that is written down.
  float current(TensorId tensor, std::int64_t index) const;
  /// What a click on it asks for: the number at the step that made it.
  ElementRef reference(TensorId tensor, std::int64_t index) const;
  /// Of a parameter as it was before this update.
  ElementRef reference_before(TensorId tensor, std::int64_t index) const;

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
    std::vector<double> values;  // of params_
    std::vector<ByHand> by_hand;
    std::vector<float> numbers;  // of the settable tensors
  };

  NetSpec spec_of(const ParamValues& values) const;
  void take_example(const NetExample& example);
  Status set_param(const ParamSpec& spec, double value);
  Status edit(const Action& action);
  void set_number(TensorId tensor, std::int64_t index, float value);
  /// Another network, with the numbers that it starts with.
  void start_over();
  void go_to_next_update();
  const ByHand* by_hand(TensorId tensor, std::int64_t index) const;
  /// Nothing: they are not bytes of this lesson.
  std::optional<Saved> read_saved(const Snapshot& snapshot) const;
  std::string leaf_text(TensorId tensor, const ElementRef& element) const;
  /// Of the tape of `model`. Operands refer to the steps that made them.
  Explanation explain_entry(const NetModel& model, std::int64_t update, TensorId tensor, const ElementRef& element) const;

  TapeLessonSetup setup_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::unique_ptr<NetModel> model_;
  std::int64_t step_ = 0, written_ = 0;
  // At the end of an update a weight was set by hand: this is the next update already, of which nothing is written yet.
  bool turned_ = false;
  std::unique_ptr<NetModel> previous_;  // the update that is over, while turned_
  std::vector<ByHand> by_hand_;         // inputs and targets since the start, parameters since the last update

  mutable std::map<TensorId, std::vector<float>> parameters_shown_;  // what tensor() hands out
};

}  // namespace chainrule
