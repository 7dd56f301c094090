#include "web/widgets/maths.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/controls.h"

namespace chainrule {
namespace {

using Kind = MathsItem::Kind;

struct Faces {
  Face letter, number, script, sum;
  float axis = 0.0f;  // of fractions and signs, above the baseline
  float rule = 1.0f;  // thickness of a fraction's line: whole physical pixels
};

TextSize smaller(TextSize size) { return size == TextSize::kCaption ? size : static_cast<TextSize>(static_cast<int>(size) - 1); }

Faces faces_of(const Theme& theme, TextSize size) {
  Faces faces;
  faces.letter = face_of(theme, size);
  faces.number = face_of(theme, size, Weight::kNumber);
  faces.script = face_of(theme, smaller(smaller(size)));
  faces.sum = faces.letter;
  faces.sum.size *= 1.5f;
  faces.axis = 0.28f * faces.letter.size;
  faces.rule = std::max(1.0f, std::round(theme.pixel_ratio * faces.letter.size / 18.0f)) / theme.pixel_ratio;
  return faces;
}

constexpr std::string_view kSum = "Σ";

float ascent(Face face) { return face.font->Ascent * face.size / std::max(face.font->FontSize, 1.0f); }
float descent(Face face) { return face.size - ascent(face); }

/// Width, and how far it reaches above and below the baseline.
struct Extent {
  float width = 0.0f, above = 0.0f, below = 0.0f;
};

Extent letter_extent(const Faces& faces, const MathsLetter& letter, const Face& base) {
  Extent extent{text_width(base, letter.base), ascent(base), descent(base)};
  extent.width += std::max(text_width(faces.script, letter.sub), text_width(faces.script, letter.sup));
  if (!letter.sub.empty()) extent.below = std::max(extent.below, 0.2f * base.size + descent(faces.script));
  if (!letter.sup.empty()) extent.above = std::max(extent.above, 0.38f * base.size + ascent(faces.script));
  return extent;
}

void put_letter(ImDrawList& list, const Faces& faces, const MathsLetter& letter, const Face& base, ImVec2 at, ImU32 color) {
  put_text(list, base, {at.x, at.y - ascent(base)}, color, letter.base);
  const float x = at.x + text_width(base, letter.base);
  if (!letter.sub.empty()) put_text(list, faces.script, {x, at.y + 0.2f * base.size - ascent(faces.script)}, color, letter.sub);
  if (!letter.sup.empty()) put_text(list, faces.script, {x, at.y - 0.38f * base.size - ascent(faces.script)}, color, letter.sup);
}

MathsLetter partial(const MathsLetter& letter) { return {"∂" + letter.base, letter.sub, letter.sup}; }

bool is_fraction(const MathsItem& item) { return item.kind == Kind::kSymbol && !item.under.base.empty(); }

Extent extent_of(const Faces& faces, const MathsItem& item) {
  const float air = item.kind == Kind::kRelation ? 0.45f : item.kind == Kind::kOperator ? 0.26f : 0.0f;
  if (item.kind == Kind::kSum) {
    const float half = 0.42f * faces.sum.size;  // the sign stands around the axis, its limits above and below
    const float width = std::max({text_width(faces.sum, kSum), text_width(faces.script, item.letter.sub), text_width(faces.script, item.letter.sup)});
    return {width + 0.3f * faces.letter.size, faces.axis + half + faces.script.size, half - faces.axis + faces.script.size};
  }
  if (item.kind != Kind::kSymbol) {
    const Face& face = item.kind == Kind::kNumber ? faces.number : faces.letter;
    return {text_width(face, item.text) + 2.0f * air * faces.letter.size, ascent(face), descent(face)};
  }
  if (!is_fraction(item)) return letter_extent(faces, item.letter, faces.letter);
  const Extent top = letter_extent(faces, partial(item.letter), faces.letter);
  const Extent bottom = letter_extent(faces, partial(item.under), faces.letter);
  const float gap = 0.08f * faces.letter.size;
  return {std::max(top.width, bottom.width) + 0.3f * faces.letter.size, faces.axis + gap + top.above + top.below,
          gap + bottom.above + bottom.below - faces.axis};
}

struct Placed {
  std::size_t item;
  float x;
  Extent extent;
};
struct Line {
  float baseline, above, below;
  std::vector<Placed> placed;
};

/// Breaks a row into lines: at relations when the whole does not fit, within a side before + and −, else anywhere.
class Breaker {
 public:
  Breaker(const Faces& faces, std::span<const MathsItem> items, float width) : faces_(faces), items_(items), width_(width) {
    float whole = 0.0f;
    for (const MathsItem& item : items_) {
      extents_.push_back(extent_of(faces_, item));
      whole += extents_.back().width;
    }
    fits_ = whole <= width_;
  }

