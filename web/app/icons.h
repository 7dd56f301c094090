// Icons, drawn with lines: sharp at every scale, in the colour of the text beside them.
#pragma once

#include <imgui.h>

namespace chainrule {

enum class Icon {
  kMenu, kClose, kPlay, kPause, kStep, kBack, kReset, kDice, kSun, kMoon, kPlus, kMinus, kQuestion, kSettings, kLeft,
  kRight, kCheck, kWarning, kError, kInfo, kFullScreen, kPanel, kUpload, kUndo, kRedo,
  kShare, kMore, kPresent, kPhase
};

/// Draws within the square of side `size` around `center`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 center, float size, ImU32 color);

}  // namespace chainrule
