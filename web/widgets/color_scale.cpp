#include "web/widgets/color_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

ImU32 exact_color(const Theme& theme, const ColorScale& scale, float part) {
  const float value = scale.low + (scale.high - scale.low) * part;
  switch (scale.map) {
    case ColorMap::kInk: return mix_color(theme.colors.surface, theme.colors.text, part);
    case ColorMap::kDiverging: return diverging_color(theme, value, scale.high);
    case ColorMap::kSequential: break;
  }
  return sequential_color(theme, value, scale.low, scale.high);
}

ImU32 blend(ImU32 a, ImU32 b, int step, int steps) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const int from = static_cast<int>((a >> shift) & 255u), to = static_cast<int>((b >> shift) & 255u);
    out |= static_cast<ImU32>(from + (to - from) * step / steps) << shift;
  }
  return out;
}

}  // namespace

ColorScale diverging_scale(std::span<const float> values) {
  float limit = 0.0f;
  for (const float value : values) {
    const float size = std::abs(value);
    if (size > limit && size <= std::numeric_limits<float>::max()) limit = size;
  }
  if (limit == 0.0f) limit = 1.0f;
  return {ColorMap::kDiverging, -limit, limit};
}

ColorScale wider(const ColorScale& a, const ColorScale& b) {
  return {a.map, std::min(a.low, b.low), std::max(a.high, b.high)};
}

ColorTable::ColorTable(const Theme& theme, const ColorScale& scale)
    : not_finite_(diverging_color(theme, std::numeric_limits<float>::quiet_NaN(), 1.0f)), low_(scale.low) {
  // The theme's maps are even to the eye and dear to compute; between 33 of their colours a straight line will do.
  constexpr int kStops = 32, kBetween = kSteps / kStops;
  per_unit_ = scale.high > scale.low ? static_cast<float>(kSteps) / (scale.high - scale.low) : 0.0f;
  ImU32 from = exact_color(theme, scale, 0.0f);
  for (int stop = 0; stop < kStops; ++stop) {
    const ImU32 to = exact_color(theme, scale, static_cast<float>(stop + 1) / kStops);
    for (int step = 0; step < kBetween; ++step)
      colors_[static_cast<std::size_t>(stop * kBetween + step)] = blend(from, to, step, kBetween);
    from = to;
  }
  colors_[kSteps] = from;
}

ImU32 ColorTable::operator()(float value) const {
  if (!std::isfinite(value)) return not_finite_;
  const float at = std::clamp((value - low_) * per_unit_, 0.0f, static_cast<float>(kSteps));
  return colors_[static_cast<std::size_t>(at + 0.5f)];
}

float draw_color_legend(const Theme& theme, ImVec2 at, float width, const ColorScale& scale, std::string_view label) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kCaption), numbers = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const ColorTable table(theme, scale);
  const float bar = theme.unit;
  constexpr int kPieces = 32;
  for (int piece = 0; piece < kPieces; ++piece) {
    const float left = std::floor(at.x + width * static_cast<float>(piece) / kPieces);
    const float right = std::floor(at.x + width * static_cast<float>(piece + 1) / kPieces);
    const float part = (static_cast<float>(piece) + 0.5f) / kPieces;
    list.AddRectFilled({left, at.y}, {right, at.y + bar}, table(scale.low + (scale.high - scale.low) * part));
  }
  list.AddRect(at, {at.x + width, at.y + bar}, theme.colors.outline);
  const float below = at.y + bar + 2.0f;
  const Rect line{{at.x, below}, {at.x + width, below + numbers.size}};
  put_text(list, numbers, line, {0.0f, 0.0f}, theme.colors.text_muted, value_text(scale.low, 2));
  put_text(list, numbers, line, {1.0f, 0.0f}, theme.colors.text_muted, value_text(scale.high, 2));
  if (scale.map == ColorMap::kDiverging) put_text(list, numbers, line, {0.5f, 0.0f}, theme.colors.text_muted, "0");
  if (!label.empty())
    put_text(list, face, {at.x + width + theme.unit, at.y + bar * 0.5f - face.size * 0.5f}, theme.colors.text_muted, label);
  return bar + 2.0f + numbers.size;
}

}  // namespace chainrule
