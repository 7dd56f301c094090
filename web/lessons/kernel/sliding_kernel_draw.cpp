#include <algorithm>
#include <cmath>

#include "web/lessons/kernel/sheet_view.h"
#include "web/lessons/kernel/sliding_kernel.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string sides(int rows, int columns) { return std::to_string(rows) + "×" + std::to_string(columns); }

// "⌊(5 + 2·1 − 2·(3 − 1) − 1) / 2⌋ + 1 = 2"
std::string size_text(const OpAttributes& a, const FilterSizes& d) {
  const auto text = [](int number) { return std::to_string(number); };
  const std::string reach = a.dilation == 1 ? text(d.R) : text(a.dilation) + "·(" + text(d.R) + " − 1) − 1";
  std::string sum = text(d.H);
  if (a.pad > 0) sum += " + 2·" + text(a.pad);
  sum += " − " + reach;
  sum = a.stride == 1 ? sum + " + 1" : "⌊(" + sum + ") / " + text(a.stride) + "⌋ + 1";
  return sum + " = " + text(d.P);
}

/// The working picture of filtering in place: what has been written, and what has not been yet.
void show_working_picture(const SlidingKernel& lesson, SheetGrid& grid) {
  const std::span<const float> y = lesson.sheet().values("y");
  const TensorId tensor = lesson.sheet().program().find("y");
  for (const SheetCell& cell : lesson.order())
    if (lesson.is_shown(tensor, cell.index))
      grid.values[static_cast<std::size_t>(cell.index)] = y[static_cast<std::size_t>(cell.index)];
}

/// The pixels that output `index` reads, padding included, and the weight on each.
void light_window(const SlidingKernel& lesson, SheetView& view, SheetGrid& picture, std::int64_t index) {
  const SlidingKernel::Window window = lesson.window_of(index);
  if (!window.exists) return;
  const OpAttributes a = lesson.attributes();
  const std::span<const float> w = lesson.sheet().values("w");
  const int k = lesson.kernel();
  for (int r = 0; r < k; ++r)
    for (int s = 0; s < k; ++s) {
      const Cell at{window.row + r * a.dilation, window.column + s * a.dilation};
      picture.marks.push_back({at, view.theme().colors.highlight, 2.5f});
      picture.notes.push_back(
          {at, "·" + value_text(w[static_cast<std::size_t>(a.flip ? (k - 1 - r) * k + k - 1 - s : r * k + s)], 3)});
    }
}

/// All outputs whose windows read pixel (row, column), also by a mirror.
void light_fed_outputs(const SlidingKernel& lesson, SheetView& view, SheetGrid& outputs, Cell pixel) {
  const OpAttributes a = lesson.attributes();
  const int size = lesson.size(), k = lesson.kernel();
  for (const SheetCell& cell : lesson.order()) {
    const SlidingKernel::Window window = lesson.window_of(cell.index);
    const auto reads = [&](int corner, int wanted) {
      for (int r = 0; r < k; ++r)
        if (padded_position(a.padding, corner + r * a.dilation, size) == wanted) return true;
      return false;
    };
    if (reads(window.row, pixel.row) && reads(window.column, pixel.column))
      outputs.marks.push_back({outputs.cell(cell.index), view.theme().colors.highlight, 2.5f});
  }
}

struct Places {
  float height = 0.0f;  // of all
  ImVec2 typing_x{}, typing_w{};
};

