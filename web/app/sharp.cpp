#include "web/app/sharp.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

// Four vertices that Dear ImGui wrote as one rectangle: left top, right top, right bottom, left bottom.
bool is_rectangle(const ImDrawVert* v) {
  return v[0].pos.y == v[1].pos.y && v[1].pos.x == v[2].pos.x && v[2].pos.y == v[3].pos.y && v[3].pos.x == v[0].pos.x &&
         v[0].pos.x <= v[1].pos.x && v[0].pos.y <= v[3].pos.y;
}

bool is_plain(const ImDrawVert* v) {
  return v[0].uv.x == v[2].uv.x && v[0].uv.y == v[2].uv.y && v[0].uv.x == v[1].uv.x && v[0].uv.y == v[1].uv.y;
}

void snap_glyph(ImDrawVert* v, ImVec2 scale, int across) {
  // The rasterizer puts glyphs of `across` positions a pixel this far to the left (stb_truetype's oversampling).
  const float grid = static_cast<float>(across);
  const float shift = -(grid - 1.0f) / (2.0f * grid);
  const float x = v[0].pos.x * scale.x;
  const float y = v[0].pos.y * scale.y;
  const float dx = (std::round((x - shift) * grid) / grid + shift - x) / scale.x;
  const float dy = (std::round(y) - y) / scale.y;
  for (int i = 0; i < 4; ++i) v[i].pos.x += dx, v[i].pos.y += dy;
}

// Both ends of an extent between pixels; what was visible keeps at least one.
void snap_extent(float& low, float& high, float scale) {
  const float from = std::round(low * scale);
  const float to = std::round(high * scale);
  const bool vanishes = to <= from && high > low;
  low = from / scale;
  high = (vanishes ? from + 1.0f : to) / scale;
}

void snap_rectangle(ImDrawVert* v, ImVec2 scale) {
  float left = v[0].pos.x, right = v[1].pos.x, top = v[0].pos.y, bottom = v[3].pos.y;
  snap_extent(left, right, scale.x);
  snap_extent(top, bottom, scale.y);
  v[0].pos = {left, top}, v[1].pos = {right, top}, v[2].pos = {right, bottom}, v[3].pos = {left, bottom};
}

void sharpen_command(ImDrawList& list, const ImDrawCmd& command, ImVec2 scale, int across) {
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
  for (unsigned i = 0; i + 6 <= command.ElemCount;) {
    const ImDrawIdx first = index[i];
    const bool quad = index[i + 1] == first + 1 && index[i + 2] == first + 2 && index[i + 3] == first &&
                      index[i + 4] == first + 2 && index[i + 5] == first + 3;
    if (!quad || !is_rectangle(vertices + first)) {
      i += 3;
      continue;
    }
    if (is_plain(vertices + first)) {
      snap_rectangle(vertices + first, scale);
    } else {
      snap_glyph(vertices + first, scale, across);
    }
    i += 6;
  }
}

}  // namespace

void sharpen(ImDrawData& data, int across) {
  const ImTextureID font = ImGui::GetIO().Fonts->TexID;
  for (ImDrawList* list : data.CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback == nullptr && command.GetTexID() == font) {
        sharpen_command(*list, command, data.FramebufferScale, across);
      }
    }
  }
}

}  // namespace chainrule
