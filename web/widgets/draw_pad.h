// Draw pad: a square of paper for a digit, by mouse, pen or finger.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "web/app/draw_context.h"
#include "web/widgets/ink.h"

namespace chainrule {

/// A stroke that is under way; kept by the caller.
struct DrawPadState {
  bool drawing = false;
  float last_x = 0.0f, last_y = 0.0f;
};

struct DrawPadData {
  std::string_view key;            // of the texture
  std::uint64_t version = 0;
  std::span<const float> coverage;  // ink so far, [side, side]; 0 paper, 1 ink
  int side = 0;
  float brush = 0.045f;  // radius as a fraction of the pad
  std::string_view hint = "Draw a digit here";
};

struct DrawPadInput {
  std::vector<float> points;  // x0, y0, x1, y1, ... in 0..1: the ink of this frame
  bool begins = false;        // the first of them starts a new stroke
};

/// Draws a pad of `side` pixels at the window's cursor. With the keyboard, arrow keys move a pen and Space lets it
/// write.
DrawPadInput draw_pad(const Theme& theme, TextureCache& textures, const char* id, float side, const DrawPadData& data,
                      DrawPadState& state);

}  // namespace chainrule
