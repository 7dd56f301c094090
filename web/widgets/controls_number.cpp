// Controls for numbers: a slider, and a field that the page lays a real one over.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr double kTicks = 1000.0;  // of the page's slider, which knows nothing of logarithms

double share_of(double value, double low, double high, bool logarithmic) {
  if (!(high > low)) return 0.0;
  const double share = logarithmic && low > 0 ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return std::clamp(share, 0.0, 1.0);
}

double value_at(double share, double low, double high, bool logarithmic) {
  const double t = std::clamp(share, 0.0, 1.0);
  return logarithmic && low > 0 ? low * std::pow(high / low, t) : low + t * (high - low);
}

}  // namespace

bool slider(const Theme& theme, const char* name, double& value, double low, double high, bool logarithmic, float width,
            std::string_view value_text, std::string_view help) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const double share = share_of(value, low, high, logarithmic);
  const Press press = press_area(theme, name, {at, {at.x + width, at.y + control_height(theme)}},
                                 {.role = TwinRole::kSlider, .name = name, .value = std::string(value_text), .help = std::string(help),
                                  .low = 0.0, .high = kTicks, .now = std::round(share * kTicks)});
  const float margin = 1.25f * theme.unit, left = at.x + margin, right = at.x + width - margin;
  bool changed = false;
  const auto set = [&](double moved) {
    const double next = value_at(moved, low, high, logarithmic);
    changed = changed || next != value;
    value = next;
  };
  if (press.held) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);  // see TouchScroll
    const float pointer = ImGui::GetIO().MousePos.x;
    // A press without a move changes nothing: the knob is wider than one value.
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 1.0f) || std::abs(pointer - (left + static_cast<float>(share) * (right - left))) > margin)
      set(static_cast<double>((pointer - left) / std::max(right - left, 1.0f)));
  }
  if (press.twin.value) {
    if (const Result<float> tick = parse_float(*press.twin.value); tick.ok()) set(static_cast<double>(tick.value()) / kTicks);
  }
  const float x = left + static_cast<float>(share_of(value, low, high, logarithmic)) * (right - left);
  const float y = std::round(press.box.center().y), thick = 0.5f * theme.unit;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 track = mix_color(theme.colors.field, theme.colors.text_muted, 0.25f);
  list.AddRectFilled({at.x + 2, y - thick / 2}, {at.x + width - 2, y + thick / 2}, track, thick);
  list.AddRectFilled({at.x + 2, y - thick / 2}, {x, y + thick / 2}, theme.colors.accent, thick);
  if (press.held || press.hovered) list.AddCircleFilled({x, y}, 1.7f * theme.unit, theme.colors.pressed);
  list.AddCircleFilled({x, y}, 1.05f * theme.unit, theme.colors.accent);
  list.AddCircleFilled({x, y}, 0.45f * theme.unit, theme.colors.surface_raised);
  help_of_last_item(theme, help);
  return changed;
}

double next_number(double value, int by, const NumberField& field) {
  const double step = field.whole ? 1.0 : value == 0.0 ? 0.01 : std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1.0);
  const double next = std::round(value / step + by) * step;
  return std::clamp(next, field.low, field.high);
}

namespace {

Press press_field(const Theme& theme, const char* name, const Rect& box, std::string_view text, const NumberField& field) {
  TwinNode node{.role = TwinRole::kNumber, .name = name, .value = std::string(text), .help = std::string(field.help),
                .low = field.low, .high = field.high, .whole = field.whole};
  if (const Result<float> now = parse_float(text); now.ok()) node.now = static_cast<double>(now.value());
  return press_area(theme, (std::string(name) + "##field").c_str(), box, std::move(node));
}

std::optional<std::string> typed_text(const Press& press, std::string_view text, const NumberField& field) {
  const Result<float> now = parse_float(text);
  for (const std::string& key : press.twin.keys) {
    const int by = key == "ArrowUp" ? 1 : key == "ArrowDown" ? -1 : 0;
    if (by != 0 && now.ok()) return shortest_text(static_cast<float>(next_number(static_cast<double>(now.value()), by, field)));
  }
  return press.twin.value;
}

void draw_field(const Theme& theme, const Press& press, std::string_view text) {
  if (press.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(press.box.min, press.box.max, press.hovered ? mix_color(theme.colors.field, theme.colors.text, 0.06f) : theme.colors.field, theme.unit);
  const Face face = face_of(theme, TextSize::kBody, Weight::kNumber);
  const Rect box = press.box.shrunk(theme.unit, 0.0f);
  const std::string shown = fitted_text(face, text, box.width());
  put_plain(list, face, {box.min.x, box.center().y - 0.5f * face.size}, theme.colors.text, shown);
}

}  // namespace

std::optional<std::string> text_field(const Theme& theme, const char* name, std::string_view text, float width, std::string_view help) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  TwinNode node{.role = TwinRole::kField, .name = name, .value = std::string(text), .help = std::string(help)};
  const Press press = press_area(theme, name, {at, {at.x + width, at.y + control_height(theme)}}, std::move(node));
  draw_field(theme, press, text);
  help_of_last_item(theme, help);
  return press.twin.value;
}

std::optional<std::string> number_field(const Theme& theme, const char* name, std::string_view text, float width, const NumberField& field) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Press press = press_field(theme, name, {at, {at.x + width, at.y + control_height(theme)}}, text, field);
  draw_field(theme, press, with_minus_signs(std::string(text)));
  help_of_last_item(theme, field.help);
  return typed_text(press, text, field);
}

std::optional<std::string> number_spot(const Theme& theme, const char* name, const Rect& box, std::string_view text, const NumberField& field) {
  const Press press = press_field(theme, name, box, text, field);
  ImGui::GetWindowDrawList()->AddLine({box.min.x, box.max.y}, box.max, theme.colors.accent, 2.0f);
  return typed_text(press, text, field);
}

}  // namespace chainrule
