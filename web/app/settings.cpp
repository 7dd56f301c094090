// A lesson's params as controls, made from its table alone.
#include <algorithm>
#include <cmath>

#include "web/app/page.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

void draw_label(const Theme& theme, const ParamSpec& spec, float width) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImFont* face = theme.face(TextSize::kBody);
  ImGui::SetCursorScreenPos({start.x, start.y + std::round((control_height(theme) - face->FontSize) / 2)});
  text_line(theme, face, theme.colors.text, spec.label, width);
  help_of_last_item(theme, spec.help);
  ImGui::SetCursorScreenPos({start.x + width, start.y});
}

// What is not allowed changes nothing, and is said.
void set_typed(const ParamSpec& spec, double present, const std::string& typed, std::vector<Action>& actions) {
  const Result<double> value = parse_param(spec, typed);
  if (!value.ok())
    refuse(value.error_message() + " It stays " + param_text(spec, present) + ".");
  else if (value.value() != present)
    actions.push_back(Action::set(spec.name, value.value()));
}

void draw_number(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  const float field = 12 * theme.unit;
  const std::string text = param_text(spec, value);
  draw_label(theme, spec, width - field);
  const NumberField limits{spec.minimum, spec.maximum, spec.type == ParamType::kInteger, spec.help};
  if (const auto typed = number_field(theme, spec.label.c_str(), text, field, limits)) set_typed(spec, value, *typed, actions);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - theme.unit);
  double moved = value;
  if (slider(theme, spec.label.c_str(), moved, spec.minimum, spec.maximum, spec.logarithmic, width, text, spec.help)) {
    if (spec.logarithmic) {  // two digits are what a pointer can mean
      const double decade = std::pow(10.0, std::floor(std::log10(moved)) - 1.0);
      moved = std::round(moved / decade) * decade;
    }
    const double allowed = clamp_param(spec, static_cast<double>(static_cast<float>(moved)));
    if (allowed != value) actions.push_back(Action::set(spec.name, allowed));
  }
}

void draw_choice(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  draw_label(theme, spec, width);
  ImGui::Dummy({0, control_height(theme) - 0.5f * theme.unit});
  int chosen = static_cast<int>(value);
  const std::vector<std::string_view> words(spec.choices.begin(), spec.choices.end());
  const bool changed = segments_width(theme, words) <= width ? segments(theme, spec.label.c_str(), words, chosen, width, true)
                                                             : choice(theme, spec.label.c_str(), words, chosen, width, spec.help);
  if (changed) actions.push_back(Action::set(spec.name, chosen));
}

void draw_switch(const Theme& theme, const ParamSpec& spec, double value, float width, std::vector<Action>& actions) {
  const float knob = 5.5f * theme.unit;
  draw_label(theme, spec, width - knob);
  bool on = value != 0;
  if (toggle(theme, spec.label.c_str(), on, spec.help)) actions.push_back(Action::set(spec.name, on ? 1.0 : 0.0));
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

void draw_settings(const Theme& theme, const Lesson& lesson, const Embed& embed, float width, std::vector<Action>& actions) {
  for (const bool model : {true, false}) {
    bool first = true;
    for (const ParamSpec& spec : lesson.params()) {
      if (spec.changes_model != model || embed.hides(spec.name)) continue;
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
