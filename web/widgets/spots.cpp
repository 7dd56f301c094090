#include "web/widgets/spots.h"

#include <algorithm>
#include <cmath>

#include "web/widgets/controls.h"

namespace chainrule {
namespace {

constexpr float kDragAfter = 4.0f;  // pixels that a press may waver

std::optional<int> spot_at(const Theme& theme, std::span<const Rect> spots, ImVec2 point) {
  // Of spots that lie over each other the last one is seen.
  for (int i = static_cast<int>(spots.size()) - 1; i >= 0; --i)
    if (spots[static_cast<std::size_t>(i)].contains(point)) return i;
  if (!theme.touch) return std::nullopt;
  // A finger means the nearest one.
  std::optional<int> nearest;
  float least = 1.5f * theme.unit;
  for (int i = 0; i < static_cast<int>(spots.size()); ++i) {
    const Rect& spot = spots[static_cast<std::size_t>(i)];
    const float x = std::max({spot.min.x - point.x, 0.0f, point.x - spot.max.x}), y = std::max({spot.min.y - point.y, 0.0f, point.y - spot.max.y});
    if (std::hypot(x, y) < least) least = std::hypot(x, y), nearest = i;
  }
  return nearest;
}

}  // namespace

int moved_spot(std::span<const Rect> spots, int cursor, std::string_view key) {
  if (spots.empty()) return 0;
  if (key == "Home") return 0;
  if (key == "End") return static_cast<int>(spots.size()) - 1;
  const ImVec2 way{static_cast<float>(key == "ArrowRight") - static_cast<float>(key == "ArrowLeft"),
                   static_cast<float>(key == "ArrowDown") - static_cast<float>(key == "ArrowUp")};
  const ImVec2 from = spots[static_cast<std::size_t>(cursor)].center();
  int best = cursor;
  float least = 0.0f;
  for (int i = 0; i < static_cast<int>(spots.size()); ++i) {
    const ImVec2 to = spots[static_cast<std::size_t>(i)].center();
    const float along = (to.x - from.x) * way.x + (to.y - from.y) * way.y;
    const float across = std::abs((to.x - from.x) * way.y + (to.y - from.y) * way.x);
    if (along < 1.0f) continue;
    const float far = along + 2.0f * across;
    if (best == cursor || far < least) best = i, least = far;
  }
  return best;
}

SpotInput spots_input(const Theme& theme, const char* id, const Rect& box, std::span<const Rect> spots, const SpotWords& words, int present) {
  SpotInput input;
  const Press press = press_area(theme, id, box, {.role = TwinRole::kDrawing, .name = words.name, .help = words.help});
  if (spots.empty()) return input;
  const ImGuiID item = ImGui::GetItemID();
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const int last = static_cast<int>(spots.size()) - 1;
  // 0: not moved yet.
  const int kept = storage->GetInt(item + 1u);
  int cursor = std::clamp(kept > 0 ? kept - 1 : present, 0, last);
  bool enter = press.by_keyboard, moved = false;
  for (const std::string& key : press.twin.keys) {
    if (key == "Enter" || key == " ") enter = true;
    else cursor = moved_spot(spots, cursor, key), moved = true;
  }
  if (moved) storage->SetInt(item + 1u, cursor + 1);
  if (press.twin.focused && words.place && (moved || press.twin.arrived)) say_place(words.place(cursor));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (press.hovered) input.pointed = spot_at(theme, spots, mouse);
  const float far = std::abs(ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 0.0f).x);
  const int down = storage->GetInt(item + 2u, -1);
  if (press.held) {
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) storage->SetInt(item + 2u, spot_at(theme, spots, mouse).value_or(-1));
    else if (down >= 0 && down <= last && far > kDragAfter) input.dragged = down;
  }
  if (enter) input.pressed = cursor;
  else if (press.pressed && far <= kDragAfter) input.pressed = spot_at(theme, spots, mouse);
  if (input.pressed) storage->SetInt(item + 1u, *input.pressed + 1);
  if (const int now = storage->GetInt(item + 1u); now > 0 && now <= last + 1) input.cursor = now - 1;
  if (press.twin.ring || (press.twin.focused && !press.hovered)) input.pointed = cursor, input.by_keyboard = true;
  return input;
}

}  // namespace chainrule
