#include "web/widgets/derivation_panel.h"

#include <algorithm>
#include <string>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/equation.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kShortDigits = 4;

/// What all parts of the panel share.
struct Panel {
  const Theme& theme;
  const Explanation& explanation;
  DerivationPanelState& state;
  std::optional<ElementRef>& clicked;

  int digits() const { return state.full_digits ? 0 : kShortDigits; }
  const Derivation& derivation() const { return explanation.derivation; }
  std::string shown(float value) const { return value_text(value, digits()); }
  const ElementRef* reference(std::int32_t operand) const {
    const auto k = static_cast<std::size_t>(operand);
    return operand >= 0 && k < explanation.operands.size() ? &explanation.operands[k] : nullptr;
  }
  /// A click on or the pointer over an operand.
  void touch(std::int32_t hovered, std::int32_t pressed) const {
    if (const ElementRef* element = reference(hovered)) {
      state.hovered = *element;
      value_tip(theme, value_text(derivation().operand_value(hovered), 0),
                element->tensor + "[" + grouped_text(element->index) + "] at step " + grouped_text(element->step) +
                    "\nclick: where this number comes from");
    }
    if (const ElementRef* element = reference(pressed)) clicked = *element;
  }
};

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
  panel.touch(hit.hovered, hit.clicked);
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
    const std::string step = element->step == panel.explanation.element.step ? "" : " of step " + grouped_text(element->step);
    const Token line[] = {{operand < derivation.first_deciding() ? "with " : "decided by ", -1},
                          {panel.shown(derivation.operand_value(operand)), operand},
                          {" = " + name + step, -1}};
    const TokenHit hit = draw_tokens(theme, ("operand" + std::to_string(operand)).c_str(), width, line);
    panel.touch(hit.hovered, hit.clicked);
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
  if (segmented(theme, "digits", kDigits, &digits, width)) state.full_digits = digits == 1;
  if (panel.derivation().terms().size() < 3) return;
  if (segmented_width(theme, kDigits) + segmented_width(theme, kOrder) + theme.unit <= width) ImGui::SameLine(0.0f, theme.unit);
  int order = state.by_size ? 1 : 0;
  if (segmented(theme, "order", kOrder, &order, width)) state.by_size = order == 1;
}

std::string position_text(const Panel& panel, const Term& term) {
  std::string text;
  for (std::size_t axis = 0; axis < panel.derivation().axes().size(); ++axis) {
    if (panel.derivation().axes()[axis].empty()) continue;
    if (!text.empty()) text += ",";
    text += std::to_string(term.position[axis]);
  }
  return text;
}

/// Columns of the table: place, the term with its numbers, its value, the sum so far.
struct Columns {
  float place, term, value, running, end;
};

Columns columns_of(const Panel& panel, float width) {
  const Face number = face_of(panel.theme, TextSize::kCaption, Weight::kNumber);
  const float digit = text_width(number, "0");
  const float numbers = digit * (panel.state.full_digits ? 13.0f : 9.0f);
  Columns columns{};
  columns.end = width;
  columns.running = width - std::max(numbers, text_width(face_of(panel.theme, TextSize::kCaption), "sum so far") + panel.theme.unit);
  columns.value = columns.running - numbers;
  // The last term has the longest indices.
  const auto terms = panel.derivation().terms();
  const std::string place = terms.empty() ? "" : position_text(panel, terms.back());
  columns.term = place.empty() ? 0.0f : std::min(text_width(number, place) + 1.5f * panel.theme.unit, width * 0.35f);
  return columns;
}

void row_numbers(const Panel& panel, const Columns& columns, ImVec2 at, float height, const std::string& value, const std::string& running) {
  const Theme& theme = panel.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face number = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const auto put = [&](float left, float right, ImU32 color, std::string_view text) {
    put_text(list, number, {{at.x + left + theme.unit * 0.5f, at.y}, {at.x + right, at.y + height}}, {1.0f, 0.5f}, color, text);
  };
  put(columns.value, columns.running, theme.colors.text, value);
  put(columns.running, columns.end, theme.colors.text_muted, running);
}

