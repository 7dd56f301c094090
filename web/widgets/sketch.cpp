#include "web/widgets/sketch.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text.h"
#include "web/text/tr.h"

namespace chainrule {

Dash dash_pattern(int dash) {
  constexpr std::array<Dash, 4> kPatterns{{{0, 0}, {7, 4}, {2, 3}, {12, 4}}};
  return kPatterns[static_cast<std::size_t>(std::clamp(dash, 0, 3))];
}

void Sketch::line(ImVec2 from, ImVec2 to, ImU32 color, float thickness, Dash dash) {
  const std::array<ImVec2, 2> points{from, to};
  polyline(points, color, thickness, dash);
}

void Sketch::frame(const Rect& box, ImU32 color, float thickness) {
  const std::array<ImVec2, 5> points{box.min, ImVec2{box.max.x, box.min.y}, box.max, ImVec2{box.min.x, box.max.y}, box.min};
  polyline(points, color, thickness, {});
}

void Sketch::text(Face face, ImVec2 at, ImU32 color, std::string_view words, ImU32 halo) { plain_text(face, at, color, tr_text(words), halo); }

void Sketch::text(Face face, const Rect& box, ImVec2 align, ImU32 color, std::string_view words) {
  const std::string shown = fitted_text(face, words, box.width());
  const float width = plain_width(face, shown);
  plain_text(face, {box.min.x + (box.width() - width) * align.x, box.min.y + (box.height() - face.size) * align.y}, color, shown, 0);
}

// -------------------------------------------------------------------------------------------------------------- screen

void ScreenSketch::polyline(std::span<const ImVec2> points, ImU32 color, float thickness, Dash dash) {
  dashed_line(list_, points.data(), static_cast<int>(points.size()), color, thickness, dash.ink, dash.gap);
}

void ScreenSketch::polygon(std::span<const ImVec2> points, ImU32 color) {
  list_.AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), color);
}

void ScreenSketch::rectangle(const Rect& box, ImU32 color, float rounding) { list_.AddRectFilled(box.min, box.max, color, rounding); }
void ScreenSketch::circle(ImVec2 center, float radius, ImU32 color) { list_.AddCircleFilled(center, radius, color); }
void ScreenSketch::ring(ImVec2 center, float radius, ImU32 color, float thickness) { list_.AddCircle(center, radius, color, 0, thickness); }

void ScreenSketch::plain_text(Face face, ImVec2 at, ImU32 color, std::string_view words, ImU32 halo) {
  if (halo != 0) {
    for (const ImVec2 by : {ImVec2{-1, 0}, ImVec2{1, 0}, ImVec2{0, -1}, ImVec2{0, 1}}) put_plain(list_, face, {at.x + by.x, at.y + by.y}, halo, words);
  }
  put_plain(list_, face, at, color, words);
}

void ScreenSketch::push_clip(const Rect& box) { list_.PushClipRect(box.min, box.max, true); }
void ScreenSketch::pop_clip() { list_.PopClipRect(); }

// ----------------------------------------------------------------------------------------------------------------- SVG

