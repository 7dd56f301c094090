#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/kernel/channels_pooling.h"
#include "web/lessons/kernel/sheet_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

/// Each channel is a row: picture, kernel, products. What is made of them stands beside the rows, or below them.
struct Places {
  SheetView& view;
  int channels;
  ImVec2 at;
  float side, gap;

  SheetGrid& grid(int number) { return view.grids()[static_cast<std::size_t>(number)]; }
  float row_height(int channel) {
    return view.title_height() + side * static_cast<float>(grid(3 * channel).rows) + 0.75f * view.unit();
  }

  void sign(float x, float y, float high, std::string_view text) const {
    put_text(*ImGui::GetWindowDrawList(), face_of(view.theme(), TextSize::kHeading), {{x, y}, {x + gap, y + high}},
             {0.5f, 0.5f}, view.theme().colors.text_muted, text);
  }
  /// Grids from `first` on in a row, centred; returns where they end.
  float row(int first, int count, ImVec2 from, float high, std::span<const std::string_view> signs) {
    float x = from.x;
    for (int i = 0; i < count; ++i) {
      SheetGrid& one = grid(first + i);
      const float own = side * static_cast<float>(one.rows);
      x += view.place(one, {x, from.y + std::floor((high - own) / 2)}, side).x;
      if (i + 1 < count) sign(x, from.y + view.title_height(), high, signs[static_cast<std::size_t>(i)]);
      if (i + 1 < count) x += gap;
    }
    return x;
  }
};

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
    constexpr std::string_view kRow[] = {"*", "="}, kBias[] = {"+", "="}, kRest[] = {"→", ","};
    const SheetGrid &x = view.grids()[0], &w = view.grids()[1], &p = view.grids()[2];
    const float typing = control_height(theme), gap = 3.0f * unit, title = view.title_height();
    const float left_cells = static_cast<float>(x.columns + w.columns + p.columns),
                right_cells = static_cast<float>(2 * p.columns + 1);
    const bool beside = area.width > 70 * unit;
    const float by_width =
        beside ? (area.width - 6 * gap) / (left_cells + right_cells) : (area.width - 2 * gap) / left_cells;
    const float rows = static_cast<float>(std::max(C * x.rows, beside ? 2 * p.rows + view.grids().back().rows : 0));
    const float by_height =
        (area.height - typing - static_cast<float>(std::max(C, beside ? 3 : 0)) * (title + 0.75f * unit) - unit) / rows;
    const float side =
        std::floor(std::clamp(std::min(by_width, beside ? by_height : by_width), 2.7f * unit, 9.0f * unit));
    Places places{view, C, area.at, side, gap};
    float y = area.at.y, right = area.at.x;
    for (int c = 0; c < C; ++c) {
      right = std::max(right, places.row(3 * c, 3, {area.at.x, y}, side * static_cast<float>(x.rows), kRow));
      y += places.row_height(c);
    }
    // Sum, bias, with bias; activation and what pooling makes of it.
    ImVec2 at = beside ? ImVec2{right + 2 * gap, area.at.y} : ImVec2{area.at.x, y};
    if (beside) places.sign(right + gap / 2, area.at.y + title, side * static_cast<float>(x.rows), "→");
    const float high = side * static_cast<float>(p.rows);
    places.row(3 * C, 3, at, high, kBias);
    at.y += high + title + 0.75f * unit;
    places.row(3 * C + 3, 3, at, high, kRest);
    at.y += high + title + 0.75f * unit;
    y = std::max(y, at.y);
    const std::string& chosen = selection().tensor;
    view.draw_typing({area.at.x, y + 0.5f * unit}, area.width, chosen.empty() ? "x1" : chosen, "brush");
    return y + 0.5f * unit + typing - area.at.y;
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
