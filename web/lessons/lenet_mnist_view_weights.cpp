// Panels "Weights", "Close-up" and "Mistakes".
#include <algorithm>
#include <array>

#include "engine/base/text.h"
#include "web/lesson_kit/run_file.h"
#include "web/lessons/field_view.h"
#include "web/lessons/inside/trained_network.h"
#include "web/lessons/lenet_mnist_view_parts.h"
#include "web/widgets/bars.h"
#include "web/widgets/confusion.h"
#include "web/widgets/controls.h"
#include "web/widgets/gallery.h"
#include "web/widgets/matrix_grid.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

using KernelFace = LenetMnistViewState::KernelFace;

const NamedTensor& face_tensor(const LayerView& layer, KernelFace face) {
  return face == KernelFace::kGradient ? layer.gradient : face == KernelFace::kUpdate ? layer.update : layer.value;
}

std::string_view face_sentence(KernelFace face) {
  switch (face) {
    case KernelFace::kGradient: return "∂L/∂w of the step just made: how the mini-batch's loss changes with each weight";
    case KernelFace::kUpdate: return "what the last update added to each weight";
    case KernelFace::kValue: break;
  }
  return "the weights that the next step will use";
}

/// Which layer, and value, gradient or update. Returns the height used.
float draw_weight_choices(const DigitScene& scene, ImVec2 at, float width) {
  LenetMnistViewState& state = scene.state;
  const Theme& theme = scene.theme;
  std::vector<std::string_view> layers;
  for (const LayerView& layer : scene.view.layers) layers.push_back(layer.title);
  ImGui::SetCursorScreenPos(at);
  if (segments(theme, "Layer", layers, state.layer, width)) state.kernel = 0;
  const float used = std::min(segments_width(theme, layers), width);
  constexpr std::array<std::string_view, 3> kFaces{"value", "gradient", "update"};
  int face = static_cast<int>(state.face);
  const float u = scene.unit();
  const bool beside = used + 2.0f * u + segments_width(theme, kFaces) <= width;
  const ImVec2 next = beside ? ImVec2{at.x + used + 2.0f * u, at.y} : ImVec2{at.x, at.y + control_height(theme) + u};
  ImGui::SetCursorScreenPos(next);
  if (segments(theme, "Shown", kFaces, face, width)) state.face = static_cast<KernelFace>(face);
  const float height = next.y + control_height(theme) - at.y;
  const float x = next.x + segments_width(theme, kFaces) + 2.0f * u;
  const Face caption = face_of(theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (beside && x + 55.0f * u < at.x + width) {
    put_text(list, caption, {{x, next.y}, {at.x + width - 22.0f * u, next.y + control_height(theme)}}, {0.0f, 0.5f}, theme.colors.text_muted, face_sentence(state.face));
    return height + u;
  }
  put_text(list, caption, {{at.x, at.y + height + u * 0.5f}, {at.x + width, at.y + height + u * 0.5f + caption.size}}, {0.0f, 0.0f}, theme.colors.text_muted,
           face_sentence(state.face));
  return height + caption.size + 1.5f * u;
}

/// The colour legend at the right end of a line of controls; on a phone below them. Returns what it adds to their height.
float legend_beside(const DigitScene& scene, Rect box, const ColorScale& scale, float below) {
  const float u = scene.unit(), wide = std::min(20.0f * u, box.width());
  if (!scene.narrow) {
    draw_color_legend(scene.theme, {box.max.x - wide, box.min.y + 0.75f * u}, wide, scale, "");
    return 0.0f;
  }
  return draw_color_legend(scene.theme, {box.min.x, box.min.y + below}, wide, scale, "") + u;
}

MosaicData weights_mosaic(const DigitScene& scene, const NamedTensor& tensor, const Tiling& tiling, std::string_view key,
                          std::span<const std::int64_t> lit) {
  MosaicData data;
  data.key = key;
  data.version = scene.view.weights_version;
  data.values = tensor.data;
  data.count = tiling.count, data.height = tiling.height, data.width = tiling.width;
  data.scale = diverging_scale(tensor.data);
  data.name = tensor.name;
  data.shape = tensor.shape;
  data.one = tensor.shape.rank() == 4 ? "kernel" : "unit";
  data.lit = lit;
  return data;
}

/// The selected kernel with its numbers.
void draw_one_kernel(const DigitScene& scene, const NamedTensor& tensor, const Tiling& tiling, Rect box) {
  const Theme& theme = scene.theme;
  const std::int64_t area = static_cast<std::int64_t>(tiling.height) * tiling.width;
  const std::int64_t first = scene.state.kernel * area;
  std::string title = tiling.count == 1 ? std::string(tensor.name) : "kernel " + std::to_string(scene.state.kernel);
  if (tensor.shape.rank() == 4 && tensor.shape[1] > 1)
    title = "kernel " + std::to_string(scene.state.kernel / tensor.shape[1]) + ", input map " + std::to_string(scene.state.kernel % tensor.shape[1]);
  if (tensor.shape.rank() == 2) title = "unit " + std::to_string(scene.state.kernel);
  const float head = section_title(theme, box.min, box.width(), title, tiling.height * tiling.width <= 64 ? "click a number" : "");
  const std::vector<std::int64_t> lit = scene.lit(tensor.name);
  MatrixData matrix;
  matrix.key = "weights/one";
  matrix.version = scene.view.weights_version * 4096u + static_cast<std::uint64_t>(scene.state.kernel);
  matrix.values = tensor.data.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(area));
  matrix.rows = tiling.height, matrix.columns = tiling.width;
  matrix.scale = diverging_scale(tensor.data);
  matrix.name = tensor.name;
  matrix.shape = tensor.shape;
  matrix.first = first;
  matrix.lit = lit;
  matrix.decimals = 3;
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + head});
  const MatrixHit hit = draw_matrix(theme, scene.context.textures, "one", {box.width(), box.height() - head}, matrix);
  if (hit.clicked) scene.explain(tensor.name, *hit.clicked);
}

