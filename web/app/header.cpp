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

// The buttons that every page has, beside each other or, where there is no room, one below the other in a menu.
class HeaderButtons {
 public:
  HeaderButtons(const Theme& theme, bool menu, float width) : theme_(theme), menu_(menu), width_(width) {}

  bool add(const char* label, Icon icon, std::string_view help, bool enabled = true, ButtonLook look = ButtonLook::kQuiet) {
    if (menu_) {
      const bool pressed = text_button(theme_, label, look, width_, enabled);
      if (pressed) ImGui::CloseCurrentPopup();
      return pressed;
    }
    if (count_++ > 0) ImGui::SameLine(0, 2);
    return icon_button(theme_, label, icon, help, look, enabled);
  }
  void gap() {
    if (menu_ || count_ == 0) return;
    ImGui::SameLine(0, theme_.unit);
    ImGui::Dummy({0, 0});
  }

 private:
  const Theme& theme_;
  bool menu_;
  float width_;
  int count_ = 0;
};

void add_history(HeaderButtons& buttons, const HeaderView& view, PageChoices& choices) {
  choices.undo |= buttons.add("Undo", Icon::kUndo, "Takes the last change back (Ctrl+Z)", view.can_undo);
  choices.redo |= buttons.add("Redo", Icon::kRedo, "Does it again (Ctrl+Shift+Z)", view.can_redo);
  buttons.gap();
  choices.share |= buttons.add("Share", Icon::kShare, "A link to what you see (L)");
  choices.toggle_presentation |= buttons.add("Present", Icon::kPresent, "Large type, and nothing but the lesson (P)");
}

void add_looks(HeaderButtons& buttons, const Theme& theme, PageChoices& choices) {
  buttons.gap();
  if (buttons.add("Smaller", Icon::kMinus, "Makes everything smaller (−)")) choices.scale_steps = -1;
  if (buttons.add("Larger", Icon::kPlus, "Makes everything larger (+)")) choices.scale_steps = 1;
  const bool light = theme.mode == ThemeMode::kLight;
  choices.toggle_theme |= buttons.add(light ? "Dark###theme" : "Light###theme", light ? Icon::kMoon : Icon::kSun, "D");
  choices.full_screen |= buttons.add("Full screen", Icon::kFullScreen, "F");
  choices.show_keys |= buttons.add("Keys", Icon::kQuestion, "The list of keys (?)");
}

void draw_more(const Theme& theme, const Layout& layout, const HeaderView& view, PageChoices& choices) {
  if (icon_button(theme, "More", Icon::kMore, "")) ImGui::OpenPopup("More list");
  const float unit = theme.unit;
  const float width = 26 * unit;
  ImGui::SetNextWindowPos({layout.header.at.x + layout.header.size.x - unit, layout.header.at.y + layout.header.size.y},
                          ImGuiCond_Always, {1, 0});
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, ImGui::GetIO().DisplaySize.y - layout.header.size.y - unit});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(unit, unit));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(unit, 0.5f * unit));
  if (ImGui::BeginPopup("More list", ImGuiWindowFlags_NoMove)) {
    HeaderButtons rows(theme, true, width);
    if (layout.narrow) add_history(rows, view, choices);
    add_looks(rows, theme, choices);
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

// How many buttons stand to the right of the title.
int button_count(const Layout& layout) { return layout.narrow ? 2 : layout.roomy ? 10 : 6; }

}  // namespace

PageChoices draw_header(const Theme& theme, const Layout& layout, const HeaderView& view) {
  PageChoices choices;
  const float target = target_size(theme);
  const float unit = theme.unit;
  const float edge = std::max((layout.header.size.y - target) / 2, 1.0f);
  begin_part(theme, "Header", layout.header, theme.colors.surface, {edge, edge});
  const ImVec2 low{layout.header.at.x, layout.header.at.y + layout.header.size.y - 1};
  part_line(theme, low, {low.x + layout.header.size.x, low.y});

  choices.toggle_contents = icon_button(theme, "Contents", Icon::kMenu, "All lessons, by topic");
  ImGui::SameLine(0, 1.5f * unit);
  const float gaps = layout.narrow ? 0.0f : layout.roomy ? 3 * (unit + 2) : 2 * (unit + 2);
  const float right = layout.header.size.x - edge - static_cast<float>(button_count(layout)) * (target + 2) + 2 - gaps;
  draw_title(theme, layout, view.lesson, right - ImGui::GetCursorPosX() - 2 * unit);
  ImGui::SetCursorPos({right, edge});
  HeaderButtons row(theme, false, 0);
  if (!layout.narrow) add_history(row, view, choices);
  if (layout.roomy) add_looks(row, theme, choices);
  if (!layout.narrow) {
    row.gap();
    ImGui::SameLine(0, 2);
  }
  if (!layout.roomy) {
    draw_more(theme, layout, view, choices);
    ImGui::SameLine(0, 2);
  }
  choices.toggle_side = icon_button(theme, "Panel", Icon::kSettings, "Settings, and where a number comes from",
                                    view.side_open ? ButtonLook::kChosen : ButtonLook::kQuiet, true, view.side_open);
  end_part();
  return choices;
}

}  // namespace chainrule
