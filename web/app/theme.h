// Theme: the roles that colours, type sizes and distances play. Widgets name roles, never values.
#pragma once

#include <imgui.h>

namespace chainrule {

enum class ThemeMode { kLight, kDark };

/// Colours by role, as ImU32 (ABGR).
struct Palette {
  ImU32 page;            // behind everything
  ImU32 surface;         // panels, cards
  ImU32 surface_raised;  // pop-ups, hovered rows
  ImU32 outline;         // hairlines between surfaces
  ImU32 text;            // WCAG AA on page and surface
  ImU32 text_muted;      // secondary text, still AA
  ImU32 accent;          // the one colour for what can be acted on
  ImU32 accent_text;     // text on accent
  ImU32 focus;           // keyboard focus ring
  ImU32 good, warning, bad;   // always with a sign or a word beside them
  ImU32 series[6];       // plot lines, colour-blind safe (Okabe and Ito), told apart by dashes and labels too
  ImU32 highlight;       // operands of the derivation that is open
  ImU32 hover;           // over a surface, under the pointer
  ImU32 pressed;         // the same, held down; also the selected row
  ImU32 field;           // slider tracks, text fields, tracks of progress bars
  ImU32 shadow;          // below what floats
  ImU32 scrim;           // over everything that waits for a sheet to close
};

/// Type scale in logical pixels at interface scale 1.
enum class TextSize { kCaption, kBody, kHeading, kTitle };

struct Theme {
  ThemeMode mode = ThemeMode::kLight;
  Palette colors{};
  float scale = 1.0f;        // of the interface: what people set with + and -
  bool touch = false;        // fingers work it: larger targets
  float pixel_ratio = 1.0f;  // physical pixels a logical one
  float unit = 8.0f;         // distances are multiples of it; grows with scale
  int glyph_positions = 1;   // a physical pixel across, that text was baked for
  // One face per role and size, baked at physical pixels (index: TextSize).
  ImFont* text[4]{};
  ImFont* strong[4]{};
  ImFont* number[4]{};  // tabular figures

  ImFont* face(TextSize size) const { return text[static_cast<int>(size)]; }
  ImFont* strong_face(TextSize size) const { return strong[static_cast<int>(size)]; }
  ImFont* number_face(TextSize size) const { return number[static_cast<int>(size)]; }
};

/// Type sizes in logical pixels (the em) at scale 1, by TextSize.
inline constexpr float kTextEm[4] = {13.0f, 15.0f, 18.0f, 25.0f};

Palette palette_of(ThemeMode mode);
/// Dear ImGui's own widgets in the theme's colours and distances. Requires: a current ImGui context.
void apply_style(const Theme& theme);
/// `color` with its opacity multiplied.
ImU32 with_alpha(ImU32 color, float alpha);
/// Between two colours, evenly to the eye (Oklab).
ImU32 mix_color(ImU32 from, ImU32 to, float t);
/// WCAG 2 contrast ratio of two opaque colours, from 1 to 21.
float contrast_ratio(ImU32 a, ImU32 b);

/// Colour of a signed value on [-limit, limit]: a colour-blind-safe diverging map (orange - neutral - blue), whose
/// neutral is the surface's own tone. NaN and infinities get a hatch-like magenta of their own.
ImU32 diverging_color(const Theme& theme, float value, float limit);
/// Colour of a value on [low, high]: a sequential map, perceptually even (dark to light).
ImU32 sequential_color(const Theme& theme, float value, float low, float high);

}  // namespace chainrule
