// What a contour map's drawing consists of, for screen and files alike.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/base/text.h"
#include "web/widgets/contour_parts.h"
#include "web/widgets/plot_export.h"
#include "web/widgets/ticks.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

using Sign = ContourMark::Shape;

constexpr std::size_t kMostDots = 300, kMostPathPoints = 3000;

ImVec2 on_circle(ImVec2 center, float radius, double turn) {
  const double angle = 2.0 * std::numbers::pi * turn;
  return {center.x + radius * static_cast<float>(std::sin(angle)), center.y - radius * static_cast<float>(std::cos(angle))};
}

void draw_cross(Sketch& sketch, ImVec2 at, float radius, ImU32 color, float thickness) {
  sketch.line({at.x - radius, at.y - radius}, {at.x + radius, at.y + radius}, color, thickness);
  sketch.line({at.x - radius, at.y + radius}, {at.x + radius, at.y - radius}, color, thickness);
}

void fill_shape(Sketch& sketch, Sign shape, ImVec2 at, float r, ImU32 color) {
  switch (shape) {
    case Sign::kDot: sketch.circle(at, r, color); break;
    case Sign::kRing: sketch.ring(at, r, color, 2.5f); break;
    case Sign::kCross: draw_cross(sketch, at, r * 0.8f, color, 2.5f); break;
    case Sign::kSquare: sketch.rectangle({{at.x - r * 0.9f, at.y - r * 0.9f}, {at.x + r * 0.9f, at.y + r * 0.9f}}, color); break;
    case Sign::kTriangle: {
      const std::array<ImVec2, 3> corners{on_circle(at, r * 1.2f, 0.0), on_circle(at, r * 1.2f, 1.0 / 3.0), on_circle(at, r * 1.2f, 2.0 / 3.0)};
      sketch.polygon(corners, color);
      break;
    }
    case Sign::kStar:
      for (int point = 0; point < 5; ++point) {
        const double turn = point / 5.0;
        const std::array<ImVec2, 4> kite{at, on_circle(at, r * 0.55f, turn - 0.1), on_circle(at, r * 1.35f, turn), on_circle(at, r * 0.55f, turn + 0.1)};
        sketch.polygon(kite, color);
      }
      break;
  }
}

/// Points of a path on the screen, up to where it stops being finite; of too many only some, and always the last.
std::vector<ImVec2> path_points(const ContourPath& path, const PlaneMapping& mapping) {
  std::size_t count = 0;
  const std::size_t all = std::min(path.x.size(), path.y.size());
  while (count < all && std::isfinite(path.x[count]) && std::isfinite(path.y[count])) ++count;
  const std::size_t stride = count / kMostPathPoints + 1;
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < count; i += stride) points.push_back(mapping.at({path.x[i], path.y[i]}));
  if (count > 0 && (count - 1) % stride != 0) points.push_back(mapping.at({path.x[count - 1], path.y[count - 1]}));
  return points;
}

/// A contour line on the screen, without points that nobody can tell apart.
std::vector<ImVec2> line_points(const ContourLine& line, const PlaneMapping& mapping) {
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const ImVec2 at = mapping.at(line[i]);
    if (i + 1 == line.size() || points.empty() || std::hypot(at.x - points.back().x, at.y - points.back().y) >= 2.5f) points.push_back(at);
  }
  return points;
}

Rect around(ImVec2 at, ImVec2 size) { return {{at.x - 0.5f * size.x, at.y - 0.5f * size.y}, {at.x + 0.5f * size.x, at.y + 0.5f * size.y}}; }

bool overlap(const Rect& a, const Rect& b) { return a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y; }

bool inside(const Rect& outer, const Rect& r) { return r.min.x >= outer.min.x && r.max.x <= outer.max.x && r.min.y >= outer.min.y && r.max.y <= outer.max.y; }