float draw_kernels(const DigitScene& scene, const NamedTensor& tensor, Rect box) {
  const Theme& theme = scene.theme;
  const float u = scene.unit();
  const Tiling tiling = tiling_of_weights(tensor.shape, scene.view.stages[0].values.shape);
  scene.state.kernel = std::clamp(scene.state.kernel, 0, tiling.count - 1);
  const bool detail = tiling.count > 1;
  const float height = scene.narrow ? 36.0f * u : box.height();
  const Rect left{box.min, {scene.narrow || !detail ? box.max.x : box.min.x + box.width() * 0.62f, box.min.y + height}};
  const float gap = tiling.height * tiling.width <= 64 ? (tiling.count > 200 ? 1.0f : 3.0f) : 3.0f;
  const MosaicLayout layout = layout_mosaic(tiling.count, tiling.height, tiling.width, {left.width(), left.height()}, gap, 16.0f);
  const std::vector<std::int64_t> lit = scene.lit(tensor.name);
  const std::string key = "weights/" + std::string(tensor.name);
  MosaicData data = weights_mosaic(scene, tensor, tiling, key, lit);
  data.selected = detail ? scene.state.kernel : -1;
  ImGui::SetCursorScreenPos(left.min);
  const MosaicHit hit = draw_mosaic(theme, scene.context.textures, "kernels", data, layout, gap);
  if (hit.clicked) {
    scene.state.kernel = hit.clicked_map;
    scene.explain(tensor.name, *hit.clicked);
  }
  const float below = left.min.y + layout.size(tiling.height, tiling.width, gap).y + u;
  if (!detail) return std::max(height, below - box.min.y);
  const float top = scene.narrow ? below + u : box.min.y;
  const float one = scene.narrow ? 36.0f * u : box.height();
  draw_one_kernel(scene, tensor, tiling, {{scene.narrow ? box.min.x : left.max.x + 3.0f * u, top}, {box.max.x, top + one}});
  return top + one - box.min.y;
}

// ------------------------------------------------------------------------------------------------------------ mistakes

