#include "web/app/theme.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}

struct Lab {
  float l, a, b;
};

float to_linear(unsigned byte) {
  const float c = static_cast<float>(byte) / 255.0f;
  return c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
}

unsigned from_linear(float linear) {
  const float c = std::clamp(linear, 0.0f, 1.0f);
  const float encoded = c <= 0.0031308f ? 12.92f * c : 1.055f * std::pow(c, 1.0f / 2.4f) - 0.055f;
  return static_cast<unsigned>(std::lround(encoded * 255.0f));
}

unsigned channel(ImU32 color, int shift) { return (color >> shift) & 255u; }

// Björn Ottosson, "A perceptual color space for image processing" (2020).
Lab to_lab(ImU32 color) {
  const float r = to_linear(channel(color, IM_COL32_R_SHIFT));
  const float g = to_linear(channel(color, IM_COL32_G_SHIFT));
  const float b = to_linear(channel(color, IM_COL32_B_SHIFT));
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  return {0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s,
          1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
          0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s};
}

ImU32 from_lab(const Lab& lab, unsigned alpha) {
  const auto cube = [](float x) { return x * x * x; };
  const float l = cube(lab.l + 0.3963377774f * lab.a + 0.2158037573f * lab.b);
  const float m = cube(lab.l - 0.1055613458f * lab.a - 0.0638541728f * lab.b);
  const float s = cube(lab.l - 0.0894841775f * lab.a - 1.2914855480f * lab.b);
  return IM_COL32(from_linear(4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s),
                  from_linear(-1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s),
                  from_linear(-0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s), alpha);
}

// Paper and ink; one green for what can be acted on, which neither blue nor orange of the values can be taken for.
constexpr Palette kLight{
    .page = rgb(0xF5F3EE), .surface = rgb(0xFFFEFC), .surface_raised = rgb(0xFFFFFF), .outline = rgb(0xDDD8CE),
    .text = rgb(0x1D1B18), .text_muted = rgb(0x5F5A51), .accent = rgb(0x0B6E66), .accent_text = rgb(0xFFFFFF),
    .focus = rgb(0x6D28D9), .good = rgb(0x17703A), .warning = rgb(0x8A5A00), .bad = rgb(0xB3261E),
    .series = {rgb(0x0067A3), rgb(0xB84A00), rgb(0x007B59), rgb(0xA8477F), rgb(0x8A6600), rgb(0x3F3F46)},
    .highlight = rgb(0xE0A800), .hover = rgb(0x1D1B18, 14), .pressed = rgb(0x0B6E66, 28), .field = rgb(0xECE8DF),
    .shadow = rgb(0x2A2418, 40), .scrim = rgb(0x1D1B18, 90)};

constexpr Palette kDark{
    .page = rgb(0x121417), .surface = rgb(0x1A1D22), .surface_raised = rgb(0x23272E), .outline = rgb(0x343A43),
    .text = rgb(0xECE9E2), .text_muted = rgb(0xA6A9B0), .accent = rgb(0x54CDBD), .accent_text = rgb(0x06211E),
    .focus = rgb(0xC4A5FF), .good = rgb(0x6FD08C), .warning = rgb(0xF0B849), .bad = rgb(0xFF8A80),
    .series = {rgb(0x56B4E9), rgb(0xF28E4B), rgb(0x35C79B), rgb(0xE191C1), rgb(0xE9D54B), rgb(0xC9CCD3)},
    .highlight = rgb(0xFFD24A), .hover = rgb(0xFFFFFF, 16), .pressed = rgb(0x54CDBD, 38), .field = rgb(0x2A2F37),
    .shadow = rgb(0x000000, 120), .scrim = rgb(0x000000, 140)};

float luminance(ImU32 color) {
  return 0.2126f * to_linear(channel(color, IM_COL32_R_SHIFT)) + 0.7152f * to_linear(channel(color, IM_COL32_G_SHIFT)) +
         0.0722f * to_linear(channel(color, IM_COL32_B_SHIFT));
}

constexpr ImU32 kNotFinite = rgb(0xE5007A);

}  // namespace

Palette palette_of(ThemeMode mode) { return mode == ThemeMode::kLight ? kLight : kDark; }

ImU32 with_alpha(ImU32 color, float alpha) {
  const auto scaled = static_cast<ImU32>(std::lround(static_cast<float>(channel(color, IM_COL32_A_SHIFT)) * alpha));
  return (color & ~IM_COL32_A_MASK) | (std::min(scaled, 255u) << IM_COL32_A_SHIFT);
}

ImU32 mix_color(ImU32 from, ImU32 to, float t) {
  const float u = std::clamp(t, 0.0f, 1.0f);
  const Lab a = to_lab(from);
  const Lab b = to_lab(to);
  const float alpha = static_cast<float>(channel(from, IM_COL32_A_SHIFT)) * (1.0f - u) +
                      static_cast<float>(channel(to, IM_COL32_A_SHIFT)) * u;
  return from_lab({a.l + (b.l - a.l) * u, a.a + (b.a - a.a) * u, a.b + (b.b - a.b) * u},
                  static_cast<unsigned>(std::lround(alpha)));
}

float contrast_ratio(ImU32 a, ImU32 b) {
  const float first = luminance(a);
  const float second = luminance(b);
  return (std::max(first, second) + 0.05f) / (std::min(first, second) + 0.05f);
}

ImU32 diverging_color(const Theme& theme, float value, float limit) {
  if (!std::isfinite(value)) return kNotFinite;
  const bool light = theme.mode == ThemeMode::kLight;
  const ImU32 neutral = light ? rgb(0xF4F1EA) : rgb(0x23272E);
  const float t = limit > 0.0f ? std::clamp(value / limit, -1.0f, 1.0f) : 0.0f;
  // On paper the extremes are dark, on a dark page they are bright: far from the surface either way.
  if (t >= 0.0f) return mix_color(neutral, light ? rgb(0x0A4C8B) : rgb(0x7CC4FF), t);
  return mix_color(neutral, light ? rgb(0xA84300) : rgb(0xFFA45C), -t);
}

ImU32 sequential_color(const Theme& theme, float value, float low, float high) {
  (void)theme;  // data keep their colours when the page changes its own
  if (!std::isfinite(value)) return kNotFinite;
  const float t = high > low ? std::clamp((value - low) / (high - low), 0.0f, 1.0f) : 0.0f;
  // Oklab lightness rises evenly; the hue goes from night blue over sea green to straw.
  static constexpr ImU32 kStops[] = {rgb(0x10122B), rgb(0x233F6B), rgb(0x1F7A7C), rgb(0x74B66B), rgb(0xF6E9B2)};
  const float position = t * 4.0f;
  const int stop = std::min(static_cast<int>(position), 3);
  return mix_color(kStops[stop], kStops[stop + 1], position - static_cast<float>(stop));
}

}  // namespace chainrule
