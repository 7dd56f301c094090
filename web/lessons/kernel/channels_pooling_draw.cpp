#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/kernel/channels_pooling.h"
#include "web/lessons/kernel/sheet_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

void put_sign(SheetView& view, const Rect& box, std::string_view text) {
  put_text(*ImGui::GetWindowDrawList(), face_of(view.theme(), TextSize::kHeading), box, {0.5f, 0.5f},
           view.theme().colors.text_muted, text);
}

/// Each channel is a column: picture, kernel, products. What is made of them stands in two more columns. Returns the
/// bottom.
float place_in_columns(SheetView& view, int channels, const SheetArea& area) {
  std::vector<SheetGrid>& grids = view.grids();
  const SheetGrid &x = grids[0], &w = grids[1], &p = grids[2];
  const float unit = view.unit(), gap = 4.0f * unit, title = view.title_height(),
              least = 10.0f * unit;  // of a column, for its title
  const auto rows = static_cast<float>(std::max(x.rows + w.rows + p.rows, 3 * p.rows));
  const float by_height = (area.height - control_height(view.theme()) - 3 * title - 2 * unit) / rows;
  const float by_width =
      (area.width - static_cast<float>(channels + 2) * gap) / static_cast<float>(channels * x.columns + 2 * p.columns);
  const float side = std::floor(std::clamp(std::min(by_width, by_height), 3.4f * unit, 9.0f * unit));
  const auto stack = [&](std::size_t first, float left, std::span<const std::string_view> signs) {
    float y = area.at.y, widest = least;
    for (std::size_t i = 0; i < 3; ++i) {
      SheetGrid& grid = grids[first + i];
      const ImVec2 used = view.place(grid, {left, y}, side);
      put_sign(view, {{left - gap, y + title}, {left, y + std::max(used.y, title + side)}}, signs[i]);
      widest = std::max(widest, used.x);
      y += std::max(used.y, i == 0 && first > 0 ? title + side * static_cast<float>(p.rows) : 0.0f) + 0.5f * unit;
    }
    return std::pair{left + widest + gap, y};
  };
  constexpr std::string_view kChannel[] = {"", "*", "="}, kSum[] = {"Σ", "=", "→"}, kRest[] = {"+", "→", "→"};
  float left = area.at.x + gap, bottom = area.at.y;
  const auto add = [&](std::size_t first, std::span<const std::string_view> signs) {
    const auto [next, end] = stack(first, left, signs);
    left = next;
    bottom = std::max(bottom, end);
  };
  for (int c = 0; c < channels; ++c) add(static_cast<std::size_t>(3 * c), kChannel);
  // Sum, with bias, activation; beside them bias, maximum, average.
  const auto rest = static_cast<std::size_t>(3 * channels);
  std::swap(grids[rest + 1], grids[rest + 2]);  // s z b a max mean
  std::swap(grids[rest + 2], grids[rest + 3]);  // s z a b max mean
  add(rest, kSum);
  add(rest + 3, kRest);
  return bottom;
}

/// Each channel is a row; what is made of them stands below. Returns the bottom.
float place_in_channel_rows(SheetView& view, int channels, const SheetArea& area) {
  std::vector<SheetGrid>& grids = view.grids();
  const SheetGrid &x = grids[0], &w = grids[1], &p = grids[2];
  const float unit = view.unit(), gap = 3.0f * unit, title = view.title_height();
  const float side = std::floor(std::clamp(
      (area.width - 2 * gap) / static_cast<float>(x.columns + w.columns + p.columns), 2.0f * unit, 8.0f * unit));
  float y = area.at.y;
  const auto row = [&](std::size_t first, int rows, std::span<const std::string_view> signs) {
    const float high = side * static_cast<float>(rows);
    float left = area.at.x;
    for (std::size_t i = 0; i < 3; ++i) {
      const float own = side * static_cast<float>(grids[first + i].rows);
      left += view.place(grids[first + i], {left, y + std::floor((high - own) / 2)}, side).x;
      if (i < 2) put_sign(view, {{left, y + title}, {left + gap, y + title + high}}, signs[i]);
      // Room for the title of a single number.
      left += std::max(gap, grids[first + i].columns < 3 ? 5.0f * unit : 0.0f);
    }
    y += title + high + 0.75f * unit;
  };
  constexpr std::string_view kRow[] = {"*", "="}, kBias[] = {"+", "="}, kRest[] = {"→", ""};
  for (int c = 0; c < channels; ++c) row(static_cast<std::size_t>(3 * c), x.rows, kRow);
  row(static_cast<std::size_t>(3 * channels), p.rows, kBias);
  row(static_cast<std::size_t>(3 * channels + 3), p.rows, kRest);
  return y;
}

