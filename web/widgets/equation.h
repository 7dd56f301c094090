// Equations as text: formulas with sub- and superscripts, and lines of numbers whose operands can be clicked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace/derivation.h"
#include "web/widgets/ink.h"

namespace chainrule {

/// A piece of a formula on one level.
struct FormulaRun {
  enum class Level : std::uint8_t { kBase, kSub, kSuper } level = Level::kBase;
  std::string text;
  bool operator==(const FormulaRun&) const = default;
};

/// "Σ_i x_{n,i}^2" in runs: after _ or ^ comes one character or a group in braces; a brace that is never closed is text.
std::vector<FormulaRun> parse_formula(std::string_view text);

/// Draws a formula broken at spaces to `width`; returns the height used. Draws nothing when `list` is null.
float draw_formula(const Theme& theme, ImDrawList* list, ImVec2 at, float width, ImU32 color, std::string_view text,
                   TextSize size = TextSize::kBody);

struct TokenHit {
  std::int32_t hovered = -1, clicked = -1;  // operand numbers
  float height = 0.0f;
  std::optional<ImVec2> anchor;  // of the tip, where the keyboard is
};

/// Draws tokens at the window's cursor, broken to `width` between tokens. Operands are underlined, lit under the
/// pointer, and clickable; with the keyboard's focus the arrow keys walk through them.
TokenHit draw_tokens(const Theme& theme, const char* id, float width, std::span<const Token> tokens);

}  // namespace chainrule
