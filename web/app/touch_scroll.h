// TouchScroll: a finger that moves up or down scrolls what lies under it, and what it scrolled glides on for a moment. A
// finger that rests half a second looks: wherever it then goes shows what a mouse over it shows, and nothing is pressed.
#pragma once

#include "web/app/theme.h"

struct ImGuiWindow;

namespace chainrule {

class TouchScroll {
 public:
  /// Requires: all windows of the frame have been drawn. Items that need drags for themselves (sliders, drawing paper) say
  /// so with a mouse cursor that is neither the arrow nor the hand; nothing under them scrolls.
  void update(const Theme& theme);
  /// Frames are needed for the glide.
  bool gliding() const { return glide_ != 0.0f; }

 private:
  ImGuiWindow* window_ = nullptr;
  bool scrolling_ = false;
  bool rested_ = false;   // since it came down
  bool looking_ = false;
  float glide_ = 0.0f;  // pixels a second
};

}  // namespace chainrule
