// The chosen digit's way through the network: a column a stage, the input first, the probabilities last.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "engine/base/text.h"
#include "web/lessons/field_view.h"
#include "web/lessons/lenet_mnist_view_parts.h"
#include "web/widgets/ink.h"
#include "web/widgets/bars.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

using Kind = StageView::Kind;

/// One column of the flow: its width, and how its maps are laid out.
struct Column {
  float width = 0.0f;
  MosaicLayout maps;
};

/// "digit/" of "digit/x".
std::string_view stage_prefix(const DigitScene& scene) {
  const std::string_view input = scene.view.stages[0].values.name;
  return input.substr(0, input.find('/') + 1);
}

float map_gap(const Tiling& tiling) { return tiling.height * tiling.width == 1 ? 0.0f : 2.0f; }

/// Small maps are magnified more than large ones, but not so much that they look as large.
MosaicLayout maps_in_height(const Tiling& tiling, float magnification, float height) {
  MosaicLayout layout;
  layout.scale = std::clamp(magnification * std::sqrt(28.0f / static_cast<float>(std::max(tiling.height, tiling.width))), 0.3f, 9.0f);
  const float gap = map_gap(tiling), pitch = static_cast<float>(tiling.height) * layout.scale + gap;
  const int fit = std::max(1, static_cast<int>((height + gap) / pitch));
  layout.columns = (tiling.count + fit - 1) / fit;
  layout.rows = (tiling.count + layout.columns - 1) / layout.columns;
  return layout;
}

Column plan_column(const DigitScene& scene, const StageView& stage, float magnification, float height) {
  const float u = scene.unit();
  const Tiling tiling = tiling_of_values(stage.values.shape);
  const float labels = std::max(text_width(face_of(scene.theme, TextSize::kBody, Weight::kStrong), stage.title),
                                text_width(face_of(scene.theme, TextSize::kCaption), stage_shape_text(stage.values.shape))) + 1.0f;
  Column column;
  switch (stage.kind) {
    case Kind::kImage:
      column.maps = {1, 1, std::min(height, std::max(14.0f * u, height * 0.55f)) / static_cast<float>(std::max(tiling.height, tiling.width))};
      column.width = column.maps.scale * static_cast<float>(tiling.width);
      break;
    case Kind::kMaps:
    case Kind::kUnits:
      column.maps = maps_in_height(tiling, magnification, height);
      column.width = column.maps.size(tiling.height, tiling.width, map_gap(tiling)).x;
      break;
    case Kind::kScores: column.width = 13.5f * u; break;
    case Kind::kProbabilities: column.width = 17.0f * u; break;
  }
  column.width = std::max(column.width, labels);
  return column;
}

/// All columns side by side within `width`, the maps as large as that allows; what is left over widens the bars.
std::vector<Column> plan_columns(const DigitScene& scene, float width, float height) {
  const float gaps = 2.75f * scene.unit() * static_cast<float>(scene.view.stages.size() - 1);
  const auto plan = [&](float magnification, float* total) {
    std::vector<Column> columns;
    *total = gaps;
    for (const StageView& stage : scene.view.stages) {
      columns.push_back(plan_column(scene, stage, magnification, height));
      *total += columns.back().width;
    }
    return columns;
  };
  float total = 0.0f, low = 0.2f, high = 8.0f;
  for (int round = 0; round < 12; ++round) {
    const float middle = 0.5f * (low + high);
    plan(middle, &total);
    (total <= width ? low : high) = middle;
  }
  std::vector<Column> columns = plan(low, &total);
  const StageView& last = scene.view.stages.back();
  if (last.kind == Kind::kProbabilities) columns.back().width += std::clamp(width - total, 0.0f, 24.0f * scene.unit());
  return columns;
}

ColorScale scale_of(const StageView& stage) {
  if (stage.kind == Kind::kImage) return {ColorMap::kInk, 0.0f, 1.0f};
  return diverging_scale(stage.values.data);
}

