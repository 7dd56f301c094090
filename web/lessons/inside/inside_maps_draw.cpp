// Part "Feature maps": all layers for one digit; the window of one cell with its products, sum, bias and activation; what the
// unit can see and what it uses.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "engine/trace/derivation.h"
#include "web/lessons/digit_stages.h"
#include "web/lessons/inside/inside_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/number_grid.h"

namespace chainrule {
namespace {

/// One cell of a layer: its weighted sum's terms, by the maps that come in.
struct Window {
  std::string layer, prefix = "digit/";
  bool pool = false;
  std::int64_t unit = 0;
  int map = 0, row = 0, column = 0, maps = 0;
  bool flat = false;
  int channels = 1, rows = 1, columns = 1;  // maps that come in, and the window in each
  Derivation derivation;                    // of the sum, or of the pool's output
  std::string input, weights;               // tensors
  Shape input_shape, weights_shape;
};

Window window_of(const InsideScene& scene) {
  const InsideLenet& lesson = scene.lesson;
  const UnitProbe& probe = lesson.digit_probe();
  const Program& program = probe.program();
  Window w;
  w.layer = lesson.layer().name;
  w.unit = lesson.chosen_unit();
  w.pool = program.find(w.layer + ".w") == kNoTensor;
  const TensorId sum = program.find(w.pool ? std::string(lesson.layer().values) : w.layer + ".sum");
  const Shape& shape = program.info(sum).shape;
  w.flat = shape.rank() == 2;
  w.maps = shape[1];
  const std::int64_t cells = w.flat ? 1 : std::int64_t{shape[2]} * shape[3];
  w.map = static_cast<int>(w.unit / cells);
  if (!w.flat) w.row = static_cast<int>(w.unit % cells / shape[3]), w.column = static_cast<int>(w.unit % cells % shape[3]);
  const OpCall& call = program.calls[static_cast<std::size_t>(program.info(sum).producer)];
  w.input = program.info(call.inputs[0]).name;
  w.input_shape = call.in_shapes[0];
  if (w.pool) {
    w.rows = w.columns = call.attributes.window;
  } else {
    w.weights = program.info(call.inputs[1]).name;
    w.weights_shape = call.in_shapes[1];
    if (!w.flat) {
      w.channels = w.weights_shape[1], w.rows = w.weights_shape[2], w.columns = w.weights_shape[3];
    } else if (w.weights_shape[1] == 800) {
      w.channels = 50, w.rows = w.columns = 4;  // pool2's maps, which flattening puts one after the other
    } else {
      w.rows = 20, w.columns = w.weights_shape[1] / 20;
    }
  }
  w.derivation = derive(program, probe.buffers(), sum, w.unit);
  return w;
}

int channel_of(const InsideScene& scene, const Window& w) { return std::min(static_cast<int>(scene.lesson.param("channel")), w.channels - 1); }

/// What stands in the three grids: from the derivation, number by number.
struct Products {
  std::vector<float> x, w, p;
  std::vector<std::int64_t> x_index, w_index;
  float before = 0.0f, after = 0.0f;  // the running sum before this channel, and after it
};

Products products_of(const Window& w, int channel) {
  Products out;
  const auto terms = w.derivation.terms();
  const auto size = static_cast<std::size_t>(w.rows * w.columns);
  const std::size_t first = static_cast<std::size_t>(channel) * size;
  for (std::size_t i = first; i < first + size && i < terms.size(); ++i) {
    for (const std::int32_t operand : w.derivation.operands_below(terms[i].node)) {
      const OperandRef& ref = w.derivation.operands()[static_cast<std::size_t>(operand)];
      (ref.slot == 0 ? out.x : out.w).push_back(w.derivation.operand_value(operand));
      (ref.slot == 0 ? out.x_index : out.w_index).push_back(ref.index);
    }
    out.p.push_back(terms[i].value);
    out.after = terms[i].running;
  }
  if (first > 0 && first <= terms.size()) out.before = terms[first - 1].running;
  return out;
}

/// The four numbers of a pool's window, in the order of its operands.
Products pooled_of(const Window& w) {
  Products out;
  for (std::size_t i = 0; i < w.derivation.operands().size(); ++i) {
    out.x.push_back(w.derivation.operand_value(static_cast<std::int32_t>(i)));
    out.x_index.push_back(w.derivation.operands()[i].index);
  }
  return out;
}

/// One of the grids with its title above; the click explains elements of `tensor`, `indices` of its cells.
struct Grid {
  std::string title, tensor;
  std::span<const float> values;
  std::span<const std::int64_t> indices;  // empty: a click asks for element `whole` of the tensor
  std::int64_t whole = 0;
  ImU32 color = 0;
  int winner = -1;  // framed
};

ImVec2 draw_grid(const InsideScene& scene, ImVec2 at, float side, int rows, int columns, const Grid& grid) {
  if (grid.values.size() != static_cast<std::size_t>(rows * columns)) return {0, 0};
  const Theme& theme = scene.theme;
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong);
  put_text(scene.ink(), strong, at, grid.color, grid.title);
  const NumberGridLayout layout = layout_number_grid(rows, columns, 0, {at.x, at.y + strong.size + 0.5f * scene.unit()}, side);
  const std::string key = "inside/window/" + grid.title;
  std::vector<GridMark> marks;
  if (grid.winner >= 0) marks.push_back({{grid.winner / columns, grid.winner % columns}, theme.colors.accent, 3.0f});
  const NumberGridData data{.key = key, .name = grid.title, .values = grid.values, .shape = {}, .scale = diverging_scale(grid.values), .marks = marks,
                            .help = "Enter: where the number comes from"};
  const NumberGridInput input = number_grid_input(theme, key.c_str(), layout, data, false);
  draw_number_grid(theme, scene.context.textures, layout, data, input);
  if (input.clicked) {
    const auto cell = static_cast<std::size_t>(input.clicked->row * columns + input.clicked->column);
    scene.explain("digit/" + grid.tensor, grid.indices.empty() ? grid.whole : grid.indices[cell]);
  }
  const Rect outer = layout.outer();
  return {outer.width(), outer.height() + strong.size + 0.5f * scene.unit()};
}

void put_sign(const InsideScene& scene, const Rect& box, std::string_view sign) {
  put_text(scene.ink(), face_of(scene.theme, TextSize::kTitle), box, {0.5f, 0.5f}, scene.theme.colors.text_muted, sign);
}

/// The running sum with this map's products, the whole sum, the bias, the activation.
float draw_window_sums(const InsideScene& scene, const Rect& box, const Window& w, const Products& products, int channel) {
  const UnitProbe& probe = scene.lesson.digit_probe();
  InsideLines lines(scene, probe, "digit/");
  const std::string sum = w.layer + ".sum", out = w.layer + ".out";
  if (w.pool) {
    lines.line().text("max of " + std::to_string(products.x.size()) + " numbers").relation("=").number(std::string(scene.lesson.layer().values), w.unit);
    return lines.draw(box);
  }
  if (w.channels > 1)
    lines.line().text("Σ up to map " + std::to_string(channel)).relation("=").number(sum, w.unit, products.before).sign("+").text(std::to_string(products.p.size()) + " products")
        .relation("=").number(sum, w.unit, products.after);
  lines.line().text("Σ of all " + grouped_text(static_cast<long long>(w.derivation.terms().size())) + " products").relation("=").number(sum, w.unit);
  lines.line().text("net").relation("=").number(sum, w.unit).sign("+").number(w.layer + ".b", w.map).relation("≈").number(w.layer + ".net", w.unit);
  if (probe.program().find(out) != kNoTensor) lines.line().text("ReLU").relation("=").number(out, w.unit);
  return lines.draw(box);
}

std::string window_title(const Window& w) {
  std::string title = w.layer + (w.flat ? ", unit " + std::to_string(w.unit) : ", map " + std::to_string(w.map) + ", row " + std::to_string(w.row) + ", column " + std::to_string(w.column));
  return title;
}

float draw_window(const InsideScene& scene, const Rect& box, const Window& w) {
  const Theme& theme = scene.theme;
  const float u = scene.unit(), gap = 3.5f * u;
  const int channel = channel_of(scene, w);
  const Products products = w.pool ? pooled_of(w) : products_of(w, channel);
  float y = box.min.y + section_title(theme, box.min, box.width(), window_title(w), "a step goes to the next cell") + 0.5f * u;
  if (w.channels > 1) {
    const float used = draw_inside_number(scene, {box.min.x, y}, "Map that comes in", "channel", w.channels - 1);
    put_text(scene.ink(), face_of(theme, TextSize::kCaption), {{box.min.x + used + u, y}, {box.max.x, y + control_height(theme)}}, {0, 0.5f}, theme.colors.text_muted,
             "of " + std::to_string(w.channels) + ", each with a kernel of its own");
    y += control_height(theme) + u;
  }
  const int grids = w.pool ? 1 : 3;
  // Grids too wide for one row stand below each other.
  const float widest = (box.width() - gap * static_cast<float>(grids - 1)) / static_cast<float>(grids * w.columns);
  const bool stacked = grids == 3 && widest < 3.4f * u && w.columns <= 5;
  const float fits = stacked ? box.width() / static_cast<float>(w.columns) : widest;
  const float side = std::floor(std::clamp(fits, 1.0f * u, stacked ? 5.5f * u : 6.5f * u));
  const float title = face_of(theme, TextSize::kBody).size + 0.5f * u;
  const auto map_name = [&] { return w.input_shape.rank() == 4 && w.input_shape[1] > 1 ? ", map " + std::to_string(w.pool ? w.map : channel) : std::string(); };
  const std::string input = (w.input == "x" ? "Pixels" : w.input + map_name());
  std::vector<Grid> all{{input, w.input, products.x, products.x_index, 0, theme.colors.series[0]}};
  if (w.pool) {
    all[0].winner = static_cast<int>(std::ranges::max_element(products.x) - products.x.begin());
  } else {
    all.push_back({"Weights", w.weights, products.w, products.w_index, 0, theme.colors.series[2]});
    all.push_back({"Products", w.layer + ".sum", products.p, {}, w.unit, theme.colors.text});
  }
  constexpr std::string_view kSigns[] = {"·", "="};
  ImVec2 at{box.min.x, y};
  float high = 0.0f;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ImVec2 used = draw_grid(scene, at, side, w.rows, w.columns, all[i]);
    high = std::max(high, used.y);
    if (stacked) {
      at.y += used.y + u;
      continue;
    }
    at.x += used.x;
    if (i + 1 < all.size()) put_sign(scene, {{at.x, y + title}, {at.x + gap, y + used.y}}, kSigns[i]);
    at.x += gap;
  }
  y = stacked ? at.y : y + high + 1.5f * u;
  y += draw_window_sums(scene, {{box.min.x, y}, {box.max.x, y}}, w, products, channel) + u;
  return y - box.min.y;
}

