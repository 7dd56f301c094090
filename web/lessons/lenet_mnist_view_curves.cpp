// Panels "Learning", "Draw a digit" and "Data".
#include <algorithm>
#include <cmath>
#include <array>

#include "engine/base/text.h"
#include "web/lessons/lenet_mnist_view_parts.h"
#include "web/widgets/bars.h"
#include "web/widgets/controls.h"
#include "web/widgets/draw_pad.h"
#include "web/widgets/plot.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

PlotSeries series_of(const CurveView& curve, std::string_view label, int color, int dash, PlotSeries::Style style) {
  return {label, curve.x, curve.y, curve.low, curve.high, color, dash, style};
}

void draw_loss_plot(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  using Style = PlotSeries::Style;
  const std::array<PlotSeries, 2> series{series_of(view.train_loss, "each batch", 0, 0, Style::kFaintLine),
                                         series_of(view.train_loss_smooth, "smoothed", 0, 0, Style::kLine)};
  PlotOptions options;
  options.title = "Loss on the mini-batches";
  options.x_label = "digits seen";
  options.log_y = scene.state.log_loss;
  if (!options.log_y) options.y_low = 0.0;
  options.empty_text = "Press play: the curve begins with the first step.";
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "loss", {box.width(), box.height()}, series, {}, options);
  constexpr std::array<std::string_view, 2> kScales{"linear", "log"};
  int scale = scene.state.log_loss ? 1 : 0;
  const float wide = segments_width(scene.theme, kScales);
  ImGui::SetCursorScreenPos({box.max.x - plot_menu_width(scene.theme, {box.width(), box.height()}, options) - wide, box.min.y - scene.unit() * 0.75f});
  if (segments(scene.theme, "Scale of the loss", kScales, scale, wide)) scene.state.log_loss = scale == 1;
}

void draw_accuracy_plot(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  using Style = PlotSeries::Style;
  const std::string fixed = grouped_text(view.fixed_test_count) + " test digits";
  const std::string full = "all " + grouped_text(view.test_count) + " test digits";
  std::vector<PlotSeries> series{series_of(view.train_accuracy, "training", 0, 1, Style::kLine),
                                 series_of(view.test_accuracy, fixed, 1, 0, Style::kLine)};
  if (!view.full_test_accuracy.y.empty()) series.push_back(series_of(view.full_test_accuracy, full, 2, 0, Style::kDots));
  std::vector<PlotMark> marks;
  if (view.deck_accuracy > 0.0f) marks.push_back({view.deck_accuracy, view.deck_label});
  PlotOptions options;
  options.title = "Digits read rightly";
  options.x_label = "digits seen";
  options.percent = true;
  const PlotRange range = plot_range(series, {}, false);
  // The last few per cent are where networks differ; from below 70 % on, the whole scale.
  options.y_low = range.low > 0.7 ? range.low : 0.0;
  options.y_high = 1.0;
  options.empty_text = "Press play: the curve begins with the first step.";
  options.save = scene.context.save_request;
  ImGui::SetCursorScreenPos(box.min);
  draw_plot(scene.theme, "accuracy", {box.width(), box.height()}, series, marks, options);
}

// ------------------------------------------------------------------------------------------------------------- drawing

void draw_network_input(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  MosaicData data;
  data.key = "draw/input";
  data.version = view.drawing_version;
  data.values = view.drawing_input;
  data.count = 1, data.height = 28, data.width = 28;
  data.scale = {ColorMap::kInk, 0.0f, 1.0f};
  data.name = view.stages[0].values.name;
  data.shape = view.stages[0].values.shape;
  ImGui::SetCursorScreenPos(box.min);
  const float scale = box.width() / 28.0f;
  const MosaicHit hit = draw_mosaic(scene.theme, scene.context.textures, "network-input", data, {1, 1, scale}, 0.0f);
  if (hit.clicked && view.source == DigitSource::kDrawn) scene.explain(data.name, *hit.clicked);
}

void draw_answer(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (view.source != DigitSource::kDrawn || view.drawing_empty) {
    put_wrapped(&list, face_of(scene.theme, TextSize::kBody), box.min, box.width(), scene.theme.colors.text_muted,
                "The network reads along while you draw. Above, your digit runs through all layers.");
    return;
  }
  const StageView& last = view.stages.back();
  BarsData bars;
  bars.values = last.values.data;
  bars.percent = true;
  bars.name = last.values.name;
  bars.shape = last.values.shape;
  ImGui::SetCursorScreenPos(box.min);
  const BarsHit hit = draw_bars(scene.theme, "answer", {box.width(), std::min(box.height(), scene.unit() * 34.0f)}, bars);
  if (hit.clicked) scene.explain(last.values.name, *hit.clicked);
}

// ---------------------------------------------------------------------------------------------------------------- data

/// A line of text that wraps; returns where the next one begins.
float sentence(const DigitScene& scene, float x, float y, float width, ImU32 color, std::string_view text) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  return y + put_wrapped(&list, face_of(scene.theme, TextSize::kBody), {x, y}, width, color, text) + scene.unit() * 0.75f;
}

