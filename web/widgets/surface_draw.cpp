// What a surface's drawing consists of, for screen and files alike.
#include <algorithm>
#include <array>
#include <cmath>
#include <glm/geometric.hpp>

#include "engine/base/text.h"
#include "web/widgets/contour_parts.h"
#include "web/widgets/surface_parts.h"
#include "web/widgets/ticks.h"

namespace chainrule {
namespace {

constexpr int kShades = 96;
constexpr std::size_t kMostPathPoints = 300;
constexpr float kFaint = 0.35f;  // what lies behind the surface

/// Colours of heights, as the bands of a contour map have them, but without steps.
class HeightColors {
 public:
  HeightColors(const Theme& theme, std::span<const double> levels) : levels_(levels) {
    for (int shade = 0; shade < kShades; ++shade)
      colors_[static_cast<std::size_t>(shade)] = mix_color(theme.colors.surface, sequential_color(theme, static_cast<float>(shade) / (kShades - 1), 0.0f, 1.0f), 0.72f);
  }
  /// `light`: 1 as it is, below darker.
  ImU32 operator()(double value, float light) const {
    const int band = band_of(value, levels_);
    double part = 0.5;
    if (band > 0 && band < static_cast<int>(levels_.size())) {
      const double below = levels_[static_cast<std::size_t>(band - 1)], above = levels_[static_cast<std::size_t>(band)];
      part = (value - below) / std::max(above - below, 1e-300);
    }
    const double share = (band + part) / static_cast<double>(levels_.size() + 1);
    const ImU32 color = colors_[static_cast<std::size_t>(std::clamp(static_cast<int>(share * kShades), 0, kShades - 1))];
    ImU32 out = 0xFF000000u;
    for (const unsigned shift : {0u, 8u, 16u}) out |= static_cast<ImU32>(static_cast<float>((color >> shift) & 255u) * light) << shift;
    return out;
  }