void draw_stage_bars(const DigitScene& scene, const StageView& stage, Rect box, const char* id) {
  const std::vector<std::int64_t> lit = scene.lit(stage.values.name);
  BarsData bars;
  bars.values = stage.values.data;
  bars.name = stage.values.name;
  bars.shape = stage.values.shape;
  bars.truth = scene.view.digit_label;
  bars.lit = lit;
  if (stage.kind == Kind::kProbabilities) {
    bars.percent = true;
  } else {
    const ColorScale scale = diverging_scale(stage.values.data);
    bars.low = scale.low, bars.high = scale.high;
  }
  ImGui::SetCursorScreenPos(box.min);
  const float most = static_cast<float>(stage.values.data.size()) * scene.unit() * 3.25f;
  const BarsHit hit = draw_bars(scene.theme, id, {box.width(), std::min(box.height(), most)}, bars);
  if (hit.clicked) scene.explain(stage.values.name, *hit.clicked);
}

/// In the input: what the unit under the pointer can see, or else the one whose derivation is open.
void frame_hovered_sight(const DigitScene& scene, ImVec2 at, float scale) {
  if (!scene.view.sight) return;
  const Explanation* open = scene.context.open_explanation;
  std::optional<Sight> sight;
  if (!scene.state.hovered.empty())
    sight = scene.view.sight(scene.state.hovered, scene.state.hovered_index);
  else if (open != nullptr && open->element.tensor.starts_with(stage_prefix(scene)))
    sight = scene.view.sight(open->element.tensor, open->element.index);
  if (sight) frame_sight(scene.theme, at, scale, *sight);
}

/// The pointer is told once a frame, after the input was drawn: the frame follows it a frame later.
void note_hovered(const DigitScene& scene, std::string_view tensor, const MosaicHit& hit) {
  LenetMnistViewState& state = scene.state;
  if (hit.hovered) {
    state.hovered = tensor;
    state.hovered_index = *hit.hovered;
  } else if (state.hovered == tensor) {
    state.hovered.clear();
  }
}

void draw_stage_maps(const DigitScene& scene, const StageView& stage, Rect box, const MosaicLayout& layout, const char* id) {
  const Tiling tiling = tiling_of_values(stage.values.shape);
  const std::vector<std::int64_t> lit = scene.lit(stage.values.name);
  MosaicData data;
  const std::string key = "flow/" + std::string(stage.values.name);
  data.key = key;
  data.version = scene.view.digit_version;
  data.values = stage.values.data;
  data.count = tiling.count, data.height = tiling.height, data.width = tiling.width;
  data.scale = scale_of(stage);
  data.name = stage.values.name;
  data.shape = stage.values.shape;
  data.lit = lit;
  ImGui::SetCursorScreenPos(box.min);
  const MosaicHit hit = draw_mosaic(scene.theme, scene.context.textures, id, data, layout, map_gap(tiling));
  if (hit.clicked) scene.explain(stage.values.name, *hit.clicked);
  if (stage.kind == Kind::kImage) frame_hovered_sight(scene, box.min, layout.scale);
  note_hovered(scene, stage.values.name, hit);
}

