// Sharpness: what is drawn is moved by less than a physical pixel, so that text and rectangles fall on the pixels' grid.
#pragma once

#include <imgui.h>

namespace chainrule {

/// Glyphs keep their size and move to the grid that they were baked for; axis-aligned rectangles get edges between
/// pixels, and never lose their last one, so that a hairline is one whole pixel at any device scale. Everything else
/// (lines, curves, pictures) stays. `across`: positions a pixel that glyphs were baked for (OversampleH).
/// Requires: after ImGui::Render.
void sharpen(ImDrawData& data, int across);

}  // namespace chainrule
