// The parts of a surface's drawing: used by surface3d.cpp and surface_draw.cpp alone.
#pragma once

#include <string>
#include <vector>

#include "web/widgets/sketch.h"
#include "web/widgets/surface3d.h"

namespace chainrule {

/// Heights and levels of a scene, from its grid and options.
struct SurfaceLevels {
  HeightScale scale;
  std::vector<double> levels;
};
SurfaceLevels surface_levels(const SurfaceScene& scene, const SurfaceOptions& options);

/// All that drawing needs: one for the screen, one for a file.
struct SurfacePainter {
  Sketch& sketch;
  const Theme& theme;
  const SurfaceScene& scene;
  const SurfaceOptions& options;
  const SurfaceMesh& mesh;
  const SurfaceLevels& levels;
  const SurfaceProjection& projection;
  Face caption;

  void draw() const;
  /// Of a path's point on the screen; not finite and outside of the range: nothing.
  std::optional<ImVec2> path_point(const SurfacePath& path, std::size_t i) const;

 private:
  void draw_floor() const;
  void draw_cells() const;
  void draw_cell_levels(const PlanePoint (&corners)[4], const float (&values)[4], const float (&shares)[4]) const;
  void draw_axes() const;
  void draw_needle() const;
  void draw_path(const SurfacePath& path) const;
  void draw_drops(const SurfacePath& path) const;
  void draw_ends() const;
  void draw_marks() const;
  bool in_range(PlanePoint p) const { return mesh.range.contains(p); }
  ImVec2 at(PlanePoint p, float share) const { return projection.at(projection.model(p, share)); }
  ImU32 series(int color) const { return color < 0 ? theme.colors.text : theme.colors.series[color % 6]; }
};

}  // namespace chainrule