/// Title, what the layer does, the picture. A click on the title opens the close-up.
void draw_stage(const DigitScene& scene, int number, Rect box, const MosaicLayout& layout) {
  const StageView& stage = scene.view.stages[static_cast<std::size_t>(number)];
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face strong = face_of(theme, TextSize::kBody, Weight::kStrong), caption = face_of(theme, TextSize::kCaption);
  const Rect title{box.min, {box.max.x, box.min.y + strong.size}};
  ImGui::PushID(number);
  const std::string learned = stage.parameters > 0 ? ", " + grouped_text(stage.parameters) + " learned numbers" : "";
  const Press press = press_area(theme, "title", {box.min, {box.max.x, title.max.y + caption.size}},
                                 {.name = std::string(stage.title) + ", " + std::string(stage.caption) + ", " + stage_shape_text(stage.values.shape) + learned,
                                  .help = "Close-up"});
  if (press.pressed) {
    scene.state.stage = number;
    scene.state.panel = LenetMnistViewState::Panel::kStage;
  }
  const bool hovered = press.hovered;
  const bool chosen = !scene.narrow && scene.state.panel == LenetMnistViewState::Panel::kStage && scene.state.stage == number;
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    std::string detail(stage.caption);
    if (stage.parameters > 0) detail += "\n" + grouped_text(stage.parameters) + " learned numbers";
    if (!scene.narrow) detail += "\nclick: close-up";
    value_tip(theme, std::string(stage.title) + "  " + stage_shape_text(stage.values.shape), detail);
  }
  put_text(list, strong, title, {0.0f, 0.0f}, hovered || chosen ? theme.colors.accent : theme.colors.text, stage.title);
  const std::string under = scene.narrow ? std::string(stage.caption) + ", " + stage_shape_text(stage.values.shape)
                                         : stage_shape_text(stage.values.shape);
  put_text(list, caption, {{box.min.x, title.max.y}, {box.max.x, title.max.y + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted, under);
  const Rect picture{{box.min.x, title.max.y + caption.size + theme.unit * 0.5f}, box.max};
  if (stage.kind == Kind::kScores || stage.kind == Kind::kProbabilities)
    draw_stage_bars(scene, stage, picture, "values");
  else
    draw_stage_maps(scene, stage, picture, layout, "values");
  ImGui::PopID();
}

// ------------------------------------------------------------------------------------------------- which digit is shown

std::string digit_sentence(const LenetMnistView& view) {
  switch (view.source) {
    case DigitSource::kTest: return "of " + grouped_text(view.test_count);
    case DigitSource::kBatch: return "of the " + std::to_string(view.batch_size) + " in the last mini-batch";
    case DigitSource::kDrawn: break;
  }
  return view.drawing_empty ? "nothing drawn yet" : "your drawing";
}

/// "true 4, said 9 (63 %)" in words and colour.
void draw_verdict(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  const StageView& last = view.stages.back();
  const int said = greatest(last.values.data);
  if (said < 0) return;
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face face = face_of(theme, TextSize::kBody, Weight::kStrong);
  std::string text = "says " + std::to_string(said);
  ImU32 color = theme.colors.text;
  if (view.digit_label >= 0) {
    const bool right = said == view.digit_label;
    color = right ? theme.colors.good : theme.colors.bad;
    text = right ? "✓ " + text + ", right" : "✗ " + text + ", truth " + std::to_string(view.digit_label);
  }
  float right = box.max.x;
  if (view.digit_loss.present()) {
    const Face number = face_of(theme, TextSize::kBody, Weight::kNumber);
    const std::string loss = "loss " + value_text(view.digit_loss.data[0], 4);
    const float wide = text_width(number, loss);
    const Rect at{{right - wide, box.min.y}, {right, box.max.y}};
    const Press press = press_area(theme, "loss", at, {.name = loss + " of this digit", .help = "Where the number comes from"});
    if (press.pressed) scene.explain(view.digit_loss.name, 0);
    const bool hovered = press.hovered;
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    put_text(list, number, at, {0.0f, 0.5f}, hovered ? theme.colors.accent : theme.colors.text, loss);
    const float line = at.center().y + number.size * 0.5f;
    list.AddLine({at.min.x, line}, {at.max.x, line}, with_alpha(theme.colors.accent, hovered ? 1.0f : 0.45f));
    right -= wide + 2.0f * theme.unit;
  }
  const Rect words{{box.min.x, box.min.y}, {right, box.max.y}};
  put_text(list, face, words, {1.0f, 0.5f}, color, text);
  mirror_text("verdict", words, "The network " + text);
}

/// The number of the digit, to be typed.
void draw_digit_number(const DigitScene& scene, const char* command, int count) {
  const std::string now = std::to_string(scene.view.digit_index), last = std::to_string(count - 1);
  const std::optional<std::string> typed = number_field(scene.theme, "Digit", now, 8.0f * scene.unit(), {0.0, static_cast<double>(count - 1), true, "Which digit runs through the network"});
  if (!typed || *typed == now) return;
  const Result<long long> number = parse_integer(*typed);
  if (number.ok() && number.value() >= 0 && number.value() < count)
    scene.command(command, static_cast<double>(number.value()));
  else
    refuse("There is no digit \"" + *typed + "\": they are numbered from 0 to " + last + ". Digit " + now + " stays.");
}

}  // namespace