  std::vector<Line> lines() {
    std::size_t begin = 0;
    bool first_relation = true;
    while (begin < items_.size()) {
      std::size_t end = begin + 1;
      while (end < items_.size() && !breaks_before(end)) ++end;
      const float piece = width_of(begin, end);
      const bool relation = items_[begin].kind == Kind::kRelation;
      // The first side of an equation keeps its first relation where that leaves room.
      const bool new_line = !current_.empty() && (x_ + piece > width_ || (relation && !fits_ && !first_relation));
      if (new_line) flush();
      if (relation) first_relation = false;
      if (relation && current_.empty() == false && indent_ == 0.0f) indent_ = std::min(x_, 0.35f * width_);
      for (std::size_t i = begin; i < end; ++i) {
        if (!current_.empty() && x_ + extents_[i].width > width_) flush();
        current_.push_back({i, x_, extents_[i]});
        x_ += extents_[i].width;
      }
      begin = end;
    }
    flush();
    return std::move(lines_);
  }

 private:
  bool breaks_before(std::size_t i) const {
    if (items_[i].kind == Kind::kRelation) return true;
    return items_[i].kind == Kind::kOperator && (items_[i].text == "+" || items_[i].text == "−");
  }
  float width_of(std::size_t begin, std::size_t end) const {
    float width = 0.0f;
    for (std::size_t i = begin; i < end; ++i) width += extents_[i].width;
    return width;
  }
  void flush() {
    if (current_.empty()) return;
    Line line{0.0f, 0.0f, 0.0f, std::move(current_)};
    for (const Placed& placed : line.placed) {
      line.above = std::max(line.above, placed.extent.above);
      line.below = std::max(line.below, placed.extent.below);
    }
    const float leading = lines_.empty() ? 0.0f : 0.35f * faces_.letter.size;
    line.baseline = y_ + leading + line.above;
    y_ = line.baseline + line.below;
    lines_.push_back(std::move(line));
    current_.clear();
    x_ = indent_;
  }