std::string head_text(const ChannelsPooling& lesson) {
  const int K = lesson.maps(), C = lesson.channels(), R = static_cast<int>(lesson.param("kernel"));
  const auto text = [](int number) { return std::to_string(number); };
  return "Map " + text(lesson.map() + 1) + " of " + text(K) + ".   Weights and biases: " + text(K) + "·(" + text(C) +
         "·" + text(R) + "·" + text(R) + ") + " + text(K) + " = " + text(K * C * R * R + K);
}

void light_pooling(const ChannelsPooling& lesson, SheetView& view) {
  const Sheet& sheet = lesson.sheet();
  const SheetCell focus = *view.focus();
  const std::string& name = sheet.program().info(focus.tensor).name;
  if (name != "max" && name != "mean") return;
  const Derivation derivation = derive(sheet.program(), sheet.buffers(), focus.tensor, focus.index);
  const TensorId a = sheet.program().find("a");
  bool won = false;
  for (std::size_t i = 0; i < derivation.operands().size(); ++i) {
    const std::int64_t index = derivation.operands()[i].index;
    if (name == "mean") {
      if (SheetGrid* grid = view.find("a", index))
        grid->notes.push_back({grid->cell(index), "/" + std::to_string(derivation.operands().size())});
    } else if (!won && derivation.operand_value(static_cast<std::int32_t>(i)) == derivation.value()) {
      won = true;  // the first of equals
      view.light(a, index, view.theme().colors.accent, 3.5f);
    }
  }
}

}  // namespace

void ChannelsPooling::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 25 * unit || size.y < 10 * unit) return;
  SheetView view(*this, context, param("show") == 0);
  const int C = channels();
  const auto add = [&](const std::string& tensor, const std::string& title, bool of_map) {
    const Shape& shape = sheet().shape(tensor);
    view.add(tensor, title, shape[2], shape[3], of_map ? std::int64_t{map()} * shape[2] * shape[3] : 0);
  };
  for (int c = 0; c < C; ++c) {
    const std::string number = std::to_string(c + 1);
    add("x" + number, "Channel " + number, false);
    add("w" + number, "Kernel", true);
    add("p" + number, "Products", true);
  }
  add(C == 1 ? "p1" : "s", "Sum", true);
  view.add("b", "Bias", 1, 1, map());
  add("z", "With bias", true);
  add("a", "Activation", true);
  add("max", "Maximum", true);
  add("mean", "Average", true);

  SheetPage page{.head = head_text(*this),
                 .hint =
                     "Press Step or Play: at each place one sum of products for every channel, then their sum, the "
                     "bias, the activation; last the "
                     "pooling. Point at a number to see what it is made of.",
                 .brush = static_cast<float>(param("brush"))};
  page.place = [&](const SheetArea& area) {
    const bool beside = area.width > 70 * unit;
    const float y = beside ? place_in_columns(view, C, area) : place_in_channel_rows(view, C, area);
    const std::string& chosen = selection().tensor;
    view.draw_typing({area.at.x, y + 0.5f * unit}, area.width, chosen.empty() ? "x1" : chosen, "brush");
    return y + 0.5f * unit + control_height(theme) - area.at.y;
  };
  page.light = [&] {
    if (const auto from = view.pointed_input()) {
      const std::string& name = sheet().program().info(from->tensor).name;
      const std::string products = "p" + name.substr(1);
      const std::string_view outputs[] = {name == "b" ? std::string_view("z") : std::string_view(products)};
      view.light_fed(*from, outputs);
    } else if (view.focus()) {
      view.light_focus();
      light_pooling(*this, view);
    }
  };
  draw_sheet_page(view, size, page);
}

}  // namespace chainrule
