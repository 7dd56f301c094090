#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/app/page.h"
#include "web/text/tr.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

// Times are guesses: one digit says enough.
std::string seconds_text(double seconds) { return fixed_text(std::max(seconds, 0.1), seconds < 1 ? 1 : 0) + " s"; }

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
    const double seconds = view.seconds_to(pointed);
    help_of_last_item(theme, "Step " + grouped_text(pointed) + " of " + grouped_text(view.last_step) +
                                 (seconds >= 0.5 ? ", in about " + seconds_text(seconds) : ""));
  }
}

std::string counter_status(const TransportView& view) {
  if (!view.status.empty()) return view.status;
  if (view.last_step > view.step) return "of " + grouped_text(view.last_step) + " steps";
  return view.step == 1 ? "step" : "steps";
}

// Where there is room, the step is a field that another one can be typed into.
void draw_step_field(const Theme& theme, const TransportView& view, float width, TransportChoices& choices) {
  const float field = 10 * theme.unit;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({start.x, std::round(start.y + (target_size(theme) - control_height(theme)) / 2)});
  const NumberField step{.low = 0, .high = static_cast<double>(kMostLinkSteps), .whole = true, .help = "Type a step to go to it"};
  if (const auto typed = number_field(theme, "Step number", std::to_string(view.step), field, step)) {
    const Result<long long> read = parse_integer(*typed);
    if (read.ok() && read.value() >= 0 && read.value() <= kMostLinkSteps) choices.seek = read.value();
  }
  const Face small = face_of(theme, TextSize::kCaption);
  const float left = start.x + field + theme.unit;
  put_text(*ImGui::GetWindowDrawList(), small, {{left, start.y}, {start.x + width, start.y + target_size(theme)}}, {0.0f, 0.5f},
           theme.colors.text_muted, counter_status(view));
}

void draw_counter(const Theme& theme, const TransportView& view, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImFont* number = theme.number_face(TextSize::kHeading);
  ImFont* small = theme.face(TextSize::kCaption);
  const std::string step = grouped_text(view.step);
  const std::string status = tr_sentence(counter_status(view));
  const float height = number->FontSize + small->FontSize;
  const float top = start.y + std::round((target_size(theme) - height) / 2);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect({start.x, start.y - theme.unit}, {start.x + width, start.y + target_size(theme) + theme.unit}, true);
  const float line = number->CalcTextSizeA(number->FontSize, FLT_MAX, 0, step.c_str()).x;
  const float under = small->CalcTextSizeA(small->FontSize, FLT_MAX, 0, status.c_str()).x;
  list.AddText(number, number->FontSize, {start.x + width - line, top}, theme.colors.text, step.c_str());
  list.AddText(small, small->FontSize, {start.x + std::max(width - under, 0.0f), top + number->FontSize},
               theme.colors.text_muted, status.c_str());
  list.PopClipRect();
  ImGui::Dummy({width, target_size(theme)});
}

void draw_speed(const Theme& theme, const Layout& layout, const TransportView& view, TransportChoices& choices) {
  const bool brief = layout.narrow || layout.slim;
  std::vector<std::string_view> words;
  for (const Speed& speed : kSpeeds) words.push_back(brief ? speed.short_label : speed.label);
  int chosen = view.speed;
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (target_size(theme) - control_height(theme)) / 2);
  if (choice(theme, "Speed", words, chosen, (brief ? 10 : 18) * theme.unit, "Speed of playing")) choices.speed = chosen;
}

// What a step consists of, in its order: done, next, still to come. Told by fill, frame and weight, not by colour alone.
std::string shown(std::string_view phase) { return std::string(tr(phase)); }

float phases_width(const Theme& theme, const TransportView& view) {
  ImFont* face = theme.strong_face(TextSize::kCaption);
  float width = 0;
  for (const std::string_view phase : view.phases) {
    width += face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, shown(phase).c_str()).x + 2 * theme.unit;
  }
  return width;
}

void draw_phases(const Theme& theme, const TransportView& view) {
  const float unit = theme.unit;
  const float height = 3 * unit;
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float whole = phases_width(theme, view);
  at.y += (target_size(theme) - height) / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  bool past = !view.phase.empty();
  for (const std::string_view phase : view.phases) {
    const bool next = phase == view.phase;
    if (next) past = false;
    const std::string text = shown(phase);
    ImFont* face = next ? theme.strong_face(TextSize::kCaption) : theme.face(TextSize::kCaption);
    const float width = theme.strong_face(TextSize::kCaption)->CalcTextSizeA(face->FontSize, FLT_MAX, 0, text.c_str()).x + 2 * unit;
    const ImVec2 end{at.x + width - 2, at.y + height};
    if (past) list.AddRectFilled(at, end, theme.colors.pressed, 0.5f * unit);
    if (next) list.AddRect(at, end, theme.colors.accent, 0.5f * unit, 0, 1.5f);
    const ImVec2 size = face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, text.c_str());
    list.AddText(face, face->FontSize, {std::round((at.x + end.x - size.x) / 2), std::round((at.y + end.y - size.y) / 2)},
                 next ? theme.colors.accent : past ? theme.colors.text : theme.colors.text_muted, text.c_str());
    at.x += width;
  }
  ImGui::Dummy({whole, target_size(theme)});
}

// One of the row's buttons, unless the address hides it.
bool step_button(const Theme& theme, const TransportView& view, std::string_view name, const char* label, Icon icon, std::string_view help,
                 bool enabled, float gap, ButtonLook look = ButtonLook::kQuiet) {
  if (!view.shows(name)) return false;
  const bool pressed = icon_button(theme, label, icon, help, look, enabled);
  ImGui::SameLine(0, gap);
  return pressed;
}

