#include "web/widgets/network_strip.h"

#include <algorithm>
#include <string>

#include "engine/base/text.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

float card_width(const Theme& theme, const StripStage& stage) {
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong), caption = face_of(theme, TextSize::kCaption);
  const std::string learned = grouped_text(stage.parameters) + " learned";
  return std::max({text_width(strong, stage.title), text_width(caption, stage.caption), text_width(caption, stage.shape),
                   stage.parameters > 0 ? text_width(caption, learned) : 0.0f}) + 3.0f * theme.unit;
}

}  // namespace

void draw_connector(const Theme& theme, ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 color) {
  const float head = theme.unit * 0.6f;
  list.AddLine(from, {to.x - head, to.y}, color, 1.5f);
  list.AddTriangleFilled({to.x - head, to.y - head * 0.7f}, to, {to.x - head, to.y + head * 0.7f}, color);
}

StripHit draw_network_strip(const Theme& theme, const char* id, float width, std::span<const StripStage> stages, int selected) {
  StripHit hit;
  if (stages.empty() || width < 60.0f) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong), caption = face_of(theme, TextSize::kCaption);
  const float u = theme.unit, gap = 3.0f * u, height = strong.size + 3.0f * caption.size + 2.5f * u;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImVec2 at = origin;
  ImGui::PushID(id);
  for (int i = 0; i < static_cast<int>(stages.size()); ++i) {
    const StripStage& stage = stages[static_cast<std::size_t>(i)];
    const float wide = std::min(card_width(theme, stage), width);
    if (at.x > origin.x && at.x + wide > origin.x + width) at = {origin.x, at.y + height + u};
    const Rect box{at, {at.x + wide, at.y + height}};
    ImGui::SetCursorScreenPos(at);
    if (ImGui::InvisibleButton(std::to_string(i).c_str(), {wide, height})) hit.clicked = i;
    const bool hovered = ImGui::IsItemHovered();
    card(theme, box);
    if (hovered) list.AddRectFilled(box.min, box.max, theme.colors.hover, u * 1.25f);
    if (i == selected) list.AddRect(box.min, box.max, theme.colors.accent, u * 1.25f, 0, 2.0f);
    focus_ring(theme, list, box);
    const Rect inside = box.shrunk(1.5f * u, u);
    float y = inside.min.y;
    const auto line = [&](Face face, ImU32 color, std::string_view text) {
      put_text(list, face, {{inside.min.x, y}, {inside.max.x, y + face.size}}, {0.0f, 0.0f}, color, text);
      y += face.size;
    };
    line(strong, theme.colors.text, stage.title);
    line(caption, theme.colors.text_muted, stage.caption);
    line(caption, theme.colors.text, stage.shape);
    if (stage.parameters > 0) line(caption, theme.colors.text_muted, grouped_text(stage.parameters) + " learned");
    const bool last = i + 1 == static_cast<int>(stages.size());
    if (!last && box.max.x + gap < origin.x + width)
      draw_connector(theme, list, {box.max.x + 2, box.center().y}, {box.max.x + gap - 2, box.center().y}, theme.colors.text_muted);
    at.x += wide + gap;
  }
  ImGui::PopID();
  hit.height = at.y + height - origin.y;
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({width, hit.height});
  return hit;
}

}  // namespace chainrule
