#include "web/widgets/draw_pad.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/widgets/color_scale.h"
#include "web/widgets/controls.h"

namespace chainrule {
namespace {

ImTextureID paper_texture(const Theme& theme, TextureCache& textures, const DrawPadData& data) {
  const ColorTable table(theme, {ColorMap::kInk, 0.0f, 1.0f});
  std::vector<std::uint32_t> pixels(data.coverage.size());
  std::transform(data.coverage.begin(), data.coverage.end(), pixels.begin(), [&](float ink) { return table(ink); });
  return textures.update(std::string(data.key), data.version * 2u + static_cast<std::uint64_t>(theme.mode), data.side, data.side, pixels);
}

/// The pen by keyboard. True while it lies on the paper, so that no pointer lifts it.
bool draw_by_keys(const Theme& theme, const Press& press, ImDrawList& list, const DrawPadData& data, DrawPadState& state, DrawPadInput& input) {
  constexpr float kStride = 1.0f / 28.0f;  // a pixel of what the network gets
  if (press.held) return false;
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const ImGuiID item = ImGui::GetItemID();
  bool down = storage->GetBool(item + 1u);
  float x = storage->GetFloat(item + 2u, 0.5f), y = storage->GetFloat(item + 3u, 0.25f);
  std::vector<std::string> keys = press.twin.keys;
  if (press.by_keyboard) keys.push_back(" ");
  for (const std::string& key : keys) {
    const float from_x = x, from_y = y;
    x = std::clamp(x + kStride * static_cast<float>((key == "ArrowRight") - (key == "ArrowLeft")), 0.0f, 1.0f);
    y = std::clamp(y + kStride * static_cast<float>((key == "ArrowDown") - (key == "ArrowUp")), 0.0f, 1.0f);
    if (key == " " || key == "Enter") {
      down = !down;
      if (down) input.begins = true, input.points = {x, y};
    } else if (down && (x != from_x || y != from_y)) {
      input.points.insert(input.points.end(), {x, y});
    }
  }
  storage->SetBool(item + 1u, down);
  storage->SetFloat(item + 2u, x);
  storage->SetFloat(item + 3u, y);
  const auto percent = [](float part) { return std::to_string(static_cast<int>(std::lround(100.0f * part))) + " %"; };
  if (press.twin.arrived || !keys.empty()) say_place(std::string(down ? "ink" : "pen up") + ", " + percent(x) + " across, " + percent(y) + " down");
  const ImVec2 at{press.box.min.x + x * press.box.width(), press.box.min.y + y * press.box.height()};
  const float radius = std::max(3.0f, data.brush * press.box.width());
  if (down)
    list.AddCircleFilled(at, radius, with_alpha(theme.colors.accent, 0.6f));
  else
    list.AddCircle(at, radius, theme.colors.accent, 0, 1.5f);
  if (!down) return false;
  state = {true, x, y};
  return true;
}

}  // namespace

DrawPadInput draw_pad(const Theme& theme, TextureCache& textures, const char* id, float side, const DrawPadData& data,
                      DrawPadState& state) {
  DrawPadInput input;
  if (side < 16.0f) return input;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const Rect box{origin, {origin.x + side, origin.y + side}};
  list.AddRectFilled(box.min, box.max, theme.colors.surface);
  const bool has_ink = std::any_of(data.coverage.begin(), data.coverage.end(), [](float ink) { return ink > 0.0f; });
  if (has_ink && data.side > 0 && data.coverage.size() == static_cast<std::size_t>(data.side) * static_cast<std::size_t>(data.side))
    list.AddImage(paper_texture(theme, textures, data), box.min, box.max);
  list.AddRect(box.min, box.max, theme.colors.text_muted, 0.0f, 0, 1.0f);
  if (!has_ink && !state.drawing)
    put_text(list, face_of(theme, TextSize::kBody), box, {0.5f, 0.5f}, theme.colors.text_muted, data.hint);

  const Press press = press_area(theme, id, box, {.role = TwinRole::kDrawing, .name = "Paper", .help = "Arrow keys: move the pen; Space: ink on or off"});
  if (press.twin.focused && draw_by_keys(theme, press, list, data, state, input)) return input;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool mouse_there = ImGui::IsMousePosValid(&mouse);
  if (press.hovered && mouse_there) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_None);
    list.AddCircle(mouse, std::max(2.0f, data.brush * side), theme.colors.accent, 0, 1.5f);
  }
  const bool down = press.held && ImGui::IsMouseDown(ImGuiMouseButton_Left) && mouse_there;
  if (!down) {
    state.drawing = false;
    return input;
  }
  const float x = (mouse.x - origin.x) / side, y = (mouse.y - origin.y) / side;
  if (!state.drawing) {
    input.begins = true;
    input.points = {x, y};
  } else if (std::hypot(x - state.last_x, y - state.last_y) > 1e-4f) {
    input.points = {x, y};
  }
  state = {true, x, y};
  return input;
}

}  // namespace chainrule
