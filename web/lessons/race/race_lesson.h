// RaceLesson: several optimizers race down one surface from one start. A step is one update of each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lessons/race/racer.h"
#include "web/widgets/contour_map.h"
#include "web/widgets/surface3d.h"

namespace chainrule {

/// The rates that suit a surface, by racer; where a formula is a person's own, those that seldom diverge.
const std::array<float, kRacerCount>& suggested_rates(SurfaceKind kind);
std::vector<ParamSpec> race_params();

/// What a person looks at; no part of the model. What was worked out for the drawing stays with it.
struct RaceView {
  ContourMapState map;
  SurfaceState surface;
  std::optional<PlanePoint> held_start;  // while it is dragged
  std::optional<PlanePoint> pointed;     // in either view
  std::string typed, error, instead_of;  // a formula that is refused, why, and which one stays
  std::vector<float> heights;            // of the grid
  std::string formula;                   // that they belong to
  PlaneRange range;
  std::uint64_t version = 0;
  std::uint64_t limits_version = 0;      // of the grid that colours and heights were limited for
  std::optional<double> low, high;
};

class RaceLesson final : public Lesson {
 public:
  RaceLesson();

  const LessonInfo& info() const override { return info_; }
  std::span<const ParamSpec> params() const override { return params_.specs(); }
  double param(std::string_view name) const override { return params_[name]; }
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<RaceLesson>(); }

  void reset(std::uint64_t seed) override;
  Effect effect(const Action& action) const override;
  bool merge(Action& last, const Action& next) const override;
  std::vector<Action> kept() const override;
  void clear_kept() override { own_ = surface_formula(SurfaceKind::kOwn); }
  /// Commands: "start" with x and y; "surface" with its number, which also takes its start and rates; "rates"; "function" with a formula.
  Status apply(const Action& action) override;
  bool advance(std::int64_t budget) override;
  std::int64_t work_per_step() const override { return 2000; }
  bool idle_work(std::int64_t) override { return false; }

  std::int64_t step() const override { return step_; }
  std::string_view phase() const override { return ""; }
  std::span<const std::string_view> phase_names() const override { return {}; }
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
  SurfaceKind surface() const { return static_cast<SurfaceKind>(params_.whole("surface")); }
  std::string formula() const;
  const Expression& function() const { return function_; }
  const std::vector<Racer>& racers() const { return racers_; }
  bool races(int racer) const { return params_.on(kRacers[racer].id); }
  const std::optional<QuadraticFacts>& facts() const { return facts_; }
  Point2 start() const { return {static_cast<float>(params_["start-x"]), static_cast<float>(params_["start-y"])}; }
  /// What a click on a number of that racer asks for: of one that has stopped, as it was then.
  ElementRef reference(int racer, TensorId tensor) const;
  ElementRef fact_reference(std::string_view name) const { return {"quadratic." + std::string(name), 0, step_}; }
  RaceView& view() const { return view_; }

 private:
  struct ByHand {
    std::int32_t racer = 0;
    TensorId tensor = kNoTensor;
    std::int64_t step = 0;
  };
  struct Head {  // of a racer in a snapshot
    std::int64_t stopped = -1, stride = 1;
    std::uint64_t count = 0;
  };
  struct Place {
    int racer = -1;  // −1: the quadratic's facts
    TensorId tensor = kNoTensor;
  };

  void make_racers();
  Status command(const Action& action);
  Status edit(const Action& action);
  Place place_of(std::string_view name) const;
  const ByHand* by_hand(int racer, TensorId tensor) const;
  std::string leaf_text(const Place& place) const;
  std::string fact_text(const TensorInfo& info) const;

  LessonInfo info_;
  ParamValues params_;
  std::uint64_t seed_ = 1;
  std::int64_t step_ = 0;
  std::string own_ = surface_formula(SurfaceKind::kOwn);
  Expression function_;
  std::vector<Racer> racers_;
  std::optional<QuadraticFacts> facts_;
  std::vector<ByHand> by_hand_;  // places since the last update
  mutable RaceView view_;
};

}  // namespace chainrule
