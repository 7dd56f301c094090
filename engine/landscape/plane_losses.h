// Losses at points of a plane through parameter space: of any network one point at a time, of small fully connected ones
// four points at a time.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "engine/landscape/directions.h"
#include "engine/landscape/evaluation_set.h"
#include "engine/ops/simd.h"

namespace chainrule {

/// Where in a plane.
struct PlaceInPlane {
  float a = 0.0f, b = 0.0f;
};

/// Computes L(θ(a, b)) for a few points at once, in slices.
class PlaneLosses {
 public:
  static constexpr std::size_t kMost = 4;

  virtual ~PlaneLosses() = default;
  /// How many points it takes at once: 1 to kMost.
  virtual std::size_t points_at_once() const = 0;
  /// Requires: 1 <= places.size() <= points_at_once(), and `plane` stays until they are done.
  virtual void begin(const Plane& plane, std::span<const PlaceInPlane> places) = 0;
  /// Works for about `budget` multiply-adds; the losses when they are there, else nothing.
  virtual std::optional<std::span<const float>> advance(std::int64_t& budget) = 0;
};

/// Any network.
class AnyPlaneLosses final : public PlaneLosses {
 public:
  explicit AnyPlaneLosses(EvaluationSet& set) : set_(set), theta_(set.layout().size()) {}

  std::size_t points_at_once() const override { return 1; }
  void begin(const Plane& plane, std::span<const PlaceInPlane> places) override;
  std::optional<std::span<const float>> advance(std::int64_t& budget) override;

 private:
  EvaluationSet& set_;
  std::vector<float> theta_;
  float loss_ = 0.0f;
};

/// Dense layers of identity, ReLU, leaky ReLU, tanh or logistic units with a squared error. Each lane of a vector is
/// another point of the plane, so that each loss is bit-equal to EvaluationSet's (test: PlaneLosses).
class DensePlaneLosses final : public PlaneLosses {
 public:
  /// Nothing: the pass has something else in it.
  static std::unique_ptr<DensePlaneLosses> of(const EvaluationSet& set);

  std::size_t points_at_once() const override { return kMost; }
  void begin(const Plane& plane, std::span<const PlaceInPlane> places) override;
  std::optional<std::span<const float>> advance(std::int64_t& budget) override;

 private:
  struct Layer {
    int inputs = 0, units = 0;
    std::size_t w = 0, b = 0;  // where in θ
    bool has_bias = false;
    Activation activation = Activation::kIdentity;
    float slope = 0.0f;
  };

  explicit DensePlaneLosses(const EvaluationSet& set) : set_(set) {}
  bool add_call(const OpCall& call, TensorId& value);
  void order_parameters();
  simd::f32x4 run();
  void run_pair(int sample, simd::f32x4& sum);

  const EvaluationSet& set_;
  std::vector<Layer> layers_;
  bool half_sum_ = true;
  std::vector<std::size_t> order_;               // which parameters are read one after the other
  std::vector<simd::f32x4> theta_;               // they, each lane a point's
  std::array<std::vector<simd::f32x4>, 2> values_;  // of two samples, layer by layer in turns
  std::array<float, kMost> losses_{};
  std::int64_t work_ = 0;
};

}  // namespace chainrule
