// Maths: equations as mathematicians set them: letters with indices, derivatives as fractions, numbers that can be clicked.
//
// An equation is a row of items. Lines break before relations, then before signs of addition; what follows a relation on
// a further line stands below its right-hand side.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/widgets/ink.h"

namespace chainrule {

/// A letter with what hangs on it: w with 5 below, x with (2) above.
struct MathsLetter {
  std::string base, sub, sup;
  bool operator==(const MathsLetter&) const = default;
};

struct MathsItem {
  enum class Kind : std::uint8_t {
    kSymbol,    // letter; with `under`, the fraction ∂letter/∂under
    kNumber,    // text, in the number face; clickable with an id >= 0
    kText,      // brackets, names of functions
    kOperator,  // + − · / : air on both sides, a line may break before + and −
    kSum,       // the sign, with its limits in letter.sub and letter.sup
    kRelation,  // = ≈ : more air, lines break here first
  };
  Kind kind = Kind::kText;
  std::string text;
  MathsLetter letter, under;
  std::int32_t id = -1;  // what a click on it returns
  ImU32 color = 0;       // 0: the theme's text
  std::string name;      // of a number, for readers: "out_h1"
};

MathsItem maths_symbol(MathsLetter letter, MathsLetter under = {}, ImU32 color = 0);
MathsItem maths_number(std::string text, std::int32_t id, std::string name, ImU32 color = 0);
MathsItem maths_text(std::string text);
/// Σ with "i = 1" below and "8" above.
MathsItem maths_sum(std::string from, std::string to);
MathsItem maths_operator(std::string sign);
MathsItem maths_relation(std::string sign);

/// What a derivation's text has between the operands, " + (" say, as operators and brackets.
void append_signs(std::vector<MathsItem>& items, std::string_view text);

/// In one line, to be read: "∂E/∂w5 = 0.119 · 0.506".
std::string maths_line(std::span<const MathsItem> items);

struct MathsHit {
  std::optional<std::int32_t> hovered, clicked;  // ids
  float height = 0.0f;
};

/// Draws without anything to click or to read out, the upper left corner at `at`.
void put_maths(const Theme& theme, ImDrawList& list, std::span<const MathsItem> items, ImVec2 at, float width, TextSize size);
/// How far the first line reaches above its baseline, where all fits into one.
float maths_ascent(const Theme& theme, std::span<const MathsItem> items, TextSize size);
/// The height that `draw_maths` uses.
float maths_height(const Theme& theme, std::span<const MathsItem> items, float width, TextSize size);
/// Draws at the window's cursor, within `width`: one element of the page whose arrow keys walk through the numbers.
MathsHit draw_maths(const Theme& theme, const char* id, std::span<const MathsItem> items, float width, TextSize size);

}  // namespace chainrule
