#include "web/widgets/ink.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/text/tr.h"

namespace chainrule {
namespace {

constexpr std::string_view kEllipsis = "…";

/// The longest beginning of `text` that is at most `width` wide, cut between characters.
std::string_view fitting(Face face, std::string_view text, float width) {
  while (!text.empty() && plain_width(face, text) > width) {
    std::size_t end = text.size() - 1;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = text.substr(0, end);
  }
  return text;
}

}  // namespace

Face face_of(const Theme& theme, TextSize size, Weight weight) {
  ImFont* font = weight == Weight::kText     ? theme.face(size)
                 : weight == Weight::kStrong ? theme.strong_face(size)
                                             : theme.number_face(size);
  if (font == nullptr) return {ImGui::GetFont(), ImGui::GetFontSize()};
  return {font, font->FontSize * font->Scale * ImGui::GetIO().FontGlobalScale};
}

float plain_width(Face face, std::string_view text) {
  if (text.empty()) return 0.0f;
  return face.font->CalcTextSizeA(face.size, 1e9f, 0.0f, text.data(), text.data() + text.size()).x;
}

void put_plain(ImDrawList& list, Face face, ImVec2 at, ImU32 color, std::string_view text) {
  if (text.empty()) return;
  list.AddText(face.font, face.size, {std::floor(at.x + 0.5f), std::floor(at.y + 0.5f)}, color, text.data(),
               text.data() + text.size());
}

float text_width(Face face, std::string_view text) { return plain_width(face, tr_text(text)); }

void put_text(ImDrawList& list, Face face, ImVec2 at, ImU32 color, std::string_view text) {
  put_plain(list, face, at, color, tr_text(text));
}

std::string fitted_text(Face face, std::string_view text, float width) {
  text = tr_text(text);
  if (plain_width(face, text) <= width + 0.5f) return std::string(text);
  const std::string shortened = std::string(fitting(face, text, width - plain_width(face, kEllipsis))) + std::string(kEllipsis);
  return plain_width(face, shortened) <= width + 0.5f ? shortened : "";
}

void put_text(ImDrawList& list, Face face, const Rect& box, ImVec2 align, ImU32 color, std::string_view text) {
  const std::string shown = fitted_text(face, text, box.width());
  const float width = plain_width(face, shown);
  put_plain(list, face,
           {box.min.x + (box.width() - width) * align.x, box.min.y + (box.height() - face.size) * align.y}, color, shown);
}

float put_wrapped(ImDrawList* list, Face face, ImVec2 at, float width, ImU32 color, std::string_view text) {
  text = tr_text(text);
  const float line = face.size * 1.2f;
  float x = 0.0f, y = 0.0f;
  const float space = plain_width(face, " ");
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const float wide = plain_width(face, word);
    if (x > 0.0f && x + wide > width) x = 0.0f, y += line;
    if (list != nullptr) put_plain(*list, face, {at.x + x, at.y + y}, color, word);
    x += wide + space;
    if (end < text.size() && text[end] == '\n') x = 0.0f, y += line;
    begin = end + 1;
  }
  return text.empty() ? 0.0f : y + line;
}

ImU32 readable_on(const Theme& theme, ImU32 background) {
  const ImU32 opaque = background | IM_COL32_A_MASK;
  const ImU32 other = theme.mode == ThemeMode::kLight ? IM_COL32_WHITE : IM_COL32(16, 18, 22, 255);
  return contrast_ratio(theme.colors.text, opaque) >= contrast_ratio(other, opaque) ? theme.colors.text : other;
}

void value_tip(const Theme& theme, std::string_view title, std::string_view detail, std::optional<ImVec2> anchor) {
  const Face strong = face_of(theme, TextSize::kBody, Weight::kNumber);
  const Face plain = face_of(theme, TextSize::kCaption);
  const float pad = theme.unit;
  float width = text_width(strong, title);
  float height = strong.size;
  for (std::size_t begin = 0; begin < detail.size();) {
    const std::size_t end = std::min(detail.find('\n', begin), detail.size());
    width = std::max(width, text_width(plain, detail.substr(begin, end - begin)));
    height += plain.size * 1.15f;
    begin = end + 1;
  }
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const ImVec2 mouse = anchor.value_or(ImGui::GetIO().MousePos);
  ImVec2 at{mouse.x + 2.0f * pad, mouse.y + 2.0f * pad};
  const ImVec2 size{width + 2.0f * pad, height + 2.0f * pad};
  at.x = std::max(0.0f, std::min(at.x, display.x - size.x - pad));
  if (at.y + size.y > display.y) at.y = std::max(0.0f, mouse.y - size.y - pad);
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.AddRectFilled({at.x, at.y + 2.0f}, {at.x + size.x, at.y + size.y + 3.0f}, theme.colors.shadow, pad * 0.5f);
  list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme.colors.surface_raised, pad * 0.5f);
  list.AddRect(at, {at.x + size.x, at.y + size.y}, theme.colors.outline, pad * 0.5f);
  ImVec2 pen{at.x + pad, at.y + pad * 0.8f};
  put_text(list, strong, pen, theme.colors.text, title);
  pen.y += strong.size * 1.2f;
  for (std::size_t begin = 0; begin < detail.size();) {
    const std::size_t end = std::min(detail.find('\n', begin), detail.size());
    put_text(list, plain, pen, theme.colors.text_muted, detail.substr(begin, end - begin));
    pen.y += plain.size * 1.15f;
    begin = end + 1;
  }
}

void dashed_line(ImDrawList& list, const ImVec2* points, int count, ImU32 color, float thickness, float ink, float gap) {
  if (count < 2) return;
  if (gap <= 0.0f) {
    list.AddPolyline(points, count, color, 0, thickness);
    return;
  }
  bool down = true;
  float left = ink;
  for (int i = 0; i + 1 < count; ++i) {
    ImVec2 from = points[i];
    const ImVec2 to = points[i + 1];
    float length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > 0.0f) {
      const float part = std::min(left, length);
      const ImVec2 next{from.x + (to.x - from.x) * part / length, from.y + (to.y - from.y) * part / length};
      if (down) list.AddLine(from, next, color, thickness);
      from = next;
      length -= part;
      left -= part;
      if (left > 0.0f) break;
      down = !down;
      left = down ? ink : gap;
    }
  }
}

void draw_connector(const Theme& theme, ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 color) {
  const float head = theme.unit * 0.6f;
  list.AddLine(from, {to.x - head, to.y}, color, 1.5f);
  list.AddTriangleFilled({to.x - head, to.y - head * 0.7f}, to, {to.x - head, to.y + head * 0.7f}, color);
}

}  // namespace chainrule