/// With two digits, or as many as tell it from the next level; of logarithmic levels two do.
std::string level_text(double level, std::span<const double> levels, bool logarithmic) {
  if (level == 0.0) return "0";
  double spacing = std::abs(level) / 10.0;
  for (std::size_t i = 1; i < levels.size() && !logarithmic; ++i) spacing = std::min(spacing, levels[i] - levels[i - 1]);
  return tick_text(level, std::pow(10.0, std::floor(std::log10(std::max(spacing, 1e-30)) + 1e-9)));
}

}  // namespace

void draw_shape(Sketch& sketch, const Theme& theme, Sign shape, ImVec2 at, float radius, ImU32 color) {
  if (shape == Sign::kCross) {
    draw_cross(sketch, at, radius * 0.8f + 1.0f, theme.colors.surface, 5.0f);
  } else if (shape == Sign::kRing) {
    sketch.ring(at, radius, theme.colors.surface, 5.0f);
  } else {
    fill_shape(sketch, shape, at, radius + 1.8f, theme.colors.surface);
  }
  fill_shape(sketch, shape, at, radius, color);
}

ImU32 band_color(const Theme& theme, int band, std::size_t levels) {
  const float part = (static_cast<float>(band) + 0.5f) / static_cast<float>(levels + 1);
  return mix_color(theme.colors.surface, sequential_color(theme, part, 0.0f, 1.0f), 0.52f);
}

void ContourPainter::draw(TextureCache* textures, const char* id, ContourCache& pictures) const {
  draw_bands(textures, id, pictures);
  draw_lines();
  sketch.push_clip({layout.area.min, {layout.area.max.x + 1.0f, layout.area.max.y + 1.0f}});
  draw_things();
  sketch.pop_clip();
  draw_path_ends();
  draw_labels();
  draw_level_labels();
  draw_frame();
  draw_legend();
  draw_bar();
}

void ContourPainter::draw_bands(TextureCache* textures, const char* id, ContourCache& pictures) const {
  const Rect& area = layout.area;
  sketch.rectangle(area, theme.colors.surface);
  if (scene.grid.empty()) return;
  sketch.push_clip(area);
  // What no value is known of is hatched.
  const float pitch = 1.25f * theme.unit;
  for (float x = area.min.x - area.height(); x < area.max.x; x += pitch)
    sketch.line({x, area.max.y}, {x + area.height(), area.min.y}, with_alpha(theme.colors.text_muted, 0.45f));
  const PlaneRange& range = scene.grid.range;
  const Rect place{mapping.at({range.x_low, range.y_high}), mapping.at({range.x_high, range.y_low})};
  if (svg != nullptr) {
    std::vector<std::vector<BandPiece>> by_band(cache.levels.size() + 1);
    for (const BandPiece& piece : band_pieces(scene.grid, cache.levels)) by_band[static_cast<std::size_t>(piece.band)].push_back(piece);
    for (std::size_t band = 0; band < by_band.size(); ++band) {
      svg->begin_shape(band_color(theme, static_cast<int>(band), cache.levels.size()));
      for (const BandPiece& piece : by_band[band]) {
        std::array<ImVec2, 5> corners;
        for (int k = 0; k < piece.corners; ++k) corners[static_cast<std::size_t>(k)] = mapping.at(piece.corner[k]);
        svg->polygon(std::span(corners).first(static_cast<std::size_t>(piece.corners)), 0);
      }
      svg->end_shape();
    }
  } else if (textures != nullptr) {
    // A picture of the bands, in the screen's pixels as far as that is sensible; it is stretched while the view moves.
    const auto side = [&](float length) { return std::clamp(static_cast<int>(length * theme.pixel_ratio), 2, 900); };
    const bool stale = pictures.picture_version != pictures.version || pictures.rgba.empty() || pictures.mode != theme.mode ||
                       std::abs(pictures.width - side(place.width())) > 2 || std::abs(pictures.height - side(place.height())) > 2;
    if (stale) paint_picture(theme, scene.grid, side(place.width()), side(place.height()), pictures);
    const ImTextureID texture = textures->update(id, pictures.picture_number, pictures.width, pictures.height, pictures.rgba);
    sketch.screen()->AddImage(texture, place.min, place.max);
  }
  sketch.pop_clip();
}

