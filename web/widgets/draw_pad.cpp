#include "web/widgets/draw_pad.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "web/widgets/color_scale.h"

namespace chainrule {
namespace {

ImTextureID paper_texture(const Theme& theme, TextureCache& textures, const DrawPadData& data) {
  const ColorTable table(theme, {ColorMap::kInk, 0.0f, 1.0f});
  std::vector<std::uint32_t> pixels(data.coverage.size());
  std::transform(data.coverage.begin(), data.coverage.end(), pixels.begin(), [&](float ink) { return table(ink); });
  return textures.update(std::string(data.key), data.version * 2u + static_cast<std::uint64_t>(theme.mode), data.side, data.side, pixels);
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

  ImGui::InvisibleButton(id, {side, side});
  focus_ring(theme, list, box);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool mouse_there = ImGui::IsMousePosValid(&mouse);
  if (ImGui::IsItemHovered() && mouse_there) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_None);
    list.AddCircle(mouse, std::max(2.0f, data.brush * side), theme.colors.accent, 0, 1.5f);
  }
  const bool down = ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left) && mouse_there;
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
