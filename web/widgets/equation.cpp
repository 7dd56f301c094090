#include "web/widgets/equation.h"

#include <algorithm>

#include "web/widgets/controls.h"

namespace chainrule {
namespace {

std::size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80u ? 1 : byte < 0xE0u ? 2 : byte < 0xF0u ? 3 : 4;
}

struct PlacedToken {
  std::string_view text;
  std::int32_t operand;
  Rect box;
};

struct Piece {
  std::string_view text;
  std::int32_t operand;
};

/// Line breaking: only at blanks, so that a bracket stays with its number.
std::vector<PlacedToken> place(Face face, ImVec2 origin, float width, std::span<const Token> tokens, float* height) {
  std::vector<PlacedToken> placed;
  std::vector<Piece> word;
  const float line = face.size * 1.35f;
  float x = 0.0f, y = 0.0f;
  const auto flush = [&] {
    float wide = 0.0f;
    for (const Piece& piece : word) wide += text_width(face, piece.text);
    if (x > 0.0f && x + wide > width) {
      x = 0.0f, y += line;
      std::string_view& first = word.front().text;
      while (!first.empty() && first.front() == ' ') first.remove_prefix(1);
    }
    for (const Piece& piece : word) {
      const float fitted = text_width(face, piece.text);
      placed.push_back({piece.text, piece.operand, {{origin.x + x, origin.y + y}, {origin.x + x + fitted, origin.y + y + face.size}}});
      x += fitted;
    }
    word.clear();
  };
  for (const Token& token : tokens) {
    std::string_view rest = token.text;
    while (!rest.empty()) {
      if (rest.front() == ' ' && !word.empty()) flush();
      const std::size_t begin = rest.find_first_not_of(' ');
      const std::size_t end = token.operand >= 0 || begin == std::string_view::npos ? rest.size() : std::min(rest.find(' ', begin), rest.size());
      word.push_back({rest.substr(0, end), token.operand});
      rest.remove_prefix(end);
    }
  }
  if (!word.empty()) flush();
  *height = placed.empty() ? 0.0f : y + line;
  return placed;
}

}  // namespace

std::vector<FormulaRun> parse_formula(std::string_view text) {
  std::vector<FormulaRun> runs;
  const auto append = [&](FormulaRun::Level level, std::string_view piece) {
    if (piece.empty()) return;
    if (!runs.empty() && runs.back().level == level)
      runs.back().text += piece;
    else
      runs.push_back({level, std::string(piece)});
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if ((c == '_' || c == '^') && at + 1 < text.size() && text[at + 1] != ' ') {
      const auto level = c == '_' ? FormulaRun::Level::kSub : FormulaRun::Level::kSuper;
      if (text[at + 1] == '{') {
        const std::size_t close = text.find('}', at);
        if (close != std::string_view::npos) {
          append(level, text.substr(at + 2, close - at - 2));
          at = close + 1;
          continue;
        }
      } else {
        const std::size_t length = std::min(character_length(text[at + 1]), text.size() - at - 1);
        append(level, text.substr(at + 1, length));
        at += 1 + length;
        continue;
      }
    }
    const std::size_t length = std::min(character_length(c), text.size() - at);
    append(FormulaRun::Level::kBase, text.substr(at, length));
    at += length;
  }
  return runs;
}

