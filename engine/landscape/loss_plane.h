// LossPlane: the losses on a grid over a plane through parameter space, coarse to fine, in slices.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/landscape/plane_losses.h"

namespace chainrule {

/// The part of a plane that is measured. Requires: low < high.
struct PlaneWindow {
  double a_low = -1.0, a_high = 1.0, b_low = -1.0, b_high = 1.0;
  bool operator==(const PlaneWindow&) const = default;
};

/// Grids of 9 × 9, 17 × 17, 33 × 33, ... points, each of which keeps the points of the one before.
class LossPlane {
 public:
  static constexpr int kCoarsest = 9;

  /// Begins anew; what was measured is dropped. Requires: finest = 8 · 2^k + 1.
  void start(Plane plane, const PlaneWindow& window, int finest);
  /// Measures for about `budget` multiply-adds; true when all is measured. Requires: start.
  bool advance(PlaneLosses& losses, std::int64_t budget);

  bool started() const { return finest_ > 0; }
  bool complete() const { return side_ == finest_; }
  const Plane& plane() const { return plane_; }
  const PlaneWindow& window() const { return window_; }
  /// Points along each side of the finest grid that is whole; 0: none is yet.
  int side() const { return side_; }
  /// Its losses, b by b from below, a from left to right. Shapes: [side, side].
  std::span<const float> losses() const { return shown_; }
  /// Has a GPU measured some of them?
  bool approximate() const { return shown_approximate_; }
  /// How much of the next grid is measured, from 0 to 1.
  double progress() const;
  /// The least finite loss of losses() and where it is.
  struct Least {
    double a = 0.0, b = 0.0;
    float loss = 0.0f;
  };
  std::optional<Least> least() const;

 private:
  float a_at(int column) const;
  float b_at(int row) const;
  bool gather(std::size_t most);
  void put(std::span<const float> losses);
  void finish_grid();

  Plane plane_;
  PlaneWindow window_;
  int finest_ = 0, side_ = 0;
  int stride_ = 1;  // of the grid that is being measured, in points of the finest
  int next_ = 0;    // its next point, row by row
  std::vector<float> all_, shown_;
  std::vector<bool> known_;
  std::vector<int> pending_;  // points of the finest grid that are being measured
  std::vector<PlaceInPlane> places_;  // where they were when that began
  bool approximate_ = false, shown_approximate_ = false;  // all that was measured; the grid that is whole
};

}  // namespace chainrule
