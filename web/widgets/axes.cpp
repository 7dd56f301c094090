#include "web/widgets/axes.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/ticks.h"

namespace chainrule {

std::vector<Tick> axis_ticks(const Axis& axis, int most) {
  std::vector<Tick> out;
  const double to_shown = axis.percent ? 100.0 : 1.0;
  const auto values = axis.logarithmic ? log_ticks(std::pow(10.0, axis.low), std::pow(10.0, axis.high), most) : nice_ticks(axis.low, axis.high, most);
  const auto decade = [](double value) { return std::pow(10.0, std::floor(std::log10(value) + 1e-9)); };
  // Less than a decade of a logarithmic axis has evenly spaced ticks.
  const bool even = !axis.logarithmic || (values.size() > 1 && values[1] - values[0] < decade(values[0]));
  for (const double value : values) {
    const double spacing = !even ? decade(value) : values.size() > 1 ? values[1] - values[0] : std::abs(values[0]);
    out.push_back({axis.logarithmic ? std::log10(value) : value, tick_text(value * to_shown, spacing * to_shown) + (axis.percent ? " %" : "")});
  }
  return out;
}

float widest_tick(Face face, const std::vector<Tick>& ticks) {
  float width = 0.0f;
  for (const Tick& tick : ticks) width = std::max(width, plain_width(face, tick.text));
  return width;
}

std::vector<Tick> ticks_across(const Axis& axis, Face face, float width) {
  for (int most = std::max(2, static_cast<int>(width / (face.size * 3.5f)));; --most) {
    std::vector<Tick> ticks = axis_ticks(axis, most);
    if (most <= 2 || ticks.size() < 2) return ticks;
    float least = width;  // between neighbours
    for (std::size_t i = 1; i < ticks.size(); ++i)
      least = std::min(least, static_cast<float>((ticks[i].at - ticks[i - 1].at) / (axis.high - axis.low)) * width);
    if (widest_tick(face, ticks) + face.size <= least) return ticks;
  }
}

float axis_below_height(const Theme& theme, Face face, bool label) { return 0.9f * theme.unit + face.size * (label ? 2.2f : 1.0f); }

float draw_axis_below(Sketch& sketch, const Theme& theme, Face face, const PlaneMapping& mapping, const std::vector<Tick>& ticks,
                      std::string_view label) {
  const Rect& area = mapping.area;
  const ImU32 color = theme.colors.text_muted;
  const float bottom = std::floor(area.max.y) + 0.5f;
  sketch.line({area.min.x, bottom}, {area.max.x, bottom}, color);
  for (const Tick& tick : ticks) {
    const float at = std::floor(mapping.px(tick.at)) + 0.5f;
    sketch.line({at, bottom}, {at, bottom + theme.unit * 0.5f}, color);
    const float width = plain_width(face, tick.text);
    sketch.plain_text(face, {std::clamp(at - width * 0.5f, area.min.x - width * 0.5f, area.max.x - width * 0.5f), bottom + theme.unit * 0.75f}, color, tick.text, 0);
  }
  const float below = bottom + theme.unit * 0.9f + face.size * 1.1f;
  sketch.text(face, {{area.min.x, below}, {area.max.x, below + face.size}}, {0.5f, 0.0f}, color, label);
  return axis_below_height(theme, face, !label.empty());
}

void draw_axis_left(Sketch& sketch, const Theme& theme, Face face, const PlaneMapping& mapping, const std::vector<Tick>& ticks, bool lines) {
  const Rect& area = mapping.area;
  for (const Tick& tick : ticks) {
    const float y = std::floor(mapping.py(tick.at)) + 0.5f;
    if (lines) {
      sketch.line({area.min.x, y}, {area.max.x, y}, with_alpha(theme.colors.outline, 0.7f));
    } else {
      sketch.line({area.min.x - theme.unit * 0.5f, y}, {area.min.x, y}, theme.colors.text_muted);
    }
    sketch.plain_text(face, {area.min.x - plain_width(face, tick.text) - theme.unit * 0.75f, y - face.size * 0.5f}, theme.colors.text_muted, tick.text, 0);
  }
}

}  // namespace chainrule
