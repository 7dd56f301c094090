// Window: the canvas as Dear ImGui sees it: SDL's events in, OpenGL ES 3 (WebGL2) out.
#pragma once

#include <imgui.h>

struct SDL_Window;

namespace chainrule {

class TextureCache;

class Window {
 public:
  /// Opens the canvas with a current Dear ImGui context. ok() is false when the browser gives no WebGL2 context.
  Window();
  bool ok() const { return gl_ != nullptr; }
  TextureCache& textures() { return *textures_; }

  /// Reads the input and begins Dear ImGui's frame.
  void begin_frame();
  /// Draws what Dear ImGui holds, on the grid of physical pixels (see sharpen).
  void end_frame(ImU32 background, int glyph_positions);
  /// Sends the font atlas, freshly baked, to the graphics card. Requires: between frames, before the first one.
  void upload_fonts();
  /// The graphics card is forgetting everything, and remembers again. Requires: upload_fonts before the next frame.
  void lose_graphics();
  void restore_graphics();

 private:
  SDL_Window* window_ = nullptr;
  void* gl_ = nullptr;
  bool device_ready_ = false;         // are Dear ImGui's shaders and buffers there?
  TextureCache* textures_ = nullptr;  // lives as long as the page
};

}  // namespace chainrule
