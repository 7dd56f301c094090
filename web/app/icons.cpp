#include "web/app/icons.h"

#include <cmath>
#include <initializer_list>

namespace chainrule {
namespace {

constexpr float kPi = 3.14159265f;

// A pen in the icon's own coordinates: the square from (-1, -1) to (1, 1), y downwards.
struct Pen {
  ImDrawList& list;
  ImVec2 center;
  float half;
  ImU32 color;
  float width;

  ImVec2 at(float x, float y) const { return {center.x + x * half, center.y + y * half}; }
  void line(float x0, float y0, float x1, float y1) const { list.AddLine(at(x0, y0), at(x1, y1), color, width); }
  void dot(float x, float y, float radius) const { list.AddCircleFilled(at(x, y), radius * half, color); }
  void circle(float x, float y, float radius) const { list.AddCircle(at(x, y), radius * half, color, 0, width); }
  void triangle(float x0, float y0, float x1, float y1, float x2, float y2) const {
    // Dear ImGui softens edges outwards only when corners go clockwise.
    const bool clockwise = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) > 0;
    list.AddTriangleFilled(at(x0, y0), clockwise ? at(x1, y1) : at(x2, y2), clockwise ? at(x2, y2) : at(x1, y1), color);
  }
  void bar(float x0, float y0, float x1, float y1, float rounding = 0.12f) const {
    list.AddRectFilled(at(x0, y0), at(x1, y1), color, rounding * half);
  }
  void box(float x0, float y0, float x1, float y1) const { list.AddRect(at(x0, y0), at(x1, y1), color, 0.25f * half, 0, width); }
  void arc(float radius, float from, float to) const {
    list.PathArcTo(center, radius * half, from * kPi, to * kPi, 24);
    list.PathStroke(color, 0, width);
  }
};

void draw_transport(const Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::kPlay: pen.triangle(-0.55f, -0.8f, 0.85f, 0.0f, -0.55f, 0.8f); break;
    case Icon::kPause: pen.bar(-0.62f, -0.75f, -0.17f, 0.75f), pen.bar(0.17f, -0.75f, 0.62f, 0.75f); break;
    case Icon::kStep: pen.triangle(-0.7f, -0.7f, 0.4f, 0.0f, -0.7f, 0.7f), pen.bar(0.45f, -0.7f, 0.7f, 0.7f); break;
    case Icon::kBack: pen.triangle(0.7f, -0.7f, -0.4f, 0.0f, 0.7f, 0.7f), pen.bar(-0.7f, -0.7f, -0.45f, 0.7f); break;
    case Icon::kPhase:  // a step in parts
      pen.bar(-0.8f, -0.65f, -0.58f, 0.65f), pen.bar(-0.35f, -0.65f, -0.13f, 0.65f);
      pen.triangle(0.1f, -0.65f, 0.85f, 0.0f, 0.1f, 0.65f);
      break;
    case Icon::kReset:
      pen.arc(0.75f, -0.35f, 1.25f);
      pen.triangle(-0.98f, -0.52f, -0.1f, -0.72f, -0.6f, 0.02f);
      break;
    case Icon::kDice:
      pen.box(-0.75f, -0.75f, 0.75f, 0.75f);
      pen.dot(-0.35f, -0.35f, 0.14f), pen.dot(0.0f, 0.0f, 0.14f), pen.dot(0.35f, 0.35f, 0.14f);
      pen.dot(0.35f, -0.35f, 0.14f), pen.dot(-0.35f, 0.35f, 0.14f);
      break;
    default: break;
  }
}

void draw_signs(const Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::kCheck: pen.line(-0.65f, 0.05f, -0.15f, 0.55f), pen.line(-0.15f, 0.55f, 0.7f, -0.5f); break;
    case Icon::kWarning:
      pen.line(0.0f, -0.8f, 0.9f, 0.75f), pen.line(0.9f, 0.75f, -0.9f, 0.75f), pen.line(-0.9f, 0.75f, 0.0f, -0.8f);
      pen.line(0.0f, -0.25f, 0.0f, 0.25f), pen.dot(0.0f, 0.5f, 0.1f);
      break;
    case Icon::kError:
      pen.circle(0, 0, 0.8f), pen.line(0.0f, -0.4f, 0.0f, 0.1f), pen.dot(0.0f, 0.4f, 0.11f);
      break;
    case Icon::kInfo: pen.circle(0, 0, 0.8f), pen.line(0.0f, -0.05f, 0.0f, 0.4f), pen.dot(0.0f, -0.38f, 0.11f); break;
    case Icon::kQuestion:
      pen.list.PathArcTo(pen.at(0.0f, -0.28f), 0.42f * pen.half, -1.0f * kPi, 0.35f * kPi, 16);
      pen.list.PathLineTo(pen.at(0.0f, 0.32f));
      pen.list.PathStroke(pen.color, 0, pen.width);
      pen.dot(0.0f, 0.72f, 0.12f);
      break;
    case Icon::kPlus: pen.line(-0.6f, 0, 0.6f, 0), pen.line(0, -0.6f, 0, 0.6f); break;
    case Icon::kMinus: pen.line(-0.6f, 0, 0.6f, 0); break;
    case Icon::kClose: pen.line(-0.55f, -0.55f, 0.55f, 0.55f), pen.line(0.55f, -0.55f, -0.55f, 0.55f); break;
    case Icon::kLeft: pen.line(0.25f, -0.6f, -0.35f, 0.0f), pen.line(-0.35f, 0.0f, 0.25f, 0.6f); break;
    case Icon::kRight: pen.line(-0.25f, -0.6f, 0.35f, 0.0f), pen.line(0.35f, 0.0f, -0.25f, 0.6f); break;
    default: break;
  }
}

