// Controls that choose one of several: joined parts, tabs, and a list that opens.
#include <imgui_internal.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/base/text.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

float padding_of(const Theme& theme) { return theme.unit * 1.5f; }

/// Of each part: alike where every word fits into its share, otherwise as its word needs.
std::vector<float> segment_widths(const Theme& theme, std::span<const std::string_view> words, float width, bool alike) {
  std::vector<float> widths;
  for (const std::string_view word : words) widths.push_back(text_width(face_of(theme, TextSize::kBody), word));
  const float share = width / static_cast<float>(words.size());
  alike = alike && *std::ranges::max_element(widths) + theme.unit <= share;
  const float text = std::accumulate(widths.begin(), widths.end(), 0.0f);
  const float room = std::max(width - text, 0.0f) / static_cast<float>(words.size());
  for (float& part : widths) part = alike ? share : part * std::min(width / text, 1.0f) + room;
  return widths;
}

/// The value of a list is its index.
void take_index(const TwinInput& input, std::size_t count, int& choice) {
  if (!input.value) return;
  const Result<long long> index = parse_integer(*input.value);
  if (index.ok() && index.value() >= 0 && index.value() < static_cast<long long>(count)) choice = static_cast<int>(index.value());
}

/// The list of a choice that is open, below its field or above it where there is more room.
void draw_list(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, const Rect& field) {
  const Face face = face_of(theme, TextSize::kBody);
  const float row = control_height(theme), pad = 0.5f * theme.unit;
  float width = field.width();
  for (const std::string_view word : words) width = std::max(width, text_width(face, word) + 4.0f * theme.unit);
  const float height = row * static_cast<float>(words.size()) + 2.0f * pad;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const bool above = field.max.y + height > screen.y && field.min.y > screen.y - field.max.y;
  const float room = above ? field.min.y - theme.unit : screen.y - field.max.y - theme.unit;
  ImGui::SetNextWindowPos({std::max(0.0f, std::min(field.min.x, screen.x - width)), above ? field.min.y : field.max.y}, ImGuiCond_Always,
                          {0.0f, above ? 1.0f : 0.0f});
  ImGui::SetNextWindowSize({width, std::min(height, room)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.0f, 0.0f});
  if (ImGui::BeginPopup(name, ImGuiWindowFlags_NoMove)) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float inner = ImGui::GetContentRegionAvail().x;
    for (int i = 0; i < static_cast<int>(words.size()); ++i) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      ImGui::PushID(i);
      if (ImGui::InvisibleButton("row", {inner, row})) {
        choice = i;
        ImGui::CloseCurrentPopup();
      }
      ImGui::PopID();
      const Rect box{at, {at.x + inner, at.y + row}};
      if (i == choice || ImGui::IsItemHovered())
        list.AddRectFilled(box.min, box.max, ImGui::IsItemHovered() ? theme.colors.hover : theme.colors.pressed, theme.unit);
      put_text(list, face, box.shrunk(theme.unit, 0.0f), {0.0f, 0.5f}, i == choice ? theme.colors.accent : theme.colors.text,
               words[static_cast<std::size_t>(i)]);
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

}  // namespace

float segments_width(const Theme& theme, std::span<const std::string_view> words) {
  const Face face = face_of(theme, TextSize::kBody);
  float width = 0.0f;
  for (const std::string_view word : words) width += text_width(face, word) + 2.0f * padding_of(theme);
  return width;
}

bool segments(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width, bool fill) {
  if (words.empty()) return false;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody);
  const float natural = segments_width(theme, words), height = control_height(theme), radius = theme.unit;
  const float used = fill ? width : std::min(natural, width);
  const std::vector<float> widths = segment_widths(theme, words, used, fill);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  list.AddRectFilled(origin, {origin.x + used, origin.y + height}, theme.colors.field, radius);
  const int before = choice;
  float x = origin.x;
  ImGui::PushID(name);
  Twin* mirrored = twin();
  if (mirrored != nullptr) mirrored->begin_group(ImGui::GetID("group"), TwinRole::kRadios, name);
  for (int i = 0; i < static_cast<int>(words.size()); ++i) {
    const std::string_view word = words[static_cast<std::size_t>(i)];
    const float wide = widths[static_cast<std::size_t>(i)];
    const bool chosen = i == before;
    const Press part = press_area(theme, std::to_string(i).c_str(), {{x, origin.y}, {x + wide, origin.y + height}},
                                  {.role = TwinRole::kRadio, .name = std::string(word), .on = chosen});
    const Rect inside = part.box.shrunk(2.0f, 2.0f);
    if (chosen) {
      list.AddRectFilled(inside.min, inside.max, theme.colors.surface_raised, radius - 2.0f);
      list.AddRect(inside.min, inside.max, theme.colors.outline, radius - 2.0f);
    } else if (part.hovered) {
      list.AddRectFilled(inside.min, inside.max, theme.colors.hover, radius - 2.0f);
    }
    put_text(list, face, inside.shrunk(2.0f, 0.0f), {0.5f, 0.5f}, chosen ? theme.colors.accent : theme.colors.text_muted, word);
    if (part.pressed) choice = i;
    x += wide;
  }
  if (mirrored != nullptr) mirrored->end_group();
  ImGui::PopID();
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({used, height});
  return choice != before;
}