float draw_sight(const InsideScene& scene, const Rect& box, const Window& w) {
  const float u = scene.unit();
  const InsideLenet& lesson = scene.lesson;
  const Sight sight = sight_of(architecture_of(DigitModel::kLenet), static_cast<int>(lesson.param("layer")), w.row, w.column);
  const auto span = [](int from, int size) { return std::to_string(from) + " to " + std::to_string(from + size - 1); };
  float y = box.min.y + section_title(scene.theme, box.min, box.width(), "What the unit sees", "frame: all that it can see");
  const std::string text = "Rows " + span(sight.row, sight.rows) + ", columns " + span(sight.column, sight.columns) + " of the picture. Its effective field, on the right, is what it depends on.";
  y += put_wrapped(&scene.ink(), face_of(scene.theme, TextSize::kBody), {box.min.x, y}, box.width(), scene.theme.colors.text_muted, text) + u;
  mirror_text("sight", {box.min, {box.max.x, y}}, text);
  const bool has_relu = lesson.layer().values != lesson.layer().net;
  const bool before = has_relu && lesson.param("before-activation") != 0;
  FieldView view{.probe = lesson.field(), .prefix = "field/", .picture = lesson.shown().name, .sight = sight, .step = lesson.step(),
                 .before = before};
  if (has_relu) view.other = Action::set("before-activation", before ? 0 : 1);
  return y + draw_field(scene.context, {{box.min.x, y}, box.max}, view) - box.min.y;
}

