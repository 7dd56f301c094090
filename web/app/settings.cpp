// A lesson's params as controls, made from its table alone.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "web/app/controls.h"
#include "web/app/page.h"
#include "web/platform/platform.h"

namespace chainrule {
namespace {

void draw_label(const Theme& theme, const ParamSpec& spec, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImFont* face = theme.face(TextSize::kBody);
  ImGui::SetCursorScreenPos({start.x, start.y + std::round((field_height(theme) - face->FontSize) / 2)});
  text_line(theme, face, theme.colors.text, spec.label, width);
  help_of_last_item(theme, spec.help);
  ImGui::SetCursorScreenPos({start.x + width, start.y});
}

// What is not allowed changes nothing.
void set_typed(const ParamSpec& spec, const std::string& typed, std::vector<Action>& actions) {
  const Result<double> value = parse_param(spec, typed);
  if (value.ok()) actions.push_back(Action::set(spec.name, value.value()));
}

// The value as text that can be typed; Enter or leaving the field sets it.
void draw_value_field(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  char buffer[32];
  ImFormatString(buffer, sizeof buffer, "%s", param_text(spec, value).c_str());
  if (theme.touch) {  // Dear ImGui's fields bring no keyboard to the screen
    if (text_button(theme, (std::string(buffer) + "###typed").c_str(), ButtonLook::kQuiet, width)) {
      set_typed(spec, platform::ask_text(spec.label + ": " + allowed_text(spec), buffer), actions);
    }
    return;
  }
  ImGui::PushFont(theme.number_face(TextSize::kBody));
  const float pad = (field_height(theme) - ImGui::GetFontSize()) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(theme.unit, pad));
  ImGui::SetNextItemWidth(width);
  ImGui::InputText(("##typed " + spec.label).c_str(), buffer, sizeof buffer,
                   ImGuiInputTextFlags_AutoSelectAll | ImGuiInputTextFlags_CharsNoBlank);
  if (ImGui::IsItemDeactivatedAfterEdit()) set_typed(spec, buffer, actions);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  help_of_last_item(theme, spec.help);
}

void draw_number(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  const float field = 12 * theme.unit;
  draw_label(theme, spec, width - field);
  draw_value_field(theme, spec, value, field, actions);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - theme.unit);
  double moved = value;
  if (plain_slider(theme, ("##" + spec.label).c_str(), moved, spec.minimum, spec.maximum, spec.logarithmic, width)) {
    if (spec.logarithmic) {  // two digits are what a pointer can mean
      const double decade = std::pow(10.0, std::floor(std::log10(moved)) - 1.0);
      moved = std::round(moved / decade) * decade;
    }
    const double allowed = clamp_param(spec, static_cast<double>(static_cast<float>(moved)));
    if (allowed != value) actions.push_back(Action::set(spec.name, allowed));
  }
  help_of_last_item(theme, spec.help);
}

float words_width(const Theme& theme, const std::vector<std::string>& words) {
  ImFont* face = theme.strong_face(TextSize::kBody);
  float widest = 0;
  for (const std::string& word : words) {
    widest = std::max(widest, face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, word.c_str()).x);
  }
  return (widest + 2 * theme.unit) * static_cast<float>(words.size());
}

void draw_choice(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  draw_label(theme, spec, width);
  ImGui::Dummy({0, field_height(theme) - 0.5f * theme.unit});
  int chosen = static_cast<int>(value);
  if (words_width(theme, spec.choices) <= width) {
    if (segments(theme, spec.name.c_str(), spec.choices, chosen, width)) actions.push_back(Action::set(spec.name, chosen));
    return;
  }
  ImGui::SetNextItemWidth(width);
  const float pad = (field_height(theme) - ImGui::GetFontSize()) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(1.5f * theme.unit, pad));
  if (ImGui::BeginCombo(("##" + spec.label).c_str(), spec.choices.at(static_cast<std::size_t>(chosen)).c_str())) {
    for (int i = 0; i < static_cast<int>(spec.choices.size()); ++i) {
      if (ImGui::Selectable(spec.choices[static_cast<std::size_t>(i)].c_str(), i == chosen, 0, {0, field_height(theme)})) {
        actions.push_back(Action::set(spec.name, i));
      }
    }
    ImGui::EndCombo();
  }
  ImGui::PopStyleVar();
  help_of_last_item(theme, spec.help);
}

void draw_switch(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  const float knob = 5.5f * theme.unit;
  draw_label(theme, spec, width - knob);
  bool on = value != 0;
  if (toggle(theme, spec.label.c_str(), on)) actions.push_back(Action::set(spec.name, on ? 1.0 : 0.0));
  help_of_last_item(theme, spec.help);
}

void draw_param(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  ImGui::PushID(spec.name.c_str());
  switch (spec.type) {
    case ParamType::kChoice: draw_choice(theme, spec, value, width, actions); break;
    case ParamType::kSwitch: draw_switch(theme, spec, value, width, actions); break;
    case ParamType::kInteger:
    case ParamType::kReal: draw_number(theme, spec, value, width, actions); break;
  }
  ImGui::Dummy({0, 0.25f * theme.unit});
  ImGui::PopID();
}

}  // namespace

void draw_settings(const Theme& theme, const Lesson& lesson, float width, std::vector<Action>& actions) {
  for (const bool model : {true, false}) {
    bool first = true;
    for (const ParamSpec& spec : lesson.params()) {
      if (spec.changes_model != model) continue;
      if (first) {
        ImGui::Dummy({0, model ? 0.0f : theme.unit});
        text_block(theme.strong_face(TextSize::kCaption), theme.colors.text_muted, model ? "Model and training" : "What is shown",
                   width);
        first = false;
      }
      draw_param(theme, spec, lesson.param(spec.name), width, actions);
    }
  }
}

}  // namespace chainrule