float draw_digit_bar(const DigitScene& scene, ImVec2 at, float width) {
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  const float u = scene.unit(), height = control_height(theme);
  // Without training there is no mini-batch.
  std::vector<std::string_view> names{"Test digit", "Drawn"};
  std::vector<DigitSource> sources_of{DigitSource::kTest, DigitSource::kDrawn};
  if (view.batch_size > 0) names.insert(names.begin() + 1, "Mini-batch"), sources_of.insert(sources_of.begin() + 1, DigitSource::kBatch);
  int source = static_cast<int>(std::ranges::find(sources_of, view.source) - sources_of.begin());
  ImGui::SetCursorScreenPos(at);
  const float sources = std::min(segments_width(theme, names), width);
  if (segments(theme, "Which digit", names, source, width)) {
    constexpr std::array<const char*, 3> kCommands{digit_command::kTest, digit_command::kBatch, digit_command::kDrawn};
    const DigitSource chosen = sources_of[static_cast<std::size_t>(source)];
    const bool fits = chosen != DigitSource::kBatch || view.digit_index < view.batch_size;
    scene.command(kCommands[static_cast<std::size_t>(chosen)], fits ? view.digit_index : 0);
    if (chosen == DigitSource::kDrawn) scene.state.panel = LenetMnistViewState::Panel::kDraw;
  }
  ImVec2 pen = scene.narrow ? ImVec2{at.x, at.y + height + u} : ImVec2{at.x + sources + 2.0f * u, at.y};
  const float right = at.x + width;
  if (view.source != DigitSource::kDrawn) {
    const int count = std::max(1, view.source == DigitSource::kTest ? view.test_count : view.batch_size);
    const char* name = view.source == DigitSource::kTest ? digit_command::kTest : digit_command::kBatch;
    const float arrow = text_button_width(theme, "‹");
    ImGui::SetCursorScreenPos(pen);
    if (text_button(theme, "‹", ButtonLook::kQuiet, arrow, view.digit_index > 0, "Previous digit")) scene.command(name, view.digit_index - 1);
    pen.x += arrow + u * 0.5f;
    ImGui::SetCursorScreenPos(pen);
    draw_digit_number(scene, name, count);
    pen.x += 8.5f * u;
    ImGui::SetCursorScreenPos(pen);
    if (text_button(theme, "›", ButtonLook::kQuiet, arrow, view.digit_index + 1 < count, "Next digit")) scene.command(name, view.digit_index + 1);
    pen.x += arrow + u;
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face caption = face_of(theme, TextSize::kCaption);
  const std::string sentence = digit_sentence(view);
  const float wide = std::min(text_width(caption, sentence), std::max(0.0f, right - pen.x));
  if (!scene.narrow || view.source == DigitSource::kDrawn)
    put_text(list, caption, {pen, {pen.x + wide + 1.0f, pen.y + height}}, {0.0f, 0.5f}, theme.colors.text_muted, sentence);
  if (scene.narrow) {
    draw_verdict(scene, {{at.x, pen.y + height}, {right, pen.y + 2.0f * height}});
    return 3.0f * height + u;
  }
  draw_verdict(scene, {{pen.x + wide + 2.0f * u, at.y}, {right, at.y + height}});
  return height;
}

namespace {

float labels_height(const Theme& theme) {
  return face_of(theme, TextSize::kBody).size + face_of(theme, TextSize::kCaption).size + theme.unit * 0.5f;
}

/// On a phone: a stage's picture over the whole width.
MosaicLayout narrow_layout(const DigitScene& scene, const StageView& stage, float width) {
  const Tiling tiling = tiling_of_values(stage.values.shape);
  const float most = stage.kind == Kind::kImage ? 20.0f * scene.unit() / static_cast<float>(tiling.height) : 6.0f;
  return layout_mosaic(tiling.count, tiling.height, tiling.width, {width, 28.0f * scene.unit()}, map_gap(tiling), most);
}

float narrow_picture(const DigitScene& scene, const StageView& stage, float width) {
  if (stage.kind == Kind::kScores || stage.kind == Kind::kProbabilities)
    return static_cast<float>(stage.values.data.size()) * 2.5f * scene.unit();
  const Tiling tiling = tiling_of_values(stage.values.shape);
  return narrow_layout(scene, stage, width).size(tiling.height, tiling.width, map_gap(tiling)).y;
}

float draw_narrow_flow(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  const Rect inside = box.shrunk(1.5f * u, 1.5f * u);
  float height = 3.0f * control_height(scene.theme) + 3.0f * u;
  for (const StageView& stage : scene.view.stages)
    height += labels_height(scene.theme) + narrow_picture(scene, stage, inside.width()) + 2.0f * u;
  card(scene.theme, {box.min, {box.max.x, box.min.y + height}});
  float y = inside.min.y + draw_digit_bar(scene, inside.min, inside.width()) + u;
  for (int i = 0; i < static_cast<int>(scene.view.stages.size()); ++i) {
    const StageView& stage = scene.view.stages[static_cast<std::size_t>(i)];
    const float part = labels_height(scene.theme) + narrow_picture(scene, stage, inside.width());
    draw_stage(scene, i, {{inside.min.x, y}, {inside.max.x, y + part}}, narrow_layout(scene, stage, inside.width()));
    y += part + 2.0f * u;
  }
  return height;
}

}  // namespace

Tiling tiling_of_values(const Shape& shape) {
  if (shape.rank() == 4) return {shape[0] * shape[1], shape[2], shape[3]};
  return {static_cast<int>(shape.size()), 1, 1};
}

std::string stage_shape_text(const Shape& shape) {
  std::string text;
  for (int axis = shape.rank() > 1 ? 1 : 0; axis < shape.rank(); ++axis) text += (text.empty() ? "" : "×") + std::to_string(shape[axis]);
  return text;
}

float digit_flow_height(const DigitScene& scene, float wanted) {
  const float u = scene.unit();
  // Ten bars need their lines of text.
  const float chrome = control_height(scene.theme) + 4.0f * u + labels_height(scene.theme);
  return std::max(wanted, chrome + 18.5f * u);
}

float draw_digit_flow(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  if (scene.narrow) return draw_narrow_flow(scene, box);
  card(scene.theme, box);
  const Rect inside = box.shrunk(2.0f * u, 1.5f * u);
  const float bar = draw_digit_bar(scene, inside.min, inside.width()) + u;
  const float top = inside.min.y + bar, picture = inside.max.y - top - labels_height(scene.theme), gap = 2.75f * u;
  const std::vector<Column> columns = plan_columns(scene, inside.width(), picture);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = inside.min.x;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const float wide = columns[i].width;
    draw_stage(scene, static_cast<int>(i), {{x, top}, {x + wide, inside.max.y}}, columns[i].maps);
    x += wide + gap;
    if (i + 1 == columns.size()) break;
    const float middle = top + face_of(scene.theme, TextSize::kBody).size * 0.5f;
    draw_connector(scene.theme, list, {x - gap + u * 0.5f, middle}, {x - u * 0.5f, middle}, with_alpha(scene.theme.colors.text_muted, 0.7f));
  }
  return box.height();
}

}  // namespace chainrule
