// A button that opens a list of things to do.
#include <imgui_internal.h>

#include <cfloat>

#include "web/widgets/controls.h"

namespace chainrule {

std::optional<int> menu(const Theme& theme, const char* name, Icon icon, std::span<const MenuRow> rows, bool above) {
  std::optional<int> chosen;
  const float unit = theme.unit;
  ImGui::PushID(name);
  if (icon_button(theme, name, icon, "", ButtonLook::kQuiet, true, ImGui::IsPopupOpen("list"))) ImGui::OpenPopup("list");
  const Rect box{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  // On the side of the screen where the button is, its edge at the button's.
  const float side = box.center().x > screen.x / 2 ? 1.0f : 0.0f;
  ImGui::SetNextWindowPos({side > 0 ? box.max.x : box.min.x, above ? box.min.y - unit : box.max.y + unit}, ImGuiCond_Always,
                          {side, above ? 1.0f : 0.0f});
  const float room = above ? box.min.y - 2 * unit : screen.y - box.max.y - 2 * unit;
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, room});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {unit, unit});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {unit, 0.5f * unit});
  if (ImGui::BeginPopup("list", ImGuiWindowFlags_NoMove)) {
    for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
      const MenuRow& row = rows[static_cast<std::size_t>(i)];
      if (text_button(theme, row.label, ButtonLook::kQuiet, 26 * unit, row.enabled)) chosen = i;
    }
    if (chosen) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
  ImGui::PopID();
  return chosen;
}

}  // namespace chainrule