// What is needed rarely, where there is no room for it in the row.
void draw_more(const Theme& theme, TransportChoices& choices, const TransportView& view) {
  std::vector<MenuRow> rows;
  std::vector<bool*> flags;
  const auto add = [&](std::string_view name, const char* label, bool enabled, bool& flag) {
    if (!view.shows(name)) return;
    rows.push_back({label, enabled});
    flags.push_back(&flag);
  };
  add("phase", "Next phase", view.can_run, choices.phase);
  add("reset", "Reset", true, choices.reset);
  add("new-weights", "New weights", true, choices.new_weights);
  if (rows.empty()) return;
  if (const std::optional<int> chosen = menu(theme, "More steps", Icon::kMore, rows, true)) {
    *flags[static_cast<std::size_t>(*chosen)] = true;
  }
}

void draw_steps(const Theme& theme, const TransportView& view, float after, TransportChoices& choices) {
  const float gap = 0.5f * theme.unit;
  choices.back = step_button(theme, view, "step-back", "Step back", Icon::kBack, "One step back (Left)",
                             view.step > 0 || !view.phase.empty(), gap);
  choices.play = step_button(theme, view, "play", view.playing ? "Pause###play" : "Play###play",
                             view.playing ? Icon::kPause : Icon::kPlay, "Space", view.can_run, gap, ButtonLook::kFilled);
  choices.step = step_button(theme, view, "step", "Step", Icon::kStep, "One step of training (Right)", view.can_run, after);
}

void draw_row(const Theme& theme, const Layout& layout, const TransportView& view, TransportChoices& choices) {
  const float unit = theme.unit;
  const float top = ImGui::GetCursorPosY();
  const bool tight = layout.narrow && !layout.short_screen;
  draw_steps(theme, view, 0.5f * unit, choices);
  if (!tight) {
    choices.phase = step_button(theme, view, "phase", "Next phase", Icon::kPhase,
                                "On to the next part of the step: forward, loss, backward, update (J)", view.can_run, unit);
  }
  if (!tight && !layout.presentation) {
    choices.reset = step_button(theme, view, "reset", "Reset", Icon::kReset, "Back to step 0 and the same initial weights (R)", true,
                                0.5f * unit);
    choices.new_weights = step_button(theme, view, "new-weights", "New weights", Icon::kDice,
                                      "Step 0 with other random initial weights (N)", true, 1.5f * unit);
  }
  if (view.shows("speed")) draw_speed(theme, layout, view, choices);
  if (tight && !view.progress) {
    ImGui::SameLine(0, 0.5f * unit);
    ImGui::SetCursorPosY(top);
    draw_more(theme, choices, view);
  }
  if (view.progress) {
    ImGui::SameLine(0, 1.5f * unit);
    ImGui::SetCursorPosY(top + (target_size(theme) - control_height(theme)) / 2);
    choices.cancel = text_button(theme, "Cancel");
  }
  ImGui::SameLine(0, 1.5f * unit);
}

}  // namespace

TransportChoices draw_transport(const Theme& theme, const Layout& layout, const TransportView& view) {
  TransportChoices choices;
  const Area area = layout.transport;
  const float unit = theme.unit;
  const float target = target_size(theme);
  begin_part(theme, "Transport", area, theme.colors.surface, {unit, 0});
  part_line(theme, area.at, {area.at.x + area.size.x, area.at.y});
  const float scrub = layout.slim ? 0.0f : 2.5f * unit;
  if (!layout.slim) draw_scrubber(theme, {{area.at.x + unit, area.at.y + 2}, {area.size.x - 2 * unit, scrub}}, view, choices);

  const float top = std::round(scrub + (area.size.y - scrub - target) / 2);
  const float edge = layout.narrow ? unit : 1.5f * unit;
  ImGui::SetCursorPos({edge, top});
  draw_row(theme, layout, view, choices);

  // The counter keeps its place whatever is written in it.
  const float leave = layout.presentation ? target + unit : 0.0f;
  const bool tight = layout.narrow && !layout.short_screen;
  const float counter = (tight ? 9.5f : 20) * unit;
  const float end = area.size.x - edge - leave - counter;
  float room = end - ImGui::GetCursorPosX() - unit;
  const float phases = phases_width(theme, view);
  if (phases > 0.0f && room > phases + (layout.slim ? 16 * unit : 0.0f)) {
    ImGui::SetCursorPosY(top);
    draw_phases(theme, view);
    ImGui::SameLine(0, 1.5f * unit);
    room = end - ImGui::GetCursorPosX() - unit;
  }
  if (layout.slim && room > 8 * unit) {
    draw_scrubber(theme, {{area.at.x + ImGui::GetCursorPosX(), area.at.y + top}, {room, target}}, view, choices);
  }
  ImGui::SetCursorPos({std::max(end, ImGui::GetCursorPosX()), top});
  const float left = std::min(counter, area.size.x - edge - leave - ImGui::GetCursorPosX());
  tight ? draw_counter(theme, view, left) : draw_step_field(theme, view, left, choices);
  if (layout.presentation) {
    ImGui::SetCursorPos({area.size.x - edge - target, top});
    choices.leave_presentation = icon_button(theme, "Leave presentation", Icon::kClose, "Esc");
  }
  end_part();
  return choices;
}

}  // namespace chainrule
