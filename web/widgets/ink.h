// Ink: text in the theme's faces and small shapes on an ImDrawList. Every widget draws its text through this.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "web/app/theme.h"

namespace chainrule {

enum class Weight { kText, kStrong, kNumber };

/// A face at the size it is drawn in logical pixels. Falls back to ImGui's current font where the theme has none (tests).
struct Face {
  ImFont* font = nullptr;
  float size = 13.0f;
};
Face face_of(const Theme& theme, TextSize size, Weight weight = Weight::kText);

struct Rect {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
  ImVec2 center() const { return {(min.x + max.x) * 0.5f, (min.y + max.y) * 0.5f}; }
  bool contains(ImVec2 p) const { return p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y; }
  Rect shrunk(float x, float y) const { return {{min.x + x, min.y + y}, {max.x - x, max.y - y}}; }
};

float text_width(Face face, std::string_view text);
void put_text(ImDrawList& list, Face face, ImVec2 at, ImU32 color, std::string_view text);
/// Inside `box`: align 0 left or top, 0.5 centred, 1 right or bottom. Text that is too wide ends in "…".
void put_text(ImDrawList& list, Face face, const Rect& box, ImVec2 align, ImU32 color, std::string_view text);
/// Of text that is in the page's language already.
float plain_width(Face face, std::string_view text);
void put_plain(ImDrawList& list, Face face, ImVec2 at, ImU32 color, std::string_view text);
/// The text in the page's language, or as much of it as is at most `width` wide, with "…" at its end.
std::string fitted_text(Face face, std::string_view text, float width);
/// Words broken to `width`; returns the height used. Draws nothing when `list` is null.
float put_wrapped(ImDrawList* list, Face face, ImVec2 at, float width, ImU32 color, std::string_view text);

/// The theme's text or its opposite, whichever is easier to read on `background`.
ImU32 readable_on(const Theme& theme, ImU32 background);

/// A small raised box at the pointer, or at `anchor`, with up to a few lines; the first line is strong.
void value_tip(const Theme& theme, std::string_view title, std::string_view detail = {}, std::optional<ImVec2> anchor = {});

/// A dashed polyline. pattern: lengths of ink and gap; gap 0 draws it whole.
void dashed_line(ImDrawList& list, const ImVec2* points, int count, ImU32 color, float thickness, float ink, float gap);

/// An arrow from one thing to the next: this one's numbers go into that one.
void draw_connector(const Theme& theme, ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 color);

}  // namespace chainrule