float draw_progress(const DigitScene& scene, float x, float y, float width, float part, std::string_view label) {
  const float u = scene.unit(), height = u;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImGui::SetCursorScreenPos({x, y});
  progress_bar(scene.theme, "Loading", part, width);
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  put_text(list, caption, {x, y + height + 2.0f}, scene.theme.colors.text_muted, label);
  return y + height + caption.size + u;
}

float draw_data_choices(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  const float u = scene.unit(), x = box.min.x, width = box.width(), line = control_height(theme) + u;
  float y = box.min.y + section_title(theme, box.min, width, "Digits");
  y = sentence(scene, x, y, width, theme.colors.text, std::string(view.data_name) + ": " + grouped_text(view.train_count) + " to learn from, " +
                                      grouped_text(view.test_count) + " to test with.");
  const std::string& loading = scene.context.asset_loading;
  if (!loading.empty()) y = draw_progress(scene, x, y, width, scene.context.asset_progress, "loading " + loading + " …");
  ImGui::SetCursorScreenPos({x, y});
  if (text_button(theme, view.full_mnist ? "All 70,000 digits are here###full" : "Load all 70,000 digits (11 MB)###full",
                  view.full_mnist ? ButtonLook::kQuiet : ButtonLook::kFilled, 0.0f, !view.full_mnist && loading.empty()))
    scene.context.actions.push_back(Action::set(digit_param::kData, 1));
  y += line;
  ImGui::SetCursorScreenPos({x, y});
  if (text_button(theme, "Load your own IDX files …")) scene.context.file_request = "digits";
  y += line;
  y += u * 0.5f + section_title(theme, {x, y + u * 0.5f}, width, "Weights");
  y = sentence(scene, x, y, width, theme.colors.text,
               view.trained_weights ? "The run began with weights that were trained before." : "The run began with random weights.");
  ImGui::SetCursorScreenPos({x, y});
  if (view.trained_weights) {
    if (text_button(theme, "Start over with new weights")) scene.context.actions.push_back(Action::set(digit_param::kStart, 0));
  } else if (text_button(theme, "Use trained weights", ButtonLook::kQuiet, 0.0f, loading.empty())) {
    scene.context.actions.push_back(Action::set(digit_param::kStart, 1));
  }
  y += line;
  if (!view.data_error.empty()) y = sentence(scene, x, y, width, theme.colors.bad, view.data_error);
  return y - box.min.y;
}

/// The last mini-batch: what the step just made learned from. A click sends a digit through the network.
float draw_batch(const DigitScene& scene, Rect box) {
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  float y = box.min.y + section_title(theme, box.min, box.width(), "The last mini-batch", "click a digit to follow it");
  const Shape& shape = view.batch_images.shape;
  if (!view.batch_images.present() || shape.rank() != 4)
    return sentence(scene, box.min.x, y, box.width(), theme.colors.text_muted, "Make a step: its digits appear here.") - box.min.y;
  const int count = shape[0];
  const float room = std::max(box.max.y - y, 20.0f * scene.unit());
  const MosaicLayout layout = layout_mosaic(count, shape[2], shape[3], {box.width(), room}, 3.0f, 3.0f);
  MosaicData data;
  data.key = "data/batch";
  data.version = view.batch_version;
  data.values = view.batch_images.data;
  data.count = count, data.height = shape[2], data.width = shape[3];
  data.scale = {ColorMap::kInk, 0.0f, 1.0f};
  data.name = view.batch_images.name;
  data.shape = shape;
  data.selected = view.source == DigitSource::kBatch ? view.digit_index : -1;
  ImGui::SetCursorScreenPos({box.min.x, y});
  const MosaicHit hit = draw_mosaic(theme, scene.context.textures, "batch", data, layout, 3.0f);
  if (hit.clicked) {
    scene.command(digit_command::kBatch, hit.clicked_map);
    scene.explain(data.name, *hit.clicked);
  }
  return y + layout.size(shape[2], shape[3], 3.0f).y - box.min.y;
}

}  // namespace

void draw_digit_pad(const DigitScene& scene, ImVec2 at, float side) {
  const LenetMnistView& view = scene.view;
  DrawPadData data;
  data.key = "draw/paper";
  data.version = view.drawing_version;
  data.coverage = view.drawing;
  data.side = view.drawing_side;
  DrawPadState pen{scene.state.drawing, scene.state.last_x, scene.state.last_y};
  ImGui::SetCursorScreenPos(at);
  DrawPadInput input = draw_pad(scene.theme, scene.context.textures, "pad", side, data, pen);
  scene.state.drawing = pen.drawing, scene.state.last_x = pen.last_x, scene.state.last_y = pen.last_y;
  if (!input.points.empty()) {
    // Three digits are finer than the paper's cells, and short in a link.
    for (float& point : input.points) point = std::round(std::clamp(point, -1.0f, 2.0f) * 1000.0f) / 1000.0f;
    scene.command(digit_command::kStroke, input.begins ? 1.0 : 0.0, std::move(input.points));
  }
}

