#include "web/lessons/kernel/sheet_view.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/controls.h"
#include "web/widgets/maths.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kDigits = 6;

/// "0,1": the last indices of an element, those of axes of size 1 left out.
std::string short_index(const Shape& shape, std::int64_t index) {
  std::string text;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    const int size = shape[axis];
    if (size > 1 || axis >= shape.rank() - 2) text = std::to_string(index % size) + (text.empty() ? "" : "," + text);
    index /= size;
  }
  return shape.size() == 1 ? "" : text;
}

std::string name_of(const Sheet& sheet, const SheetCell& cell) {
  const TensorInfo& info = sheet.program().info(cell.tensor);
  const std::string index = short_index(info.shape, cell.index);
  return info.name + (index.empty() ? "" : "[" + index + "]");
}

MathsItem letter_of(const Sheet& sheet, const SheetCell& cell, ImU32 color) {
  const TensorInfo& info = sheet.program().info(cell.tensor);
  return maths_symbol({info.name, short_index(info.shape, cell.index), ""}, {}, color);
}

/// "⌊2141 / 12 + 0.5⌋": what is done to the sum of a derivation, the sum as one number; empty where that is nothing.
std::string around_sum(const Derivation& derivation) {
  const Tape& tape = derivation.tape();
  const auto write = [&](const auto& self, std::int32_t number) -> std::string {
    const Node& node = tape.nodes[static_cast<std::size_t>(number)];
    const auto right = [&] { return number_text(tape.nodes[static_cast<std::size_t>(node.b)].value, kDigits); };
    if (number == derivation.sum_node()) return number_text(node.value, kDigits);
    if (node.kind == NodeKind::kFloor) return "⌊" + self(self, node.a) + "⌋";
    if (node.kind == NodeKind::kDivide) return self(self, node.a) + " / " + right();
    if (node.kind == NodeKind::kAdd) return self(self, node.a) + " + " + right();
    return "";
  };
  return derivation.sum_node() < 0 || derivation.sum_node() == tape.root ? "" : write(write, tape.root);
}

ImU32 color_of(const Theme& theme, const TensorInfo& info) {
  switch (info.kind) {
    case TensorKind::kInput:
      return theme.colors.series[0];
    case TensorKind::kParameter:
      return theme.colors.series[2];
    case TensorKind::kGradient:
      return theme.colors.series[1];
    default:
      return theme.colors.text;
  }
}

}  // namespace

SheetView::SheetView(const SheetLesson& lesson, DrawContext& context, bool show_all)
    : lesson_(lesson), context_(context), theme_(context.theme), all_(show_all), focus_(lesson.present()) {
  if (context.open_explanation == nullptr || context.open_explanation->element.step != lesson.step()) return;
  const ElementRef& element = context.open_explanation->element;
  const TensorId id = sheet().program().find(element.tensor);
  if (id != kNoTensor && sheet().program().info(id).producer >= 0 &&
      element.index < sheet().program().info(id).shape.size())
    focus_ = SheetCell{id, element.index};
}

SheetGrid& SheetView::add(std::string tensor, std::string title, int rows, int columns, std::int64_t first) {
  SheetGrid& grid = grids_.emplace_back(SheetGrid{std::move(tensor), std::move(title), rows, columns, first, {}});
  const std::span<const float> values = sheet().values(grid.tensor);
  grid.values.assign(values.begin() + static_cast<std::ptrdiff_t>(first),
                     values.begin() + static_cast<std::ptrdiff_t>(first + std::int64_t{rows} * columns));
  grid.scale = diverging_scale(grid.values);
  return grid;
}

void SheetView::set_padding(SheetGrid& grid, int pad, Padding padding) {
  const std::vector<float> inner = grid.values;
  grid.pad = pad;
  grid.padding = padding;
  grid.values.clear();
  for (int row = -pad; row < grid.rows + pad; ++row)
    for (int column = -pad; column < grid.columns + pad; ++column) {
      const int h = padded_position(padding, row, grid.rows), w = padded_position(padding, column, grid.columns);
      grid.values.push_back(h < 0 || w < 0 || h >= grid.rows || w >= grid.columns
                                ? 0.0f
                                : inner[static_cast<std::size_t>(h * grid.columns + w)]);
    }
}

