// The table of a derivation's terms: what each adds, and the sum so far.
#include <algorithm>
#include <vector>

#include "web/widgets/controls.h"
#include "web/widgets/derivation_parts.h"

namespace chainrule {
namespace {

using Panel = DerivationView;

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

/// What the pointer or the keyboard does at one row of the table.
struct RowInput {
  std::optional<ImVec2> mouse;  // the pointer is on this row
  int part = -1;                // operand of the row that the keyboard's cursor is on; -1: not on this row
  bool pressed = false;
};

/// One term: its operands can be clicked.
void draw_term(const Panel& panel, const Columns& columns, std::size_t index, int depth, float height, const RowInput& input) {
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
      const bool pointed = input.mouse && box.contains(*input.mouse) && input.mouse->x < right;
      const bool walked = part++ == input.part;
      lit = pointed || walked;
      if (lit) list.AddRectFilled({box.min.x - 2, box.min.y + 1}, {box.max.x + 2, box.max.y - 1}, theme.colors.pressed, 3.0f);
      if (pointed) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      panel.touch(lit ? token.operand : -1, lit && input.pressed ? token.operand : -1, pointed ? std::nullopt : std::optional(box.center()));
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

/// The terms that share a position, as one row that a press unfolds, with the sum after them.
void draw_group(const Panel& panel, const Columns& columns, const TermRow& row, float height, const RowInput& input) {
  const Theme& theme = panel.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face text = face_of(theme, TextSize::kCaption);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float indent = static_cast<float>(row.depth) * theme.unit * 1.5f;
  if (input.pressed) {
    const std::pair key{row.depth, row.fold.terms.first};
    if (row.open)
      panel.state.open.erase(key);
    else
      panel.state.open.insert(key);
  }
  if (input.mouse || input.part >= 0) list.AddRectFilled(at, {at.x + columns.end, at.y + height}, theme.colors.hover, 4.0f);
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

/// The rows on show: terms by size, or in the order of summation and folded.
struct Rows {
  const Panel& panel;
  std::vector<TermRow> folded;
  bool by_size() const { return panel.state.by_size; }
  std::size_t count() const { return by_size() ? panel.state.order.size() : folded.size(); }
  bool group(std::size_t row) const { return !by_size() && folded[row].group; }
  std::size_t term(std::size_t row) const { return by_size() ? panel.state.order[row] : folded[row].fold.terms.first; }
  int operands(std::size_t row) const {
    if (group(row)) return 1;
    int count = 0;
    for (const Token& token : panel.derivation().substituted_node(panel.derivation().terms()[term(row)].node, panel.digits())) count += token.operand >= 0;
    return count;
  }
};

/// As the reader of the page hears it.
std::string row_text(const Rows& rows, std::size_t row, int part) {
  const Panel& panel = rows.panel;
  if (rows.group(row)) {
    const Fold& fold = rows.folded[row].fold;
    return group_name(panel, fold) + ", " + grouped_text(static_cast<long long>(fold.terms.count)) + " terms, sum so far " +
           panel.shown(fold.running_after) + (rows.folded[row].open ? ", open" : ", closed");
  }
  const Term& term = panel.derivation().terms()[rows.term(row)];
  std::string text = "term " + grouped_text(static_cast<long long>(rows.term(row)) + 1) + ": ", operand;
  for (const Token& token : panel.derivation().substituted_node(term.node, panel.digits())) {
    text += token.text;
    if (token.operand >= 0 && part-- == 0) {
      if (const ElementRef* element = panel.reference(token.operand)) operand = "; on " + token.text + " = " + element->tensor + "[" + grouped_text(element->index) + "]";
    }
  }
  return text + ", adds " + panel.shown(term.value) + ", sum so far " + panel.shown(term.running) + operand;
}

/// The keyboard's cursor in the table; true when Enter was typed at it.
bool walk_rows(const Rows& rows, const Press& press, float height) {
  DerivationPanelState& state = rows.panel.state;
  const int last = static_cast<int>(rows.count()) - 1;
  bool enter = press.by_keyboard, moved = press.twin.arrived;
  for (const std::string& key : press.twin.keys) {
    enter = enter || key == "Enter" || key == " ";
    const int row = state.row;
    state.row = key == "Home" ? 0 : key == "End" ? last : state.row + (key == "ArrowDown") - (key == "ArrowUp");
    state.row = std::clamp(state.row, 0, last);
    state.part += (key == "ArrowRight") - (key == "ArrowLeft");
    if (state.row != row) state.part = 0;
    moved = true;
  }
  state.row = std::clamp(state.row, 0, last);
  state.part = std::clamp(state.part, 0, std::max(rows.operands(static_cast<std::size_t>(state.row)) - 1, 0));
  if (!moved) return enter;
  say_place(row_text(rows, static_cast<std::size_t>(state.row), state.part));
  const float top = static_cast<float>(state.row) * height, scroll = ImGui::GetScrollY(), room = ImGui::GetWindowHeight();
  if (top < scroll) ImGui::SetScrollY(top);
  if (top + height > scroll + room) ImGui::SetScrollY(top + height - room);
  return enter;
}

void draw_rows(const Panel& panel, const Rows& rows, const Columns& columns, float height) {
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float all = height * static_cast<float>(rows.count());
  const Press press = press_area(panel.theme, "rows", {top, {top.x + columns.end, top.y + all}},
                                 {.role = TwinRole::kCells, .name = grouped_text(static_cast<long long>(panel.derivation().terms().size())) + " terms",
                                  .help = "Up and down: rows; left and right: their numbers; Enter: where a number comes from, or what a group holds"});
  const bool enter = rows.count() > 0 && press.twin.focused && walk_rows(rows, press, height);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const int pointed = press.hovered ? static_cast<int>((mouse.y - top.y) / height) : -1;
  ImGui::SetCursorScreenPos(top);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows.count()), height);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ImVec2 start = ImGui::GetCursorScreenPos();
      const auto row = static_cast<std::size_t>(i);
      RowInput input;
      if (i == pointed) input.mouse = mouse;
      if (press.twin.focused && !press.hovered && i == panel.state.row) input.part = panel.state.part;
      input.pressed = enter ? i == panel.state.row : press.pressed && i == pointed;
      if (rows.group(row))
        draw_group(panel, columns, rows.folded[row], height, input);
      else
        draw_term(panel, columns, rows.term(row), rows.by_size() ? 0 : rows.folded[row].depth, height, input);
      ImGui::SetCursorScreenPos(start);
      ImGui::Dummy({columns.end, height});
    }
  }
}

}  // namespace

