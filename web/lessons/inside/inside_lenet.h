// "Inside a trained LeNet": feature maps number by number, what a unit detects, hidden units as pictures, shifted digits.
//
// Each part has steps of its own: the next cell of a map, a step of gradient ascent, the next hidden unit, the next product of the
// quiz's unit, the next shift.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/stroke.h"
#include "web/lesson_kit/param_table.h"
#include "web/lessons/inside/ascent.h"
#include "web/lessons/inside/shifts.h"
#include "web/lessons/inside/top_digits.h"
#include "web/lessons/inside/trained_network.h"
#include "web/lessons/inside/unit_quiz.h"
#include "web/lessons/lenet_mnist_view.h"

namespace chainrule {

enum class InsidePart : std::uint8_t { kMaps, kDetects, kWeights, kQuiz, kShift };
inline constexpr std::array<std::string_view, 5> kInsidePartNames = {"maps", "detects", "weights", "quiz", "shift"};

class InsideLenet final : public Lesson {
 public:
  explicit InsideLenet(std::shared_ptr<DigitLibrary> library = std::make_shared<DigitLibrary>());

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override;
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  std::string wanted_asset() const override;
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  void asset_failed(std::string_view asset) override;
  bool uses_files() const override { return params_.whole("weights") == kOwn; }
  std::vector<ReceivedFiles> received_files() const override;

  void reset(std::uint64_t seed) override;
  Effect effect(const Action& action) const override;
  bool merge(Action& last, const Action& next) const override;
  std::vector<Action> kept() const override { return strokes_; }
  void clear_kept() override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override;
  bool idle_work(std::int64_t budget) override;

  std::int64_t step() const override { return part() == InsidePart::kQuiz ? quiz_->step() : step_; }
  std::string_view phase() const override { return ""; }
  std::span<const std::string_view> phase_names() const override { return {}; }
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
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  enum Weights : int { kTrained, kInitial, kOwn };
  InsidePart part() const { return static_cast<InsidePart>(params_.whole("part")); }
  bool waits() const { return !wanted_asset().empty(); }
  const UnitQuiz& quiz() const { return *quiz_; }
  /// The options and parameters in use for a kind of network, and where they come from. Requires: they are there.
  const TrainedNetwork& network(DigitModel model) const;
  const ImageSet& test_digits() const { return library_->digits(data())->test; }
  DigitData data() const { return static_cast<DigitData>(params_.whole("data")); }
  /// The digit that is shown: its class (−1: a drawing) and name.
  struct Shown {
    std::vector<float> pixels;
    int label = -1, index = 0;
    std::string name;
  };
  const Shown& shown() const;
  const StrokeCanvas& canvas() const { return canvas_; }
  std::uint64_t canvas_version() const { return canvas_version_; }
  /// Changes with the weights, the digit and the step: for textures.
  std::uint64_t version() const;

  // Feature maps: the shown digit in the LeNet, and the unit that the step has reached.
  const UnitProbe& digit_probe() const;
  const UnitLayer& layer() const { return unit_layers(DigitModel::kLenet)[static_cast<std::size_t>(params_.whole("layer"))]; }
  std::int64_t chosen_unit() const;
  /// ∂unit/∂x of the chosen unit, before or after its activation.
  const UnitProbe& field() const;

  // What a unit detects.
  const Ascent& ascent() const { return *ascent_; }
  int detect_layer() const { return params_.whole("detect-layer"); }
  int detect_unit() const;
  /// The unit's net for the picture of each step so far, the start included; NaN: not run here.
  std::span<const float> rise() const;
  const TopDigits& top() const;

  // Hidden units: an MLP, or no hidden layer.
  DigitModel weights_model() const { return params_.whole("network") == 0 ? DigitModel::kMlp : DigitModel::kLinear; }
  const UnitProbe& weights_probe() const;
  int hidden_units() const { return weights_model() == DigitModel::kMlp ? 128 : 10; }
  int hidden_unit() const { return static_cast<int>((params_.whole("hidden") + step_) % hidden_units()); }

  // Shifts.
  struct Offset {
    int dx = 0, dy = 0;
  };
  Offset offset() const;
  const ShiftProbe& shift() const;
  const UnitProbe& shifted_probe(DigitModel model) const;
  const ShiftCurve& curve() const;

  /// What people look at, no part of the model.
  LenetMnistViewState& view_state() const { return view_state_; }

 private:
  /// A program that has run, and the prefix of its tensors' names.
  struct Scope {
    std::string prefix;
    const Program* program = nullptr;
    const Buffers<float>* buffers = nullptr;
    const UnitProbe* probe = nullptr;  // where it is one
    DigitModel model = DigitModel::kLenet;
  };
  struct Found {
    Scope scope;
    TensorId id = kNoTensor;
  };

  std::vector<Scope> scopes() const;
  Result<Found> find(std::string_view name) const;
  ElementRef reference(const Scope& scope, TensorId operand, std::int64_t index) const;
  std::string leaf_text(const Found& found, const ElementRef& element) const;
  std::vector<DigitModel> models_in_use() const;
  void begin();
  void forget_networks();
  void forget_views() const;
  void note_rise();
  Status command(const Action& action);
  Status stroke(const Action& action);
  Status set_param(const ParamSpec& spec, double value);

  LessonInfo info_;
  ParamValues params_;
  std::shared_ptr<DigitLibrary> library_;
  std::uint64_t seed_ = 1;
  std::int64_t step_ = 0;
  std::unique_ptr<UnitQuiz> quiz_;
  std::unique_ptr<Ascent> ascent_;  // null outside of its part, and until its weights are there
  std::vector<float> rise_;
  StrokeCanvas canvas_;
  std::vector<Action> strokes_;
  std::uint64_t canvas_version_ = 0;

  // Made when it is asked for: no part of the model.
  mutable std::array<std::shared_ptr<const TrainedNetwork>, kDigitModelNames.size()> networks_;
  mutable std::uint64_t version_ = 0;
  mutable std::optional<Shown> shown_;
  mutable std::unique_ptr<UnitProbe> digit_probe_, field_, weights_probe_, cnn_, mlp_;
  mutable std::unique_ptr<ShiftProbe> shift_;
  mutable std::unique_ptr<TopDigits> top_;
  mutable std::unique_ptr<ShiftCurve> curve_;
  mutable std::vector<double> digit_for_, field_for_, weights_for_, shift_for_, curve_for_;  // what they ran for
  mutable LenetMnistViewState view_state_;
};

}  // namespace chainrule