std::vector<MistakeView> chosen_mistakes(const DigitScene& scene) {
  const LenetMnistViewState& state = scene.state;
  std::vector<MistakeView> chosen;
  for (const MistakeView& mistake : scene.view.mistakes)
    if (state.confusion_truth < 0 || (mistake.truth == state.confusion_truth && mistake.predicted == state.confusion_predicted))
      chosen.push_back(mistake);
  return chosen;
}

float draw_confusion_part(const DigitScene& scene, Rect box) {
  LenetMnistViewState& state = scene.state;
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  const std::string fixed = grouped_text(view.fixed_test_count) + " digits", full = "all " + grouped_text(view.test_count);
  const std::array<std::string_view, 2> sets{fixed, full};
  // Where the fixed digits are all there are, there is nothing to choose.
  const bool choice = view.test_count > view.fixed_test_count;
  int set = state.confusion_full && choice ? 1 : 0;
  ImGui::SetCursorScreenPos(box.min);
  if (choice)
    segments(theme, "Test digits", sets, set, box.width());
  else
    section_title(theme, {box.min.x, box.min.y + 0.75f * scene.unit()}, box.width(), grouped_text(view.test_count) + " test digits",
                  view.confusion != nullptr ? "at step " + grouped_text(view.confusion_step) : "");
  state.confusion_full = set == 1;
  const ConfusionMatrix* matrix = state.confusion_full ? view.confusion_full : view.confusion;
  const std::int64_t step = state.confusion_full ? view.confusion_full_step : view.confusion_step;
  const float u = scene.unit();
  const float x = box.min.x + segments_width(theme, sets) + 1.5f * u;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.confusion_full && (matrix == nullptr || step != view.step)) {
    ImGui::SetCursorScreenPos({x, box.min.y});
    const bool counting = view.full_test_progress >= 0.0f;
    const std::string label = counting ? "counting … " + percent_text(view.full_test_progress, 0) : "Count now";
    if (text_button(theme, (label + "###count").c_str(), ButtonLook::kQuiet, 0.0f, !counting)) scene.command(digit_command::kFullTest);
  } else if (choice && matrix != nullptr) {
    put_text(list, face_of(theme, TextSize::kCaption), {{x, box.min.y}, {box.max.x, box.min.y + control_height(theme)}}, {0.0f, 0.5f}, theme.colors.text_muted,
             "at step " + grouped_text(step));
  }
  std::optional<Cell> selected;
  if (state.confusion_truth >= 0) selected = Cell{state.confusion_truth, state.confusion_predicted};
  const float top = control_height(theme) + u;
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + top});
  const ConfusionHit hit = draw_confusion(theme, "confusion", {box.width(), box.height() - top}, matrix, selected);
  if (hit.clicked) {
    const bool again = selected == *hit.clicked;
    state.confusion_truth = again ? -1 : hit.clicked->row;
    state.confusion_predicted = again ? -1 : hit.clicked->column;
    state.gallery_first = 0;
  }
  return box.height();
}

float draw_gallery_part(const DigitScene& scene, Rect box) {
  LenetMnistViewState& state = scene.state;
  const Theme& theme = scene.theme;
  const std::vector<MistakeView> chosen = chosen_mistakes(scene);
  std::string title = "Misread among the " + grouped_text(scene.view.fixed_test_count) + " digits";
  std::string detail = "surest first";
  if (state.confusion_truth >= 0) {
    title = "True " + std::to_string(state.confusion_truth) + ", read as " + std::to_string(state.confusion_predicted);
    detail = "click the cell again for all";
  }
  const float head = section_title(theme, {box.min.x, box.min.y + scene.unit() * 0.75f}, box.width(), title, detail) + scene.unit() * 1.5f;
  GalleryData data;
  data.key = "mistakes";
  data.version = scene.view.mistakes_version;
  data.items = chosen;
  data.selected_index = scene.view.source == DigitSource::kTest ? scene.view.digit_index : -1;
  if (scene.view.confusion == nullptr)
    data.empty_text = "The test digits have not been counted yet.";
  else if (state.confusion_truth >= 0 && state.confusion_truth == state.confusion_predicted)
    data.empty_text = "These were read rightly; choose a cell off the diagonal.";
  ImGui::SetCursorScreenPos({box.min.x, box.min.y + head});
  const GalleryHit hit = draw_gallery(theme, scene.context.textures, "gallery", {box.width(), box.height() - head}, data, &state.gallery_first);
  if (hit.clicked) {
    scene.command(digit_command::kTest, chosen[static_cast<std::size_t>(*hit.clicked)].index);
    if (scene.narrow) state.panel = LenetMnistViewState::Panel::kStage;  // where it can be seen
  }
  return box.height();
}

}  // namespace

