// The parts of the derivation panel: private to web/widgets/derivation_*.cpp.
#pragma once

#include <optional>
#include <string>

#include "engine/base/text.h"
#include "web/widgets/derivation_panel.h"
#include "web/widgets/ink.h"
#include "web/widgets/value_text.h"

namespace chainrule {

inline constexpr int kShortDigits = 4;

/// What all parts of the panel share.
struct DerivationView {
  const Theme& theme;
  const Explanation& explanation;
  DerivationPanelState& state;
  std::optional<ElementRef>& clicked;

  int digits() const { return state.full_digits ? 0 : kShortDigits; }
  const Derivation& derivation() const { return explanation.derivation; }
  std::string shown(float value) const { return value_text(value, digits()); }
  const ElementRef* reference(std::int32_t operand) const {
    const auto k = static_cast<std::size_t>(operand);
    return operand >= 0 && k < explanation.operands.size() ? &explanation.operands[k] : nullptr;
  }
  /// A click on or the pointer over an operand; `anchor` where the keyboard is.
  void touch(std::int32_t hovered, std::int32_t pressed, std::optional<ImVec2> anchor = {}) const {
    if (const ElementRef* element = reference(hovered)) {
      state.hovered = *element;
      value_tip(theme, value_text(derivation().operand_value(hovered), 0),
                element->tensor + "[" + grouped_text(element->index) + "] at step " + grouped_text(element->step) +
                    "\nclick: where this number comes from",
                anchor);
    }
    if (const ElementRef* element = reference(pressed)) clicked = *element;
  }
};

/// The table of terms: a scrolling part of its own, with the rest of the window's height.
void draw_derivation_terms(const DerivationView& panel);

}  // namespace chainrule
