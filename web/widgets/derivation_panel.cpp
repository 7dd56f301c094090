#include "web/widgets/derivation_panel.h"

#include <algorithm>
#include <string>

#include "engine/base/text.h"
#include "web/text/tr.h"
#include "web/widgets/controls.h"
#include "web/widgets/derivation_parts.h"
#include "web/widgets/equation.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

using Panel = DerivationView;

void space(const Theme& theme, float units) { ImGui::Dummy({1.0f, theme.unit * units}); }

void draw_head(const Panel& panel) {
  const Theme& theme = panel.theme;
  const Explanation& explanation = panel.explanation;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float width = ImGui::GetContentRegionAvail().x;
  const Face heading = face_of(theme, TextSize::kHeading, Weight::kStrong), caption = face_of(theme, TextSize::kCaption);
  const std::string title = explanation.element.tensor + explanation.shape.index_text(explanation.element.index);
  ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, put_wrapped(&list, heading, at, width, theme.colors.text, title)});
  std::string detail = "at step " + grouped_text(explanation.element.step);
  if (!explanation.op.empty()) detail += "  ·  computed by " + explanation.op;
  at = ImGui::GetCursorScreenPos();
  put_text(list, caption, {at, {at.x + width, at.y + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted, detail);
  mirror_text("head", {at, {at.x + width, at.y + caption.size}}, panel.state.text);
  ImGui::Dummy({width, caption.size});
}

/// The number itself, large; "=" only when the digits on show give it.
void draw_result(const Panel& panel) {
  const Theme& theme = panel.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face big = face_of(theme, TextSize::kTitle, Weight::kNumber);
  const bool exact = panel.derivation().empty() || panel.derivation().digits_suffice(panel.digits());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string text = (exact ? "= " : "≈ ") + panel.shown(panel.explanation.value);
  const float width = ImGui::GetContentRegionAvail().x;
  const ImU32 color = panel.explanation.value - panel.explanation.value == 0.0f ? theme.colors.text : theme.colors.bad;
  put_text(list, big, {at, {at.x + width, at.y + big.size}}, {0.0f, 0.0f}, color, text);
  ImGui::Dummy({width, big.size + theme.unit * 0.5f});
}

void draw_substituted(const Panel& panel) {
  const Theme& theme = panel.theme;
  const float width = ImGui::GetContentRegionAvail().x;
  std::vector<Token> tokens{{"= ", -1}};
  if (!panel.state.full_digits && !panel.derivation().digits_suffice(panel.digits())) tokens[0].text = "≈ ";
  const std::size_t most = panel.derivation().terms().size() > 8 ? 4 : 8;
  for (Token& token : panel.derivation().substituted(panel.digits(), most)) tokens.push_back(std::move(token));
  const TokenHit hit = draw_tokens(theme, "substituted", width, tokens);
  panel.touch(hit.hovered, hit.clicked, hit.anchor);
}

/// Operands by name, one a line. Where there is a table of terms it shows them; then only what decided a case is listed.
void draw_operands(const Panel& panel) {
  constexpr std::int32_t kMost = 12;
  const Theme& theme = panel.theme;
  const Derivation& derivation = panel.derivation();
  const auto count = static_cast<std::int32_t>(derivation.operands().size());
  const std::int32_t first = derivation.terms().size() > 2 ? derivation.first_deciding() : 0;
  if (first >= count) return;
  space(theme, 0.5f);
  const float width = ImGui::GetContentRegionAvail().x;
  for (std::int32_t operand = first; operand < std::min(count, first + kMost); ++operand) {
    const ElementRef* element = panel.reference(operand);
    if (element == nullptr) continue;
    const std::string name = element->tensor + "[" + grouped_text(element->index) + "]";
    const std::string step = element->step == panel.explanation.element.step ? "" : " " + tr("of step {0}", grouped_text(element->step));
    const Token line[] = {{operand < derivation.first_deciding() ? "with " : "decided by ", -1},
                          {panel.shown(derivation.operand_value(operand)), operand},
                          {" = " + name + step, -1}};
    const TokenHit hit = draw_tokens(theme, ("operand" + std::to_string(operand)).c_str(), width, line);
    panel.touch(hit.hovered, hit.clicked, hit.anchor);
  }
  if (count - first > kMost) {
    const Face caption = face_of(theme, TextSize::kCaption);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    put_text(*ImGui::GetWindowDrawList(), caption, {at, {at.x + width, at.y + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted,
             "and " + grouped_text(count - first - kMost) + " more, in the line above");
    ImGui::Dummy({width, caption.size});
  }
}

void draw_switches(const Panel& panel) {
  const Theme& theme = panel.theme;
  DerivationPanelState& state = panel.state;
  constexpr std::string_view kDigits[] = {"4 digits", "all digits"};
  constexpr std::string_view kOrder[] = {"as added", "by size"};
  const float width = ImGui::GetContentRegionAvail().x;
  int digits = state.full_digits ? 1 : 0;
  if (segments(theme, "Digits", kDigits, digits, width)) state.full_digits = digits == 1;
  if (panel.derivation().terms().size() < 3) return;
  if (segments_width(theme, kDigits) + segments_width(theme, kOrder) + theme.unit <= width) ImGui::SameLine(0.0f, theme.unit);
  int order = state.by_size ? 1 : 0;
  if (segments(theme, "Order", kOrder, order, width)) state.by_size = order == 1;
}

/// A learned number can be replaced by another.
void draw_setting(const Panel& panel, float width) {
  constexpr NumberField kAnyNumber{-3.4028235e38, 3.4028235e38, false, "Enter: the model goes on with this number"};
  const Theme& theme = panel.theme;
  const std::string now = shortest_text(panel.explanation.value);
  const float field = std::min(16.0f * theme.unit, 0.5f * width);
  space(theme, 0.5f);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  put_text(*ImGui::GetWindowDrawList(), face_of(theme, TextSize::kBody), {at, {at.x + width - field, at.y + control_height(theme)}}, {0.0f, 0.5f},
           theme.colors.text, "Set this number");
  ImGui::SetCursorScreenPos({at.x + width - field, at.y});
  const std::optional<std::string> typed = number_field(theme, "Set this number", now, field, kAnyNumber);
  if (!typed || *typed == now) return;
  if (const Result<float> number = parse_float(*typed); number.ok())
    panel.state.set = number.value();
  else
    refuse("\"" + *typed + "\" is no number that fits: a number from −3.4e38 to 3.4e38 is. " + panel.explanation.element.tensor + " keeps " + now + ".");
}

}  // namespace

std::string derivation_text(const Explanation& explanation) {
  const Derivation& derivation = explanation.derivation;
  std::string text = explanation.element.tensor + explanation.shape.index_text(explanation.element.index) + " is " +
                     shortest_text(explanation.value) + ". " + explanation.formula;
  if (derivation.empty()) return text;
  const bool exact = derivation.digits_suffice(kShortDigits);
  text += ". With numbers: ";
  for (const Token& token : derivation.substituted(kShortDigits, derivation.terms().size() > 8 ? 4 : 8)) text += token.text;
  return text + (exact ? " = " : " ≈ ") + value_text(explanation.value, kShortDigits);
}

void draw_derivation_panel(const Theme& theme, const Explanation& explanation, DerivationPanelState& state,
                           std::optional<ElementRef>& clicked) {
  if (!state.shown || *state.shown != explanation.element) {
    const bool full_digits = state.full_digits, by_size = state.by_size, settable = state.settable;
    state = {};
    state.settable = settable;
    state.shown = explanation.element;
    state.text = derivation_text(explanation);
    state.full_digits = full_digits, state.by_size = by_size;
  }
  state.hovered.reset();
  state.set.reset();
  const Panel panel{theme, explanation, state, clicked};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImGui::PushID("derivation");
  draw_head(panel);
  space(theme, 0.5f);
  const float width = std::max(ImGui::GetContentRegionAvail().x, 40.0f);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool leaf = explanation.derivation.empty();
  if (leaf) {
    ImGui::Dummy({width, put_wrapped(&list, face_of(theme, TextSize::kBody), at, width, theme.colors.text, explanation.formula)});
    draw_result(panel);
    constexpr std::string_view kDigits[] = {"4 digits", "all digits"};
    int digits = state.full_digits ? 1 : 0;
    if (segments(theme, "Digits", kDigits, digits, width)) state.full_digits = digits == 1;
    if (state.settable) draw_setting(panel, width);
  } else {
    ImGui::Dummy({width, draw_formula(theme, &list, at, width, theme.colors.text, explanation.formula)});
    draw_substituted(panel);
    draw_result(panel);
    draw_switches(panel);
    if (state.settable) draw_setting(panel, width);
    draw_operands(panel);
    // One or two terms are already there, in the line of numbers.
    if (explanation.derivation.terms().size() > 2) {
      space(theme, 0.5f);
      draw_derivation_terms(panel);
    }
  }
  ImGui::PopID();
}

}  // namespace chainrule
