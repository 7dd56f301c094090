// Colour scale: which colour a value of a picture has, and the legend that says so.
#pragma once

#include <array>
#include <span>

#include "web/widgets/ink.h"

namespace chainrule {

enum class ColorMap {
  kInk,         // low: the surface, high: the text colour; pictures of digits
  kDiverging,   // low = −high: orange, neutral at 0, blue
  kSequential,  // dark to light
};

struct ColorScale {
  ColorMap map = ColorMap::kDiverging;
  float low = -1.0f, high = 1.0f;
};

/// Symmetric about 0 so that the largest finite |value| has the full colour; ±1 where all are 0.
ColorScale diverging_scale(std::span<const float> values);
/// Of several pictures that must be compared: the wider of the two.
ColorScale wider(const ColorScale& a, const ColorScale& b);

/// The scale's colours worked out once, for pictures of many values.
class ColorTable {
 public:
  ColorTable(const Theme& theme, const ColorScale& scale);
  /// NaN and infinities have the theme's colour for them.
  ImU32 operator()(float value) const;

 private:
  static constexpr int kSteps = 256;
  std::array<ImU32, kSteps + 1> colors_;
  ImU32 not_finite_;
  float low_, per_unit_;
};

/// A bar with the numbers at its ends and, for a diverging scale, 0 in the middle. About 2 lines of caption text high;
/// returns its height.
float draw_color_legend(const Theme& theme, ImVec2 at, float width, const ColorScale& scale, std::string_view label);

}  // namespace chainrule
