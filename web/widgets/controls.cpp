#include "web/widgets/controls.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "web/text/tr.h"

namespace chainrule {
namespace {

struct ButtonColors {
  ImU32 face, ink;
};

ButtonColors colors_of(const Theme& theme, const Press& press, ButtonLook look, bool enabled, ImU32 resting) {
  const Palette& c = theme.colors;
  if (!enabled) return {look == ButtonLook::kFilled ? with_alpha(c.field, 0.7f) : with_alpha(resting, 0.5f), with_alpha(c.text_muted, 0.55f)};
  if (look == ButtonLook::kFilled) {
    return {press.held ? mix_color(c.accent, c.text, 0.3f) : press.hovered ? mix_color(c.accent, c.text, 0.15f) : c.accent,
            c.accent_text};
  }
  if (look == ButtonLook::kChosen) return {c.pressed, c.accent};
  return {press.held ? c.pressed : press.hovered ? c.hover : resting, c.text};
}

void wrapped_text(ImFont* face, ImU32 color, std::string_view text, float width) {
  ImGui::PushFont(face);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

std::string_view words_of(const char* label) { return {label, ImGui::FindRenderedTextEnd(label)}; }

}  // namespace

Press press_area(const Theme& theme, const char* id, const Rect& box, TwinNode node, bool enabled) {
  Press out;
  ImGui::SetCursorScreenPos(box.min);
  ImGui::BeginDisabled(!enabled);
  const bool pressed = ImGui::InvisibleButton(id, {std::max(box.width(), 1.0f), std::max(box.height(), 1.0f)});
  out.hovered = enabled && ImGui::IsItemHovered();
  out.held = enabled && ImGui::IsItemActive();
  out.box = box;
  out.twin = mirror(theme, ImGui::GetItemID(), box, std::move(node));
  out.by_keyboard = out.twin.clicked;
  out.pressed = enabled && (pressed || out.twin.clicked);
  ImGui::EndDisabled();
  return out;
}

bool icon_button(const Theme& theme, const char* label, Icon icon, std::string_view help, ButtonLook look, bool enabled,
                 std::optional<bool> expanded) {
  const float side = target_size(theme);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string name(words_of(label));
  const Press press = press_area(theme, label, {at, {at.x + side, at.y + side}},
                                 {.name = name, .help = std::string(help), .expanded = expanded}, enabled);
  const ButtonColors colors = colors_of(theme, press, look, enabled, 0u);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(press.box.min, press.box.max, colors.face, look == ButtonLook::kFilled ? side / 2 : theme.unit);
  draw_icon(list, icon, press.box.center(), 2.3f * theme.unit, colors.ink);
  help_of_last_item(theme, help, name);
  return press.pressed;
}

float text_button_width(const Theme& theme, std::string_view label) {
  return text_width(face_of(theme, TextSize::kBody), label) + 3.0f * theme.unit;
}

bool text_button(const Theme& theme, const char* label, ButtonLook look, float width, bool enabled, std::string_view name) {
  const std::string_view words = words_of(label);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{width > 0 ? width : text_button_width(theme, words), control_height(theme)};
  const Press press = press_area(theme, label, {at, {at.x + size.x, at.y + size.y}}, {.name = std::string(name.empty() ? words : name)}, enabled);
  const ButtonColors colors = colors_of(theme, press, look, enabled, theme.colors.field);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(press.box.min, press.box.max, colors.face, theme.unit);
  put_text(list, face_of(theme, TextSize::kBody), press.box, {0.5f, 0.5f}, colors.ink, words);
  return press.pressed;
}

bool toggle(const Theme& theme, const char* name, bool& on, std::string_view help) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Press press = press_area(theme, name, {at, {at.x + 5.5f * theme.unit, at.y + control_height(theme)}},
                                 {.role = TwinRole::kSwitch, .name = std::string(words_of(name)), .help = std::string(help), .on = on});
  if (press.pressed) on = !on;
  const float radius = 1.5f * theme.unit;
  const ImVec2 center = press.box.center();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 track = on ? theme.colors.accent : mix_color(theme.colors.field, theme.colors.text_muted, 0.55f);
  list.AddRectFilled({press.box.min.x, center.y - radius}, {press.box.max.x, center.y + radius}, track, radius);
  const float x = on ? press.box.max.x - radius : press.box.min.x + radius;
  list.AddCircleFilled({x, center.y}, radius - 3.0f, on ? theme.colors.accent_text : theme.colors.surface_raised);
  help_of_last_item(theme, help);
  return press.pressed;
}

void help_of_last_item(const Theme& theme, std::string_view help, std::string_view title) {
  if ((help.empty() && title.empty()) || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(1.5f * theme.unit, theme.unit));
  if (ImGui::BeginTooltip()) {
    std::string text = tr_sentence(title);
    if (!text.empty() && !help.empty()) text += ". ";
    text += tr_text(help);
    wrapped_text(theme.face(TextSize::kCaption), theme.colors.text, text, 36 * theme.unit);
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

void progress_bar(const Theme& theme, const char* name, float share, float width) {
  const float height = theme.unit;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect box{at, {at.x + width, at.y + height}};
  const float part = std::clamp(share, 0.0f, 1.0f);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, theme.colors.field, height * 0.5f);
  list.AddRectFilled(box.min, {box.min.x + std::max(height, width * part), box.max.y}, theme.colors.accent, height * 0.5f);
  // Whole per cents: every other frame would be news.
  mirror(theme, ImGui::GetID(name), box, {.role = TwinRole::kProgress, .name = name, .now = std::round(100.0 * part) / 100.0});
  ImGui::Dummy({width, height});
}

void text_line(const Theme& theme, ImFont* face, ImU32 color, std::string_view text, float width) {
  (void)theme;
  text = tr_text(text);
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

void text_block(ImFont* face, ImU32 color, std::string_view text, float width) { wrapped_text(face, color, tr_text(text), width); }

void card(const Theme& theme, const Rect& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, theme.colors.surface, theme.unit * 1.25f);
  list.AddRect({box.min.x + 0.5f, box.min.y + 0.5f}, {box.max.x - 0.5f, box.max.y - 0.5f}, theme.colors.outline, theme.unit * 1.25f);
}

float section_title(const Theme& theme, ImVec2 at, float width, std::string_view title, std::string_view detail) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong), plain = face_of(theme, TextSize::kCaption);
  put_text(list, strong, {at, {at.x + width, at.y + strong.size}}, {0.0f, 0.0f}, theme.colors.text, title);
  const float used = text_width(strong, title) + theme.unit;
  const float baseline = at.y + (strong.size - plain.size) * 0.75f;
  if (!detail.empty() && used < width)
    put_text(list, plain, {{at.x + used, baseline}, {at.x + width, baseline + plain.size}}, {0.0f, 0.0f}, theme.colors.text_muted, detail);
  return strong.size + theme.unit;
}

}  // namespace chainrule
