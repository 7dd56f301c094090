// "Architectures": a network as a table that can be edited; every size, count and receptive field is computed line by line.
//
// A step goes to the next line of the table, which is lit; after the last one it begins again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/analysis/architecture.h"
#include "web/lesson_kit/param_table.h"
#include "web/lessons/digit_library.h"
#include "web/lessons/unit_probe.h"

namespace chainrule {

namespace architecture_command {
inline constexpr char kInsert[] = "insert";  // number: the layer's place; text: its kind
inline constexpr char kRemove[] = "remove";  // number: the layer
}  // namespace architecture_command

/// What a slide says, where it does not fit, and what would.
struct SlideNote {
  KnownArchitecture which;
  int layer;  // −1: of the whole
  const char* slide;
  const char* why;
};
std::span<const SlideNote> slide_notes();

class Architectures final : public Lesson {
 public:
  explicit Architectures(std::shared_ptr<DigitLibrary> library = std::make_shared<DigitLibrary>());

  const LessonInfo& info() const override { return info_; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<Architectures>(library_); }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  std::string wanted_asset() const override;
  Status receive(std::string_view asset, const std::vector<Blob>& files) override;
  void asset_failed(std::string_view asset) override;

  void reset(std::uint64_t seed) override;
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return 100; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
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
  const Architecture& architecture() const { return *architecture_; }
  KnownArchitecture known() const { return static_cast<KnownArchitecture>(params_.whole("network")); }
  /// As it came, nothing edited?
  bool is_known() const { return architecture_->spec() == known_architecture(known()); }
  /// The line that the step has reached; −1 before the first.
  int present() const;
  /// The layer under the microscope, and its unit, brought into the table's range; nothing without layers.
  struct Unit {
    int layer = 0, row = 0, column = 0;
  };
  std::optional<Unit> unit() const;
  /// Nothing while it is switched off, its data are missing, or the table is not that of the trained network.
  const UnitProbe* effective() const;
  const std::string& digit_name() const { return digit_name_; }

 private:
  struct Found {
    const Program* program = nullptr;
    const Buffers<float>* buffers = nullptr;
    TensorId id = kNoTensor;
    bool trained = false;
  };
  struct Saved {
    std::int64_t step = 0;
    std::vector<double> values;
    ArchitectureSpec spec;
    bool ok = false;
  };

  void take(ArchitectureSpec spec);
  void look();
  Status edit(const Action& action);
  Status edit_table(ArchitectureSpec spec, std::size_t layer, const Action& action);
  Status command(const Action& action);
  Result<Found> find(std::string_view name) const;
  Saved read_saved(const Snapshot& snapshot) const;

  LessonInfo info_;
  ParamValues params_;
  std::shared_ptr<DigitLibrary> library_;
  std::unique_ptr<Architecture> architecture_;
  std::int64_t step_ = 0;

  // What is shown beside the table, made when it is asked for: no part of the model.
  mutable std::unique_ptr<UnitProbe> effective_;
  mutable int effective_layer_ = -1;
  mutable std::vector<double> effective_for_;  // the params that it ran for
  mutable std::string digit_name_;
};

}  // namespace chainrule