/// One term: its operands are buttons, so that the keyboard reaches them too.
void draw_term(const Panel& panel, const Columns& columns, std::size_t index, int depth, float height) {
  const Theme& theme = panel.theme;
  const Term& term = panel.derivation().terms()[index];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face number = face_of(theme, TextSize::kCaption, Weight::kNumber);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float indent = static_cast<float>(depth) * theme.unit * 1.5f;
  put_text(list, number, {{at.x + indent, at.y}, {at.x + columns.term + indent, at.y + height}}, {0.0f, 0.5f}, theme.colors.text_muted,
           position_text(panel, term));
  float x = at.x + columns.term + indent;
  const float right = at.x + columns.value;
  ImGui::PushClipRect({x, at.y}, {right, at.y + height}, true);
  int part = 0;
  for (const Token& token : panel.derivation().substituted_node(term.node, panel.digits())) {
    const float wide = text_width(number, token.text);
    const Rect box{{x, at.y}, {x + wide, at.y + height}};
    bool lit = false;
    if (token.operand >= 0 && x < right && wide >= 1.0f) {
      ImGui::SetCursorScreenPos(box.min);
      const bool pressed = ImGui::InvisibleButton(std::to_string(part++).c_str(), {wide, height});
      lit = ImGui::IsItemHovered() || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible);
      if (lit) list.AddRectFilled({box.min.x - 2, box.min.y + 1}, {box.max.x + 2, box.max.y - 1}, theme.colors.pressed, 3.0f);
      focus_ring(theme, list, box);
      panel.touch(ImGui::IsItemHovered() ? token.operand : -1, pressed ? token.operand : -1);
      const float line = box.center().y + number.size * 0.5f;
      list.AddLine({box.min.x, line}, {box.max.x, line}, with_alpha(theme.colors.accent, lit ? 1.0f : 0.45f));
    }
    put_text(list, number, {{x, at.y}, {x + wide + 1.0f, at.y + height}}, {0.0f, 0.5f},
             lit ? theme.colors.accent : token.operand >= 0 ? theme.colors.text : theme.colors.text_muted, token.text);
    x += wide;
  }
  ImGui::PopClipRect();
  row_numbers(panel, columns, at, height, panel.shown(term.value), panel.state.by_size ? grouped_text(static_cast<long long>(index) + 1) : panel.shown(term.running));
}

/// "channel 3", or "terms 33–64" where no loop index tells a block's terms apart.
std::string group_name(const Panel& panel, const Fold& fold) {
  const auto axis = static_cast<std::size_t>(fold.level);
  if (!fold.block && axis < panel.derivation().axes().size() && !panel.derivation().axes()[axis].empty())
    return std::string(panel.derivation().axes()[axis]) + " " + std::to_string(fold.position[axis]);
  return "terms " + std::to_string(fold.terms.first + 1) + "–" + std::to_string(fold.terms.first + fold.terms.count);
}

/// The terms that share a position, as one row: a button that unfolds it, what they add, and the sum after them.
void draw_group(const Panel& panel, const Columns& columns, const TermRow& row, float height) {
  const Theme& theme = panel.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face text = face_of(theme, TextSize::kCaption);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float indent = static_cast<float>(row.depth) * theme.unit * 1.5f;
  if (ImGui::InvisibleButton("group", {columns.end, height})) {
    const std::pair key{row.depth, row.fold.terms.first};
    if (row.open)
      panel.state.open.erase(key);
    else
      panel.state.open.insert(key);
  }
  if (ImGui::IsItemHovered()) list.AddRectFilled(at, {at.x + columns.end, at.y + height}, theme.colors.hover, 4.0f);
  focus_ring(theme, list, {at, {at.x + columns.end, at.y + height}});
  const ImVec2 tip{at.x + indent + theme.unit * 0.5f, at.y + height * 0.5f};
  const float r = theme.unit * 0.45f;
  if (row.open)
    list.AddTriangleFilled({tip.x - r, tip.y - r * 0.6f}, {tip.x + r, tip.y - r * 0.6f}, {tip.x, tip.y + r * 0.8f}, theme.colors.accent);
  else
    list.AddTriangleFilled({tip.x - r * 0.6f, tip.y - r}, {tip.x + r * 0.8f, tip.y}, {tip.x - r * 0.6f, tip.y + r}, theme.colors.accent);
  const std::string name = group_name(panel, row.fold);
  const float left = at.x + indent + theme.unit * 1.5f;
  put_text(list, text, {{left, at.y}, {at.x + columns.value, at.y + height}}, {0.0f, 0.5f}, theme.colors.text, name);
  const std::string count = row.fold.block ? "" : grouped_text(static_cast<long long>(row.fold.terms.count)) + " terms";
  const float after = left + text_width(text, name) + theme.unit;
  put_text(list, text, {{after, at.y}, {at.x + columns.value, at.y + height}}, {0.0f, 0.5f}, theme.colors.text_muted, count);
  // A group has no sum of its own in float32: its terms were added one by one to the sum so far.
  row_numbers(panel, columns, at, height, "", panel.shown(row.fold.running_after));
}

