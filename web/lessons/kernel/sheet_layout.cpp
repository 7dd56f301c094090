// Where the grids of a sheet stand: in one row where there is room, else in as many rows as make their cells large.
#include <algorithm>
#include <cmath>

#include "web/lessons/kernel/sheet_view.h"

namespace chainrule {
namespace {

struct Arrangement {
  std::vector<std::size_t> row_starts;
  float side = 0.0f;
};

/// The largest side with which the grids, broken after those in `breaks`, fit.
Arrangement arrange(const std::vector<SheetGrid>& grids, unsigned breaks, const SheetArea& area, float gap,
                    float title) {
  Arrangement result{{0}, 1e9f};
  for (std::size_t i = 0; i + 1 < grids.size(); ++i)
    if ((breaks >> i & 1u) != 0) result.row_starts.push_back(i + 1);
  float rows = 0.0f;
  for (std::size_t r = 0; r < result.row_starts.size(); ++r) {
    const std::size_t end = r + 1 < result.row_starts.size() ? result.row_starts[r + 1] : grids.size();
    float columns = 0.0f, high = 0.0f;
    for (std::size_t i = result.row_starts[r]; i < end; ++i) {
      columns += static_cast<float>(grids[i].columns + 2 * grids[i].pad);
      high = std::max(high, static_cast<float>(grids[i].rows + 2 * grids[i].pad));
    }
    rows += high;
    const float gaps = gap * static_cast<float>(end - result.row_starts[r] - 1);
    result.side = std::min(result.side, (area.width - gaps) / columns);
  }
  const auto count = static_cast<float>(result.row_starts.size());
  result.side = std::min(result.side, (area.height - count * title - (count - 1.0f) * gap / 2) / rows);
  return result;
}

}  // namespace

float place_in_rows(SheetView& view, const SheetArea& area, std::span<const std::string_view> signs, float least,
                    float most) {
  std::vector<SheetGrid>& grids = view.grids();
  const float gap = 4.0f * view.unit(), title = view.title_height();
  Arrangement best;
  for (unsigned breaks = 0; breaks < 1u << (grids.size() - 1); ++breaks) {
    const Arrangement tried = arrange(grids, breaks, area, gap, title);
    if (tried.side > best.side + 1.0f) best = tried;
  }
  // Too large for the area: as wide as it is, however high.
  if (best.side < least) {
    SheetArea high = area;
    high.height = 1e6f;
    best = {};
    for (unsigned breaks = 0; breaks < 1u << (grids.size() - 1); ++breaks) {
      const Arrangement tried = arrange(grids, breaks, high, gap, title);
      if (std::min(tried.side, least) > best.side + 0.5f) best = {tried.row_starts, std::min(tried.side, least)};
    }
  }
  float side = std::min(best.side, most);
  side = side > 3.0f ? std::floor(side) : std::max(side, 1.0f);
  const Face sign_face = face_of(view.theme(), TextSize::kTitle);
  float y = area.at.y;
  for (std::size_t r = 0; r < best.row_starts.size(); ++r) {
    const std::size_t end = r + 1 < best.row_starts.size() ? best.row_starts[r + 1] : grids.size();
    float x = area.at.x, high = 0.0f;
    for (std::size_t i = best.row_starts[r]; i < end; ++i)
      high = std::max(high, side * static_cast<float>(grids[i].rows + 2 * grids[i].pad));
    for (std::size_t i = best.row_starts[r]; i < end; ++i) {
      const float own = side * static_cast<float>(grids[i].rows + 2 * grids[i].pad);
      const ImVec2 used = view.place(grids[i], {x, y + std::floor((high - own) / 2)}, side);
      x += used.x;
      if (i < signs.size() && i + 1 < end)
        put_text(*ImGui::GetWindowDrawList(), sign_face, {{x, y + title}, {x + gap, y + title + high}}, {0.5f, 0.5f},
                 view.theme().colors.text_muted, signs[i]);
      x += gap;
    }
    y += title + high + gap / 2;
  }
  return y - gap / 2 - area.at.y;
}

}  // namespace chainrule