  const Faces& faces_;
  std::span<const MathsItem> items_;
  float width_;
  bool fits_ = false;
  std::vector<Extent> extents_;
  std::vector<Placed> current_;
  std::vector<Line> lines_;
  float x_ = 0.0f, y_ = 0.0f, indent_ = 0.0f;
};

float height_of(const std::vector<Line>& lines) { return lines.empty() ? 0.0f : lines.back().baseline + lines.back().below; }

void put_fraction(const Theme& theme, ImDrawList& list, const Faces& faces, const MathsItem& item, ImVec2 at, const Extent& extent, ImU32 color) {
  const MathsLetter over = partial(item.letter), under = partial(item.under);
  const Extent top = letter_extent(faces, over, faces.letter), bottom = letter_extent(faces, under, faces.letter);
  const float gap = 0.08f * faces.letter.size;
  const float line = at.y - faces.axis;
  const float inset = 0.06f * faces.letter.size;
  put_letter(list, faces, over, faces.letter, {at.x + (extent.width - top.width) / 2, line - gap - top.below}, color);
  put_letter(list, faces, under, faces.letter, {at.x + (extent.width - bottom.width) / 2, line + gap + bottom.above}, color);
  const float y = std::round(line * theme.pixel_ratio) / theme.pixel_ratio;
  list.AddRectFilled({at.x + inset, y}, {at.x + extent.width - inset, y + faces.rule}, color);
}

void put_sum(ImDrawList& list, const Faces& faces, const MathsItem& item, ImVec2 at, const Extent& extent, ImU32 color) {
  const auto centred = [&](Face face, std::string_view text) { return at.x + (extent.width - text_width(face, text)) / 2; };
  put_text(list, faces.sum, {centred(faces.sum, kSum), at.y - faces.axis - ascent(faces.sum) + 0.36f * faces.sum.size}, color, kSum);
  put_text(list, faces.script, {centred(faces.script, item.letter.sup), at.y - extent.above}, color, item.letter.sup);
  put_text(list, faces.script, {centred(faces.script, item.letter.sub), at.y + extent.below - faces.script.size}, color, item.letter.sub);
}

Rect number_box(const Theme& theme, ImVec2 origin, const Line& line, const Placed& placed) {
  const float x = origin.x + placed.x, y = origin.y + line.baseline;
  // Fingers and projectors' pointers need some room.
  return {{x - 2, y - placed.extent.above - 0.25f * theme.unit}, {x + placed.extent.width + 2, y + placed.extent.below + 0.25f * theme.unit}};
}

void paint(const Theme& theme, ImDrawList& list, const Faces& faces, std::span<const MathsItem> items, const std::vector<Line>& lines, ImVec2 origin,
           const Placed* lit) {
  for (const Line& line : lines) {
    for (const Placed& placed : line.placed) {
      const MathsItem& item = items[placed.item];
      const bool muted = item.kind == Kind::kText || item.kind == Kind::kOperator || item.kind == Kind::kSum;
      const ImU32 color = item.color != 0 ? item.color : muted ? theme.colors.text_muted : theme.colors.text;
      const ImVec2 at{origin.x + placed.x, origin.y + line.baseline};
      if (&placed == lit) {
        const Rect box = number_box(theme, origin, line, placed);
        list.AddRectFilled(box.min, box.max, theme.colors.pressed, 0.5f * theme.unit);
      }
      if (is_fraction(item)) {
        put_fraction(theme, list, faces, item, at, placed.extent, color);
      } else if (item.kind == Kind::kSum) {
        put_sum(list, faces, item, at, placed.extent, color);
      } else if (item.kind == Kind::kSymbol) {
        put_letter(list, faces, item.letter, faces.letter, at, color);
      } else {
        const Face& face = item.kind == Kind::kNumber ? faces.number : faces.letter;
        const float inset = (placed.extent.width - text_width(face, item.text)) / 2;
        put_text(list, face, {at.x + inset, at.y - ascent(face)}, color, item.text);
        if (item.id >= 0) {
          const float y = at.y + 0.22f * face.size;
          list.AddLine({at.x, y}, {at.x + placed.extent.width, y}, with_alpha(theme.colors.accent, &placed == lit ? 1.0f : 0.45f));
        }
      }
    }
  }
}

std::string letter_line(const MathsLetter& letter) {
  const bool digits = letter.sub.find_first_not_of("0123456789,") == std::string::npos;
  const bool plain = letter.sup.empty() || letter.sup == "′" || letter.sup.starts_with('(') || letter.sup.starts_with('[');
  return letter.base + (letter.sub.empty() ? "" : (digits ? "" : "_") + letter.sub) + (plain ? "" : "^") + letter.sup;
}

}  // namespace

MathsItem maths_symbol(MathsLetter letter, MathsLetter under, ImU32 color) {
  MathsItem item{.kind = Kind::kSymbol, .letter = std::move(letter), .under = std::move(under), .color = color};
  return item;
}
MathsItem maths_number(std::string text, std::int32_t id, std::string name, ImU32 color) {
  return {.kind = Kind::kNumber, .text = std::move(text), .id = id, .color = color, .name = std::move(name)};
}
MathsItem maths_text(std::string text) { return {.kind = Kind::kText, .text = std::move(text)}; }
MathsItem maths_sum(std::string from, std::string to) {
  MathsItem item{.kind = Kind::kSum};
  item.letter = {std::string(kSum), std::move(from), std::move(to)};
  return item;
}
MathsItem maths_operator(std::string sign) { return {.kind = Kind::kOperator, .text = std::move(sign)}; }
MathsItem maths_relation(std::string sign) { return {.kind = Kind::kRelation, .text = std::move(sign)}; }

void append_signs(std::vector<MathsItem>& items, std::string_view text) {
  constexpr std::string_view kSigns[] = {" + ", " − ", " · ", " / "};
  while (!text.empty()) {
    std::size_t nearest = text.npos;
    std::string_view sign;
    for (const std::string_view candidate : kSigns) {
      const std::size_t at = text.find(candidate);
      if (at < nearest) nearest = at, sign = candidate;
    }
    if (nearest > 0) items.push_back(maths_text(std::string(text.substr(0, nearest))));
    if (nearest == text.npos) return;
    items.push_back(maths_operator(std::string(sign.substr(1, sign.size() - 2))));
    text.remove_prefix(nearest + sign.size());
  }
}

std::string maths_line(std::span<const MathsItem> items) {
  std::string line;
  for (const MathsItem& item : items) {
    const bool spaced = item.kind == Kind::kRelation || item.kind == Kind::kOperator;
    std::string text = item.text;
    if (item.kind == Kind::kSymbol) text = letter_line(item.letter);
    if (item.kind == Kind::kSum) text = "Σ(" + item.letter.sub + (item.letter.sup.empty() ? "" : " … " + item.letter.sup) + ") ";
    if (is_fraction(item)) text = "∂" + text + "/∂" + letter_line(item.under);
    line += spaced ? " " + text + " " : text;
  }
  return line;
}

void put_maths(const Theme& theme, ImDrawList& list, std::span<const MathsItem> items, ImVec2 at, float width, TextSize size) {
  const Faces faces = faces_of(theme, size);
  paint(theme, list, faces, items, Breaker(faces, items, width).lines(), at, nullptr);
}

float maths_ascent(const Theme& theme, std::span<const MathsItem> items, TextSize size) {
  const Faces faces = faces_of(theme, size);
  float above = 0.0f;
  for (const MathsItem& item : items) above = std::max(above, extent_of(faces, item).above);
  return above;
}

float maths_height(const Theme& theme, std::span<const MathsItem> items, float width, TextSize size) {
  const Faces faces = faces_of(theme, size);
  return height_of(Breaker(faces, items, width).lines());
}

MathsHit draw_maths(const Theme& theme, const char* id, std::span<const MathsItem> items, float width, TextSize size) {
  MathsHit hit;
  const Faces faces = faces_of(theme, size);
  const std::vector<Line> lines = Breaker(faces, items, width).lines();
  hit.height = height_of(lines);
  if (lines.empty() || width < 8.0f) return hit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Press press = press_area(theme, id, {origin, {origin.x + width, origin.y + hit.height}},
                                 {.role = TwinRole::kDrawing, .name = maths_line(items), .help = "Left and right: the numbers; Enter: where the number comes from"});
  const ImGuiID item_id = ImGui::GetItemID();
  std::vector<std::pair<const Line*, const Placed*>> numbers;
  for (const Line& line : lines)
    for (const Placed& placed : line.placed)
      if (items[placed.item].id >= 0) numbers.push_back({&line, &placed});
  int lit = -1;
  bool enter = press.by_keyboard;
  if (press.twin.focused && !numbers.empty()) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    const int last = static_cast<int>(numbers.size()) - 1;
    lit = std::clamp(storage->GetInt(item_id + 1u), 0, last);
    for (const std::string& key : press.twin.keys) {
      if (key == "Enter" || key == " ") enter = true;
      lit = std::clamp(lit + (key == "ArrowRight" || key == "ArrowDown") - (key == "ArrowLeft" || key == "ArrowUp"), 0, last);
    }
    storage->SetInt(item_id + 1u, lit);
    const MathsItem& at = items[numbers[static_cast<std::size_t>(lit)].second->item];
    if (!press.twin.keys.empty() || press.twin.arrived) say_place(at.name + " " + at.text);
  }
  if (press.hovered && !enter) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (number_box(theme, origin, *numbers[i].first, *numbers[i].second).contains(ImGui::GetIO().MousePos)) lit = static_cast<int>(i);
  }
  const Placed* lit_number = lit >= 0 ? numbers[static_cast<std::size_t>(lit)].second : nullptr;
  paint(theme, list, faces, items, lines, origin, lit_number);
  if (lit_number != nullptr) {
    hit.hovered = items[lit_number->item].id;
    if (enter || press.pressed) hit.clicked = hit.hovered;
    if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  return hit;
}

}  // namespace chainrule
