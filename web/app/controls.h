// Controls: the app's own buttons, sliders and switches over Dear ImGui's behaviour (mouse, touch, keyboard focus).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/app/icons.h"
#include "web/app/theme.h"

namespace chainrule {

enum class ButtonLook { kQuiet, kFilled, kChosen };

/// Side of a touch target, at least 40 logical pixels.
inline float target_size(const Theme& theme) { return (theme.touch ? 5.75f : 5.0f) * theme.unit; }
/// Height of a field or slider that a mouse can be trusted with.
inline float field_height(const Theme& theme) { return (theme.touch ? 5.5f : 4.25f) * theme.unit; }

/// A square button; `label` is its name for tests and the first words of its help, "Play" say.
bool icon_button(const Theme& theme, const char* label, Icon icon, std::string_view help,
                 ButtonLook look = ButtonLook::kQuiet, bool enabled = true);
/// A button with words, as wide as they need, or `width` when it is more than 0.
bool text_button(const Theme& theme, const char* label, ButtonLook look = ButtonLook::kQuiet, float width = 0.0f,
                 bool enabled = true);
/// One of several, side by side. Returns true when `chosen` changed. Requires: `width` holds the words.
bool segments(const Theme& theme, const char* id, const std::vector<std::string>& words, int& chosen, float width);
/// A slider without text; the value has its own field. Returns true while it changes.
bool plain_slider(const Theme& theme, const char* id, double& value, double low, double high, bool logarithmic, float width);
/// A switch, on or off.
bool toggle(const Theme& theme, const char* id, bool& on);
/// The ring around the last item while the keyboard is at it.
void focus_ring_of_last_item(const Theme& theme);
/// What is told about the last item when the pointer rests on it or the keyboard reaches it.
void help_of_last_item(const Theme& theme, std::string_view help);

/// Text in a face of the theme, in one line that ends in "…" where `width` is too small.
void text_line(const Theme& theme, ImFont* face, ImU32 color, std::string_view text, float width);
/// Text that wraps at `width`.
void text_block(ImFont* face, ImU32 color, std::string_view text, float width);

}  // namespace chainrule
