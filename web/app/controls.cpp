#include "web/app/controls.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace chainrule {
namespace {

struct Item {
  ImRect box;
  bool pressed = false, hovered = false, held = false;
};

// A button's behaviour without its looks, and the ring of keyboard focus around it.
Item button_item(const Theme& theme, const char* label, ImVec2 size, bool enabled) {
  Item item;
  ImGui::BeginDisabled(!enabled);
  item.pressed = ImGui::InvisibleButton(label, size);
  item.hovered = enabled && ImGui::IsItemHovered();
  item.held = enabled && ImGui::IsItemActive();
  item.box = {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  focus_ring_of_last_item(theme);
  ImGui::EndDisabled();
  return item;
}

struct ButtonColors {
  ImU32 face, ink;
};

ButtonColors colors_of(const Theme& theme, const Item& item, ButtonLook look, bool enabled) {
  const Palette& c = theme.colors;
  if (!enabled) return {look == ButtonLook::kFilled ? with_alpha(c.field, 0.7f) : 0u, with_alpha(c.text_muted, 0.55f)};
  if (look == ButtonLook::kFilled) {
    return {item.held ? mix_color(c.accent, c.text, 0.3f) : item.hovered ? mix_color(c.accent, c.text, 0.15f) : c.accent,
            c.accent_text};
  }
  const ImU32 quiet = item.held ? c.pressed : item.hovered ? c.hover : 0u;
  if (look == ButtonLook::kChosen) return {c.pressed, c.accent};
  return {quiet, c.text};
}

const char* end_of_label(const char* label) { return ImGui::FindRenderedTextEnd(label); }

}  // namespace

void focus_ring_of_last_item(const Theme& theme) {
  if (!ImGui::IsItemFocused() || GImGui->NavDisableHighlight) return;
  ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), theme.colors.focus, theme.unit, 0, 2.0f);
}

bool icon_button(const Theme& theme, const char* label, Icon icon, std::string_view help, ButtonLook look, bool enabled) {
  const float side = target_size(theme);
  const Item item = button_item(theme, label, {side, side}, enabled);
  const ButtonColors colors = colors_of(theme, item, look, enabled);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(item.box.Min, item.box.Max, colors.face, look == ButtonLook::kFilled ? side / 2 : theme.unit);
  draw_icon(list, icon, item.box.GetCenter(), 2.3f * theme.unit, colors.ink);
  help_of_last_item(theme, std::string(label, end_of_label(label)) + (help.empty() ? "" : ". ") + std::string(help));
  return item.pressed;
}

bool text_button(const Theme& theme, const char* label, ButtonLook look, float width, bool enabled) {
  ImFont* face = theme.strong_face(TextSize::kBody);
  const ImVec2 words = face->CalcTextSizeA(face->FontSize, FLT_MAX, 0.0f, label, end_of_label(label));
  const ImVec2 size{width > 0 ? width : words.x + 3.5f * theme.unit, target_size(theme)};
  const Item item = button_item(theme, label, size, enabled);
  const ButtonColors colors = colors_of(theme, item, look, enabled);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(item.box.Min, item.box.Max, colors.face, theme.unit);
  if (look == ButtonLook::kQuiet) list.AddRect(item.box.Min, item.box.Max, theme.colors.outline, theme.unit);
  const ImVec2 center = item.box.GetCenter();
  list.AddText(face, face->FontSize, {std::round(center.x - words.x / 2), std::round(center.y - words.y / 2)}, colors.ink,
               label, end_of_label(label));
  return item.pressed;
}

bool segments(const Theme& theme, const char* id, const std::vector<std::string>& words, int& chosen, float width) {
  const float part = width / static_cast<float>(words.size());
  const float height = field_height(theme);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(start, {start.x + width, start.y + height}, theme.colors.field, theme.unit);
  bool changed = false;
  ImGui::PushID(id);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, theme.unit));
  for (int i = 0; i < static_cast<int>(words.size()); ++i) {
    if (i > 0) ImGui::SameLine();
    const std::string& word = words[static_cast<std::size_t>(i)];
    const Item item = button_item(theme, word.c_str(), {part, height}, true);
    const bool on = i == chosen;
    const float inset = 3.0f;
    if (on || item.hovered) {
      list.AddRectFilled({item.box.Min.x + inset, item.box.Min.y + inset}, {item.box.Max.x - inset, item.box.Max.y - inset},
                         on ? theme.colors.surface_raised : theme.colors.hover, theme.unit - 2);
    }
    ImFont* face = on ? theme.strong_face(TextSize::kBody) : theme.face(TextSize::kBody);
    const ImVec2 size = face->CalcTextSizeA(face->FontSize, FLT_MAX, 0.0f, word.c_str());
    const ImVec2 center = item.box.GetCenter();
    list.PushClipRect(item.box.Min, item.box.Max, true);
    list.AddText(face, face->FontSize, {std::round(center.x - std::min(size.x, part - 8) / 2), std::round(center.y - size.y / 2)},
                 on ? theme.colors.accent : theme.colors.text_muted, word.c_str());
    list.PopClipRect();
    if (item.pressed && !on) {
      chosen = i;
      changed = true;
    }
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  return changed;
}

