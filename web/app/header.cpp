#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

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

}  // namespace

PageChoices draw_header(const Theme& theme, const Layout& layout, const LessonInfo* lesson, bool side_open) {
  PageChoices choices;
  const float target = target_size(theme);
  const float unit = theme.unit;
  const float edge = std::max((layout.header.size.y - target) / 2, 2.0f);
  begin_part(theme, "Header", layout.header, theme.colors.surface, {edge, edge});
  const ImVec2 low{layout.header.at.x, layout.header.at.y + layout.header.size.y - 1};
  part_line(theme, low, {low.x + layout.header.size.x, low.y});

  choices.toggle_contents = icon_button(theme, "Contents", Icon::kMenu, "All lessons, by topic");
  ImGui::SameLine(0, 1.5f * unit);
  const int buttons = layout.narrow ? 1 : 6;
  const float right = layout.header.size.x - edge - static_cast<float>(buttons) * (target + 2) + 2;
  draw_title(theme, layout, lesson, right - ImGui::GetCursorPosX() - 2 * unit);
  ImGui::SetCursorPos({right, edge});
  if (!layout.narrow) {
    if (icon_button(theme, "Smaller", Icon::kMinus, "Makes everything smaller (−)")) choices.scale_steps = -1;
    ImGui::SameLine(0, 2);
    if (icon_button(theme, "Larger", Icon::kPlus, "Makes everything larger (+)")) choices.scale_steps = 1;
    ImGui::SameLine(0, 2);
    const bool light = theme.mode == ThemeMode::kLight;
    choices.toggle_theme = icon_button(theme, light ? "Dark###theme" : "Light###theme", light ? Icon::kMoon : Icon::kSun, "");
    ImGui::SameLine(0, 2);
    choices.full_screen = icon_button(theme, "Full screen", Icon::kFullScreen, "F");
    ImGui::SameLine(0, 2);
    choices.show_keys = icon_button(theme, "Keys", Icon::kQuestion, "The list of keys (?)");
    ImGui::SameLine(0, 2);
  }
  choices.toggle_side = icon_button(theme, "Panel", Icon::kSettings, "Settings, and where a number comes from",
                                    side_open ? ButtonLook::kChosen : ButtonLook::kQuiet);
  end_part();
  return choices;
}

}  // namespace chainrule
