#include "web/widgets/controls.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace chainrule {
namespace {

float padding_of(const Theme& theme) { return theme.unit * 1.5f; }

struct Press {
  bool pressed = false, hovered = false, held = false;
  Rect box;
};

Press press(const Theme& theme, const char* id, ImVec2 at, ImVec2 size) {
  ImGui::SetCursorScreenPos(at);
  Press out;
  out.pressed = ImGui::InvisibleButton(id, {std::max(size.x, 1.0f), std::max(size.y, 1.0f)});
  out.hovered = ImGui::IsItemHovered();
  out.held = ImGui::IsItemActive();
  out.box = {at, {at.x + size.x, at.y + size.y}};
  focus_ring(theme, *ImGui::GetWindowDrawList(), out.box);
  return out;
}

}  // namespace

float control_height(const Theme& theme) {
  return std::max(face_of(theme, TextSize::kBody).size + theme.unit * 1.5f, theme.unit * 4.5f);
}

float segmented_width(const Theme& theme, std::span<const std::string_view> labels) {
  const Face face = face_of(theme, TextSize::kBody);
  float width = 0.0f;
  for (const std::string_view label : labels) width += text_width(face, label) + 2.0f * padding_of(theme);
  return width;
}

bool segmented(const Theme& theme, const char* id, std::span<const std::string_view> labels, int* choice, float width) {
  if (labels.empty()) return false;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody);
  const float natural = segmented_width(theme, labels), height = control_height(theme), radius = theme.unit;
  const float squeeze = std::min(1.0f, width / natural);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  list.AddRectFilled(origin, {origin.x + natural * squeeze, origin.y + height}, theme.colors.field, radius);
  const int before = *choice;
  float x = origin.x;
  ImGui::PushID(id);
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    const std::string_view label = labels[static_cast<std::size_t>(i)];
    const float wide = (text_width(face, label) + 2.0f * padding_of(theme)) * squeeze;
    const Press part = press(theme, std::to_string(i).c_str(), {x, origin.y}, {wide, height});
    const bool chosen = i == before;
    const Rect inside = part.box.shrunk(2.0f, 2.0f);
    if (chosen) {
      list.AddRectFilled(inside.min, inside.max, theme.colors.surface_raised, radius - 2.0f);
      list.AddRect(inside.min, inside.max, theme.colors.outline, radius - 2.0f);
    } else if (part.hovered) {
      list.AddRectFilled(inside.min, inside.max, theme.colors.hover, radius - 2.0f);
    }
    put_text(list, face, inside.shrunk(2.0f, 0.0f), {0.5f, 0.5f}, chosen ? theme.colors.accent : theme.colors.text_muted, label);
    if (part.pressed) *choice = i;
    x += wide;
  }
  ImGui::PopID();
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({natural * squeeze, height});
  return *choice != before;
}

bool tabs(const Theme& theme, const char* id, std::span<const std::string_view> labels, int* choice, float width) {
  if (labels.empty()) return false;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody, Weight::kStrong);
  const float height = control_height(theme) + theme.unit * 0.5f, gap = theme.unit * 3.0f;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  float natural = -gap;
  for (const std::string_view label : labels) natural += text_width(face, label) + gap;
  const float step = natural <= width ? gap : std::max(theme.unit * 0.5f, gap - (natural - width) / static_cast<float>(std::max<std::size_t>(labels.size() - 1, 1)));
  const float line = origin.y + height - 1.0f;
  list.AddLine({origin.x, line}, {origin.x + width, line}, theme.colors.outline);
  const int before = *choice;
  float x = origin.x;
  ImGui::PushID(id);
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    const std::string_view label = labels[static_cast<std::size_t>(i)];
    const float wide = std::min(text_width(face, label), std::max(8.0f, origin.x + width - x));
    const Press part = press(theme, std::to_string(i).c_str(), {x - step * 0.3f, origin.y}, {wide + step * 0.6f, height});
    const bool chosen = i == before;
    const ImU32 color = chosen ? theme.colors.text : part.hovered ? theme.colors.text : theme.colors.text_muted;
    put_text(list, face, {{x, origin.y}, {x + wide + 1.0f, origin.y + height}}, {0.0f, 0.45f}, color, label);
    if (chosen)
      list.AddRectFilled({x, line - 2.0f}, {x + wide, line + 1.0f}, theme.colors.accent);
    else if (part.hovered)
      list.AddRectFilled({x, line - 1.0f}, {x + wide, line + 1.0f}, theme.colors.text_muted);
    if (part.pressed) *choice = i;
    x += wide + step;
  }
  ImGui::PopID();
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({width, height});
  return *choice != before;
}

float word_button_width(const Theme& theme, std::string_view label) {
  return text_width(face_of(theme, TextSize::kBody), label) + 2.0f * padding_of(theme);
}

bool word_button(const Theme& theme, const char* id, std::string_view label, ButtonKind kind, bool enabled, bool selected) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Palette& colors = theme.colors;
  ImGui::BeginDisabled(!enabled);
  const Press part = press(theme, id, ImGui::GetCursorScreenPos(), {word_button_width(theme, label), control_height(theme)});
  ImGui::EndDisabled();
  ImU32 back = kind == ButtonKind::kPrimary ? colors.accent : selected ? colors.surface_raised : colors.field;
  ImU32 front = kind == ButtonKind::kPrimary ? colors.accent_text : selected ? colors.accent : colors.text;
  if (enabled && part.held) back = mix_color(back, colors.accent, 0.3f);
  if (enabled && part.hovered && !part.held) back = mix_color(back, kind == ButtonKind::kPrimary ? colors.text : colors.accent, 0.14f);
  if (!enabled) back = with_alpha(back, 0.5f), front = with_alpha(colors.text_muted, 0.6f);
  list.AddRectFilled(part.box.min, part.box.max, back, theme.unit);
  if (selected) list.AddRect(part.box.min, part.box.max, colors.accent, theme.unit, 0, 1.5f);
  put_text(list, face_of(theme, TextSize::kBody), part.box, {0.5f, 0.5f}, front, label);
  return enabled && part.pressed;
}

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
