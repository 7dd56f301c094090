// Controls: the few buttons that drawings need, in the theme's look.
#pragma once

#include <span>
#include <string_view>

#include "web/widgets/ink.h"

namespace chainrule {

/// A row of joined choices; true when `*choice` changed. Left and right arrow keys move between them as between buttons.
/// Does not fit in `width`: labels are shortened.
bool segmented(const Theme& theme, const char* id, std::span<const std::string_view> labels, int* choice, float width);
/// How wide `segmented` likes to be.
float segmented_width(const Theme& theme, std::span<const std::string_view> labels);
float control_height(const Theme& theme);

/// Tabs: words over a line, the chosen one underlined in the accent; true when `*choice` changed.
bool tabs(const Theme& theme, const char* id, std::span<const std::string_view> labels, int* choice, float width);

enum class ButtonKind { kQuiet, kPrimary };
/// A button with a word on it; `enabled` false: muted and dead.
bool word_button(const Theme& theme, const char* id, std::string_view label, ButtonKind kind = ButtonKind::kQuiet,
                 bool enabled = true, bool selected = false);
float word_button_width(const Theme& theme, std::string_view label);

/// A surface with a hairline around it, behind what is drawn next.
void card(const Theme& theme, const Rect& box);
/// "TITLE" of a card's part; returns the height used.
float section_title(const Theme& theme, ImVec2 at, float width, std::string_view title, std::string_view detail = {});

}  // namespace chainrule