Tiling tiling_of_weights(const Shape& shape, const Shape& input) {
  if (shape.rank() == 4) return {shape[0] * shape[1], shape[2], shape[3]};
  // A dense layer that reads the picture itself: its weights are a picture for each unit.
  if (shape.rank() == 2 && input.rank() == 4 && input[1] == 1 && shape[1] == input[2] * input[3]) return {shape[0], input[2], input[3]};
  if (shape.rank() == 2) return {1, shape[0], shape[1]};
  return {1, 1, static_cast<int>(shape.size())};
}

float draw_kernels_panel(const DigitScene& scene, Rect box) {
  if (scene.view.layers.empty()) return 0.0f;
  LenetMnistViewState& state = scene.state;
  state.layer = std::clamp(state.layer, 0, static_cast<int>(scene.view.layers.size()) - 1);
  const float head = draw_weight_choices(scene, box.min, box.width());
  const NamedTensor& tensor = face_tensor(scene.view.layers[static_cast<std::size_t>(state.layer)], state.face);
  const float legend = tensor.present() ? legend_beside(scene, box, diverging_scale(tensor.data), head) : 0.0f;
  const Rect rest{{box.min.x, box.min.y + head + legend}, box.max};
  if (!tensor.present()) {
    put_wrapped(ImGui::GetWindowDrawList(), face_of(scene.theme, TextSize::kBody), rest.min, rest.width(), scene.theme.colors.text_muted,
                "Gradients and updates belong to a step: make one, and they appear here.");
    return box.height();
  }
  return head + legend + draw_kernels(scene, tensor, rest);
}

float draw_unit_part(const DigitScene& scene, const Rect& box) {
  const float u = scene.unit();
  float y = box.min.y;
  if (scene.view.network && scene.context.lesson_request != nullptr) {
    ImGui::SetCursorScreenPos({box.min.x, y});
    if (text_button(scene.theme, "Look inside this network")) *scene.context.lesson_request = LessonRequest{kInsideSlug, {kNetworkFile, {scene.view.network()}}};
    y += control_height(scene.theme) + u;
  }
  y += section_title(scene.theme, {box.min.x, y}, box.width(), "What the unit sees", scene.view.field_title) + 0.5f * u;
  if (scene.view.field != nullptr) return y + draw_field(scene.context, {{box.min.x, y}, box.max}, *scene.view.field) - box.min.y;
  return y + put_wrapped(ImGui::GetWindowDrawList(), face_of(scene.theme, TextSize::kBody), {box.min.x, y}, box.width(), scene.theme.colors.text_muted,
                         "Press a unit: the frame in the input is all that it can see, its gradient what it depends on.") - box.min.y;
}

namespace {

float draw_stage_part(const DigitScene& scene, Rect box);

}  // namespace

float draw_stage_panel(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  if (box.width() < 110.0f * u) {
    const float stage = draw_stage_part(scene, box) + 2.0f * u;
    return stage + draw_unit_part(scene, {{box.min.x, box.min.y + stage}, box.max});
  }
  const float middle = box.max.x - std::min(0.4f * box.width(), 60.0f * u);
  const float left = draw_stage_part(scene, {box.min, {middle - 2.0f * u, box.max.y}});
  return std::max(left, draw_unit_part(scene, {{middle, box.min.y}, box.max}));
}

