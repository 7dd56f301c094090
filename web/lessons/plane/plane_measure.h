// PlaneMeasure: what the loss-plane lesson measures beside training: the plane, and the true losses of the path on it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/landscape/loss_plane.h"
#include "engine/landscape/trajectory.h"
#include "web/gpu/plane.h"
#include "web/lessons/plane/plane_network.h"
#include "web/widgets/surface3d.h"

namespace chainrule {

enum class PlaneDirections : std::uint8_t { kWeights, kRandom, kComponents };
inline constexpr std::array<std::string_view, 3> kPlaneDirectionNames = {"weights", "random", "components"};

/// Which plane people want to see.
struct PlaneChoice {
  PlaneDirections directions = PlaneDirections::kWeights;
  std::size_t first_weight = 0, second_weight = 1;  // of all parameters
  std::uint64_t seed = 1;                           // of random directions
  bool follow = true;                               // through the present weights; otherwise it stays
  int finest = 129;
  bool operator==(const PlaneChoice&) const = default;
};

/// A point of the path as the plane has it.
struct PathOnPlane {
  std::int64_t step = 0;
  float a = 0.0f, b = 0.0f, distance = 0.0f;
  float loss = 0.0f;  // true loss; NaN: not measured yet
};

class PlaneMeasure {
 public:
  static constexpr int kBoundarySide = 49;

  /// Both must outlive it.
  PlaneMeasure(const PlaneTraining& training, Trajectory& path);

  /// Training goes on, or a person set a number: θ is another one.
  void theta_changed();
  /// Works on what is asked for; true while there is more.
  bool work(const PlaneChoice& choice, std::int64_t budget);
  /// Is the first, coarse grid still to come?
  bool begins() const { return grid_.nx == 0; }

  const PlaneTraining& training() const { return training_; }
  const ParameterLayout& layout() const { return present_->layout(); }
  /// The two parameters of a plane of weights, by their places in θ: those that are chosen, or their neighbours where there are
  /// no such two.
  struct WeightPair {
    std::size_t across = 0, upwards = 1;
  };
  WeightPair weights_of(const PlaneChoice& choice) const;
  /// The present weights.
  const std::vector<float>& theta() const;
  /// The evaluation of the present weights; computes it now where it is not there.
  EvaluationSet& present();
  /// A point of the plane that is shown, computed once more by the CPU, so that it explains itself.
  struct Pinned {
    int column = 0, row = 0;  // of the finest grid
    double a = 0.0, b = 0.0;
    float measured = 0.0f;    // what the plane says there
    std::int64_t step = 0;    // when it was asked for
    std::unique_ptr<EvaluationSet> set;
  };
  /// Pins the point of the shown grid that is nearest. Requires: !begins().
  const Pinned& pin(PlanePoint near);
  /// Null: none is pinned, or at another step.
  Pinned* pinned() const { return pinned_ && pinned_->step == training_.trainer().step() ? pinned_.get() : nullptr; }
  /// The newest point of the path whose true loss is known.
  const Trajectory::Point* newest_measured() const;

  /// The finest grid that is whole: of the plane that is being measured or, while that begins, of the one before.
  const ContourGrid& grid() const { return grid_; }
  /// Has a GPU measured some of it? Then it is rounded otherwise than the network's own losses.
  bool approximate() const { return shown_approximate_; }
  /// The weights of which step it goes through.
  std::int64_t plane_step() const { return shown_step_; }
  bool complete() const { return plane_.started() && plane_.complete() && !is_stale(); }
  double progress() const { return plane_.progress(); }
  std::optional<LossPlane::Least> least() const { return least_; }
  /// Of the plane that is shown; without shares where it has other directions.
  const PrincipalComponents& components() const { return components_; }
  /// The path on that plane, then the present point.
  const std::vector<PathOnPlane>& path();
  /// The range that shows the path and its surroundings.
  PlaneRange home(const PlaneChoice& choice) const;

  /// The network's output over the plane of its inputs. Requires: it has two.
  const ContourGrid& boundary_grid(const PlaneRange& range);

  std::optional<PlaneRange> wanted;  // what the map shows: where the plane is measured
  // Of the drawing: what people look at, hold and point at.
  ContourMapState map, boundary;
  SurfaceState surface;
  std::optional<PlanePoint> held, pointed;

 private:
  void start_plane(const PlaneChoice& choice);
  Plane make_plane(const PlaneChoice& choice);
  PlaneWindow window(const PlaneChoice& choice) const;
  void show_plane();
  Result<std::unique_ptr<PointsOnGpu>> points_on_gpu(gpu::Pipelines& pipelines, gpu::GemmForm form) const;
  bool is_stale() const { return plane_theta_ != theta_version_; }
  bool wants_new_plane(const PlaneChoice& choice) const;
  /// Measures the newest point that has no loss; false: all have one.
  bool measure_path(std::int64_t budget);

  const PlaneTraining& training_;
  Trajectory& path_;
  mutable std::vector<float> theta_;  // empty: to be fetched
  std::uint64_t theta_version_ = 1;
  std::int64_t work_since_change_ = 0;
  std::unique_ptr<EvaluationSet> present_, of_path_;
  std::uint64_t present_version_ = 0;  // theta_version_ whose evaluation present_ holds
  gpu::PlaneOnGpu losses_;
  std::shared_ptr<const std::vector<float>> path_theta_;  // being measured in of_path_
  bool path_turn_ = false;

  LossPlane plane_;
  std::optional<PlaneChoice> measured_;  // what plane_ is for
  std::optional<PlaneRange> measured_zoom_;
  std::uint64_t plane_theta_ = 0;  // theta_version_ of its centre
  std::int64_t plane_step_ = 0;
  PrincipalComponents plane_components_;

  std::int64_t shown_step_ = 0;
  bool shown_approximate_ = false;
  int shown_finest_ = 0;
  Plane shown_plane_;
  PrincipalComponents components_;
  ContourGrid grid_;
  std::vector<float> grid_values_;
  std::optional<LossPlane::Least> least_;

  std::vector<PathOnPlane> path_on_plane_;
  std::vector<std::shared_ptr<const std::vector<float>>> path_seen_;  // whose projections path_on_plane_ holds
  std::uint64_t path_grid_ = 0;   // version of the grid whose plane that is
  std::uint64_t path_theta_version_ = 0;  // of the present point, the last one

  std::unique_ptr<Pinned> pinned_;

  std::unique_ptr<EvaluationSet> boundary_set_;
  ContourGrid boundary_grid_;
  std::vector<float> boundary_values_;
  std::uint64_t boundary_theta_ = 0;
};

}  // namespace chainrule