bool tabs(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width) {
  if (words.empty()) return false;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody, Weight::kStrong);
  const float height = control_height(theme) + theme.unit * 0.5f, gap = theme.unit * 3.0f;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  float natural = -gap;
  for (const std::string_view word : words) natural += text_width(face, word) + gap;
  const float step = natural <= width ? gap : std::max(theme.unit * 0.5f, gap - (natural - width) / static_cast<float>(std::max<std::size_t>(words.size() - 1, 1)));
  const float line = origin.y + height - 1.0f;
  list.AddLine({origin.x, line}, {origin.x + width, line}, theme.colors.outline);
  const int before = choice;
  float x = origin.x;
  ImGui::PushID(name);
  Twin* mirrored = twin();
  if (mirrored != nullptr) mirrored->begin_group(ImGui::GetID("group"), TwinRole::kTabs, name);
  for (int i = 0; i < static_cast<int>(words.size()); ++i) {
    const std::string_view word = words[static_cast<std::size_t>(i)];
    const float wide = std::min(text_width(face, word), std::max(8.0f, origin.x + width - x));
    const bool chosen = i == before;
    const Press part = press_area(theme, std::to_string(i).c_str(), {{x - step * 0.3f, origin.y}, {x + wide + step * 0.3f, origin.y + height}},
                                  {.role = TwinRole::kTab, .name = std::string(word), .on = chosen});
    const ImU32 color = chosen || part.hovered ? theme.colors.text : theme.colors.text_muted;
    put_text(list, face, {{x, origin.y}, {x + wide + 1.0f, origin.y + height}}, {0.0f, 0.45f}, color, word);
    if (chosen)
      list.AddRectFilled({x, line - 2.0f}, {x + wide, line + 1.0f}, theme.colors.accent);
    else if (part.hovered)
      list.AddRectFilled({x, line - 1.0f}, {x + wide, line + 1.0f}, theme.colors.text_muted);
    if (part.pressed) choice = i;
    x += wide + step;
  }
  if (mirrored != nullptr) mirrored->end_group();
  ImGui::PopID();
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({width, height});
  return choice != before;
}

bool choice(const Theme& theme, const char* name, std::span<const std::string_view> words, int& choice, float width, std::string_view help) {
  if (words.empty()) return false;
  const int before = choice = std::clamp(choice, 0, static_cast<int>(words.size()) - 1);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = control_height(theme), u = theme.unit;
  TwinNode node{.role = TwinRole::kChoice, .name = name, .help = std::string(help), .chosen = before};
  node.options.assign(words.begin(), words.end());
  ImGui::PushID(name);
  const Press press = press_area(theme, "field", {at, {at.x + width, at.y + height}}, std::move(node));
  help_of_last_item(theme, help);
  if (press.pressed) ImGui::OpenPopup("list");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(press.box.min, press.box.max, press.hovered ? mix_color(theme.colors.field, theme.colors.text, 0.08f) : theme.colors.field, u);
  put_text(list, face_of(theme, TextSize::kBody), {{at.x + 1.25f * u, at.y}, {at.x + width - 3.0f * u, at.y + height}}, {0.0f, 0.5f},
           theme.colors.text, words[static_cast<std::size_t>(before)]);
  const ImVec2 tip{at.x + width - 1.75f * u, at.y + height * 0.5f};
  const ImVec2 arrow[] = {{tip.x - 0.6f * u, tip.y - 0.3f * u}, {tip.x, tip.y + 0.3f * u}, {tip.x + 0.6f * u, tip.y - 0.3f * u}};
  list.AddPolyline(arrow, 3, theme.colors.text_muted, 0, 1.75f);
  draw_list(theme, "list", words, choice, press.box);
  take_index(press.twin, words.size(), choice);
  ImGui::PopID();
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  return choice != before;
}

}  // namespace chainrule