void paint_picture(const Theme& theme, const ContourGrid& grid, int width, int height, ContourCache& cache) {
  const std::vector<std::int16_t> bands = band_picture(grid, cache.levels, width, height);
  std::vector<ImU32> colors;
  for (std::size_t band = 0; band <= cache.levels.size(); ++band) colors.push_back(band_color(theme, static_cast<int>(band), cache.levels.size()));
  cache.rgba.resize(bands.size());
  std::ranges::transform(bands, cache.rgba.begin(), [&](std::int16_t band) { return band < 0 ? 0u : colors[static_cast<std::size_t>(band)]; });
  cache.width = width;
  cache.height = height;
  cache.mode = theme.mode;
  cache.picture_version = cache.version;
  ++cache.picture_number;
}

void ContourPainter::draw_lines() const {
  if (scene.grid.empty()) return;
  const ImU32 color = with_alpha(theme.colors.text, 0.38f);
  sketch.push_clip(layout.area);
  for (const std::vector<ContourLine>& level : cache.lines)
    for (const ContourLine& line : level) sketch.polyline(line_points(line, mapping), color, 1.0f);
  sketch.pop_clip();
}

/// One number a line, in the middle of what is long enough, where nothing else stands.
void ContourPainter::draw_level_labels() const {
  if (scene.grid.empty()) return;
  for (const ContourPath& path : scene.paths) {
    const std::vector<ImVec2> points = path_points(path, mapping);
    const std::size_t stride = points.size() / 200 + 1;
    for (std::size_t i = 0; i < points.size(); i += stride) taken.push_back(around(points[i], {theme.unit, theme.unit}));
  }
  sketch.push_clip(layout.area);
  for (std::size_t level = 0; level < cache.lines.size(); ++level) {
    const std::string text = level_text(cache.levels[level], cache.levels, options.log_levels);
    const ImVec2 size{plain_width(layout.caption, text) + theme.unit, layout.caption.size * 1.2f};
    for (const ContourLine& line : cache.lines[level]) {
      const std::vector<ImVec2> points = line_points(line, mapping);
      for (const double part : {0.5, 0.25, 0.75, 0.1, 0.9}) {
        if (points.size() < 12) break;
        const Rect at = around(points[static_cast<std::size_t>(part * static_cast<double>(points.size()))], size);
        const Rect apart{{at.min.x - theme.unit, at.min.y - theme.unit}, {at.max.x + theme.unit, at.max.y + theme.unit}};
        if (!inside(layout.area, at) || std::ranges::any_of(taken, [&](const Rect& other) { return overlap(other, apart); })) continue;
        taken.push_back(at);
        sketch.plain_text(layout.caption, {at.min.x + 0.5f * theme.unit, at.min.y}, theme.colors.text, text, with_alpha(theme.colors.surface, 0.75f));
        break;
      }
    }
  }
  sketch.pop_clip();
}

void ContourPainter::place_label(ImVec2 at, float gap, ImU32 color, std::string_view text, bool left_first) const {
  if (text.empty()) return;
  const float wide = text_width(layout.caption, text), high = layout.caption.size;
  const ImVec2 right{at.x + gap, at.y - 0.5f * high}, left{at.x - gap - wide, right.y}, above{at.x - 0.5f * wide, at.y - gap - high}, below{above.x, at.y + gap};
  const std::array<ImVec2, 4> places{left_first ? left : right, left_first ? right : left, above, below};
  const auto rect = [&](ImVec2 place) { return Rect{place, {place.x + wide, place.y + high}}; };
  const auto fits = [&](ImVec2 place) {
    return inside(layout.area, rect(place)) && std::ranges::none_of(taken, [&](const Rect& other) { return overlap(other, rect(place)); });
  };
  const auto* found = std::ranges::find_if(places, fits);
  ImVec2 place = found != places.end() ? *found : places[0];
  place.x = std::clamp(place.x, layout.area.min.x, std::max(layout.area.min.x, layout.area.max.x - wide));
  taken.push_back(rect(place));
  sketch.text(layout.caption, place, color, text, with_alpha(theme.colors.surface, 0.9f));
}

