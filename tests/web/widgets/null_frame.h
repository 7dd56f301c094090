// NullFrame: Dear ImGui without a screen, for drawing widgets in tests: frames of a given size, a mouse that a test moves.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "web/app/draw_context.h"

namespace chainrule {

/// Remembers what was uploaded.
class NullTextures final : public TextureCache {
 public:
  ImTextureID update(const std::string& key, std::uint64_t version, int width, int height,
                     const std::vector<std::uint32_t>& rgba) override;

  struct Upload {
    std::uint64_t version;
    int width, height;
    std::vector<std::uint32_t> rgba;
  };
  std::map<std::string, Upload> uploads;
};

class NullFrame : public testing::Test {
 protected:
  NullFrame();
  ~NullFrame() override;

  /// One frame with a window of `size` at the origin, in which `draw` draws. Checks that all vertices are finite.
  void frame(ImVec2 size, const std::function<void()>& draw);
  /// Moves the mouse to `at`, presses and releases it; `draw` is called in each frame on the way.
  void click(ImVec2 size, ImVec2 at, const std::function<void()>& draw);
  /// Vertices of the last frame.
  int vertices() const { return vertices_; }

  Theme theme;
  NullTextures textures;

 private:
  int vertices_ = 0;
};

}  // namespace chainrule
