// "LeNet learns to read": deck 002's LeNet (or an MLP, or no hidden layer) in training on MNIST, every number explained.
#pragma once

#include <memory>
#include <optional>

#include "engine/data/stroke.h"
#include "web/lesson_kit/param_table.h"
#include "web/lessons/digit_probe.h"
#include "web/lessons/digit_scores.h"
#include "web/lessons/inside/trained_network.h"
#include "web/lessons/lenet_mnist_view.h"
#include "web/lessons/unit_probe.h"

namespace chainrule {

class LenetMnist final : public Lesson {
 public:
  explicit LenetMnist(std::shared_ptr<DigitLibrary> library = std::make_shared<DigitLibrary>());

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override;
  std::string wanted_asset() const override;
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  void asset_failed(std::string_view asset) override;

  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  void reset(std::uint64_t seed) override;
  Effect effect(const Action& action) const override;
  std::vector<Action> kept() const override { return strokes_; }
  void clear_kept() override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::optional<bool> advance_ahead(std::int64_t last) override;
  void stop_ahead() override;
  std::int64_t work_per_step() const override;
  bool idle_work(std::int64_t budget) override;

  std::int64_t step() const override { return trainer_ ? trainer_->trainer().step() : 0; }
  std::string_view phase() const override;
  std::optional<double> loss() const override;
  std::vector<Metric> metrics() const override;
  std::string divergence() const override;
  std::uint64_t state_hash() const override;
  Snapshot save() const override;
  void restore(const Snapshot& snapshot) override;
  Status check(const Snapshot& snapshot) const override;
  bool uses_files() const override { return data() == DigitData::kOwn; }
  std::vector<ReceivedFiles> received_files() const override;
  /// The network in a snapshot of this lesson, without the digits that it learned from. Errors: other bytes; `name` is what they are
  /// called.
  static Result<TrainedNetwork> network_of(const Snapshot& snapshot, const std::string& name);

  std::vector<TensorSummary> tensors() const override;
  Result<TensorValues> tensor(std::string_view name) const override;
  Result<Explanation> explain(const ElementRef& element) const override;
  void draw(DrawContext& context) const override;

 private:
  DigitData data() const { return static_cast<DigitData>(static_cast<int>(param("data"))); }
  DigitSetup setup() const;
  bool waits() const { return !wanted_asset().empty(); }
  /// Builds the program anew. Requires: nothing is waited for.
  void rebuild();
  void start_over();
  Status set_param(const ParamSpec& spec, double value);
  Status set_numbers(const Action& action);
  bool set_by_hand(const ElementRef& element) const;
  Status command(const Action& action);
  Status stroke(const Action& action);

  /// The probe with the present weights and digit.
  const DigitProbe& probe() const;
  /// The gradient of a unit, element `index` of a layer's values or net, for the shown digit and the present weights.
  const UnitProbe& field(const std::string& tensor, std::int64_t index) const;
  /// A tensor "field/conv2.out/463/x.grad" of it: the unit, then the program's name.
  struct FieldTensor {
    const UnitProbe* probe = nullptr;
    std::string prefix;  // "field/conv2.out/463/"
    TensorId id = kNoTensor;
  };
  Result<FieldTensor> find_field(std::string_view name) const;
  Result<Explanation> explain_field(const ElementRef& element) const;
  /// The digit that runs through the network.
  struct ShownDigit {
    MnistImage pixels{};
    int label = -1;    // its class; a drawing has none
    std::string name;  // "test digit 7"
  };
  ShownDigit choose_digit() const;

  Result<TensorId> find_of_digit(std::string_view name) const;
  Result<Explanation> explain_of_digit(const ElementRef& element) const;
  std::string leaf_text(const TensorInfo& info, const ElementRef& element) const;

  struct ViewCache;
  void fill_layers(ViewCache& cache) const;
  void fill_history(LenetMnistView& view, ViewCache& cache) const;
  void fill_digit(LenetMnistView& view, ViewCache& cache) const;
  void fill_field(LenetMnistView& view, ViewCache& cache, const DrawContext& context) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::shared_ptr<DigitLibrary> library_;
  DigitData data_in_use_ = DigitData::kSubset;
  std::unique_ptr<DigitTrainer> trainer_;  // null until the first digits are there
  std::unique_ptr<DigitScores> scores_;    // null as trainer_ is
  struct ByHand {
    std::string tensor;
    std::int64_t index = -1;  // -1: the whole tensor
  };
  std::vector<ByHand> by_hand_;  // set since the last step
  std::string data_error_;

  StrokeCanvas canvas_;
  std::vector<Action> strokes_;  // that made it, one command each
  std::uint64_t canvas_version_ = 0;

  // What is drawn, computed when it is asked for: no part of the model.
  mutable std::unique_ptr<DigitProbe> probe_;
  mutable std::uint64_t probe_version_ = 0;
  mutable bool probe_fresh_ = false;
  mutable ShownDigit shown_;  // what probe_ ran
  mutable std::unique_ptr<UnitProbe> field_;
  mutable std::string field_tensor_;
  mutable std::uint64_t field_version_ = 0;  // the probe_version_ that it ran for
  bool field_before_ = false;                // the field of the weighted sum is wanted
  mutable LenetMnistViewState view_state_;
  mutable std::shared_ptr<ViewCache> view_cache_;
};

std::unique_ptr<Lesson> make_lenet_mnist();

}  // namespace chainrule
