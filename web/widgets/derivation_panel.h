// Derivation panel: how one number came to be: formula, the numbers put in, the result, and every term of the sum.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "web/app/theme.h"
#include "web/lesson_kit/lesson.h"
#include "web/widgets/term_rows.h"

namespace chainrule {

/// Kept by the caller between frames; starts anew when another element is explained.
struct DerivationPanelState {
  std::optional<ElementRef> shown;  // reset when it is explained anew
  std::string text;          // derivation_text of it
  bool full_digits = false;  // all digits that a float needs, rather than 4
  bool by_size = false;      // terms by falling size, rather than as they were added
  bool settable = false;     // the number can be set by hand: set by the caller
  std::optional<float> set;  // what was typed in this frame, to be set by the caller
  int row = 0, part = 0;     // the keyboard's cursor in the table of terms
  OpenGroups open;
  std::vector<std::size_t> order;   // of terms, when by_size
  std::optional<ElementRef> hovered;  // operand under the pointer, to be lit in the drawing
};

/// The derivation in words and numbers, for readers of the page: of a long sum the first terms.
std::string derivation_text(const Explanation& explanation);

/// Draws into the current window's content region: its head, then the terms in a scrolling part of their own.
/// `clicked` is set to the operand that was clicked, to be explained next.
void draw_derivation_panel(const Theme& theme, const Explanation& explanation, DerivationPanelState& state,
                           std::optional<ElementRef>& clicked);

}  // namespace chainrule