SheetGrid* SheetView::find(std::string_view tensor, std::int64_t index) {
  for (SheetGrid& grid : grids_)
    if (grid.tensor == tensor && grid.holds(index)) return &grid;
  return nullptr;
}

float SheetView::title_height() const { return face_of(theme_, TextSize::kBody).size + 0.75f * unit(); }

ImVec2 SheetView::place(SheetGrid& grid, ImVec2 at, float side) {
  grid.layout = layout_number_grid(grid.rows, grid.columns, grid.pad, {at.x, at.y + title_height()}, side);
  const Rect outer = grid.layout.outer();
  return {outer.width(), outer.height() + title_height()};
}

// --------------------------------------------------------------------------------------------------------------- input

void SheetView::click(const SheetGrid& grid, std::int64_t index) {
  SheetLesson::Selection& selected = lesson_.selection();
  const bool settable = lesson_.can_set(grid.tensor);
  const bool again = selected.tensor == grid.tensor && selected.index == index;
  if (settable) selected = {grid.tensor, index};
  // A number that can be typed over is chosen first, and tells about itself when it is pressed once more.
  if (!settable || again) context_.explain_request = ElementRef{grid.tensor, index, lesson_.step()};
}

void SheetView::take_input(float brush) {
  for (SheetGrid& grid : grids_) {
    const TensorId id = sheet().program().find(grid.tensor);
    const bool settable = lesson_.can_set(grid.tensor);
    const NumberGridData data{
        .name = grid.title.empty() ? grid.tensor : grid.title,
        .values = grid.values,
        .shape = sheet().program().info(id).shape,
        .first = grid.first,
        .help = settable ? "Enter: choose it to type over; drag: paint" : "Enter: where the number comes from"};
    const std::string name = grid.tensor + "/" + std::to_string(&grid - grids_.data());  // a tensor may be there twice
    grid.input = number_grid_input(theme_, name.c_str(), grid.layout, data, settable);
    if (grid.input.clicked) click(grid, grid.index(*grid.input.clicked));
    if (!grid.input.painted.empty()) {
      std::vector<float> stroke;
      for (const Cell& cell : grid.input.painted)
        stroke.insert(stroke.end(), {static_cast<float>(grid.index(cell)), brush});
      context_.actions.push_back(SheetLesson::paint(grid.tensor, std::move(stroke)));
    }
    if (!grid.input.pointed) continue;
    const SheetCell cell{id, grid.index(*grid.input.pointed)};
    if (sheet().program().info(id).producer < 0)
      pointed_input_ = cell;
    else if (shown(cell))
      focus_ = cell;
  }
}

// -------------------------------------------------------------------------------------------------------------- lights

void SheetView::light(TensorId tensor, std::int64_t index, ImU32 color, float thickness) {
  const std::string& name = sheet().program().info(tensor).name;
  for (SheetGrid& grid : grids_)
    if (grid.tensor == name && grid.holds(index)) grid.marks.push_back({grid.cell(index), color, thickness});
}

void SheetView::light_focus() {
  if (!focus_) return;
  const Derivation derivation = derive(sheet().program(), sheet().buffers(), focus_->tensor, focus_->index);
  for (const OperandRef& operand : derivation.operands())
    light(sheet().operand_tensor(focus_->tensor, operand.slot), operand.index, theme_.colors.highlight, 2.0f);
  light(focus_->tensor, focus_->index, theme_.colors.accent, 3.0f);
}

