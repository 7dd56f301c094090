// The parts of a contour map's drawing: used by contour_map.cpp alone.
#pragma once

#include "web/widgets/axes.h"
#include "web/widgets/contour_map.h"
#include "web/widgets/sketch.h"

namespace chainrule {

/// Where the parts of a map stand.
struct ContourLayout {
  Rect box{}, area{}, bar{};   // bar: of colours; empty without a grid
  Face caption, heading;
  float legend_top = 0.0f;
  bool menu = false;
};
ContourLayout layout_contour_map(const Theme& theme, ImVec2 origin, ImVec2 size, const ContourOptions& options);

/// All that drawing needs: one for the screen, one for each file.
struct ContourPainter {
  Sketch& sketch;
  SvgSketch* svg;             // the same, where it is a file
  const Theme& theme;
  const ContourScene& scene;
  const ContourOptions& options;
  const ContourLayout& layout;
  PlaneMapping mapping;
  const ContourCache& cache;
  mutable std::vector<Rect> taken = {};  // where labels and signs stand

  void draw(TextureCache* textures, const char* id, ContourCache& pictures) const;

 private:
  void draw_bands(TextureCache* textures, const char* id, ContourCache& pictures) const;
  void draw_lines() const;
  void draw_bar() const;
  void draw_frame() const;
  void draw_legend() const;
  void draw_things() const;
  void draw_path(const ContourPath& path) const;
  void draw_path_ends() const;
  void draw_arrow(const ContourArrow& arrow) const;
  void draw_ellipse(const ContourEllipse& ellipse) const;
  void draw_mark(const ContourMark& mark) const;
  void draw_labels() const;
  void draw_level_labels() const;
  /// Beside `at`, where no label stands yet; `gap` from it.
  void place_label(ImVec2 at, float gap, ImU32 color, std::string_view text, bool left_first = false) const;
  ImU32 series(int color) const { return color < 0 ? theme.colors.text : theme.colors.series[color % 6]; }
};

/// Levels, lines and limits of the scene's grid, when its version is another one.
void fill_cache(const ContourScene& scene, const ContourOptions& options, ContourCache& cache);
/// The bands as a picture, in the cache.
void paint_picture(const Theme& theme, const ContourGrid& grid, int width, int height, ContourCache& cache);
/// The colour of a band, pale enough for what is drawn on it.
ImU32 band_color(const Theme& theme, int band, std::size_t levels);
/// A sign of `radius`, with the surface's colour around it.
void draw_shape(Sketch& sketch, const Theme& theme, ContourMark::Shape shape, ImVec2 at, float radius, ImU32 color);

/// The whole picture as the text of an SVG file, and its data as CSV.
std::string contour_svg(const Theme& theme, const ContourScene& scene, const ContourOptions& options, const ContourLayout& layout,
                        const PlaneMapping& mapping, ContourCache& cache);
std::string contour_csv(const ContourScene& scene, const ContourOptions& options);

}  // namespace chainrule