namespace {

std::string number(float value) {
  // Hundredths of a pixel are enough, and keep files small.
  return shortest_text(std::round(static_cast<double>(value) * 100.0) / 100.0);
}

std::string attribute(std::string_view name, std::string_view value) { return " " + std::string(name) + "=\"" + std::string(value) + "\""; }

std::string paint(std::string_view name, ImU32 color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex = "#";
  for (const unsigned shift : {0u, 8u, 16u}) {
    const unsigned part = (color >> shift) & 255u;
    hex += kDigits[part >> 4];
    hex += kDigits[part & 15u];
  }
  std::string out = attribute(name, hex);
  const unsigned alpha = color >> 24;
  if (alpha < 255u) out += attribute(std::string(name) + "-opacity", number(static_cast<float>(alpha) / 255.0f));
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

/// The em of a face in pixels: Dear ImGui's size of a font is its line's height.
float em_of(const Theme& theme, Face face, bool& strong, bool& figures) {
  for (int size = 0; size < 4; ++size) {
    strong = theme.strong[size] == face.font;
    figures = theme.number[size] == face.font;
    if (face.font != nullptr && (strong || figures || theme.text[size] == face.font)) return kTextEm[size] * theme.scale * (figures ? 0.94f : 1.0f);
  }
  strong = figures = false;
  return face.size * 0.8f;
}

}  // namespace

SvgSketch::SvgSketch(const Theme& theme, const Rect& box) : theme_(theme), box_(box) { rectangle(box, theme.colors.surface, 0.0f); }

std::string SvgSketch::point(ImVec2 at) const { return number(at.x - box_.min.x) + "," + number(at.y - box_.min.y); }

void SvgSketch::polyline(std::span<const ImVec2> points, ImU32 color, float thickness, Dash dash) {
  if (points.size() < 2) return;
  body_ += "<polyline fill=\"none\" stroke-linejoin=\"round\"" + paint("stroke", color) + attribute("stroke-width", number(thickness));
  if (dash.gap > 0.0f) body_ += attribute("stroke-dasharray", number(dash.ink) + " " + number(dash.gap));
  body_ += " points=\"";
  for (const ImVec2 at : points) body_ += point(at) + " ";
  body_ += "\"/>\n";
}

void SvgSketch::polygon(std::span<const ImVec2> points, ImU32 color) {
  if (points.size() < 3) return;
  if (!in_shape_) body_ += "<path" + paint("fill", color) + " d=\"";
  char command = 'M';
  for (const ImVec2 at : points) {
    body_ += command + point(at);
    command = 'L';
  }
  body_ += in_shape_ ? "Z" : "Z\"/>\n";
}

void SvgSketch::begin_shape(ImU32 color) {
  body_ += "<path shape-rendering=\"crispEdges\"" + paint("fill", color) + " d=\"";
  in_shape_ = true;
}

void SvgSketch::end_shape() {
  body_ += "\"/>\n";
  in_shape_ = false;
}

void SvgSketch::rectangle(const Rect& box, ImU32 color, float rounding) {
  body_ += "<rect" + attribute("x", number(box.min.x - box_.min.x)) + attribute("y", number(box.min.y - box_.min.y)) +
           attribute("width", number(std::max(box.width(), 0.0f))) + attribute("height", number(std::max(box.height(), 0.0f)));
  if (rounding > 0.0f) body_ += attribute("rx", number(rounding));
  body_ += paint("fill", color) + "/>\n";
}

void SvgSketch::circle(ImVec2 center, float radius, ImU32 color) {
  body_ += "<circle" + attribute("cx", number(center.x - box_.min.x)) + attribute("cy", number(center.y - box_.min.y)) + attribute("r", number(radius)) +
           paint("fill", color) + "/>\n";
}

void SvgSketch::ring(ImVec2 center, float radius, ImU32 color, float thickness) {
  body_ += "<circle fill=\"none\"" + attribute("cx", number(center.x - box_.min.x)) + attribute("cy", number(center.y - box_.min.y)) +
           attribute("r", number(radius)) + paint("stroke", color) + attribute("stroke-width", number(thickness)) + "/>\n";
}

void SvgSketch::plain_text(Face face, ImVec2 at, ImU32 color, std::string_view words, ImU32 halo) {
  if (words.empty()) return;
  bool strong = false, figures = false;
  const float em = em_of(theme_, face, strong, figures);
  const float ascent = face.font != nullptr && face.font->FontSize > 0 ? face.font->Ascent * face.size / face.font->FontSize : face.size * 0.8f;
  body_ += "<text" + attribute("x", number(at.x - box_.min.x)) + attribute("y", number(at.y + ascent - box_.min.y)) + attribute("font-size", number(em)) +
           attribute("font-family", figures ? "JetBrains Mono, ui-monospace, monospace" : "Inter, system-ui, sans-serif");
  if (strong) body_ += attribute("font-weight", "600");
  // As wide as on the screen, whatever font there is.
  body_ += attribute("textLength", number(plain_width(face, words))) + attribute("lengthAdjust", "spacingAndGlyphs") + " xml:space=\"preserve\"";
  if (halo != 0) body_ += paint("stroke", halo) + attribute("stroke-width", "2") + attribute("paint-order", "stroke");
  body_ += paint("fill", color) + ">" + escaped(words) + "</text>\n";
}

void SvgSketch::push_clip(const Rect& box) {
  const std::string name = "clip" + std::to_string(++clips_);
  body_ += "<clipPath id=\"" + name + "\"><rect" + attribute("x", number(box.min.x - box_.min.x)) + attribute("y", number(box.min.y - box_.min.y)) +
           attribute("width", number(box.width())) + attribute("height", number(box.height())) + "/></clipPath>\n<g clip-path=\"url(#" + name + ")\">\n";
}

void SvgSketch::pop_clip() { body_ += "</g>\n"; }

std::string SvgSketch::take() {
  const std::string width = number(box_.width()), height = number(box_.height());
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height + "\">\n" +
         std::move(body_) + "</svg>\n";
}

}  // namespace chainrule