void SheetView::light_fed(const SheetCell& from, std::span<const std::string_view> outputs) {
  for (const std::string_view name : outputs) {
    const TensorId tensor = sheet().program().find(name);
    if (tensor == kNoTensor) continue;
    for (std::int64_t i = 0; i < sheet().program().info(tensor).shape.size(); ++i) {
      const Derivation derivation = derive(sheet().program(), sheet().buffers(), tensor, i);
      for (const OperandRef& operand : derivation.operands())
        if (operand.index == from.index && sheet().operand_tensor(tensor, operand.slot) == from.tensor)
          light(tensor, i, theme_.colors.highlight, 2.0f);
    }
  }
  light(from.tensor, from.index, theme_.colors.accent, 3.0f);
}

void SheetView::draw() {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face strong = face_of(theme_, TextSize::kBody, Weight::kStrong);
  for (SheetGrid& grid : grids_) {
    const TensorInfo& info = sheet().program().info(sheet().program().find(grid.tensor));
    const Rect outer = grid.layout.outer();
    put_text(list, strong, {outer.min.x, outer.min.y - title_height()}, color_of(theme_, info), grid.title);
    std::vector<std::uint8_t> hidden;
    if (!all_)
      for (std::int64_t i = 0; i < std::int64_t{grid.rows} * grid.columns; ++i)
        hidden.push_back(lesson_.is_shown(sheet().program().find(grid.tensor), grid.first + i) ? 0 : 1);
    const SheetLesson::Selection& selected = lesson_.selection();
    if (selected.tensor == grid.tensor && grid.holds(selected.index))
      grid.marks.push_back({grid.cell(selected.index), theme_.colors.focus, 2.5f});
    const std::string key = lesson_.info().slug + "/" + grid.tensor + "/" + std::to_string(&grid - grids_.data());
    draw_number_grid(theme_, context_.textures, grid.layout,
                     {.key = key,
                      .name = grid.tensor,
                      .values = grid.values,
                      .shape = info.shape,
                      .first = grid.first,
                      .scale = grid.scale,
                      .hidden = hidden,
                      .marks = grid.marks,
                      .notes = grid.notes},
                     grid.input);
  }
}

// --------------------------------------------------------------------------------------------------------------- parts

float SheetView::draw_card(const Rect& box, std::string_view hint) {
  const float pad = 1.5f * unit(), width = box.width() - 2 * pad;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face body = face_of(theme_, TextSize::kBody);
  if (!focus_) {
    const float height = put_wrapped(nullptr, body, {}, width, 0, hint) + 2 * pad;
    card(theme_, {box.min, {box.max.x, box.min.y + height}});
    put_wrapped(&list, body, {box.min.x + pad, box.min.y + pad}, width, theme_.colors.text_muted, hint);
    return height;
  }
  const Program& program = sheet().program();
  const Derivation derivation = derive(program, sheet().buffers(), focus_->tensor, focus_->index);
  std::vector<MathsItem> items{letter_of(sheet(), *focus_, color_of(theme_, program.info(focus_->tensor))),
                               maths_relation("=")};
  std::vector<ElementRef> operands;
  std::vector<SheetCell> cells;
  for (const OperandRef& operand : derivation.operands()) {
    cells.push_back({sheet().operand_tensor(focus_->tensor, operand.slot), operand.index});
    operands.push_back({program.info(cells.back().tensor).name, operand.index, lesson_.step()});
  }
  for (const Token& token : derivation.substituted(kDigits, 64)) {
    if (token.operand < 0) {
      append_signs(items, token.text);
      continue;
    }
    const SheetCell& cell = cells[static_cast<std::size_t>(token.operand)];
    items.push_back(
        maths_number(token.text, token.operand, name_of(sheet(), cell), color_of(theme_, program.info(cell.tensor))));
  }
  const auto more = [&](const char* relation, float value) {
    items.push_back(maths_relation(relation));
    items.push_back(maths_number(number_text(value, kDigits), -1, ""));
  };
  // With the sum worked out, where more is done to it.
  if (const std::string text = around_sum(derivation); !text.empty() && derivation.terms().size() > 1) {
    items.push_back(maths_relation("="));
    append_signs(items, text);
  }
  more(derivation.digits_suffice(kDigits) ? "=" : "≈", derivation.value());
  const TextSize size =
      box.width() > 70 * unit() && derivation.terms().size() <= 25 ? TextSize::kHeading : TextSize::kBody;
  const float height = maths_height(theme_, items, width, size) + 2 * pad;
  card(theme_, {box.min, {box.max.x, box.min.y + height}});
  ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad});
  const MathsHit hit = draw_maths(theme_, "equation", items, width, size);
  if (hit.clicked && *hit.clicked >= 0) context_.explain_request = operands[static_cast<std::size_t>(*hit.clicked)];
  return height;
}

