// Controls: every button, switch, slider, field and choice of the page and of the lessons' drawings, in the theme's look.
// Each adds its node to the twin (web/widgets/twin.h), so that the keyboard and screen readers reach it: nothing else of
// the app calls Dear ImGui's own items.
//
// Labels may end in "##id" or be replaced in the id by "###id", as Dear ImGui has it; people read what stands before.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/app/icons.h"
#include "web/widgets/ink.h"
#include "web/widgets/twin.h"

namespace chainrule {

enum class ButtonLook { kQuiet, kFilled, kChosen };

/// Side of a touch target, at least 40 logical pixels.
inline float target_size(const Theme& theme) { return (theme.touch ? 5.75f : 5.0f) * theme.unit; }
/// Height of a field, slider or button with words.
inline float control_height(const Theme& theme) { return (theme.touch ? 5.5f : 4.5f) * theme.unit; }

/// What happens at a rectangle that can be pressed.
struct Press {
  bool pressed = false, hovered = false, held = false;
  bool by_keyboard = false;  // pressed without a pointer
  Rect box;
  TwinInput twin;
};
/// A rectangle that can be pressed, without any look; the node says what it is. The window's cursor ends below it.
Press press_area(const Theme& theme, const char* id, const Rect& box, TwinNode node, bool enabled = true);

/// A square button; `label` is its name for people and scripts, and the first words of its help, "Play" say.
bool icon_button(const Theme& theme, const char* label, Icon icon, std::string_view help,
                 ButtonLook look = ButtonLook::kQuiet, bool enabled = true, std::optional<bool> expanded = {});
/// A button with words, as wide as they need, or `width` when it is more than 0. `name`: what is read out instead.
bool text_button(const Theme& theme, const char* label, ButtonLook look = ButtonLook::kQuiet, float width = 0.0f,
                 bool enabled = true, std::string_view name = {});
float text_button_width(const Theme& theme, std::string_view label);

/// A row of joined choices named `name`; true when `choice` changed. Narrower than it likes to be: words are shortened.
/// `fill`: as wide as `width`, all parts alike.
bool segments(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width,
              bool fill = false);
/// How wide `segments` likes to be.
float segments_width(const Theme& theme, std::span<const std::string_view> words);
/// Tabs: words over a line, the chosen one underlined in the accent; true when `choice` changed.
bool tabs(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width);
/// One of several in a list that opens; true when `choice` changed.
bool choice(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width,
            std::string_view help = {});

/// A slider without text; the value has its own field, and `value_text` is read out. Returns true while it changes.
bool slider(const Theme& theme, const char* name, double& value, double low, double high, bool logarithmic, float width,
            std::string_view value_text, std::string_view help = {});
/// A switch, on or off.
bool toggle(const Theme& theme, const char* name, bool& on, std::string_view help = {});

/// A field for a number: the canvas shows the text, and the page lays a real field over it while it is typed into. Returns
/// what was typed, by Enter or by leaving the field; the arrow keys up and down give the next and the previous number.
struct NumberField {
  double low = 0.0, high = 1.0;
  bool whole = false;
  std::string_view help = {};
};
std::optional<std::string> number_field(const Theme& theme, const char* name, std::string_view text, float width,
                                        const NumberField& field);
/// A field for a line of text, the same way. Returns what was typed.
std::optional<std::string> text_field(const Theme& theme, const char* name, std::string_view text, float width, std::string_view help = {});
/// The same as number_field over a number that a drawing shows at `box`: nothing is seen of the field until it is typed into.
std::optional<std::string> number_spot(const Theme& theme, const char* name, const Rect& box, std::string_view text, const NumberField& field);
/// The number that an arrow key leads to from `value`: one more or less, of reals one in the second digit.
double next_number(double value, int by, const NumberField& field);

struct MenuRow {
  const char* label;
  bool enabled = true;
};
/// A square button that opens a list of things to do, below it or `above`. Returns the index of what was pressed.
std::optional<int> menu(const Theme& theme, const char* name, Icon icon, std::span<const MenuRow> rows, bool above = false);

/// What is told about the last item when the pointer rests on it.
void help_of_last_item(const Theme& theme, std::string_view help, std::string_view title = {});
/// How far something is, from 0 to 1.
void progress_bar(const Theme& theme, const char* name, float share, float width);

/// Text in a face of the theme, in one line that ends in "…" where `width` is too small.
void text_line(const Theme& theme, ImFont* face, ImU32 color, std::string_view text, float width);
/// Text that wraps at `width`.
void text_block(ImFont* face, ImU32 color, std::string_view text, float width);

/// A surface with a hairline around it, behind what is drawn next.
void card(const Theme& theme, const Rect& box);
/// "TITLE" of a card's part; returns the height used.
float section_title(const Theme& theme, ImVec2 at, float width, std::string_view title, std::string_view detail = {});

}  // namespace chainrule