bool plain_slider(const Theme& theme, const char* id, double& value, double low, double high, bool logarithmic, float width) {
  const ImU32 none = 0;
  for (const ImGuiCol slot : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_SliderGrab,
                              ImGuiCol_SliderGrabActive}) {
    ImGui::PushStyleColor(slot, none);
  }
  ImGui::SetNextItemWidth(width);
  const float pad = (field_height(theme) - ImGui::GetFontSize()) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(theme.unit, pad));
  const bool changed = ImGui::SliderScalar(id, ImGuiDataType_Double, &value, &low, &high, "",
                                           ImGuiSliderFlags_NoInput | (logarithmic ? ImGuiSliderFlags_Logarithmic : 0));
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(5);
  const ImRect box{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  double t = 0.0;
  if (high > low) t = logarithmic && low > 0 ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  t = std::clamp(t, 0.0, 1.0);
  // Dear ImGui's grab moves between these two centres.
  const float margin = 2.0f + ImGui::GetStyle().GrabMinSize / 2;
  const float x = box.Min.x + margin + static_cast<float>(t) * (box.GetWidth() - 2 * margin);
  const float y = std::round((box.Min.y + box.Max.y) / 2);
  const float thick = 0.5f * theme.unit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 track = mix_color(theme.colors.field, theme.colors.text_muted, 0.25f);
  list.AddRectFilled({box.Min.x + 2, y - thick / 2}, {box.Max.x - 2, y + thick / 2}, track, thick);
  list.AddRectFilled({box.Min.x + 2, y - thick / 2}, {x, y + thick / 2}, theme.colors.accent, thick);
  const bool lively = ImGui::IsItemActive() || ImGui::IsItemHovered();
  if (ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);  // see TouchScroll
  if (lively) list.AddCircleFilled({x, y}, 1.7f * theme.unit, theme.colors.pressed);
  list.AddCircleFilled({x, y}, 1.05f * theme.unit, theme.colors.accent);
  list.AddCircleFilled({x, y}, 0.45f * theme.unit, theme.colors.surface_raised);
  return changed;
}

bool toggle(const Theme& theme, const char* id, bool& on) {
  const float height = field_height(theme);
  const float width = 5.5f * theme.unit;
  const Item item = button_item(theme, id, {width, height}, true);
  if (item.pressed) on = !on;
  const float radius = 1.5f * theme.unit;
  const ImVec2 center = item.box.GetCenter();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 track = on ? theme.colors.accent : mix_color(theme.colors.field, theme.colors.text_muted, 0.55f);
  list.AddRectFilled({item.box.Min.x, center.y - radius}, {item.box.Max.x, center.y + radius}, track, radius);
  const float x = on ? item.box.Max.x - radius : item.box.Min.x + radius;
  list.AddCircleFilled({x, center.y}, radius - 3.0f, on ? theme.colors.accent_text : theme.colors.surface_raised);
  return item.pressed;
}

void help_of_last_item(const Theme& theme, std::string_view help) {
  if (help.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(1.5f * theme.unit, theme.unit));
  if (ImGui::BeginTooltip()) {
    text_block(theme.face(TextSize::kCaption), theme.colors.text, help, 36 * theme.unit);
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

void text_line(const Theme& theme, ImFont* face, ImU32 color, std::string_view text, float width) {
  (void)theme;
  ImGui::PushFont(face);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const char* last = text.data() + text.size();
  const ImVec2 size = ImGui::CalcTextSize(text.data(), last);
  const ImVec2 end{start.x + std::max(width, 1.0f), start.y + size.y};
  ImGui::RenderTextEllipsis(ImGui::GetWindowDrawList(), start, end, end.x, end.x, text.data(), last, &size);
  ImGui::PopStyleColor();
  ImGui::PopFont();
  ImGui::Dummy({std::min(size.x, width), size.y});
}

void text_block(ImFont* face, ImU32 color, std::string_view text, float width) {
  ImGui::PushFont(face);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

}  // namespace chainrule