float SheetView::draw_trouble(const Rect& box) {
  const SheetPlan& plan = sheet().plan();
  const float pad = 1.5f * unit(), width = box.width() - 2 * pad;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face body = face_of(theme_, TextSize::kBody);
  const std::string text = "⚠ " + plan.trouble;
  const float words = put_wrapped(nullptr, body, {}, width, 0, text);
  const float height = words + control_height(theme_) + 2 * pad + unit();
  card(theme_, {box.min, {box.max.x, box.min.y + height}});
  put_wrapped(&list, body, {box.min.x + pad, box.min.y + pad}, width, theme_.colors.warning, text);
  mirror_text("trouble", {box.min, {box.max.x, box.min.y + pad + words}}, text);
  ImGui::SetCursorScreenPos({box.min.x + pad, box.min.y + pad + words + unit()});
  const std::string label = "Nearest that works: " + plan.offer;
  if (text_button(theme_, label.c_str(), ButtonLook::kFilled))
    for (const auto& [param, value] : plan.remedy) context_.actions.push_back(Action::set(param, value));
  return height;
}

float SheetView::draw_typing(ImVec2 at, float width, std::string_view tensor, std::string_view brush_param) {
  const SheetLesson::Selection& selected = lesson_.selection();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face small = face_of(theme_, TextSize::kCaption);
  const float high = control_height(theme_), field = 9.0f * unit();
  const auto place = [&](const std::string& label) {
    const float wide = std::min(text_width(small, label), std::max(width - field - unit(), 0.0f));
    put_text(list, small, {{at.x, at.y}, {at.x + wide + 1, at.y + high}}, {0.0f, 0.5f}, theme_.colors.text_muted,
             label);
    ImGui::SetCursorScreenPos({at.x + wide + 0.75f * unit(), at.y});
    return wide + 0.75f * unit();
  };
  constexpr double kMost = 1e6;
  const std::span<const float> values = sheet().values(tensor);
  if (selected.tensor == tensor && selected.index < static_cast<std::int64_t>(values.size())) {
    const SheetCell cell{sheet().program().find(tensor), selected.index};
    const std::string label = name_of(sheet(), cell);
    const float before = place(label);
    const float value = values[static_cast<std::size_t>(selected.index)];
    const NumberField rule{.low = -kMost, .high = kMost, .whole = value == std::floor(value)};
    if (const auto typed = number_field(theme_, label.c_str(), shortest_text(value), field, rule)) {
      if (const Result<float> number = parse_float(*typed); number.ok())
        context_.actions.push_back(Action::edit(std::string(tensor), selected.index, number.value()));
      else
        refuse(number.error_message());
    }
    at.x += before + field + 2 * unit();
    width -= before + field + 2 * unit();
  }
  if (brush_param.empty() || width < field) return high;
  place("Brush");
  const double brush = lesson_.param(brush_param);
  const ParamSpec& spec = *find_param(lesson_.params(), brush_param);
  const NumberField rule{.low = spec.minimum, .high = spec.maximum, .whole = false, .help = spec.help};
  if (const auto typed = number_field(theme_, "Brush", shortest_text(static_cast<float>(brush)), field, rule)) {
    if (const Result<float> number = parse_float(*typed); number.ok())
      context_.actions.push_back(Action::set(std::string(brush_param), static_cast<double>(number.value())));
    else
      refuse(number.error_message());
  }
  return high;
}

}  // namespace chainrule
