#include "web/app/fonts.h"

#include <cmath>
#include <span>
#include <string>

#include "web/platform/platform.h"

namespace chainrule {
namespace {

// Pairs of first and last code point, ended by 0. What a size is used for decides what it can write.
constexpr ImWchar kPlainSigns[] = {
    0x0020, 0x007E, 0x00A0, 0x00FF, 0x0391, 0x03C9, 0x03D5, 0x03D5, 0x2010, 0x2015, 0x2018, 0x201E, 0x2020, 0x2022,
    0x2026, 0x2026, 0x2032, 0x2033, 0x2070, 0x209C, 0x2190, 0x2195, 0x2202, 0x2202, 0x2207, 0x2207, 0x2211, 0x2212,
    0x221A, 0x221A, 0x2248, 0x2248, 0x2260, 0x2260, 0x2264, 0x2265, 0x22C5, 0x22C5, 0x230A, 0x230B, 0xFFFD,
    0xFFFD, 0};
constexpr ImWchar kAllSigns[] = {
    0x0020, 0x007E, 0x00A0, 0x017F, 0x02C6, 0x02DC, 0x0302, 0x0304, 0x0391, 0x03C9, 0x03D1, 0x03D5, 0x03F5, 0x03F5,
    0x1D48, 0x1D5B, 0x1D5D, 0x1D6A, 0x2010, 0x2027, 0x2030, 0x203A, 0x2044, 0x2044, 0x2070, 0x209C, 0x2102, 0x2102,
    0x210B, 0x2115, 0x211D, 0x211D, 0x2124, 0x2124, 0x2153, 0x215E, 0x2190, 0x2199, 0x21A6, 0x21A6, 0x21BA, 0x21BB,
    0x21D0, 0x21D4, 0x2200, 0x2213, 0x2215, 0x2220, 0x2223, 0x222B, 0x2234, 0x2235, 0x223C, 0x223C, 0x2243, 0x2249,
    0x2260, 0x226B, 0x2282, 0x2287, 0x2295, 0x229A, 0x22A4, 0x22A5, 0x22C5, 0x22C5, 0x22EE, 0x22F1, 0x2308, 0x230B,
    0x2318, 0x2318, 0x23CE, 0x23CE, 0x2460, 0x2469, 0x25A0, 0x25A1, 0x25B2, 0x25CF, 0x25E6, 0x25E6, 0x2605, 0x2606,
    0x26A0, 0x26A0, 0x2713, 0x2717, 0x27E8, 0x27E9, 0xFFFD, 0xFFFD, 0};
constexpr ImWchar kNumberSigns[] = {
    0x0020, 0x007E, 0x00A0, 0x00FF, 0x0391, 0x03C9, 0x2010, 0x2015, 0x2018, 0x201E, 0x2026, 0x2026, 0x2032, 0x2033,
    0x2070, 0x209C, 0x2190, 0x2195, 0x2202, 0x2202, 0x2207, 0x2207, 0x2208, 0x2208, 0x2211, 0x2212, 0x221A, 0x221A,
    0x221E, 0x221E, 0x2248, 0x2248, 0x2260, 0x2260, 0x2264, 0x2265, 0x2299, 0x2299, 0x22C5, 0x22C5, 0x230A, 0x230B, 0xFFFD,
    0xFFFD, 0};

constexpr int kAtlasSide = 4096;

// Where pixels are large, letters may stand on half ones: evener spacing, and no blur (see sharpen).
int glyph_positions(float density) { return density < 1.5f ? 2 : 1; }

unsigned big_endian(std::span<const std::uint8_t> bytes, std::size_t at, int count) {
  unsigned value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | (at + i < bytes.size() ? bytes[at + i] : 0u);
  return value;
}

// OpenType tables: the directory starts at byte 12, 16 bytes a table (tag, checksum, offset, length).
std::size_t find_table(std::span<const std::uint8_t> bytes, const char* tag) {
  const unsigned count = big_endian(bytes, 4, 2);
  for (unsigned i = 0; i < count; ++i) {
    const std::size_t entry = 12 + 16 * static_cast<std::size_t>(i);
    if (entry + 16 > bytes.size()) break;
    if (std::string_view(reinterpret_cast<const char*>(&bytes[entry]), 4) == tag) return big_endian(bytes, entry + 8, 4);
  }
  return 0;
}

float line_over_em(std::span<const std::uint8_t> bytes) {
  const std::size_t head = find_table(bytes, "head");
  const std::size_t hhea = find_table(bytes, "hhea");
  if (head == 0 || hhea == 0) return 1.2f;
  const auto signed_word = [&](std::size_t at) { return static_cast<float>(static_cast<short>(big_endian(bytes, at, 2))); };
  const float em = static_cast<float>(big_endian(bytes, head + 18, 2));
  return em > 0 ? (signed_word(hhea + 4) - signed_word(hhea + 6)) / em : 1.2f;
}

// From physical to logical pixels: bitmaps stay, distances shrink.
void shrink(ImFont& font, float density) {
  for (ImFontGlyph& glyph : font.Glyphs) {
    glyph.X0 /= density, glyph.X1 /= density, glyph.Y0 /= density, glyph.Y1 /= density;
    glyph.AdvanceX /= density;
  }
  for (float& advance : font.IndexAdvanceX) advance /= density;
  font.FontSize /= density;
  font.FallbackAdvanceX /= density;
  font.EllipsisWidth /= density;
  font.EllipsisCharStep /= density;
  font.Ascent /= density;
  font.Descent /= density;
}

}  // namespace

FontLibrary::FontLibrary() {
  const auto load = [](Face& face, const char* name) {
    face.bytes = platform::read_asset(std::string("fonts/") + name);
    face.line_em = line_over_em(face.bytes);
  };
  load(regular_, "Inter-Regular.otf");
  load(strong_, "Inter-SemiBold.otf");
  load(number_, "JetBrainsMono-Regular.ttf");
  load(maths_, "STIXMath-Regular.otf");
  load(fallback_, "DejaVuSans.ttf");
}

ImFont* FontLibrary::add(ImFontAtlas& atlas, const Face& face, float em, float density, const ImWchar* signs) const {
  ImFont* font = nullptr;
  for (const Face* source : {&face, &maths_, &fallback_}) {
    if (source->bytes.empty()) continue;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.MergeMode = font != nullptr;
    config.OversampleH = glyph_positions(density);
    config.OversampleV = 1;
    config.GlyphRanges = signs;
    const float pixels = std::round(em * source->line_em * density);
    // Dear ImGui only reads the bytes.
    ImFont* added = atlas.AddFontFromMemoryTTF(const_cast<std::uint8_t*>(source->bytes.data()),
                                               static_cast<int>(source->bytes.size()), pixels, &config);
    if (font == nullptr) font = added;
  }
  return font != nullptr ? font : atlas.AddFontDefault();
}

bool FontLibrary::try_bake(Theme& theme, ImFontAtlas& atlas, float density) const {
  atlas.Clear();
  atlas.TexDesiredWidth = density * theme.scale > 1.3f ? kAtlasSide : kAtlasSide / 2;
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  for (int size = 0; size < 4; ++size) {
    const float em = kTextEm[size] * theme.scale;
    const bool large = size >= static_cast<int>(TextSize::kHeading);
    theme.text[size] = add(atlas, regular_, em, density, large ? kPlainSigns : kAllSigns);
    theme.strong[size] = add(atlas, strong_, em, density, large ? kPlainSigns : kAllSigns);
    // JetBrains Mono is wide and tall for its size; this makes its figures as high as Inter's.
    theme.number[size] = add(atlas, number_, em * 0.94f, density, kNumberSigns);
  }
  atlas.Build();
  if (atlas.TexHeight > kAtlasSide) return false;
  for (ImFont* font : atlas.Fonts) shrink(*font, density);
  theme.glyph_positions = glyph_positions(density);
  return true;
}

void FontLibrary::bake(Theme& theme, ImFontAtlas& atlas) const {
  float density = std::min(theme.pixel_ratio, 4.0f);
  while (!try_bake(theme, atlas, density)) density *= 0.8f;
  ImGui::GetIO().FontDefault = theme.face(TextSize::kBody);
}

}  // namespace chainrule