/// Of marks, arrows and ellipses, after all signs have their places.
void ContourPainter::draw_labels() const {
  for (const ContourMark& mark : scene.marks)
    if (mapping.range.contains(mark.at)) taken.push_back(around(mapping.at(mark.at), {1.6f * theme.unit, 1.6f * theme.unit}));
  for (const ContourMark& mark : scene.marks)
    if (mapping.range.contains(mark.at)) place_label(mapping.at(mark.at), 1.5f * theme.unit, theme.colors.text, mark.label);
  for (const ContourArrow& arrow : scene.arrows) {
    const ImVec2 from = mapping.at(arrow.from), to = mapping.at(arrow.to);
    // The tip of a short arrow is where other things are.
    if (!options.legend && std::hypot(to.x - from.x, to.y - from.y) > 3.0f * theme.unit && layout.area.contains(to))
      place_label(to, 0.75f * theme.unit, series(arrow.color), arrow.label, to.x < from.x);
  }
}

void ContourPainter::draw_bar() const {
  const Rect& bar = layout.bar;
  if (bar.width() <= 0.0f || scene.grid.empty()) return;
  const std::size_t levels = cache.levels.size();
  const float step = bar.height() / static_cast<float>(levels + 1);
  float free_below = bar.max.y + layout.caption.size;  // the lowest place for the next number
  for (std::size_t band = 0; band <= levels; ++band) {
    const float low = bar.max.y - step * static_cast<float>(band);
    sketch.rectangle({{bar.min.x, low - step}, {bar.max.x, low}}, band_color(theme, static_cast<int>(band), levels));
    if (band == 0) continue;
    if (low + 0.6f * layout.caption.size > free_below) continue;
    free_below = low - 0.6f * layout.caption.size;
    sketch.line({bar.max.x, low}, {bar.max.x + 0.5f * theme.unit, low}, theme.colors.text_muted);
    sketch.plain_text(layout.caption, {bar.max.x + theme.unit, low - 0.5f * layout.caption.size}, theme.colors.text_muted, level_text(cache.levels[band - 1], cache.levels, options.log_levels), 0);
  }
  sketch.frame(bar, theme.colors.outline);
}

void ContourPainter::draw_frame() const {
  const Rect& area = layout.area;
  const Face face = layout.caption;
  const PlaneRange& range = mapping.range;
  const int most = std::max(2, static_cast<int>(area.height() / (face.size * 2.4f)));
  draw_axis_left(sketch, theme, face, mapping, axis_ticks({range.y_low, range.y_high}, most), scene.grid.empty());
  draw_axis_below(sketch, theme, face, mapping, ticks_across({range.x_low, range.x_high}, face, area.width()), options.x_label);
  sketch.line(area.min, {area.min.x, area.max.y}, theme.colors.text_muted);
  if (!scene.grid.empty()) sketch.frame(area, theme.colors.outline);
  const float right = layout.menu ? layout.box.max.x - 5.5f * theme.unit : layout.box.max.x;
  sketch.text(layout.heading, {layout.box.min, {right, layout.box.min.y + layout.heading.size}}, {0.0f, 0.0f}, theme.colors.text, options.title);
  const float above = area.min.y - face.size * 1.6f;
  sketch.text(face, {{layout.box.min.x, above}, {area.center().x, above + face.size}}, {0.0f, 0.0f}, theme.colors.text_muted, options.y_label);
  if (layout.bar.width() > 0.0f && !scene.grid.empty())
    sketch.text(face, {{area.center().x, above}, {right, above + face.size}}, {1.0f, 0.0f}, theme.colors.text_muted, options.value_label);
}

