// Surface view: from where a landscape is seen, where its points come to lie on the screen, and what hides what. Pure: no drawing.
#pragma once

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <optional>
#include <vector>

#include "web/widgets/contours.h"

namespace chainrule {

/// Units: degrees.
struct SurfaceCamera {
  static constexpr float kHomeTurn = -35.0f, kHomeTilt = 38.0f;
  float turn = kHomeTurn;  // about the vertical, counter-clockwise; 0: x to the right, y away
  float tilt = kHomeTilt;  // above the horizon
  float zoom = 1.15f;      // 1: the whole box fits, of whose corners most surfaces reach only some

  /// Within what can be looked at. Ensures: 5 <= tilt <= 89, 0.5 <= zoom <= 6.
  void turn_by(float turn_degrees, float tilt_degrees);
  void zoom_by(float factor);
  bool operator==(const SurfaceCamera&) const = default;
};

/// Heights between low and high as shares of the full height.
struct HeightScale {
  double low = 0.0, high = 1.0;
  bool logarithmic = false;  // share = ln(1 + 1000 d) / ln 1001 with d = (value − low) / (high − low)

  /// 0 at low and below, 1 at high and above; NaN stays.
  float share(double value) const;
};

/// A grid as it is drawn: at most kMostCells cells a side, the shares of its corners, and the cells from far to near.
struct SurfaceMesh {
  static constexpr int kMostCells = 56;

  std::uint64_t version = 0;  // of the grid
  bool filled = false;
  PlaneRange range;
  HeightScale scale;
  int columns = 0, rows = 0;         // corners
  std::vector<float> values, shares; // of corners, row by row; not finite: a hole
  std::vector<int> order;            // cells from far to near, cell = row * (columns − 1) + column
  glm::vec3 eye{};                   // from where `order` holds

  /// Does nothing where it is what the grid asks for already.
  void fill(const ContourGrid& grid, const HeightScale& wanted);
  void sort(const glm::vec3& from);
  PlanePoint place(int column, int row) const;
  /// In the middle between the corners around p; NaN in holes and outside.
  float share_at(PlanePoint p) const;
};

/// From a range and its heights to the screen. In the model the plane is [−1, 1] × [−1, 1], heights are 0 to kHeight.
class SurfaceProjection {
 public:
  static constexpr float kHeight = 1.1f;

  /// The whole box of the range fits into `area` at zoom 1.
  SurfaceProjection(const PlaneRange& range, const SurfaceCamera& camera, const Rect& area);

  glm::vec3 model(PlanePoint p, float share) const;
  ImVec2 at(const glm::vec3& point) const;
  const glm::vec3& eye() const { return eye_; }
  /// Is the point behind the surface, seen from the eye?
  bool hidden(const SurfaceMesh& mesh, PlanePoint p, float share) const;
  /// The place of the surface that is seen at a point of the screen. Requires: the mesh is sorted for this eye.
  std::optional<PlanePoint> pick(const SurfaceMesh& mesh, ImVec2 screen) const;

 private:
  ImVec2 raw(const glm::vec3& point) const;

  PlaneRange range_;
  glm::mat4 matrix_{1.0f};
  glm::vec3 eye_{};
  ImVec2 offset_{}, origin_{};
  float scale_ = 1.0f;
};

}  // namespace chainrule
