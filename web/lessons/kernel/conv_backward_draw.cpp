#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "engine/ops/conv2d.h"
#include "engine/ops/max_pool.h"
#include "web/lessons/kernel/conv_backward.h"
#include "web/lessons/kernel/sheet_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

std::string factor_text(float value) { return "·" + value_text(value, 3); }

/// The window of the focus in the grid that it slides over, with the factor on each cell; padding included.
void light_window(const ConvBackward& lesson, SheetView& view) {
  const SheetCell focus = *view.focus();
  const Sheet& sheet = lesson.sheet();
  const std::string& name = sheet.program().info(focus.tensor).name;
  const Conv2dSizes d = conv2d_sizes(lesson.attributes(), sheet.shape("x"), sheet.shape("w"));
  const int columns = sheet.program().info(focus.tensor).shape[3];
  const int row = static_cast<int>(focus.index) / columns, column = static_cast<int>(focus.index) % columns;
  const auto note = [&](std::string_view tensor, Cell at, float factor) {
    SheetGrid& grid = *view.find(tensor, 0);
    const bool drawn = at.row >= -grid.pad && at.column >= -grid.pad && at.row < grid.rows + grid.pad &&
                       at.column < grid.columns + grid.pad;
    if (!drawn) return;
    grid.marks.push_back({at, view.theme().colors.highlight, 2.5f});
    grid.notes.push_back({at, factor_text(factor)});
  };
  if (name == "y")
    for (int r = 0; r < d.R; ++r)
      for (int s = 0; s < d.S; ++s)
        note("x", {row * d.stride + r - d.pad, column * d.stride + s - d.pad}, sheet.at("w", r * d.S + s));
  if (name == "dw")
    for (int p = 0; p < d.P; ++p)
      for (int q = 0; q < d.Q; ++q)
        note("x", {p * d.stride + row - d.pad, q * d.stride + column - d.pad}, sheet.at("dy", p * d.Q + q));
  if (name == "dx")
    for (int r = 0; r < d.R; ++r)
      for (int s = 0; s < d.S; ++s) {
        const int h = row + d.pad - r, w = column + d.pad - s;
        if (h % d.stride == 0 && w % d.stride == 0)
          note("dy", {h / d.stride, w / d.stride}, sheet.at("w", r * d.S + s));
      }
}

/// Of max pooling: the winner of the window, or the windows that a pixel has won.
void light_winner(const ConvBackward& lesson, SheetView& view) {
  const Sheet& sheet = lesson.sheet();
  const SheetCell focus = *view.focus();
  if (sheet.program().info(focus.tensor).name != "y") return;
  const Derivation derivation = derive(sheet.program(), sheet.buffers(), focus.tensor, focus.index);
  for (std::size_t i = 0; i < derivation.operands().size(); ++i) {
    if (derivation.operand_value(static_cast<std::int32_t>(i)) != derivation.value()) continue;
    view.light(sheet.program().find("x"), derivation.operands()[i].index, view.theme().colors.accent, 3.5f);
    break;  // the first of equals
  }
}

std::string part_text(const ConvBackward& lesson, const SheetView& view) {
  if (!view.focus()) return "";
  const std::string& name = lesson.sheet().program().info(view.focus()->tensor).name;
  if (name == "y")
    return lesson.pools() ? "Forward: the largest pixel of each window."
                          : "Forward: the kernel slides over the picture.";
  if (name == "dw") return "Kernel gradient: the gradient of the output slides over the picture, as a kernel would.";
  if (name == "dx")
    return lesson.pools() ? "Input gradient: each window's gradient goes to the pixel that won it."
                          : "Input gradient: the kernel, turned by half a turn, slides over the gradient of the output "
                            "and the zeros around it.";
  return "";
}