// ----------------------------------------------------------------------------------------------- what lies on the plane

void ContourPainter::draw_things() const {
  for (const ContourCloud& cloud : scene.clouds) {
    const std::size_t count = std::min(cloud.x.size(), cloud.y.size());
    const float radius = (count > 400 ? 0.3f : 0.45f) * theme.unit;
    for (std::size_t i = 0; i < count; ++i) {
      if (!std::isfinite(cloud.x[i]) || !std::isfinite(cloud.y[i]) || !mapping.range.contains({cloud.x[i], cloud.y[i]})) continue;
      const ImVec2 at = mapping.at({cloud.x[i], cloud.y[i]});
      if (count > 400) fill_shape(sketch, cloud.shape, at, radius, with_alpha(series(cloud.color), 0.7f));
      else draw_shape(sketch, theme, cloud.shape, at, radius, series(cloud.color));
    }
  }
  for (const ContourEllipse& ellipse : scene.ellipses) draw_ellipse(ellipse);
  for (const bool faint : {true, false})
    for (const ContourPath& path : scene.paths)
      if (path.faint == faint) draw_path(path);
  for (const ContourMark& mark : scene.marks) draw_mark(mark);
  for (const ContourArrow& arrow : scene.arrows) draw_arrow(arrow);  // a short one is not to vanish under the mark it begins at
}

void ContourPainter::draw_path(const ContourPath& path) const {
  const std::vector<ImVec2> points = path_points(path, mapping);
  const ImU32 color = with_alpha(series(path.color), path.faint ? 0.55f : 1.0f);
  if (!path.faint && !scene.grid.empty()) sketch.polyline(points, with_alpha(theme.colors.surface, 0.75f), 4.5f);
  sketch.polyline(points, color, path.faint ? 1.5f : 2.2f, dash_pattern(path.dash));
  if (!path.dots || path.faint || points.size() > kMostDots) return;
  for (const ImVec2 at : points)
    if (layout.area.contains(at)) sketch.circle(at, 0.32f * theme.unit, color);
}

/// Signs and labels where the paths end, pushed apart so that none covers another.
void ContourPainter::draw_path_ends() const {
  struct End {
    const ContourPath* path;
    ImVec2 at;
    float y;
  };
  std::vector<End> ends;
  for (const ContourPath& path : scene.paths) {
    const std::vector<ImVec2> points = path_points(path, mapping);
    if (points.empty() || (path.label.empty() && path.end_text.empty())) continue;
    const ImVec2 at = points.back(), seen{std::clamp(at.x, layout.area.min.x, layout.area.max.x), std::clamp(at.y, layout.area.min.y, layout.area.max.y)};
    ends.push_back({&path, seen, std::clamp(seen.y, layout.area.min.y + layout.caption.size, layout.area.max.y - layout.caption.size)});
  }
  std::ranges::sort(ends, {}, &End::y);
  const float pitch = layout.caption.size * 1.15f;
  for (std::size_t i = 1; i < ends.size(); ++i) {
    const float taller = ends[i - 1].path->end_text.empty() || ends[i - 1].path->label.empty() ? pitch : 2 * pitch;
    ends[i].y = std::max(ends[i].y, ends[i - 1].y + taller);
  }
  for (std::size_t i = ends.size(); i-- > 0;) {
    const float most = i + 1 < ends.size() ? ends[i + 1].y - pitch : layout.area.max.y - layout.caption.size;
    ends[i].y = std::min(ends[i].y, most);
  }
  for (const End& end : ends) {
    const ContourPath& path = *end.path;
    const ImU32 color = series(path.color), halo = with_alpha(theme.colors.surface, 0.9f);
    const bool broken = !path.end_text.empty();
    draw_shape(sketch, theme, broken ? Sign::kCross : Sign::kDot, end.at, (broken ? 0.9f : 0.65f) * theme.unit, broken ? theme.colors.bad : color);
    const float wide = std::max(text_width(layout.caption, path.label), text_width(layout.caption, path.end_text)), gap = 1.25f * theme.unit;
    const float x = end.at.x + gap + wide <= layout.area.max.x ? end.at.x + gap : std::max(end.at.x - gap - wide, layout.area.min.x + 2.0f);
    float y = end.y - 0.5f * layout.caption.size;
    taken.push_back({{x, y}, {x + wide, y + (broken && !path.label.empty() ? 2 : 1) * pitch}});
    if (!path.label.empty()) sketch.text(layout.caption, {x, y}, color, path.label, halo), y += pitch;
    if (broken) sketch.text(layout.caption, {x, y}, theme.colors.bad, path.end_text, halo);
  }
}

