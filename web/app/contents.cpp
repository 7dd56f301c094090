#include <algorithm>

#include "web/app/page.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

// One lesson: its title, and below it in small type what it shows.
bool lesson_row(const Theme& theme, const LessonInfo& lesson, bool current, float width) {
  const float unit = theme.unit;
  ImFont* title = current ? theme.strong_face(TextSize::kBody) : theme.face(TextSize::kBody);
  ImFont* small = theme.face(TextSize::kCaption);
  const float wrap = width - 3 * unit;
  const ImVec2 title_size = title->CalcTextSizeA(title->FontSize, FLT_MAX, wrap, lesson.title.c_str());
  const ImVec2 small_size = small->CalcTextSizeA(small->FontSize, FLT_MAX, wrap, lesson.summary.c_str());
  const float height = std::max(title_size.y + small_size.y + 2.25f * unit, target_size(theme));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(lesson.slug.c_str());
  const Press press = press_area(theme, "lesson", {at, {at.x + width, at.y + height}}, {.name = lesson.title, .help = lesson.summary, .on = current});
  const bool chosen = press.pressed;
  ImGui::PopID();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + width, at.y + height};
  if (current || press.hovered) {
    list.AddRectFilled(at, end, current ? theme.colors.pressed : theme.colors.hover, theme.unit);
  }
  if (current) list.AddRectFilled({at.x, at.y + unit}, {at.x + 3, at.y + height - unit}, theme.colors.accent, 2);
  list.AddText(title, title->FontSize, {at.x + 1.5f * unit, at.y + unit}, current ? theme.colors.accent : theme.colors.text,
               lesson.title.c_str(), nullptr, wrap);
  list.AddText(small, small->FontSize, {at.x + 1.5f * unit, at.y + unit + title_size.y + 0.25f * unit}, theme.colors.text_muted,
               lesson.summary.c_str(), nullptr, wrap);
  return chosen;
}

// On a phone the header has no room for these.
void draw_page_buttons(const Theme& theme, PageChoices& choices) {
  const bool light = theme.mode == ThemeMode::kLight;
  choices.toggle_theme |= icon_button(theme, light ? "Dark###theme" : "Light###theme", light ? Icon::kMoon : Icon::kSun, "");
  ImGui::SameLine();
  if (icon_button(theme, "Smaller", Icon::kMinus, "")) choices.scale_steps = -1;
  ImGui::SameLine();
  if (icon_button(theme, "Larger", Icon::kPlus, "")) choices.scale_steps = 1;
  ImGui::SameLine();
  choices.full_screen |= icon_button(theme, "Full screen", Icon::kFullScreen, "");
  ImGui::SameLine();
  choices.show_keys |= icon_button(theme, "Keys", Icon::kQuestion, "");
}

}  // namespace

std::optional<std::string> draw_contents(const Theme& theme, const Layout& layout, std::span<const LessonInfo> lessons,
                                         std::string_view current, PageChoices& choices) {
  std::optional<std::string> chosen;
  const float unit = theme.unit;
  begin_part(theme, "Contents", layout.contents, theme.colors.surface, {1.5f * unit, 1.5f * unit}, !layout.contents_docked);
  const Area area = layout.contents;
  part_line(theme, {area.at.x + area.size.x - 1, 0}, {area.at.x + area.size.x - 1, area.size.y});
  const float width = area.size.x - 3 * unit;
  ImGui::SetCursorPos({2.5f * unit, 2 * unit});
  text_line(theme, theme.strong_face(TextSize::kTitle), theme.colors.text, "Chainrule", width - target_size(theme) - unit);
  if (!layout.contents_docked) {
    ImGui::SetCursorPos({area.size.x - 1.5f * unit - target_size(theme), 1.5f * unit});
    choices.toggle_contents |= icon_button(theme, "Close contents", Icon::kClose, "");
  }
  ImGui::SetCursorPos({2.5f * unit, 6.5f * unit});
  text_block(theme.face(TextSize::kCaption), theme.colors.text_muted, "Deep learning, down to the arithmetic", width - unit);
  ImGui::Dummy({0, unit});

  const float foot = layout.narrow ? target_size(theme) + 2 * unit : 0.0f;
  ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
  if (ImGui::BeginChild("Lessons", {width, area.size.y - ImGui::GetCursorPosY() - foot - unit}, 0)) {
    std::string topic;
    for (const LessonInfo& lesson : lessons) {
      if (lesson.topic != topic) {
        topic = lesson.topic;
        ImGui::Dummy({0, unit});
        ImGui::SetCursorPosX(1.5f * unit);
        text_block(theme.strong_face(TextSize::kCaption), theme.colors.text_muted, topic, width - 3 * unit);
      }
      if (lesson_row(theme, lesson, lesson.slug == current, ImGui::GetContentRegionAvail().x)) chosen = lesson.slug;
    }
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
  if (layout.narrow) draw_page_buttons(theme, choices);
  end_part();
  return chosen;
}

}  // namespace chainrule
