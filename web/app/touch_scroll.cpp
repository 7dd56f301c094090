#include "web/app/touch_scroll.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

constexpr float kSlack = 8.0f;          // pixels that a resting finger may tremble
constexpr float kLeastGlide = 20.0f;    // pixels a second
constexpr float kHoldSeconds = 0.5f;    // after which a finger looks instead of pressing
constexpr float kHalfLife = 0.18f;      // seconds after which a glide is half as fast

bool wants_drags() {
  const ImGuiMouseCursor cursor = ImGui::GetMouseCursor();
  return cursor != ImGuiMouseCursor_Arrow && cursor != ImGuiMouseCursor_Hand && cursor != ImGuiMouseCursor_TextInput;
}

ImGuiWindow* scrollable_from(ImGuiWindow* window) {
  while (window != nullptr && window->ScrollMax.y <= 0.0f) window = window->ParentWindow;
  return window;
}

void scroll_by(ImGuiWindow* window, float pixels) {
  ImGui::SetScrollY(window, std::clamp(window->Scroll.y - pixels, 0.0f, window->ScrollMax.y));
}

}  // namespace

void TouchScroll::update(const Theme& theme) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiIO& io = g.IO;
  if (!theme.touch) {
    glide_ = 0.0f;
    return;
  }
  if (!io.MouseDown[0]) {
    scrolling_ = looking_ = false;
    if (glide_ == 0.0f || window_ == nullptr) return;
    scroll_by(window_, glide_ * io.DeltaTime);
    glide_ *= std::exp2(-io.DeltaTime / kHalfLife);
    const bool at_end = window_->Scroll.y <= 0.0f || window_->Scroll.y >= window_->ScrollMax.y;
    if (std::abs(glide_) < kLeastGlide || at_end) glide_ = 0.0f;
    return;
  }
  if (io.MouseClicked[0]) {
    glide_ = 0.0f;
    window_ = scrollable_from(g.HoveredWindow);
    rested_ = true;
  }
  const ImVec2 moved{io.MousePos.x - io.MouseClickedPos[0].x, io.MousePos.y - io.MouseClickedPos[0].y};
  rested_ = rested_ && std::hypot(moved.x, moved.y) <= kSlack;
  if (!scrolling_ && !looking_ && rested_ && io.MouseDownDuration[0] >= kHoldSeconds && !wants_drags()) {
    looking_ = true;
    ImGui::ClearActiveID();  // what the finger rests on shows what hovering shows; lifting it presses nothing
  }
  if (looking_) return;
  if (!scrolling_ && window_ != nullptr && std::abs(moved.y) > kSlack && std::abs(moved.y) > std::abs(moved.x) && !wants_drags()) {
    scrolling_ = true;
    ImGui::ClearActiveID();  // lifting the finger presses nothing
    g.MovingWindow = nullptr;
  }
  if (!scrolling_) return;
  scroll_by(window_, io.MouseDelta.y);
  if (io.DeltaTime > 0.0f) glide_ = 0.6f * glide_ + 0.4f * io.MouseDelta.y / io.DeltaTime;
}

}  // namespace chainrule