 private:
  std::span<const double> levels_;
  std::array<ImU32, kShades> colors_{};
};

void fill_quad(ImDrawList& list, const std::array<ImVec2, 4>& corners, const std::array<ImU32, 4>& colors) {
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list.PrimReserve(6, 4);
  const auto first = list._VtxCurrentIdx;
  for (const unsigned index : {0u, 1u, 2u, 0u, 2u, 3u}) list.PrimWriteIdx(static_cast<ImDrawIdx>(first + index));
  for (std::size_t corner = 0; corner < 4; ++corner) list.PrimWriteVtx(corners[corner], white, colors[corner]);
}

/// How light a cell is: from the side of the screen's upper left.
float light_of(const std::array<glm::vec3, 4>& corners) {
  const glm::vec3 normal = glm::normalize(glm::cross(corners[2] - corners[0], corners[3] - corners[1]) + glm::vec3{0, 0, 1e-9f});
  return 0.80f + 0.20f * std::clamp(glm::dot(normal, glm::normalize(glm::vec3{-0.45f, -0.35f, 0.8f})), 0.0f, 1.0f);
}

/// Text beside a point, on the side that leads away from `from`.
void text_away(Sketch& sketch, Face face, ImVec2 at, ImVec2 from, float gap, ImU32 color, std::string_view text) {
  const float width = plain_width(face, text);
  const float dx = at.x - from.x, dy = at.y - from.y, length = std::max(std::hypot(dx, dy), 1.0f);
  const ImVec2 center{at.x + dx / length * (gap + 0.5f * width), at.y + dy / length * (gap + 0.5f * face.size)};
  sketch.plain_text(face, {center.x - 0.5f * width, center.y - 0.5f * face.size}, color, text, 0);
}

}  // namespace

SurfaceLevels surface_levels(const SurfaceScene& scene, const SurfaceOptions& options) {
  const auto limits = grid_limits(scene.grid).value_or(std::pair{0.0f, 1.0f});
  SurfaceLevels out;
  const double low = options.low.value_or(static_cast<double>(limits.first)), high = options.high.value_or(static_cast<double>(limits.second));
  out.scale = {low, high > low ? high : low + 1.0, options.log_height};
  out.levels = contour_levels(low, high, options.levels, options.log_levels);
  return out;
}

void SurfacePainter::draw() const {
  draw_floor();
  draw_cells();
  draw_needle();
  for (const SurfacePath& path : scene.paths) draw_drops(path);
  for (const SurfacePath& path : scene.paths) draw_path(path);
  draw_marks();
  draw_axes();
  draw_ends();
}

void SurfacePainter::draw_floor() const {
  const PlaneRange& r = mesh.range;
  const std::array<ImVec2, 4> corners{at({r.x_low, r.y_low}, 0), at({r.x_high, r.y_low}, 0), at({r.x_high, r.y_high}, 0), at({r.x_low, r.y_high}, 0)};
  sketch.polygon(corners, theme.colors.field);
  const ImU32 line = with_alpha(theme.colors.text_muted, 0.35f);
  for (const double x : nice_ticks(r.x_low, r.x_high, 7)) sketch.line(at({x, r.y_low}, 0), at({x, r.y_high}, 0), line);
  for (const double y : nice_ticks(r.y_low, r.y_high, 7)) sketch.line(at({r.x_low, y}, 0), at({r.x_high, y}, 0), line);
  for (std::size_t i = 0; i < 4; ++i) sketch.line(corners[i], corners[(i + 1) % 4], theme.colors.text_muted);
}

void SurfacePainter::draw_cells() const {
  if (mesh.columns < 2 || mesh.rows < 2) return;
  const HeightColors color_of(theme, levels.levels);
  std::vector<glm::vec3> models;
  std::vector<ImVec2> screen;
  for (int row = 0; row < mesh.rows; ++row)
    for (int column = 0; column < mesh.columns; ++column) {
      models.push_back(projection.model(mesh.place(column, row), mesh.shares[models.size()]));
      screen.push_back(projection.at(models.back()));
    }
  const int wide = mesh.columns - 1;
  for (const int cell : mesh.order) {
    const int i = cell % wide, j = cell / wide;
    const auto first = static_cast<std::size_t>(j * mesh.columns + i), above = first + static_cast<std::size_t>(mesh.columns);
    const std::array<std::size_t, 4> corner{first, first + 1, above + 1, above};
    if (std::ranges::any_of(corner, [&](std::size_t c) { return !std::isfinite(mesh.shares[c]); })) continue;
    const float light = light_of({models[corner[0]], models[corner[1]], models[corner[2]], models[corner[3]]});
    std::array<ImVec2, 4> points{};
    std::array<ImU32, 4> colors{};
    for (std::size_t c = 0; c < 4; ++c) points[c] = screen[corner[c]], colors[c] = color_of(static_cast<double>(mesh.values[corner[c]]), light);
    if (ImDrawList* list = sketch.screen(); list != nullptr) {
      fill_quad(*list, points, colors);
    } else {
      sketch.polygon(points, colors[0]);
    }
    const PlanePoint places[4] = {mesh.place(i, j), mesh.place(i + 1, j), mesh.place(i + 1, j + 1), mesh.place(i, j + 1)};
    const float values[4] = {mesh.values[corner[0]], mesh.values[corner[1]], mesh.values[corner[2]], mesh.values[corner[3]]};
    const float shares[4] = {mesh.shares[corner[0]], mesh.shares[corner[1]], mesh.shares[corner[2]], mesh.shares[corner[3]]};
    draw_cell_levels(places, values, shares);
  }
}

/// The contour lines through one cell, which is two triangles.
void SurfacePainter::draw_cell_levels(const PlanePoint (&corners)[4], const float (&values)[4], const float (&shares)[4]) const {
  const ImU32 color = with_alpha(theme.colors.text, 0.42f);
  const auto [low, high] = std::ranges::minmax(values);
  const int begin = band_of(static_cast<double>(low), levels.levels), end = band_of(static_cast<double>(high), levels.levels);
  for (int level = begin; level < end; ++level) {
    const double value = levels.levels[static_cast<std::size_t>(level)];
    for (const std::array<int, 3>& triangle : {std::array{0, 1, 2}, std::array{0, 2, 3}}) {
      std::array<ImVec2, 2> ends{};
      std::size_t count = 0;
      for (std::size_t side = 0; side < 3; ++side) {
        const int a = triangle[side], b = triangle[(side + 1) % 3];
        const auto va = static_cast<double>(values[a]), vb = static_cast<double>(values[b]);
        if ((va < value) == (vb < value) || count == 2) continue;
        const double t = (value - va) / (vb - va);
        const PlanePoint p{corners[a].x + t * (corners[b].x - corners[a].x), corners[a].y + t * (corners[b].y - corners[a].y)};
        ends[count++] = at(p, shares[a] + static_cast<float>(t) * (shares[b] - shares[a]));
      }
      if (count == 2) sketch.polyline(ends, color, 1.0f);
    }
  }
}

void SurfacePainter::draw_axes() const {
  const PlaneRange& r = mesh.range;
  const ImU32 color = theme.colors.text_muted;
  const ImVec2 middle = at(r.center(), 0);
  const float gap = 0.75f * theme.unit;
  const double y_edge = projection.eye().y < 0 ? r.y_low : r.y_high, x_edge = projection.eye().x < 0 ? r.x_low : r.x_high;
  const std::vector<double> xs = nice_ticks(r.x_low, r.x_high, 5), ys = nice_ticks(r.y_low, r.y_high, 5);
  const auto spacing = [](const std::vector<double>& ticks) { return ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0; };
  for (const double x : xs) text_away(sketch, caption, at({x, y_edge}, 0), at({x, r.center().y}, 0), gap, color, tick_text(x, spacing(xs)));
  for (const double y : ys) text_away(sketch, caption, at({x_edge, y}, 0), at({r.center().x, y}, 0), gap, color, tick_text(y, spacing(ys)));
  const float far = gap + 2.6f * caption.size;
  text_away(sketch, caption, at({r.x_low + 0.62 * r.width(), y_edge}, 0), middle, far, theme.colors.text, options.x_label);
  text_away(sketch, caption, at({x_edge, r.y_low + 0.62 * r.height()}, 0), middle, far, theme.colors.text, options.y_label);

  // Heights stand at the corner that is furthest left.
  PlanePoint corner{r.x_low, r.y_low};
  for (const PlanePoint p : {PlanePoint{r.x_high, r.y_low}, PlanePoint{r.x_high, r.y_high}, PlanePoint{r.x_low, r.y_high}})
    if (at(p, 0).x < at(corner, 0).x) corner = p;
  const ImVec2 foot = at(corner, 0), top = at(corner, 1);
  sketch.line(foot, top, color);
  const HeightScale& scale = levels.scale;
  float last = foot.y + caption.size;
  const bool decades = scale.logarithmic && scale.high > 0.0;
  const std::vector<double> ticks = decades ? log_ticks(std::max(scale.low, scale.high * 1e-6), scale.high, 9) : nice_ticks(scale.low, scale.high, 6);
  for (const double value : ticks) {
    const ImVec2 place = at(corner, scale.share(value));
    if (last - place.y < 1.25f * caption.size) continue;
    last = place.y;
    sketch.line({place.x - 0.5f * theme.unit, place.y}, place, color);
    const std::string text = tick_text(value, decades ? value : spacing(ticks));
    sketch.plain_text(caption, {place.x - gap - plain_width(caption, text), place.y - 0.5f * caption.size}, color, text, 0);
  }
  sketch.text(caption, {top.x - 2 * theme.unit, top.y - 1.8f * caption.size}, theme.colors.text, options.value_label, 0);
}

void SurfacePainter::draw_needle() const {
  if (!scene.pointed || !in_range(*scene.pointed)) return;
  const float share = mesh.share_at(*scene.pointed);
  const ImVec2 foot = at(*scene.pointed, 0);
  if (!std::isfinite(share)) return sketch.ring(foot, 0.6f * theme.unit, theme.colors.text, 1.5f);
  const ImVec2 place = at(*scene.pointed, share);
  sketch.line(foot, place, with_alpha(theme.colors.text, 0.5f), 1.5f);
  sketch.ring(place, 0.7f * theme.unit, with_alpha(theme.colors.text, projection.hidden(mesh, *scene.pointed, share) ? kFaint : 1.0f), 2.0f);
}

std::optional<ImVec2> SurfacePainter::path_point(const SurfacePath& path, std::size_t i) const {
  const PlanePoint p{static_cast<double>(path.x[i]), static_cast<double>(path.y[i])};
  const float share = levels.scale.share(static_cast<double>(path.height[i]));
  if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(share) || !in_range(p)) return std::nullopt;
  return at(p, share);
}