float draw_curves_panel(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  if (scene.narrow) {
    const float height = 32.0f * u;
    draw_loss_plot(scene, {{box.min.x, box.min.y + u}, {box.max.x, box.min.y + height}});
    draw_accuracy_plot(scene, {{box.min.x, box.min.y + height + 2.0f * u}, {box.max.x, box.min.y + 2.0f * height + u}});
    return 2.0f * height + 2.0f * u;
  }
  const float middle = box.min.x + box.width() * 0.46f;
  draw_loss_plot(scene, {{box.min.x, box.min.y + u}, {middle - 1.5f * u, box.max.y}});
  draw_accuracy_plot(scene, {{middle + 1.5f * u, box.min.y + u}, box.max});
  return box.height();
}

namespace {

/// On a phone: the pad, and below it what the network gets beside what it says.
float draw_narrow_drawing(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  const float clear = text_button_width(scene.theme, "Clear");
  const float side = std::min(box.width() - clear - 2.0f * u, 36.0f * u);
  draw_digit_pad(scene, {box.min.x, box.min.y + u}, side);
  ImGui::SetCursorScreenPos({box.min.x + side + u, box.min.y + u});
  if (text_button(scene.theme, "Clear", ButtonLook::kQuiet, 0.0f, !scene.view.drawing_empty)) scene.command(digit_command::kClear);
  const Face caption = face_of(scene.theme, TextSize::kCaption);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float top = box.min.y + side + 2.5f * u, below = top + caption.size + 0.5f * u, input = 16.0f * u;
  put_text(list, caption, {box.min.x, top}, scene.theme.colors.text_muted, "The network gets");
  draw_network_input(scene, {{box.min.x, below}, {box.min.x + input, below + input}});
  const float left = box.min.x + input + 2.0f * u, height = 22.0f * u;
  put_text(list, caption, {left, top}, scene.theme.colors.text_muted, "and says");
  draw_answer(scene, {{left, below}, {box.max.x, below + height}});
  return below + height - box.min.y;
}

}  // namespace

float draw_drawing_panel(const DigitScene& scene, Rect box) {
  if (scene.narrow) return draw_narrow_drawing(scene, box);
  const LenetMnistView& view = scene.view;
  const Theme& theme = scene.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float u = scene.unit();
  const Face caption = face_of(theme, TextSize::kCaption), heading = face_of(theme, TextSize::kHeading);
  const ImVec2 at{box.min.x, box.min.y + caption.size + u * 0.5f};
  const float side = std::clamp(box.max.y - at.y - 0.5f * u, 18.0f * u, 44.0f * u);
  put_text(list, caption, box.min, theme.colors.text_muted, "Your digit");
  draw_digit_pad(scene, at, side);

  constexpr std::string_view kInputTitle = "What the network gets: 28×28";
  const float input_side = std::min(side, 28.0f * u);
  const float left = at.x + side + 4.0f * u, right = left + std::max(input_side, text_width(caption, kInputTitle)) + 4.0f * u;
  put_text(list, heading, {at.x + side + u, at.y + input_side * 0.5f - heading.size * 0.5f}, theme.colors.text_muted, "→");
  put_text(list, caption, {left, box.min.y}, theme.colors.text_muted, kInputTitle);
  draw_network_input(scene, {{left, at.y}, {left + input_side, at.y + input_side}});

  // Low panels: the button stands beside the answer, which keeps its height for ten bars.
  const float below = at.y + input_side + u, wide = text_button_width(theme, "Clear");
  const bool room_below = below + control_height(theme) <= box.max.y;
  ImGui::SetCursorScreenPos(room_below ? ImVec2{left, below} : ImVec2{box.max.x - wide, at.y});
  if (text_button(theme, "Clear", ButtonLook::kQuiet, 0.0f, !view.drawing_empty)) scene.command(digit_command::kClear);
  put_text(list, caption, {right, box.min.y}, theme.colors.text_muted, "What it says");
  const float edge = room_below ? box.max.x : box.max.x - wide - 2.0f * u;
  draw_answer(scene, {{right, at.y}, {std::min(edge, right + 46.0f * u), box.max.y}});
  return std::max(box.height(), at.y + side - box.min.y);
}

float draw_data_panel(const DigitScene& scene, Rect box) {
  const float u = scene.unit();
  if (scene.narrow) {
    const float choices = draw_data_choices(scene, box);
    return choices + 2.0f * u + draw_batch(scene, {{box.min.x, box.min.y + choices + 2.0f * u}, {box.max.x, box.min.y + choices + 40.0f * u}});
  }
  const float middle = box.min.x + std::min(box.width() * 0.45f, 46.0f * u);
  const float left = draw_data_choices(scene, {box.min, {middle - 2.0f * u, box.max.y}});
  const float right = draw_batch(scene, {{middle + 2.0f * u, box.min.y}, box.max});
  return std::max({left, right, box.height()});
}

}  // namespace chainrule