/// Picture, kernel and output: beside each other, or on a narrow canvas below each other.
Places place_grids(SheetView& view, ImVec2 at, ImVec2 room, float typing) {
  std::vector<SheetGrid>& grids = view.grids();
  SheetGrid &x = grids[0], &w = grids[1];
  SheetGrid* y = grids.size() > 2 ? &grids[2] : nullptr;
  const Theme& theme = view.theme();
  const float unit = view.unit(), gap = 4.5f * unit, title = view.title_height(), most = 10.0f * unit;
  const auto count = [](int cells, int pad) { return static_cast<float>(cells + 2 * pad); };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face sign = face_of(theme, TextSize::kTitle);
  const auto put_sign = [&](float left, float top, float high, const char* text) {
    put_text(list, sign, {{left, top}, {left + gap, top + high}}, {0.5f, 0.5f}, theme.colors.text_muted, text);
  };
  Places places;
  const float wide_kernel = std::clamp(room.x / 3.6f / static_cast<float>(w.columns), 3.5f * unit, 6.0f * unit);
  const float kernel_width = wide_kernel * static_cast<float>(w.columns);
  const float columns = count(x.columns, x.pad) + (y ? count(y->columns, 0) : 0.0f);
  const float side_in_row = (room.x - kernel_width - 2 * gap) / columns;
  // Below each other where a row would leave the cells without their numbers, and the canvas is high.
  const float side_below =
      std::min({room.x / count(x.columns, x.pad), most, std::max(0.5f * room.y / count(x.rows, x.pad), 4.5f * unit)});
  const bool row = side_in_row > 0.62f * side_below || room.x > 70 * unit;
  if (row) {
    const float side = number_cell_side(x.rows, static_cast<int>(columns) - 2 * x.pad, x.pad,
                                        {room.x - kernel_width - 2 * gap, room.y - title - typing}, most);
    const float high = side * std::max(count(x.rows, x.pad), y ? count(y->rows, 0) : 0.0f);
    const ImVec2 used = view.place(x, at, side);
    const float kernel_side =
        std::min(wide_kernel, std::max(std::floor(high / static_cast<float>(w.rows)), 3.5f * unit));
    const float kernel_top = std::floor(at.y + std::max((high - kernel_side * static_cast<float>(w.rows)) / 2, 0.0f));
    put_sign(at.x + used.x, at.y + title, high, "*");
    const ImVec2 used_w = view.place(w, {at.x + used.x + gap, kernel_top}, kernel_side);
    if (y) {
      put_sign(at.x + used.x + gap + used_w.x, at.y + title, high, "=");
      const float own = side * static_cast<float>(y->rows);
      view.place(*y, {at.x + used.x + used_w.x + 2 * gap, at.y + std::floor(std::max((high - own) / 2, 0.0f))}, side);
    }
    const float kernel_bottom = kernel_top + used_w.y;
    places.typing_x = {at.x, at.y + title + high + unit};
    places.typing_w = {at.x + used.x + gap, kernel_bottom + unit};
    places.height = std::max(title + high, kernel_bottom - at.y) + unit + typing;
    return places;
  }
  const float side = std::floor(std::max(side_below, 1.0f));
  ImVec2 used = view.place(x, at, side);
  places.typing_x = {at.x, at.y + used.y + unit};
  float y_top = at.y + used.y + typing + 2.5f * unit;
  const float kernel_side = std::floor(std::clamp(room.x / static_cast<float>(w.columns), 3.5f * unit, 5.0f * unit));
  used = view.place(w, {at.x, y_top}, kernel_side);
  places.typing_w = {at.x, y_top + used.y + unit};
  if (y) {
    // The output stands beside the kernel where its numbers can be read there.
    const float beside = std::floor(std::min((room.x - used.x - gap) / static_cast<float>(y->columns), most));
    const bool is_beside = beside >= 5.0f * unit || beside >= side;
    const float top = is_beside ? y_top : places.typing_w.y + typing + 1.5f * unit;
    if (is_beside) put_sign(at.x + used.x, y_top + title, used.y - title, "=");
    const ImVec2 used_y =
        view.place(*y, {is_beside ? at.x + used.x + gap : at.x, top}, is_beside ? std::min(beside, side) : side);
    y_top = std::max(top + used_y.y, places.typing_w.y + typing);
  } else {
    y_top = places.typing_w.y + typing;
  }
  places.height = y_top - at.y;
  return places;
}

}  // namespace

void SlidingKernel::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 25 * unit || size.y < 10 * unit) return;
  SheetView view(*this, context, param("show") == 0);
  const OpAttributes a = attributes();
  SheetGrid& picture =
      view.add("x", a.in_place && shown() > 0 ? "Picture, as it is now" : "Picture", this->size(), this->size());
  if (works() && a.in_place) show_working_picture(*this, picture);
  view.set_padding(picture, a.pad, a.padding);
  view.add("w", "Kernel", kernel(), kernel());
  if (works()) {
    const Shape& y = sheet().shape("y");
    view.add("y", "Output", y[2], y[3]);
  }
  SheetPage page{.hint =
                     "Press Step or Play: the window moves from output to output. Point at an output to see its "
                     "window, at a pixel to "
                     "see all outputs that it feeds; press a number to see where it comes from, or to type over it.",
                 .brush = static_cast<float>(param("brush"))};
  if (works()) {
    const FilterSizes d = filter_sizes(a, sheet().shape("x"), sheet().shape("w"));
    page.head = sides(d.H, d.W) + " * " + sides(d.R, d.S) + " → " + sides(d.rows, d.columns) +
                (a.in_place ? "" : ",   " + size_text(a, d));
  }
  page.place = [&](const SheetArea& area) {
    const Places places = place_grids(view, area.at, {area.width, area.height}, control_height(theme));
    view.draw_typing(places.typing_x, view.grids()[0].layout.outer().width() + 12 * unit, "x", "brush");
    view.draw_typing(places.typing_w, 24 * unit, "w", "");
    return places.height;
  };
  page.light = [&] {
    std::vector<SheetGrid>& grids = view.grids();
    if (const auto from = view.pointed_input(); from && sheet().program().info(from->tensor).name == "x") {
      light_fed_outputs(*this, view, grids[2], grids[0].cell(from->index));
    } else if (view.focus()) {
      view.light_focus();
      light_window(*this, view, grids[0], view.focus()->index);
    }
  };
  draw_sheet_page(view, size, page);
}

}  // namespace chainrule