void SurfacePainter::draw_drops(const SurfacePath& path) const {
  const std::size_t count = std::min({path.x.size(), path.height.size(), path.ground.size()});
  const std::size_t stride = count / 60 + 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % stride != 0 && i + 1 != count) continue;
    const std::optional<ImVec2> top = path_point(path, i);
    const float share = levels.scale.share(static_cast<double>(path.ground[i]));
    if (top && std::isfinite(share)) sketch.line(*top, at({static_cast<double>(path.x[i]), static_cast<double>(path.y[i])}, share), with_alpha(series(path.color), 0.6f), 1.0f);
  }
}

void SurfacePainter::draw_path(const SurfacePath& path) const {
  const std::size_t count = std::min({path.x.size(), path.y.size(), path.height.size()});
  const std::size_t stride = count / kMostPathPoints + 1;
  std::vector<ImVec2> run;
  bool run_hidden = false;
  const ImU32 color = series(path.color);
  const auto end_run = [&] {
    if (!run_hidden) sketch.polyline(run, with_alpha(theme.colors.surface, 0.8f), 4.5f);
    sketch.polyline(run, with_alpha(color, run_hidden ? kFaint : 1.0f), run_hidden ? 1.5f : 2.4f, dash_pattern(path.dash));
    for (const ImVec2 point : run)
      if (stride == 1) sketch.circle(point, 0.32f * theme.unit, with_alpha(color, run_hidden ? kFaint : 1.0f));
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (i % stride != 0 && i + 1 != count) continue;
    const std::optional<ImVec2> point = path_point(path, i);
    const PlanePoint p{static_cast<double>(path.x[i]), static_cast<double>(path.y[i])};
    const bool hidden = point && projection.hidden(mesh, p, levels.scale.share(static_cast<double>(path.height[i])));
    if (!point || (hidden != run_hidden && !run.empty())) {
      const std::optional<ImVec2> joint = run.empty() || !point ? std::nullopt : std::optional(run.back());
      if (!run.empty()) end_run();
      run.clear();
      if (joint) run.push_back(*joint);
    }
    run_hidden = hidden;
    if (point) run.push_back(*point);
  }
  if (!run.empty()) end_run();
}