float draw_formula(const Theme& theme, ImDrawList* list, ImVec2 at, float width, ImU32 color, std::string_view text,
                   TextSize size) {
  const Face base = face_of(theme, size);
  Face small = face_of(theme, TextSize::kCaption);
  small.size = std::min(small.size, base.size * 0.78f);
  const float line = base.size * 1.4f;
  float x = 0.0f, y = 0.0f;
  // Words are kept whole over changes of level: they end at blanks of the base line.
  struct Piece {
    FormulaRun::Level level;
    std::string text;
  };
  std::vector<Piece> word;
  const auto width_of = [&](const Piece& piece) { return text_width(piece.level == FormulaRun::Level::kBase ? base : small, piece.text); };
  const auto flush = [&] {
    float wide = 0.0f;
    for (const Piece& piece : word) wide += width_of(piece);
    if (x > 0.0f && x + wide > width) x = 0.0f, y += line;
    for (const Piece& piece : word) {
      const bool on_base = piece.level == FormulaRun::Level::kBase;
      const float lift = on_base ? 0.0f : piece.level == FormulaRun::Level::kSub ? base.size - small.size + base.size * 0.12f : -base.size * 0.12f;
      if (list != nullptr) put_text(*list, on_base ? base : small, {at.x + x, at.y + y + lift}, color, piece.text);
      x += width_of(piece);
    }
    word.clear();
  };
  for (const FormulaRun& run : parse_formula(text)) {
    if (run.level != FormulaRun::Level::kBase) {
      word.push_back({run.level, run.text});
      continue;
    }
    std::size_t begin = 0;
    while (begin <= run.text.size()) {
      const std::size_t end = std::min(run.text.find(' ', begin), run.text.size());
      if (end > begin) word.push_back({run.level, run.text.substr(begin, end - begin)});
      if (end == run.text.size()) break;
      flush();
      if (x > 0.0f) x += text_width(base, " ");
      begin = end + 1;
    }
  }
  flush();
  return text.empty() ? 0.0f : y + line;
}

TokenHit draw_tokens(const Theme& theme, const char* id, float width, std::span<const Token> tokens) {
  TokenHit hit;
  const Face face = face_of(theme, TextSize::kBody, Weight::kNumber);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const auto placed = place(face, origin, width, tokens, &hit.height);
  if (placed.empty() || width < 8.0f) return hit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::string all;
  for (const Token& token : tokens) all += token.text;
  const Press press = press_area(theme, id, {origin, {origin.x + width, origin.y + hit.height}},
                                 {.role = TwinRole::kDrawing, .name = all, .help = "Left and right: the numbers; Enter: where the number comes from"});
  const ImGuiID item = ImGui::GetItemID();

  std::vector<std::size_t> operands;
  for (std::size_t i = 0; i < placed.size(); ++i)
    if (placed[i].operand >= 0) operands.push_back(i);
  std::size_t lit = placed.size();
  bool enter = press.by_keyboard;
  if (press.twin.focused && !operands.empty()) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    const int last = static_cast<int>(operands.size()) - 1;
    int cursor = std::clamp(storage->GetInt(item + 1u), 0, last);
    for (const std::string& key : press.twin.keys) {
      if (key == "Enter" || key == " ") enter = true;
      cursor = std::clamp(cursor + (key == "ArrowRight" || key == "ArrowDown") - (key == "ArrowLeft" || key == "ArrowUp"), 0, last);
    }
    storage->SetInt(item + 1u, cursor);
    lit = operands[static_cast<std::size_t>(cursor)];
    if (!press.twin.keys.empty()) say_place(std::string(placed[lit].text) + ", number " + std::to_string(cursor + 1) + " of " + std::to_string(last + 1));
  }
  if (press.hovered && !enter) {
    for (const std::size_t i : operands)
      if (placed[i].box.contains(ImGui::GetIO().MousePos)) lit = i;
  }
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const PlacedToken& token = placed[i];
    const bool operand = token.operand >= 0;
    if (i == lit) list.AddRectFilled({token.box.min.x - 2, token.box.min.y - 1}, {token.box.max.x + 2, token.box.max.y + 2}, theme.colors.pressed, 3.0f);
    put_text(list, face, token.box.min, i == lit ? theme.colors.accent : operand ? theme.colors.text : theme.colors.text_muted, token.text);
    if (operand)
      list.AddLine({token.box.min.x, token.box.max.y}, {token.box.max.x, token.box.max.y}, with_alpha(theme.colors.accent, i == lit ? 1.0f : 0.45f));
  }
  if (lit < placed.size()) {
    hit.hovered = placed[lit].operand;
    const bool pointed = press.hovered && placed[lit].box.contains(ImGui::GetIO().MousePos);
    if (enter || (press.pressed && pointed)) hit.clicked = hit.hovered;
    if (!pointed) hit.anchor = placed[lit].box.center();
    if (pointed) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  return hit;
}

}  // namespace chainrule