void ContourPainter::draw_arrow(const ContourArrow& arrow) const {
  const ImVec2 from = mapping.at(arrow.from), to = mapping.at(arrow.to);
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length > 1.0f)) return;
  const ImVec2 along{(to.x - from.x) / length, (to.y - from.y) / length};
  const float head = std::min(1.4f * theme.unit, length), half = 0.45f * head;
  const ImVec2 neck{to.x - along.x * head, to.y - along.y * head};
  const ImU32 color = series(arrow.color);
  sketch.line(from, to, with_alpha(theme.colors.surface, 0.8f), 5.5f);
  sketch.line(from, neck, color, 2.8f, dash_pattern(arrow.dashed ? 1 : 0));
  const std::array<ImVec2, 3> tip{ImVec2{neck.x - along.y * half, neck.y + along.x * half}, to, ImVec2{neck.x + along.y * half, neck.y - along.x * half}};
  sketch.polygon(tip, color);
}

void ContourPainter::draw_ellipse(const ContourEllipse& e) const {
  // Axes of the ellipse: eigenvectors of C, of the lengths sigma times the roots of its eigenvalues.
  const double middle = 0.5 * (e.xx + e.yy), spread = std::hypot(0.5 * (e.xx - e.yy), e.xy);
  const double a = e.sigma * std::sqrt(std::max(middle + spread, 0.0)), b = e.sigma * std::sqrt(std::max(middle - spread, 0.0));
  const double angle = 0.5 * std::atan2(2.0 * e.xy, e.xx - e.yy);
  if (!std::isfinite(a) || !std::isfinite(b)) return;
  std::vector<ImVec2> points;
  for (int k = 0; k <= 96; ++k) {
    const double turn = 2.0 * std::numbers::pi * k / 96, u = a * std::cos(turn), v = b * std::sin(turn);
    points.push_back(mapping.at({e.center.x + u * std::cos(angle) - v * std::sin(angle), e.center.y + u * std::sin(angle) + v * std::cos(angle)}));
  }
  sketch.polyline(points, with_alpha(theme.colors.surface, 0.7f), 4.0f);
  sketch.polyline(points, series(e.color), 2.0f, dash_pattern(e.dashed ? 1 : 0));
  if (e.label.empty() || options.legend > 0) return;
  const ImVec2 top = *std::ranges::min_element(points, {}, [](ImVec2 p) { return p.y; });
  sketch.text(layout.caption, {top.x - 0.5f * text_width(layout.caption, e.label), std::max(top.y - layout.caption.size * 1.2f, layout.area.min.y)}, series(e.color), e.label,
              with_alpha(theme.colors.surface, 0.9f));
}

void ContourPainter::draw_mark(const ContourMark& mark) const {
  const ImVec2 at = mapping.at(mark.at);
  const ImU32 color = series(mark.color);
  if (mark.draggable) sketch.ring(at, 1.3f * theme.unit, with_alpha(theme.colors.accent, 0.45f), 1.0f);
  draw_shape(sketch, theme, mark.shape, at, 0.75f * theme.unit, color);
}

