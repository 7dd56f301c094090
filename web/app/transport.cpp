#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/page.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

// The line over the buttons: all steps made so far, and the one that is shown. Dragging seeks.
void draw_scrubber(const Theme& theme, Area area, const TransportView& view, TransportChoices& choices) {
  const float unit = theme.unit;
  const TwinNode node{.role = TwinRole::kSlider, .name = "Step shown", .value = "Step " + grouped_text(view.step) + " of " + grouped_text(view.last_step),
                      .low = 0.0, .high = static_cast<double>(view.last_step), .now = static_cast<double>(view.step)};
  const Press press = press_area(theme, "Scrub", {area.at, {area.at.x + area.size.x, area.at.y + area.size.y}}, node, view.last_step > 0);
  if (press.twin.value) {
    if (const Result<long long> step = parse_integer(*press.twin.value); step.ok()) choices.seek = step.value();
  }
  const bool active = press.held;
  const bool hovered = press.hovered;
  if (active) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  const float y = std::round(area.at.y + area.size.y / 2);
  const float left = area.at.x + unit;
  const float width = area.size.x - 2 * unit;
  const auto share = [&](std::int64_t step) {
    return view.last_step > 0 ? static_cast<float>(step) / static_cast<float>(view.last_step) : 0.0f;
  };
  const float pointer = std::clamp((ImGui::GetIO().MousePos.x - left) / width, 0.0f, 1.0f);
  const auto pointed = static_cast<std::int64_t>(std::llround(static_cast<double>(pointer) * static_cast<double>(view.last_step)));
  if (active && pointed != view.step) choices.seek = pointed;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float thick = active || hovered ? 3.0f : 2.0f;
  const float x = left + width * share(view.step);
  list.AddRectFilled({left, y - thick}, {left + width, y + thick}, mix_color(theme.colors.field, theme.colors.text_muted, 0.2f), thick);
  list.AddRectFilled({left, y - thick}, {x, y + thick}, theme.colors.accent, thick);
  if (view.progress) {
    list.AddRectFilled({left, y - thick}, {left + width * *view.progress, y + thick}, theme.colors.highlight, thick);
  }
  if (view.last_step > 0) list.AddCircleFilled({x, y}, (active || hovered ? 1.0f : 0.75f) * unit, theme.colors.accent);
  if (hovered || active) {
    help_of_last_item(theme, "Step " + grouped_text(pointed) + " of " + grouped_text(view.last_step));
  }
}

void draw_counter(const Theme& theme, const TransportView& view, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImFont* number = theme.number_face(TextSize::kHeading);
  ImFont* small = theme.face(TextSize::kCaption);
  const std::string step = grouped_text(view.step);
  const std::string status = !view.status.empty() ? view.status : view.last_step > view.step
                                 ? "of " + grouped_text(view.last_step) + " steps" : "steps";
  const float height = number->FontSize + small->FontSize;
  const float top = start.y + std::round((target_size(theme) - height) / 2);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect({start.x, start.y - theme.unit}, {start.x + width, start.y + target_size(theme) + theme.unit}, true);
  const float line = number->CalcTextSizeA(number->FontSize, FLT_MAX, 0, step.c_str()).x;
  const float under = small->CalcTextSizeA(small->FontSize, FLT_MAX, 0, status.c_str()).x;
  list.AddText(number, number->FontSize, {start.x + width - line, top}, theme.colors.text, step.c_str());
  list.AddText(small, small->FontSize, {start.x + width - under, top + number->FontSize}, theme.colors.text_muted, status.c_str());
  list.PopClipRect();
  ImGui::Dummy({width, target_size(theme)});
}

void draw_speed(const Theme& theme, const TransportView& view, TransportChoices& choices) {
  std::vector<std::string_view> words;
  for (const Speed& speed : kSpeeds) words.push_back(speed.label);
  int chosen = view.speed;
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (target_size(theme) - control_height(theme)) / 2);
  if (choice(theme, "Speed", words, chosen, 18 * theme.unit, "Speed of playing")) choices.speed = chosen;
}

}  // namespace

TransportChoices draw_transport(const Theme& theme, const Layout& layout, const TransportView& view) {
  TransportChoices choices;
  const Area area = layout.transport;
  const float unit = theme.unit;
  const float target = target_size(theme);
  begin_part(theme, "Transport", area, theme.colors.surface, {unit, 0});
  part_line(theme, area.at, {area.at.x + area.size.x, area.at.y});
  const float scrub = 2.5f * unit;
  draw_scrubber(theme, {{area.at.x + unit, area.at.y + 2}, {area.size.x - 2 * unit, scrub}}, view, choices);

  const float top = scrub + (area.size.y - scrub - target) / 2;
  ImGui::SetCursorPos({layout.narrow ? unit : 1.5f * unit, top});
  choices.back = icon_button(theme, "Step back", Icon::kBack, "One step back (Left)", ButtonLook::kQuiet, view.step > 0);
  ImGui::SameLine(0, 0.5f * unit);
  choices.play = icon_button(theme, view.playing ? "Pause###play" : "Play###play", view.playing ? Icon::kPause : Icon::kPlay,
                             "Space", ButtonLook::kFilled, view.can_run);
  ImGui::SameLine(0, 0.5f * unit);
  choices.step = icon_button(theme, "Step", Icon::kStep, "One step of training (Right)", ButtonLook::kQuiet, view.can_run);
  ImGui::SameLine(0, unit);
  choices.reset = icon_button(theme, "Reset", Icon::kReset, "Back to step 0 and the same initial weights (R)");
  ImGui::SameLine(0, 0.5f * unit);
  choices.new_weights = icon_button(theme, "New weights", Icon::kDice, "Step 0 with other random initial weights");
  if (!layout.narrow) {
    ImGui::SameLine(0, 1.5f * unit);
    draw_speed(theme, view, choices);
  }
  if (view.progress) {
    ImGui::SameLine(0, 1.5f * unit);
    ImGui::SetCursorPosY(top + (target - control_height(theme)) / 2);
    choices.cancel = text_button(theme, "Cancel");
  }
  ImGui::SameLine(0, unit);
  const float left = area.size.x - 2 * unit - ImGui::GetCursorPosX();
  ImGui::SetCursorPosY(top);
  draw_counter(theme, view, std::max(left, unit));
  end_part();
  return choices;
}

}  // namespace chainrule