/// A click on a unit of a layer chooses it.
void take_choice(const InsideScene& scene) {
  const std::optional<ElementRef>& wanted = scene.context.explain_request;
  if (!wanted || !wanted->tensor.starts_with("digit/")) return;
  const std::string name = wanted->tensor.substr(6);
  const auto layers = unit_layers(DigitModel::kLenet);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (name != layers[i].values) continue;
    const Shape& shape = scene.lesson.digit_probe().program().info(scene.lesson.digit_probe().program().find(name)).shape;
    const bool flat = shape.rank() == 2;
    const std::int64_t cells = flat ? shape[1] : std::int64_t{shape[2]} * shape[3];
    scene.set("layer", static_cast<double>(i));
    if (!flat) scene.set("map", static_cast<double>(wanted->index / cells));
    const std::int64_t cell = wanted->index % cells - scene.lesson.step() % cells;
    scene.set("cell", static_cast<double>((cell + cells) % cells));
  }
}

}  // namespace

float draw_inside_maps(const InsideScene& scene, const Rect& box) {
  const float u = scene.unit();
  const InsideDigit digit(scene, scene.lesson.digit_probe(), "digit/");
  float y = box.min.y;
  if (scene.narrow) {
    y += draw_digit_flow(digit.scene(), {{box.min.x, y}, box.max});
  } else {
    const float high = digit_flow_height(digit.scene(), box.height() * 0.45f);
    y += draw_digit_flow(digit.scene(), {{box.min.x, y}, {box.max.x, y + high}});
  }
  take_choice(scene);
  y += 1.5f * u;
  if (digit.view().source == DigitSource::kDrawn) y += draw_inside_pad(scene, digit, {box.min.x, y}, std::min(30.0f * u, box.width())) + u;
  const Window window = window_of(scene);
  if (box.width() < 130.0f * u) {
    y += draw_window(scene, {{box.min.x, y}, box.max}, window) + u;
    return y + draw_sight(scene, {{box.min.x, y}, box.max}, window) - box.min.y;
  }
  const float middle = box.min.x + box.width() * 0.58f;
  const float left = draw_window(scene, {{box.min.x, y}, {middle - 1.5f * u, box.max.y}}, window);
  const float right = draw_sight(scene, {{middle + 1.5f * u, y}, box.max}, window);
  return y + std::max(left, right) - box.min.y;
}

}  // namespace chainrule