/// Where paths end: a dot or a cross, and their labels, one below the other where they would meet.
void SurfacePainter::draw_ends() const {
  struct End {
    const SurfacePath* path;
    ImVec2 at;
  };
  std::vector<End> ends;
  for (const SurfacePath& path : scene.paths) {
    const std::size_t count = std::min({path.x.size(), path.y.size(), path.height.size()});
    for (std::size_t i = count; i-- > 0;) {
      const std::optional<ImVec2> point = path_point(path, i);
      if (!point) continue;
      ends.push_back({&path, *point});
      break;
    }
  }
  std::ranges::stable_sort(ends, {}, [](const End& end) { return end.at.y; });
  float free_from = -1e9f;
  for (const End& end : ends) {
    const ImU32 color = series(end.path->color);
    const bool stopped = !end.path->end_text.empty();
    draw_shape(sketch, theme, stopped ? ContourMark::Shape::kCross : ContourMark::Shape::kDot, end.at, 0.6f * theme.unit, color);
    const std::string text = std::string(end.path->label) + (stopped ? ": " + std::string(end.path->end_text) : "");
    if (text.empty()) continue;
    const float y = std::max(end.at.y - 0.5f * caption.size, free_from);
    free_from = y + 1.15f * caption.size;
    sketch.text(caption, {end.at.x + 1.2f * theme.unit, y}, color, text, theme.colors.surface);
  }
}

void SurfacePainter::draw_marks() const {
  for (const SurfaceMark& mark : scene.marks) {
    if (!in_range(mark.at)) continue;
    const float share = levels.scale.share(mark.height);
    if (!std::isfinite(share)) continue;
    const ImVec2 place = at(mark.at, share);
    const float alpha = projection.hidden(mesh, mark.at, share) ? kFaint : 1.0f;
    draw_shape(sketch, theme, mark.shape, place, 0.8f * theme.unit, with_alpha(series(mark.color), alpha));
    if (!mark.label.empty()) sketch.text(caption, {place.x + 1.2f * theme.unit, place.y - 1.4f * caption.size}, with_alpha(series(mark.color), alpha), mark.label, with_alpha(theme.colors.surface, alpha));
  }
}

}  // namespace chainrule
