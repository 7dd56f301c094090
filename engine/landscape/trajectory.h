// Trajectory: where training has been in parameter space, thinned out as it becomes long.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace chainrule {

/// Holds θ at every stride-th step, at most `most` of them: what it holds depends on the steps alone. Places of other steps
/// may be put where those are not known, a stride apart.
class Trajectory {
 public:
  struct Point {
    std::int64_t step = 0;
    std::shared_ptr<const std::vector<float>> theta;
    std::optional<float> loss;  // on the evaluation set; none: not measured yet
  };

  explicit Trajectory(std::size_t most = 128) : most_(most) {}

  /// Is θ after `step` updates to be put?
  bool takes(std::int64_t step) const { return step % stride_ == 0; }
  /// Is `step` a stride away from what is held before it?
  bool is_apart(std::int64_t step) const;
  /// What was held from `step` on is no longer true. Requires: takes(step) or is_apart(step).
  void put(std::int64_t step, std::vector<float> theta);
  /// Takes the points of another one; where it has been at a step already with the same θ, the loss stays known.
  void restore(std::int64_t stride, std::vector<Point> points);
  /// Forgets what comes after `step`.
  void drop_after(std::int64_t step);
  void clear();

  std::span<Point> points() { return points_; }
  std::span<const Point> points() const { return points_; }
  std::int64_t stride() const { return stride_; }
  /// Changes whenever points do.
  std::uint64_t version() const { return version_; }

 private:
  void thin_out();

  std::size_t most_;
  std::int64_t stride_ = 1;
  std::uint64_t version_ = 0;
  std::vector<Point> points_;
};

}  // namespace chainrule
