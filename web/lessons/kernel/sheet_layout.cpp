// Where the grids of a sheet stand: in one row where there is room, else in as many rows as make their cells large.
#include <algorithm>
#include <cmath>

#include "web/lessons/kernel/sheet_view.h"
#include "web/widgets/twin.h"

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

float place_in_rows(SheetView& view, const SheetArea& area, const SheetRows& rows) {
  std::vector<SheetGrid>& grids = view.grids();
  const float gap = 4.0f * view.unit(), title = view.title_height();
  const unsigned last = 1u << (grids.size() - 1);
  const auto best_of = [&](const SheetArea& room, float enough) {
    Arrangement best;
    for (unsigned breaks = 0; breaks < last; ++breaks) {
      if ((breaks & ~rows.may) != 0) continue;
      Arrangement tried = arrange(grids, breaks, room, gap, title);
      tried.side = std::min(tried.side, enough);
      if (tried.side > best.side + 0.5f) best = tried;
    }
    return best;
  };
  Arrangement best = best_of(area, rows.most);
  // Too large for the area: as wide as it is, however high.
  if (best.side < rows.least) best = best_of({area.at, area.width, 1e6f}, rows.least);
  // A title may be wider than its grid.
  const auto width_of = [&](const SheetGrid& grid, float side) {
    const float words = text_width(face_of(view.theme(), TextSize::kBody, Weight::kStrong), grid.title) - gap / 2;
    return std::max(side * static_cast<float>(grid.columns + 2 * grid.pad), words);
  };
  const auto widest_row = [&](float side) {
    float widest = 0.0f;
    for (std::size_t r = 0; r < best.row_starts.size(); ++r) {
      const std::size_t end = r + 1 < best.row_starts.size() ? best.row_starts[r + 1] : grids.size();
      float width = gap * static_cast<float>(end - best.row_starts[r] - 1);
      for (std::size_t i = best.row_starts[r]; i < end; ++i) width += width_of(grids[i], side);
      widest = std::max(widest, width);
    }
    return widest;
  };
  float side = best.side > 3.0f ? std::floor(best.side) : std::max(best.side, 1.0f);
  while (side > 8.0f && widest_row(side) > area.width) side -= 1.0f;
  const Face sign_face = face_of(view.theme(), TextSize::kTitle);
  float y = area.at.y;
  for (std::size_t r = 0; r < best.row_starts.size(); ++r) {
    const std::size_t end = r + 1 < best.row_starts.size() ? best.row_starts[r + 1] : grids.size();
    float x = area.at.x, high = 0.0f;
    for (std::size_t i = best.row_starts[r]; i < end; ++i)
      high = std::max(high, side * static_cast<float>(grids[i].rows + 2 * grids[i].pad));
    for (std::size_t i = best.row_starts[r]; i < end; ++i) {
      const float own = side * static_cast<float>(grids[i].rows + 2 * grids[i].pad);
      view.place(grids[i], {x, y + std::floor((high - own) / 2)}, side);
      x += width_of(grids[i], side);
      if (i < rows.signs.size() && i + 1 < end)
        put_text(*ImGui::GetWindowDrawList(), sign_face, {{x, y + title}, {x + gap, y + title + high}}, {0.5f, 0.5f},
                 view.theme().colors.text_muted, rows.signs[i]);
      x += gap;
    }
    y += title + high + gap / 2;
  }
  return y - gap / 2 - area.at.y;
}

void draw_sheet_page(SheetView& view, ImVec2 size, const SheetPage& page) {
  const Theme& theme = view.theme();
  const float unit = view.unit(), gap = 1.5f * unit;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const Face small = face_of(theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float head =
      page.head.empty() ? 0.0f : put_wrapped(&list, small, origin, size.x, theme.colors.text_muted, page.head) + unit;
  if (!page.head.empty()) mirror_text("head", {origin, {origin.x + size.x, origin.y + head}}, page.head);
  const bool works = view.sheet().plan().trouble.empty();
  const auto draw_words = [&](float top) {
    const Rect box{{origin.x, top}, {origin.x + size.x, top}};
    return works ? view.draw_card(box, page.hint) : view.draw_trouble(box);
  };
  // Below the grids, so that nothing jumps while the pointer goes over them; a narrow canvas has it on top, in sight.
  const bool on_top = size.x < 70 * unit;
  ImVec2 at{origin.x, origin.y + head};
  if (on_top) at.y += draw_words(at.y) + gap;
  float bottom = at.y + page.place({at, size.x, std::max(size.y - head - 13.5f * unit - gap, 20 * unit)});
  view.take_input(page.brush);
  if (works) page.light();
  view.draw();
  if (!on_top) bottom += gap + draw_words(bottom + gap);
  if (works && page.below) {
    const float height = page.below({{origin.x, bottom + gap}, {origin.x + size.x, bottom + gap}});
    if (height > 0) bottom += gap + height;
  }
  ImGui::SetCursorScreenPos({origin.x, bottom});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