void draw_table_head(const Panel& panel, const Columns& columns) {
  const Theme& theme = panel.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face caption = face_of(theme, TextSize::kCaption);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const auto put = [&](float left, float right, float align, std::string_view text) {
    put_text(list, caption, {{at.x + left, at.y}, {at.x + right, at.y + caption.size}}, {align, 0.0f}, theme.colors.text_muted, text);
  };
  std::string axes;
  for (const std::string_view axis : panel.derivation().axes()) {
    if (axis.empty()) continue;
    if (!axes.empty()) axes += ",";
    axes += axis;
  }
  put(0.0f, columns.value, 0.0f, axes.empty() ? "term" : axes);
  put(columns.value, columns.running, 1.0f, "adds");
  put(columns.running, columns.end, 1.0f, panel.state.by_size ? "place" : "sum so far");
  const float line = at.y + caption.size + theme.unit * 0.4f;
  list.AddLine({at.x, line}, {at.x + columns.end, line}, theme.colors.outline);
  ImGui::Dummy({columns.end, caption.size + theme.unit * 0.75f});
}

void draw_terms(const Panel& panel) {
  const Theme& theme = panel.theme;
  const auto terms = panel.derivation().terms();
  DerivationPanelState& state = panel.state;
  const float height = face_of(theme, TextSize::kCaption, Weight::kNumber).size + theme.unit * 0.75f;
  const float width = ImGui::GetContentRegionAvail().x;
  const Columns head = columns_of(panel, width - ImGui::GetStyle().ScrollbarSize);
  section_title(theme, ImGui::GetCursorScreenPos(), width, grouped_text(static_cast<long long>(terms.size())) + " terms");
  ImGui::Dummy({width, face_of(theme, TextSize::kBody).size + theme.unit * 0.75f});
  draw_table_head(panel, head);
  const float room = std::max(ImGui::GetContentRegionAvail().y, height * 4.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.0f, 0.0f});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.0f, 0.0f});
  if (ImGui::BeginChild("terms", {width, room}, ImGuiChildFlags_None)) {
    std::vector<TermRow> rows;
    if (state.by_size) {
      if (state.order.size() != terms.size()) state.order = terms_by_size(panel.derivation(), all_terms(panel.derivation()));
    } else {
      rows = visible_rows(panel.derivation(), state.open);
    }
    const Columns columns = columns_of(panel, width - ImGui::GetStyle().ScrollbarSize);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(state.by_size ? state.order.size() : rows.size()), height);
    while (clipper.Step()) {
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        const ImVec2 start = ImGui::GetCursorScreenPos();
        const auto k = static_cast<std::size_t>(i);
        ImGui::PushID(static_cast<int>(state.by_size ? state.order[k] : rows[k].fold.terms.first));
        if (state.by_size) {
          draw_term(panel, columns, state.order[k], 0, height);
        } else if (rows[k].group) {
          ImGui::PushID(rows[k].depth);
          draw_group(panel, columns, rows[k], height);
          ImGui::PopID();
        } else {
          draw_term(panel, columns, rows[k].fold.terms.first, rows[k].depth, height);
        }
        ImGui::PopID();
        ImGui::SetCursorScreenPos(start);
        ImGui::Dummy({columns.end, height});
      }
    }
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

}  // namespace

void draw_derivation_panel(const Theme& theme, const Explanation& explanation, DerivationPanelState& state,
                           std::optional<ElementRef>& clicked) {
  if (!state.shown || *state.shown != explanation.element) {
    const bool full_digits = state.full_digits, by_size = state.by_size;
    state = {};
    state.shown = explanation.element;
    state.full_digits = full_digits, state.by_size = by_size;
  }
  state.hovered.reset();
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
    if (segmented(theme, "digits", kDigits, &digits, width)) state.full_digits = digits == 1;
  } else {
    ImGui::Dummy({width, draw_formula(theme, &list, at, width, theme.colors.text, explanation.formula)});
    draw_substituted(panel);
    draw_result(panel);
    draw_switches(panel);
    draw_operands(panel);
    // One or two terms are already there, in the line of numbers.
    if (explanation.derivation.terms().size() > 2) {
      space(theme, 0.5f);
      draw_terms(panel);
    }
  }
  ImGui::PopID();
}

}  // namespace chainrule
