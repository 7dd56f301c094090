// Losses at points of a plane through parameter space: of any network one point at a time, of small fully connected ones
// four points at a time.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/background.h"
#include "engine/landscape/dense_network.h"
#include "engine/landscape/directions.h"
#include "engine/ops/simd.h"

namespace chainrule {

/// Where in a plane.
struct PlaceInPlane {
  float a = 0.0f, b = 0.0f;
};

/// Computes L(θ(a, b)) for some points at once, in slices.
class PlaneLosses {
 public:
  virtual ~PlaneLosses() = default;
  /// How many points it takes at once, at least 1.
  virtual std::size_t points_at_once() const = 0;
  /// Requires: 1 <= places.size() <= points_at_once(), and `plane` stays until they are done.
  virtual void begin(const Plane& plane, std::span<const PlaceInPlane> places) = 0;
  /// Works for about `budget` multiply-adds. The losses of the next places in their order that are there now; none: later.
  virtual std::span<const float> advance(std::int64_t& budget) = 0;
  /// Are there losses since `begin` that are rounded otherwise than an EvaluationSet's?
  virtual bool approximate() const { return false; }
};

/// Any network: on the measuring thread, where there is one, else here and now.
class AnyPlaneLosses final : public PlaneLosses {
 public:
  explicit AnyPlaneLosses(std::unique_ptr<EvaluationSet> set) : set_(std::make_shared<Set>(std::move(set))) {}

  /// A thread gets as much as lasts until somebody looks again.
  static constexpr std::size_t kMost = 8;

  std::size_t points_at_once() const override { return background_allowed() ? kMost : 1; }
  void begin(const Plane& plane, std::span<const PlaceInPlane> places) override;
  /// Where a thread is at work there is nothing left to do, whatever the budget.
  std::span<const float> advance(std::int64_t& budget) override;

 private:
  struct Set {
    explicit Set(std::unique_ptr<EvaluationSet> of) : evaluation(std::move(of)) {}
    std::mutex mutex;  // a job that was given up may be at its last point
    std::unique_ptr<EvaluationSet> evaluation;
  };
  struct Job {
    std::shared_ptr<Set> set;
    Plane plane;
    std::vector<PlaceInPlane> places;
    std::vector<float> theta, losses;
    /// One more point in about `budget` multiply-adds; true when the last one is done.
    bool advance(std::int64_t budget);
    bool begun = false;  // the next point
  };

  std::shared_ptr<Set> set_;
  std::shared_ptr<Job> job_;
  BackgroundWork thread_;
};

/// Dense layers of identity, ReLU, leaky ReLU, tanh or logistic units with a squared error. Each lane of a vector is
/// another point of the plane, so that each loss is bit-equal to EvaluationSet's (test: PlaneLosses).
class DensePlaneLosses final : public PlaneLosses {
 public:
  /// Nothing: the pass has something else in it.
  static std::unique_ptr<DensePlaneLosses> of(const EvaluationSet& set);

  std::size_t points_at_once() const override { return kLanes; }
  void begin(const Plane& plane, std::span<const PlaceInPlane> places) override;
  std::span<const float> advance(std::int64_t& budget) override;

 private:
  static constexpr std::size_t kLanes = 4;

  DensePlaneLosses(const EvaluationSet& set, DenseNetwork network);
  void order_parameters();
  simd::f32x4 run();
  void run_pair(int sample, simd::f32x4& sum);

  const EvaluationSet& set_;
  DenseNetwork network_;
  std::vector<std::size_t> order_;               // which parameters are read one after the other
  std::vector<simd::f32x4> theta_;               // they, each lane a point's
  std::array<std::vector<simd::f32x4>, 2> values_;  // of two samples, layer by layer in turns
  std::array<float, kLanes> losses_{};
  std::size_t asked_ = 0;  // how many of the lanes
  std::int64_t work_ = 0;
};

}  // namespace chainrule
