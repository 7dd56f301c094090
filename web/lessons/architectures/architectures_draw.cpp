// The canvas of "Architectures", and its microscope: which pixels a unit can see, and which it depends on.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/architectures/architectures_view.h"
#include "web/lessons/field_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/grid_cursor.h"
#include "web/widgets/maths.h"

namespace chainrule {
namespace {

Rect square(ImVec2 at, float side) { return {at, {at.x + side, at.y + side}}; }

/// A grid of n×n cells in a square, with the marked cells framed; a click or Enter returns a cell.
std::optional<Cell> draw_cells(const TableScene& scene, const char* id, const Rect& box, int n, const std::string& name, int row, int column,
                               int size, bool press) {
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float cell = box.width() / static_cast<float>(n);
  list.AddRectFilled(box.min, box.max, theme.colors.field);
  if (cell >= 5.0f)
    for (int i = 1; i < n; ++i) {
      const float at = static_cast<float>(i) * cell;
      list.AddLine({box.min.x + at, box.min.y}, {box.min.x + at, box.max.y}, theme.colors.outline);
      list.AddLine({box.min.x, box.min.y + at}, {box.max.x, box.min.y + at}, theme.colors.outline);
    }
  const auto x = [&](int c) { return box.min.x + cell * static_cast<float>(std::clamp(c, 0, n)); };
  const auto y = [&](int r) { return box.min.y + cell * static_cast<float>(std::clamp(r, 0, n)); };
  const ImVec2 from{x(column), y(row)}, to{std::max(x(column + size), x(column) + 2), std::max(y(row + size), y(row) + 2)};
  list.AddRectFilled(from, to, with_alpha(theme.colors.accent, 0.25f));
  list.AddRect(from, to, theme.colors.accent, 0, 0, 2.0f);
  list.AddRect(box.min, box.max, theme.colors.text_muted);
  if (!press) return std::nullopt;
  const GridGeometry grid{box.min, {cell, cell}, {0, 0}, n, n};
  const GridInput input = grid_input(theme, id, grid, {.name = name, .place = [](Cell at, Cell) { return "row " + std::to_string(at.row) + ", column " + std::to_string(at.column); },
                                                       .help = "Choose a unit: what it sees is framed in the picture."});
  if (input.pointed) {
    const Rect at = grid.rect(*input.pointed);
    list.AddRect(at.min, {std::max(at.max.x, at.min.x + 2), std::max(at.max.y, at.min.y + 2)}, theme.colors.text, 0, 0, 1.5f);
  }
  return input.clicked;
}

// "Unit (3, 4) of conv2 sees rows 6 to 19 and columns 8 to 21 of the picture."
float draw_sight(const TableScene& scene, const Rect& box, const LayerSpec& layer) {
  const Architecture& a = scene.model();
  std::vector<MathsItem> items;
  std::vector<TensorId> ids;
  const auto number = [&](TensorId id, const char* name) {
    items.push_back(maths_number(std::to_string(a.whole(id)), static_cast<std::int32_t>(ids.size()), name));
    ids.push_back(id);
  };
  items.push_back(maths_text("unit ("));
  number(a.rows().at, "the unit's row");
  items.push_back(maths_text(", "));
  number(a.columns().at, "the unit's column");
  items.push_back(maths_text(") of " + layer.name + ":"));
  items.push_back(maths_relation("rows"));
  number(a.rows().first, "first row");
  items.push_back(maths_relation("to"));
  number(a.rows().last, "last row");
  items.push_back(maths_relation("columns"));
  number(a.columns().first, "first column");
  items.push_back(maths_relation("to"));
  number(a.columns().last, "last column");
  ImGui::SetCursorScreenPos(box.min);
  const MathsHit hit = draw_maths(scene.theme, "sight", items, box.width(), TextSize::kBody);
  if (hit.clicked) scene.explain(ids[static_cast<std::size_t>(*hit.clicked)]);
  return maths_height(scene.theme, items, box.width(), TextSize::kBody);
}

// The switch, where it can be used, and what it shows.
float draw_effective_part(const TableScene& scene, const Rect& box, const Architectures::Unit& unit) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const Face body = face_of(theme, TextSize::kBody);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (!scene.lesson.is_known() || scene.lesson.known() != KnownArchitecture::kLenet)
    return put_wrapped(&list, body, box.min, box.width(), theme.colors.text_muted,
                       "The effective field needs trained weights, which deck 002's LeNet has: choose it, unchanged, to see what of a digit a unit depends on.");
  float y = box.min.y;
  const float knob = 6.5f * u, height = control_height(theme);
  put_text(list, face_of(theme, TextSize::kBody, Weight::kStrong), {{box.min.x, y}, {box.max.x - knob, y + height}}, {0, 0.5f}, theme.colors.text, "Effective field of the trained LeNet");
  ImGui::SetCursorScreenPos({box.max.x - knob, y});
  bool on = scene.lesson.param("effective") != 0;
  if (toggle(theme, "Effective field", on, "What of a digit the unit really depends on.")) scene.context.actions.push_back(Action::set("effective", on ? 1 : 0));
  y += height + 0.5f * u;
  const UnitProbe* field = scene.lesson.effective();
  if (field == nullptr) {
    if (on) {
      put_text(list, body, {box.min.x, y}, theme.colors.text_muted, "The trained weights are loading …");
      y += body.size;
    }
    return y - box.min.y;
  }
  const auto number = [&](const char* label, const char* param, int most, float x, float width) {
    const float words = text_width(body, label) + u;
    put_text(list, body, {{x, y}, {x + words, y + height}}, {0, 0.5f}, theme.colors.text_muted, label);
    ImGui::SetCursorScreenPos({x + words, y});
    const int now = std::min(static_cast<int>(scene.lesson.param(param)), most);
    if (const auto typed = number_field(theme, label, std::to_string(now), std::min(width - words - u, 10 * u), {0.0, static_cast<double>(most), true})) {
      const Result<float> value = parse_float(*typed);
      if (value.ok()) scene.context.actions.push_back(Action::set(param, static_cast<double>(value.value())));
      else refuse(value.error_message());
    }
  };
  number("Map", "map", field->program().info(field->values()).shape[1] - 1, box.min.x, box.width() / 2);
  number("Digit", "digit", 9999, box.min.x + box.width() / 2, box.width() / 2);
  y += height + u;
  const Architecture& a = scene.model();
  const int size = a.whole(a.layers()[static_cast<std::size_t>(unit.layer)].field);
  const auto whole = [&](const Architecture::Sight& sight) { return a.whole(sight.first); };
  const bool before = scene.lesson.param("before-activation") != 0;
  const FieldView view{.probe = *field, .prefix = "trained/", .picture = scene.lesson.digit_name(), .sight = {whole(a.rows()), whole(a.columns()), size, size},
                       .step = scene.lesson.step(), .before = before, .other = Action::set("before-activation", before ? 0 : 1)};
  y += draw_field(scene.context, {{box.min.x, y}, box.max}, view);
  return y - box.min.y;
}

}  // namespace

