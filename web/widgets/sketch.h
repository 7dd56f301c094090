// Sketch: what plots and maps draw with, so that the picture on the screen and the one in a file are drawn by the same code.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "web/widgets/ink.h"

namespace chainrule {

/// Lengths of ink and gap along a line; gap 0 is a whole line.
struct Dash {
  float ink = 0.0f, gap = 0.0f;
};
/// 0 whole, 1 dashed, 2 dotted, 3 long dashes.
Dash dash_pattern(int dash);

class Sketch {
 public:
  virtual ~Sketch() = default;
  /// The list that is drawn on, for what only a screen has; null in files.
  virtual ImDrawList* screen() { return nullptr; }

  virtual void polyline(std::span<const ImVec2> points, ImU32 color, float thickness, Dash dash = {}) = 0;
  /// Filled; requires: convex.
  virtual void polygon(std::span<const ImVec2> points, ImU32 color) = 0;
  virtual void rectangle(const Rect& box, ImU32 color, float rounding = 0.0f) = 0;
  virtual void circle(ImVec2 center, float radius, ImU32 color) = 0;
  virtual void ring(ImVec2 center, float radius, ImU32 color, float thickness) = 0;
  /// Text in the page's language already. Within `halo`, when it is a colour, which sets it off from what lies below.
  virtual void plain_text(Face face, ImVec2 at, ImU32 color, std::string_view text, ImU32 halo) = 0;
  virtual void push_clip(const Rect& box) = 0;
  virtual void pop_clip() = 0;

  void line(ImVec2 from, ImVec2 to, ImU32 color, float thickness = 1.0f, Dash dash = {});
  void frame(const Rect& box, ImU32 color, float thickness = 1.0f);
  /// Translated, as put_text has it.
  void text(Face face, ImVec2 at, ImU32 color, std::string_view text, ImU32 halo = 0);
  void text(Face face, const Rect& box, ImVec2 align, ImU32 color, std::string_view text);
};

/// On the present window.
class ScreenSketch final : public Sketch {
 public:
  explicit ScreenSketch(ImDrawList& list) : list_(list) {}
  ImDrawList* screen() override { return &list_; }
  void polyline(std::span<const ImVec2> points, ImU32 color, float thickness, Dash dash) override;
  void polygon(std::span<const ImVec2> points, ImU32 color) override;
  void rectangle(const Rect& box, ImU32 color, float rounding) override;
  void circle(ImVec2 center, float radius, ImU32 color) override;
  void ring(ImVec2 center, float radius, ImU32 color, float thickness) override;
  void plain_text(Face face, ImVec2 at, ImU32 color, std::string_view text, ImU32 halo) override;
  void push_clip(const Rect& box) override;
  void pop_clip() override;

 private:
  ImDrawList& list_;
};

/// As the text of an SVG file. Source: Scalable Vector Graphics (SVG) 1.1, W3C Recommendation.
class SvgSketch final : public Sketch {
 public:
  /// `box`: the part of the screen that the picture shows, on the theme's surface.
  SvgSketch(const Theme& theme, const Rect& box);
  void polyline(std::span<const ImVec2> points, ImU32 color, float thickness, Dash dash) override;
  void polygon(std::span<const ImVec2> points, ImU32 color) override;
  void rectangle(const Rect& box, ImU32 color, float rounding) override;
  void circle(ImVec2 center, float radius, ImU32 color) override;
  void ring(ImVec2 center, float radius, ImU32 color, float thickness) override;
  void plain_text(Face face, ImVec2 at, ImU32 color, std::string_view text, ImU32 halo) override;
  void push_clip(const Rect& box) override;
  void pop_clip() override;

  /// Many polygons of one colour as one shape, so that no seam shows between them.
  void begin_shape(ImU32 color);
  void end_shape();
  /// The whole file. Once, at the end.
  std::string take();

 private:
  std::string point(ImVec2 at) const;

  const Theme& theme_;
  Rect box_;
  std::string body_;
  int clips_ = 0;
  bool in_shape_ = false;
};

}  // namespace chainrule
