// Network strip: a network as a row of connected cards, one a stage, in rows where one is too long.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "web/widgets/ink.h"

namespace chainrule {

struct StripStage {
  std::string_view title;    // "conv1"
  std::string_view caption;  // "convolution 5×5"
  std::string_view shape;    // "20×24×24"
  std::int64_t parameters = 0;
};

struct StripHit {
  std::optional<int> clicked;
  float height = 0.0f;
};

StripHit draw_network_strip(const Theme& theme, const char* id, float width, std::span<const StripStage> stages, int selected);

/// The line from one box to the next, with its arrow head, between (from.x, y) and (to.x, y).
void draw_connector(const Theme& theme, ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 color);

}  // namespace chainrule