float draw_microscope(const TableScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const Architecture& a = scene.model();
  const auto unit = scene.lesson.unit();
  const float u = scene.unit(), pad = 2 * u, width = box.width() - 2 * pad;
  const Face caption = face_of(theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (!unit) return 0.0f;
  list.ChannelsSplit(2);
  list.ChannelsSetCurrent(1);
  const LayerSpec& layer = a.spec().layers[static_cast<std::size_t>(unit->layer)];
  const LayerTensors& t = a.layers()[static_cast<std::size_t>(unit->layer)];
  float y = box.min.y + pad;
  y += section_title(theme, {box.min.x + pad, y}, width, "What a unit of " + layer.name + " sees") + 0.5f * u;
  y += draw_sight(scene, {{box.min.x + pad, y}, {box.max.x - pad, y}}, layer) + u;
  const float side = std::min((width - 2 * u) / 2, 44 * u);
  const int n = a.spec().side, o = a.whole(t.output), field = a.whole(t.field);
  const ImVec2 picture{box.min.x + pad, y + caption.size + 0.25f * u}, map{box.min.x + pad + side + 2 * u, picture.y};
  put_text(list, caption, {{picture.x, y}, {picture.x + side, picture.y}}, {0, 0}, theme.colors.text_muted, "picture " + std::to_string(n) + "×" + std::to_string(n));
  put_text(list, caption, {{map.x, y}, {map.x + side, map.y}}, {0, 0}, theme.colors.text_muted, "its map, " + std::to_string(o) + "×" + std::to_string(o));
  draw_cells(scene, "picture", square(picture, side), n, "", a.whole(a.rows().first), a.whole(a.columns().first), field, false);
  if (const auto chosen = draw_cells(scene, "units", square(map, side), o, "units of " + layer.name, unit->row, unit->column, 1, true)) {
    scene.context.actions.push_back(Action::set("row", chosen->row));
    scene.context.actions.push_back(Action::set("column", chosen->column));
  }
  y = picture.y + side + u;
  const bool beyond = a.whole(a.rows().first) < 0 || a.whole(a.columns().first) < 0 || a.whole(a.rows().last) >= n || a.whole(a.columns().last) >= n;
  if (beyond) y += put_wrapped(&list, caption, {box.min.x + pad, y}, width, theme.colors.text_muted, "Pixels before 0 or beyond the picture are padding.") + u;
  y += draw_effective_part(scene, {{box.min.x + pad, y}, {box.max.x - pad, y}}, *unit) + pad;
  list.ChannelsSetCurrent(0);
  card(theme, {box.min, {box.max.x, y}});
  list.ChannelsMerge();
  return y - box.min.y;
}

float draw_slide_notes(const TableScene& scene, int layer, const Rect& box) {
  if (scene.lesson.param("slide") == 0) return 0.0f;
  const Theme& theme = scene.theme;
  const float left = box.min.x + 2.5f * scene.unit();
  const Face body = face_of(theme, TextSize::kBody), strong = face_of(theme, TextSize::kBody, Weight::kStrong);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = box.min.y;
  for (const SlideNote& note : slide_notes()) {
    if (note.which != scene.lesson.known() || note.layer != layer) continue;
    const std::string head = std::string("The slide: ") + note.slide;
    const float start = y;
    put_text(list, strong, {box.min.x, y}, theme.colors.bad, "✗");
    put_text(list, strong, {left, y}, theme.colors.bad, head);
    y += strong.size + 0.25f * scene.unit();
    y += put_wrapped(&list, body, {left, y}, box.max.x - left, theme.colors.text, note.why);
    mirror_text((std::to_string(layer) + note.slide).c_str(), {{box.min.x, start}, {box.max.x, y}}, head + ". " + note.why);
    y += scene.unit();
  }
  return y - box.min.y;
}

// C3's table: which maps below each map reads. A click connects or parts.
float draw_connection_table(const TableScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const Architecture& a = scene.model();
  const float u = scene.unit();
  const Face caption = face_of(theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = box.min.y;
  for (std::size_t i = 0; i < a.layers().size(); ++i) {
    const TensorId id = a.layers()[i].table;
    if (id == kNoTensor) continue;
    const Shape& shape = a.program().info(id).shape;
    const std::string name = a.program().info(id).name;
    y += section_title(theme, {box.min.x, y}, box.width(), "Connections of " + a.spec().layers[i].name) + 0.25f * u;
    const float cell = std::clamp((box.width() - 4 * u) / static_cast<float>(shape[0]), 2.0f * u, 4.0f * u);
    const GridGeometry grid{{box.min.x + 4 * u, y + caption.size}, {cell, cell}, {0, 0}, shape[1], shape[0]};
    const auto index = [&](Cell at) { return static_cast<std::int64_t>(at.column) * shape[1] + at.row; };
    const auto on = [&](Cell at) { return a.buffers()[id][static_cast<std::size_t>(index(at))] != 0.0f; };
    for (int c = 0; c < grid.columns; ++c)
      put_text(list, caption, {{grid.origin.x + cell * static_cast<float>(c), y}, {grid.origin.x + cell * static_cast<float>(c + 1), y + caption.size}}, {0.5f, 0}, theme.colors.text_muted, std::to_string(c));
    for (int r = 0; r < grid.rows; ++r) {
      put_text(list, caption, {{box.min.x, grid.origin.y + cell * static_cast<float>(r)}, {grid.origin.x - 0.5f * u, grid.origin.y + cell * static_cast<float>(r + 1)}}, {1, 0.5f}, theme.colors.text_muted, std::to_string(r));
      for (int c = 0; c < grid.columns; ++c) {
        const Rect at = grid.rect({r, c});
        list.AddRect(at.min, at.max, theme.colors.outline);
        if (on({r, c})) put_text(list, face_of(theme, TextSize::kCaption, Weight::kStrong), at, {0.5f, 0.5f}, theme.colors.accent, "✗");
      }
    }
    const GridInput input = grid_input(theme, "connections", grid, {.name = "connections: rows are maps below, columns its maps", .place = [&](Cell at, Cell) {
      return "map " + std::to_string(at.column) + (on(at) ? " reads map " : " does not read map ") + std::to_string(at.row); }, .help = "Connects or parts two maps."});
    if (input.pointed) {
      const Rect at = grid.rect(*input.pointed);
      list.AddRect(at.min, at.max, theme.colors.text, 0, 0, 2.0f);
    }
    if (input.clicked) scene.context.actions.push_back(Action::edit(name, index(*input.clicked), on(*input.clicked) ? 0.0f : 1.0f));
    y = grid.bounds().max.y + 0.5f * u;
    const std::string pairs = std::to_string(a.whole(a.layers()[i].pairs));
    draw_count(scene, a.layers()[i].pairs, {{box.min.x, y}, {box.min.x + 16 * u, y + control_height(theme)}}, pairs + " pairs", "pairs of " + a.spec().layers[i].name);
    y += control_height(theme) + u;
  }
  return y - box.min.y;
}

void Architectures::draw(DrawContext& context) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit;
  const TableScene scene{*this, context, theme};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size{std::min(context.size.x, ImGui::GetContentRegionAvail().x), context.size.y};
  if (size.x < 30 * unit || size.y < 10 * unit) return;
  const bool wide = size.x > 150 * unit;
  const float gap = 2 * unit, side = wide ? std::clamp(0.3f * size.x, 46 * unit, 70 * unit) : size.x;
  const float width = wide ? size.x - side - gap : size.x;
  float y = origin.y;
  const Face strong = face_of(theme, TextSize::kHeading, Weight::kStrong);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  constexpr std::string_view kTitles[] = {"LeNet-5", "LeNet of deck 002", "AlexNet", "AlexNet on two GPUs", "AlexNet as on the slide"};
  put_text(list, strong, {{origin.x, y}, {origin.x + width, y + strong.size}}, {0, 0}, theme.colors.text,
           std::string(kTitles[static_cast<std::size_t>(known())]) + (is_known() ? "" : ", changed"));
  y += strong.size + unit;
  const auto rest = [&] { return Rect{{origin.x, y}, {origin.x + width, origin.y + size.y}}; };
  y += draw_layer_table(scene, rest());
  y += draw_connection_table(scene, rest());
  if (!wide) y += draw_microscope(scene, rest()) + gap;
  y += draw_slide_notes(scene, -1, rest());
  if (wide) y = std::max(y, origin.y + draw_microscope(scene, {{origin.x + width + gap, origin.y}, {origin.x + size.x, origin.y + size.y}}));
  ImGui::SetCursorScreenPos({origin.x, y - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace chainrule