void draw_moon(const Pen& pen) {
  // A disc less another: the outer arc one way, the inner one back.
  pen.list.PathArcTo(pen.center, 0.75f * pen.half, -0.1f * kPi, 1.35f * kPi, 28);
  pen.list.PathBezierQuadraticCurveTo(pen.at(-0.1f, 0.25f), pen.at(0.71f, -0.23f), 12);
  pen.list.PathStroke(pen.color, ImDrawFlags_Closed, pen.width);
}

// An arrow that turns back over the top: to the left for undo, to the right for redo.
void draw_turn(const Pen& pen, float side) {
  pen.list.PathLineTo(pen.at(0.75f * side, -0.3f));
  pen.list.PathLineTo(pen.at(-0.2f * side, -0.3f));
  pen.list.PathBezierCubicCurveTo(pen.at(-0.95f * side, -0.3f), pen.at(-0.95f * side, 0.65f), pen.at(-0.2f * side, 0.65f), 14);
  pen.list.PathLineTo(pen.at(0.35f * side, 0.65f));
  pen.list.PathStroke(pen.color, 0, pen.width);
  pen.line(0.75f * side, -0.3f, 0.38f * side, -0.68f), pen.line(0.75f * side, -0.3f, 0.38f * side, 0.08f);
}

void draw_page_icons(const Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::kMenu:
      for (const float y : {-0.55f, 0.0f, 0.55f}) pen.line(-0.75f, y, 0.75f, y);
      break;
    case Icon::kSun:
      pen.circle(0, 0, 0.38f);
      for (int ray = 0; ray < 8; ++ray) {
        const float angle = static_cast<float>(ray) * kPi / 4.0f;
        const float x = std::cos(angle), y = std::sin(angle);
        pen.line(0.64f * x, 0.64f * y, 0.92f * x, 0.92f * y);
      }
      break;
    case Icon::kMoon: draw_moon(pen); break;
    case Icon::kSettings:
      pen.line(-0.8f, -0.42f, 0.8f, -0.42f), pen.line(-0.8f, 0.42f, 0.8f, 0.42f);
      pen.dot(0.3f, -0.42f, 0.27f), pen.dot(-0.3f, 0.42f, 0.27f);
      break;
    case Icon::kFullScreen:
      for (const float x : {-1.0f, 1.0f}) {
        for (const float y : {-1.0f, 1.0f}) {
          pen.line(0.7f * x, 0.7f * y, 0.25f * x, 0.7f * y), pen.line(0.7f * x, 0.7f * y, 0.7f * x, 0.25f * y);
        }
      }
      break;
    case Icon::kUndo: draw_turn(pen, -1.0f); break;
    case Icon::kRedo: draw_turn(pen, 1.0f); break;
    case Icon::kShare:
      pen.line(-0.5f, 0.0f, 0.5f, -0.5f), pen.line(-0.5f, 0.0f, 0.5f, 0.5f);
      pen.dot(-0.55f, 0.0f, 0.25f), pen.dot(0.55f, -0.55f, 0.25f), pen.dot(0.55f, 0.55f, 0.25f);
      break;
    case Icon::kMore:
      for (const float y : {-0.6f, 0.0f, 0.6f}) pen.dot(0.0f, y, 0.16f);
      break;
    case Icon::kPresent:
      pen.line(-0.85f, -0.7f, 0.85f, -0.7f), pen.box(-0.7f, -0.7f, 0.7f, 0.3f);
      pen.line(0.0f, 0.3f, 0.0f, 0.5f), pen.line(0.0f, 0.5f, -0.4f, 0.85f), pen.line(0.0f, 0.5f, 0.4f, 0.85f);
      break;
    case Icon::kPanel: pen.box(-0.8f, -0.65f, 0.8f, 0.65f), pen.line(0.2f, -0.65f, 0.2f, 0.65f); break;
    case Icon::kUpload:
      pen.line(0.0f, -0.7f, 0.0f, 0.3f), pen.line(-0.4f, -0.3f, 0.0f, -0.7f), pen.line(0.4f, -0.3f, 0.0f, -0.7f);
      pen.line(-0.7f, 0.3f, -0.7f, 0.7f), pen.line(-0.7f, 0.7f, 0.7f, 0.7f), pen.line(0.7f, 0.7f, 0.7f, 0.3f);
      break;
    default: break;
  }
}

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, ImVec2 center, float size, ImU32 color) {
  const Pen pen{list, center, size / 2, color, size / 11.0f};
  draw_transport(pen, icon);
  draw_signs(pen, icon);
  draw_page_icons(pen, icon);
}

}  // namespace chainrule