/// Above the area, in as many rows as it takes: signs and words of clouds, arrows and ellipses.
void ContourPainter::draw_legend() const {
  if (options.legend == 0) return;
  float x = layout.box.min.x, y = layout.legend_top;
  const float sign = 2.0f * theme.unit;
  const auto next = [&](std::string_view words) {
    const float wide = sign + text_width(layout.caption, words) + 2.0f * theme.unit;
    if (x > layout.box.min.x && x + wide - 2.0f * theme.unit > layout.box.max.x) x = layout.box.min.x, y += layout.caption.size * 1.35f;
    sketch.text(layout.caption, {{x + sign, y}, {layout.box.max.x, y + layout.caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted, words);
    const ImVec2 at{x, y + 0.5f * layout.caption.size};
    x += wide;
    return at;
  };
  for (const ContourCloud& cloud : scene.clouds) {
    if (cloud.label.empty() || cloud.x.empty()) continue;
    const ImVec2 at = next(cloud.label);
    draw_shape(sketch, theme, cloud.shape, {at.x + 0.75f * theme.unit, at.y}, 0.5f * theme.unit, series(cloud.color));
  }
  for (const ContourArrow& arrow : scene.arrows) {
    if (arrow.label.empty()) continue;
    const ImVec2 at = next(arrow.label), tip{at.x + 1.6f * theme.unit, at.y};
    sketch.line(at, tip, series(arrow.color), 2.8f, dash_pattern(arrow.dashed ? 1 : 0));
    const float head = 0.7f * theme.unit;
    const std::array<ImVec2, 3> corners{ImVec2{tip.x - head, tip.y - 0.6f * head}, tip, ImVec2{tip.x - head, tip.y + 0.6f * head}};
    sketch.polygon(corners, series(arrow.color));
  }
  for (const ContourEllipse& ellipse : scene.ellipses) {
    if (ellipse.label.empty()) continue;
    const ImVec2 at = next(ellipse.label);
    sketch.line(at, {at.x + 1.6f * theme.unit, at.y}, series(ellipse.color), 2.0f, dash_pattern(ellipse.dashed ? 2 : 0));
  }
}

// -------------------------------------------------------------------------------------------------------------- files

std::string contour_svg(const Theme& theme, const ContourScene& scene, const ContourOptions& options, const ContourLayout& layout,
                        const PlaneMapping& mapping, ContourCache& cache) {
  SvgSketch sketch(theme, layout.box);
  ContourPainter{sketch, &sketch, theme, scene, options, layout, mapping, cache}.draw(nullptr, "", cache);
  return sketch.take();
}

std::string contour_csv(const ContourScene& scene, const ContourOptions& options) {
  CsvText csv;
  csv.row({"kind", "label", "index", std::string(options.x_label), std::string(options.y_label), std::string(options.value_label)});
  const auto points = [&](std::string_view kind, std::string_view label, std::span<const float> x, std::span<const float> y) {
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
      csv.row({std::string(kind), std::string(label), std::to_string(i), shortest_text(x[i]), shortest_text(y[i]), ""});
  };
  for (const ContourPath& path : scene.paths) points("path", path.label, path.x, path.y);
  for (const ContourCloud& cloud : scene.clouds) points("points", cloud.label, cloud.x, cloud.y);
  for (const ContourMark& mark : scene.marks)
    csv.row({"mark", std::string(mark.label), "", shortest_text(static_cast<float>(mark.at.x)), shortest_text(static_cast<float>(mark.at.y)), ""});
  if (scene.grid.empty()) return csv.take();
  for (int j = 0; j < scene.grid.ny; ++j) {
    for (int i = 0; i < scene.grid.nx; ++i) {
      const PlanePoint p = scene.grid.place(i, j);
      csv.row({"grid", "", std::to_string(j * scene.grid.nx + i), shortest_text(static_cast<float>(p.x)), shortest_text(static_cast<float>(p.y)), shortest_text(scene.grid.at(i, j))});
    }
  }
  return csv.take();
}

}  // namespace chainrule