float draw_check(const ConvBackward& lesson, SheetView& view, const Rect& box) {
  const Theme& theme = view.theme();
  const Sheet& sheet = lesson.sheet();
  const float pad = 1.5f * view.unit();
  const Face words = face_of(theme, TextSize::kBody), figures = face_of(theme, TextSize::kBody, Weight::kNumber);
  std::vector<std::pair<std::string, std::string>> rows;
  const std::string& name =
      view.focus() ? sheet.program().info(view.focus()->tensor).name : sheet.program().info(sheet.program().loss).name;
  if (name == "dw" || name == "dx") {
    const double back = static_cast<double>(sheet.at(name, view.focus()->index)),
                 slope = lesson.measured(name.substr(1), view.focus()->index);
    rows.push_back({"by sliding", with_minus_signs(significant_text(back, 9))});
    rows.push_back(
        {"measured: (L(v + h) − L(v − h)) / 2h in double, h = 0.0001", with_minus_signs(significant_text(slope, 9))});
  }
  const double worst = lesson.worst_difference();
  rows.push_back({"largest difference of all gradients", fixed_text(worst, 9)});
  const bool tie = lesson.pools() && worst > 1e-3;
  const float line = words.size + 0.75f * view.unit(), width = box.width() - 2 * pad;
  const std::string_view why =
      "Where two pixels of a window are equal, the slope differs from side to side; backward, the first of them gets "
      "all.";
  const float more = tie ? put_wrapped(nullptr, words, {}, width, 0, why) : 0.0f;
  const float height = 2 * pad + line * static_cast<float>(rows.size() + 1) + more;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  section_title(theme, {box.min.x + pad, box.min.y + pad}, width, "Gradient check", "L = Σ y · dy");
  float y = box.min.y + pad + line;
  for (const auto& [label, value] : rows) {
    const Rect whole{{box.min.x + pad, y}, {box.max.x - pad, y + line}};
    const float value_width = text_width(figures, value) + view.unit();
    put_text(list, words, {whole.min, {whole.max.x - value_width, whole.max.y}}, {0, 0.5f}, theme.colors.text_muted,
             label);
    put_text(list, figures, whole, {1, 0.5f}, theme.colors.text, value);
    mirror_text(label.c_str(), whole, label + ": " + value);
    y += line;
  }
  if (tie) put_wrapped(&list, words, {box.min.x + pad, y}, width, theme.colors.warning, why);
  return height;
}

}  // namespace

void ConvBackward::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 25 * unit || size.y < 10 * unit) return;
  SheetView view(*this, context, param("show") == 0);
  const bool works = sheet().plan().trouble.empty(), convolution = !pools();
  const auto add = [&](const char* tensor, const char* title) -> SheetGrid& {
    const Shape& shape = sheet().shape(tensor);
    return view.add(tensor, title, shape[2], shape[3]);
  };
  const OpAttributes a = attributes();
  SheetGrid& x = add("x", "Picture x");
  if (convolution) view.set_padding(x, a.pad, Padding::kZero);
  if (convolution) add("w", "Kernel w");
  if (works) {
    add("y", "Output y");
    SheetGrid& dy = add("dy", "dy, from above");
    // Where the turned kernel reaches over the edge.
    if (convolution && a.stride == 1)
      view.set_padding(dy, std::max(params_.whole("kernel") - 1 - a.pad, 0), Padding::kZero);
    if (convolution) add("dw", "dw, of the kernel");
    add("dx", "dx, of the picture");
  }
  constexpr std::string_view kConvolution[] = {"*", "=", "", "→", ""}, kPooling[] = {"→", "", "→"};
  SheetPage page{.head = part_text(*this, view),
                 .hint =
                     "Press Step or Play: first forward, then the kernel's gradient, then the picture's. Point at a "
                     "number to see what it is made of.",
                 .brush = static_cast<float>(param("brush"))};
  if (page.head.empty()) page.head = "x, w and dy can be painted and typed over.";
  page.place = [&](const SheetArea& area) {
    SheetRows rows{.least = 3.0f * unit, .most = 8.5f * unit};
    if (convolution)
      rows.signs = kConvolution;
    else
      rows.signs = kPooling;
    if (works && convolution && area.width > 70 * unit) rows.may = 1u << 2;
    const float typing = control_height(theme);
    SheetArea grids = area;
    grids.height -= typing + unit + (param("check") != 0 ? 13 * unit : 0.0f);
    const float height = place_in_rows(view, grids, rows) + unit;
    const std::string& chosen = selection().tensor;
    view.draw_typing({area.at.x, area.at.y + height}, area.width, chosen.empty() ? "x" : chosen, "brush");
    return height + typing;
  };
  page.light = [&] {
    if (const auto from = view.pointed_input()) {
      constexpr std::string_view kOutputs[] = {"y", "dw", "dx"};
      view.light_fed(*from, kOutputs);
    } else if (view.focus()) {
      view.light_focus();
      if (convolution)
        light_window(*this, view);
      else
        light_winner(*this, view);
    }
  };
  if (param("check") != 0) page.below = [&](const Rect& box) { return draw_check(*this, view, box); };
  draw_sheet_page(view, size, page);
}

}  // namespace chainrule
