#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "web/app/page.h"
#include "web/widgets/controls.h"

namespace chainrule {

void begin_part(const Theme& theme, const char* name, Area area, ImU32 color, ImVec2 padding, bool floating, bool card) {
  ImGui::SetNextWindowPos(area.at);
  ImGui::SetNextWindowSize(area.size);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, color);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, card ? 2 * theme.unit : 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(3);
  ImGui::PopStyleColor();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list._FringeScale = 1.0f / theme.pixel_ratio;  // edges one physical pixel soft
  if (floating) ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  if (Twin* mirrored = twin()) mirrored->begin_group(ImGui::GetID("part"), TwinRole::kRegion, name);
}

void end_part() {
  if (Twin* mirrored = twin()) mirrored->end_group();
  ImGui::End();
}

void part_line(const Theme& theme, ImVec2 from, ImVec2 to) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRectFullScreen();
  list.AddRectFilled(from, {std::max(to.x, from.x + 1), std::max(to.y, from.y + 1)}, theme.colors.outline);
  list.PopClipRect();
}

namespace {

// Title over summary, both cut to the width that is left.
void draw_title(const Theme& theme, const Layout& layout, const LessonInfo* lesson, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float height = target_size(theme);
  ImFont* title = theme.strong_face(TextSize::kHeading);
  ImFont* caption = theme.face(TextSize::kCaption);
  const bool both = lesson != nullptr && !layout.short_screen;
  const float used = title->FontSize + (both ? caption->FontSize : 0.0f);
  ImGui::BeginGroup();
  ImGui::SetCursorScreenPos({start.x, start.y + std::round((height - used) / 2)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  text_line(theme, title, theme.colors.text, lesson != nullptr ? lesson->title : "Chainrule", width);
  if (both) {
    const std::string decks = lesson->decks.empty() ? "" : "Decks " + lesson->decks + "  ·  ";
    text_line(theme, caption, theme.colors.text_muted, layout.narrow ? lesson->topic : decks + lesson->summary, width);
  }
  ImGui::PopStyleVar();
  ImGui::EndGroup();
}

// What the header's buttons do: beside each other or, where there is no room, one below the other in a menu.
struct HeaderButton {
  const char* label;
  Icon icon;
  std::string_view help;
  bool* flag;
  bool enabled = true;
  bool begins_group = false;
};

std::vector<HeaderButton> history_buttons(const HeaderView& view, PageChoices& choices) {
  return {{"Undo", Icon::kUndo, "Takes the last change back (Ctrl+Z)", &choices.undo, view.can_undo},
          {"Redo", Icon::kRedo, "Does it again (Ctrl+Shift+Z)", &choices.redo, view.can_redo},
          {"Share", Icon::kShare, "A link to what you see (L)", &choices.share, view.of_lesson, true},
          {"Present", Icon::kPresent, "Large type, and nothing but the lesson (P)", &choices.toggle_presentation, view.of_lesson}};
}

std::vector<HeaderButton> look_buttons(const Theme& theme, PageChoices& choices) {
  const bool light = theme.mode == ThemeMode::kLight;
  return {{"Smaller", Icon::kMinus, "Makes everything smaller (−)", &choices.smaller, true, true},
          {"Larger", Icon::kPlus, "Makes everything larger (+)", &choices.larger},
          {light ? "Dark###theme" : "Light###theme", light ? Icon::kMoon : Icon::kSun, "D", &choices.toggle_theme},
          {"Full screen", Icon::kFullScreen, "F", &choices.full_screen},
          {"Keys", Icon::kQuestion, "The list of keys (?)", &choices.show_keys}};
}

void draw_beside(const Theme& theme, const std::vector<HeaderButton>& buttons) {
  for (const HeaderButton& button : buttons) {
    if (button.begins_group) {
      ImGui::Dummy({theme.unit, 0});
      ImGui::SameLine(0, 2);
    }
    *button.flag |= icon_button(theme, button.label, button.icon, button.help, ButtonLook::kQuiet, button.enabled);
    ImGui::SameLine(0, 2);
  }
}

void draw_menu(const Theme& theme, const std::vector<HeaderButton>& buttons) {
  std::vector<MenuRow> rows;
  for (const HeaderButton& button : buttons) rows.push_back({button.label, button.enabled});
  if (const std::optional<int> chosen = menu(theme, "More", Icon::kMore, rows)) {
    *buttons[static_cast<std::size_t>(*chosen)].flag = true;
  }
}

// How many buttons stand to the right of the title.
int button_count(const Layout& layout) { return layout.narrow ? 2 : layout.roomy ? 10 : 6; }

void panel_button(const Theme& theme, const HeaderView& view, PageChoices& choices) {
  choices.toggle_side = icon_button(theme, "Panel", Icon::kSettings, "Settings, and where a number comes from",
                                    view.side_open ? ButtonLook::kChosen : ButtonLook::kQuiet, true, view.side_open);
}

// Within another page: the title, and the panel where that is wanted.
void draw_embedded(const Theme& theme, const Layout& layout, const HeaderView& view, float edge, PageChoices& choices) {
  const bool panel = !view.embed->hides("panel");
  const float right = layout.header.size.x - edge - (panel ? target_size(theme) : 0.0f);
  ImGui::SetCursorPosX(2 * theme.unit);
  draw_title(theme, layout, view.lesson, right - 3 * theme.unit);
  if (!panel) return;
  ImGui::SetCursorPos({right, edge});
  panel_button(theme, view, choices);
}

}  // namespace

PageChoices draw_header(const Theme& theme, const Layout& layout, const HeaderView& view) {
  PageChoices choices;
  const float target = target_size(theme);
  const float unit = theme.unit;
  const float edge = std::max((layout.header.size.y - target) / 2, 1.0f);
  begin_part(theme, "Header", layout.header, theme.colors.surface, {edge, edge});
  const ImVec2 low{layout.header.at.x, layout.header.at.y + layout.header.size.y - 1};
  part_line(theme, low, {low.x + layout.header.size.x, low.y});

  if (view.embed != nullptr && view.embed->is_on()) {
    draw_embedded(theme, layout, view, edge, choices);
    end_part();
    return choices;
  }
  choices.toggle_contents = icon_button(theme, "Contents", Icon::kMenu, "All lessons, by topic");
  ImGui::SameLine(0, 1.5f * unit);
  const float gaps = layout.narrow ? 0.0f : layout.roomy ? 3 * (unit + 2) : 2 * (unit + 2);
  const int buttons = button_count(layout) - (view.of_lesson ? 0 : 1);  // without the panel's
  const float right = layout.header.size.x - edge - static_cast<float>(buttons) * (target + 2) + 2 - gaps;
  draw_title(theme, layout, view.lesson, right - ImGui::GetCursorPosX() - 2 * unit);
  ImGui::SetCursorPos({right, edge});
  std::vector<HeaderButton> history = history_buttons(view, choices);
  std::vector<HeaderButton> looks = look_buttons(theme, choices);
  if (!layout.narrow) draw_beside(theme, history);
  if (layout.roomy) draw_beside(theme, looks);
  if (!layout.narrow) {
    ImGui::Dummy({theme.unit, 0});
    ImGui::SameLine(0, 2);
  }
  if (layout.narrow) looks.insert(looks.begin(), history.begin(), history.end());
  if (!layout.roomy) {
    draw_menu(theme, looks);
    ImGui::SameLine(0, 2);
  }
  choices.scale_steps = (choices.larger ? 1 : 0) - (choices.smaller ? 1 : 0);
  if (view.of_lesson) panel_button(theme, view, choices);
  end_part();
  return choices;
}

}  // namespace chainrule