namespace {

float draw_stage_part(const DigitScene& scene, Rect box) {
  const Theme& theme = scene.theme;
  LenetMnistViewState& state = scene.state;
  const int count = static_cast<int>(scene.view.stages.size());
  state.stage = std::clamp(state.stage, 0, count - 1);
  std::vector<std::string_view> titles;
  for (const StageView& stage : scene.view.stages) titles.push_back(stage.title);
  ImGui::SetCursorScreenPos(box.min);
  segments(theme, "Stage", titles, state.stage, box.width());
  const StageView& stage = scene.view.stages[static_cast<std::size_t>(state.stage)];
  const float u = scene.unit();
  float y = box.min.y + control_height(theme) + u;
  std::string detail = std::string(stage.caption) + " · " + stage_shape_text(stage.values.shape);
  if (stage.parameters > 0) detail += " · " + grouped_text(stage.parameters) + " learned numbers";
  y += section_title(theme, {box.min.x, y}, box.width(), stage.title, detail);
  const bool bars = stage.kind == StageView::Kind::kScores || stage.kind == StageView::Kind::kProbabilities;
  const ColorScale scale = stage.kind == StageView::Kind::kImage ? ColorScale{ColorMap::kInk, 0.0f, 1.0f} : diverging_scale(stage.values.data);
  if (!bars) y += legend_beside(scene, {box.min, box.max}, scale, y - box.min.y);
  const float height = std::max(box.max.y - y, (scene.narrow ? 40.0f : 14.0f) * u);
  const std::vector<std::int64_t> lit = scene.lit(stage.values.name);
  if (bars) {
    BarsData data;
    data.values = stage.values.data, data.name = stage.values.name, data.shape = stage.values.shape;
    data.truth = scene.view.digit_label, data.percent = stage.kind == StageView::Kind::kProbabilities, data.lit = lit;
    if (!data.percent) data.low = scale.low, data.high = scale.high;
    ImGui::SetCursorScreenPos({box.min.x, y});
    const BarsHit hit = draw_bars(theme, "stage-bars", {std::min(box.width(), 80.0f * u), std::min(height, 36.0f * u)}, data);
    if (hit.clicked) scene.explain(data.name, *hit.clicked);
    return y + height - box.min.y;
  }
  const Tiling tiling = tiling_of_values(stage.values.shape);
  const float gap = tiling.height * tiling.width == 1 ? 1.0f : 4.0f;
  const MosaicLayout layout = layout_mosaic(tiling.count, tiling.height, tiling.width, {box.width(), height}, gap, 16.0f);
  const std::string key = "flow/" + std::string(stage.values.name);
  MosaicData data;
  data.key = key, data.version = scene.view.digit_version, data.values = stage.values.data;
  data.count = tiling.count, data.height = tiling.height, data.width = tiling.width;
  data.scale = scale;
  data.name = stage.values.name, data.shape = stage.values.shape, data.lit = lit;
  ImGui::SetCursorScreenPos({box.min.x, y});
  const MosaicHit hit = draw_mosaic(theme, scene.context.textures, "stage-maps", data, layout, gap);
  if (hit.clicked) scene.explain(stage.values.name, *hit.clicked);
  return std::max(box.height(), y + layout.size(tiling.height, tiling.width, gap).y - box.min.y);
}

}  // namespace

float draw_mistakes_panel(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  if (scene.narrow) {
    const float matrix = 46.0f * u, gallery = 44.0f * u;
    draw_confusion_part(scene, {box.min, {box.max.x, box.min.y + matrix}});
    draw_gallery_part(scene, {{box.min.x, box.min.y + matrix + u}, {box.max.x, box.min.y + matrix + u + gallery}});
    return matrix + gallery + u;
  }
  const float height = std::max(box.height(), 32.0f * u);
  const float middle = box.min.x + std::min(box.width() * 0.52f, height * 1.7f);
  draw_confusion_part(scene, {box.min, {middle - 2.0f * u, box.min.y + height}});
  draw_gallery_part(scene, {{middle + 2.0f * u, box.min.y}, {box.max.x, box.min.y + height}});
  return height;
}

}  // namespace chainrule