void draw_derivation_terms(const DerivationView& panel) {
  const Theme& theme = panel.theme;
  const auto terms = panel.derivation().terms();
  DerivationPanelState& state = panel.state;
  const float height = face_of(theme, TextSize::kCaption, Weight::kNumber).size + theme.unit * 0.75f;
  const float width = ImGui::GetContentRegionAvail().x;
  const Columns columns = columns_of(panel, width - ImGui::GetStyle().ScrollbarSize);
  section_title(theme, ImGui::GetCursorScreenPos(), width, grouped_text(static_cast<long long>(terms.size())) + " terms");
  ImGui::Dummy({width, face_of(theme, TextSize::kBody).size + theme.unit * 0.75f});
  draw_table_head(panel, columns);
  const float room = std::max(ImGui::GetContentRegionAvail().y, height * 4.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.0f, 0.0f});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.0f, 0.0f});
  if (ImGui::BeginChild("terms", {width, room}, ImGuiChildFlags_None)) {
    if (state.by_size && state.order.size() != terms.size()) state.order = terms_by_size(panel.derivation(), all_terms(panel.derivation()));
    const Rows rows{panel, state.by_size ? std::vector<TermRow>{} : visible_rows(panel.derivation(), state.open)};
    draw_rows(panel, rows, columns, height);
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

}  // namespace chainrule
