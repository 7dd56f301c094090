#include "web/lessons/kernel/conv_backward.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/conv2d.h"
#include "engine/ops/filter.h"

namespace chainrule {
namespace {

constexpr int kMostSize = 8, kMostKernel = 4, kMostOutput = 14;

std::vector<ParamSpec> make_params() {
  ParamTable table;
  const auto whole = [&](const char* name, const char* label, const char* help, int low, int high, int initial) {
    table.number(name, label, help, ParamType::kInteger, low, high, initial);
  };
  table.choice("layer", "Layer", "What the gradient comes back through.", {"convolution", "max pooling"}, 0);
  whole("size", "Size of the picture", "Rows and columns.", 3, kMostSize, 5);
  whole("kernel", "Size of the kernel", "Rows and columns; of the window in max pooling.", 1, kMostKernel, 3);
  whole("stride", "Stride", "How far the window moves from one output to the next.", 1, 3, 1);
  whole("padding", "Padding", "Zeros around the picture, on each side.", 0, 3, 0);
  table.toggle("check", "Gradient check", "The same slopes, measured by moving a number a little either way.", true)
      .changes_model = false;
  table.choice("show", "Outputs", "All at once, or as the window comes to them.", {"all", "as they come"}, 0)
      .changes_model = false;
  table.number("brush", "Brush", "What a stroke paints.", ParamType::kReal, -100, 100, 1).changes_model = false;
  return table.take();
}

LessonInfo make_info() {
  return {.slug = "conv-backward",
          .title = "Backward by sliding",
          .summary = "The gradients of a convolution are found by sliding, too: of the kernel and of the picture.",
          .topic = "Convolution",
          .decks = "000, 002, 004",
          .is_read = true,
          .is_random = false};
}

}  // namespace

ConvBackward::ConvBackward()
    : SheetLesson(make_info(), make_params(),
                  {{"x", Shape{1, 1, kMostSize, kMostSize}},
                   {"w", Shape{1, 1, kMostKernel, kMostKernel}},
                   {"dy", Shape{1, 1, kMostOutput, kMostOutput}}}) {}

OpAttributes ConvBackward::attributes_of(const ParamValues& params) {
  OpAttributes attributes;
  attributes.stride = params.whole("stride");
  attributes.pad = params.whole("padding");
  attributes.window = params.whole("kernel");
  attributes.window_stride = params.whole("stride");
  return attributes;
}

SheetPlan ConvBackward::plan(const ParamValues& params) const {
  SheetPlan plan;
  if (params.whole("layer") == 1)
    plan_pooling(params, plan);
  else
    plan_convolution(params, plan);
  return plan;
}

void ConvBackward::plan_convolution(const ParamValues& params, SheetPlan& plan) {
  OpAttributes attributes = attributes_of(params);
  const int size = params.whole("size"), side = params.whole("kernel");
  const Shape x_shape{1, 1, size, size}, w_shape{1, 1, side, side};
  const TensorId x = plan.input("x", x_shape), w = plan.parameter("w", w_shape);
  const FilterProblem problem = filter_problem(attributes, x_shape, Shape{side, side});
  if (!problem.why.empty()) {
    plan.trouble = problem.why;
    plan.offer = problem.offer;
    plan.remedy.push_back({"padding", problem.nearest.pad});
    return;
  }
  const TensorId y = plan.apply(OpKind::kConv2d, attributes, {x, w}, "y");
  const TensorId dy = plan.input("dy", plan.program.info(y).shape);
  const TensorId product = plan.apply(OpKind::kMultiply, {}, {y, dy}, "y·dy", TensorKind::kLoss, Phase::kLoss);
  plan.program.loss = plan.apply(OpKind::kSum, {}, {product}, "L", TensorKind::kLoss, Phase::kLoss);
  attributes.shape = w_shape;
  const TensorId dw =
      plan.apply(OpKind::kConv2dKernelGrad, attributes, {dy, x}, "dw", TensorKind::kGradient, Phase::kBackward);
  attributes.shape = x_shape;
  const TensorId dx =
      plan.apply(OpKind::kConv2dInputGrad, attributes, {dy, w}, "dx", TensorKind::kGradient, Phase::kBackward);
  for (const TensorId tensor : {y, dw, dx}) plan.show_all(tensor);
}

void ConvBackward::plan_pooling(const ParamValues& params, SheetPlan& plan) {
  const OpAttributes attributes = attributes_of(params);
  const int size = params.whole("size");
  const TensorId x = plan.input("x", Shape{1, 1, size, size});
  if (attributes.window > size) {
    const std::string sides = std::to_string(attributes.window) + "×" + std::to_string(attributes.window);
    plan.trouble = "The window of " + sides + " does not fit into the picture of " + std::to_string(size) + "×" +
                   std::to_string(size) + ".";
    plan.offer = "window " + std::to_string(size);
    plan.remedy.push_back({"kernel", size});
    return;
  }
  const TensorId y = plan.apply(OpKind::kMaxPool, attributes, {x}, "y");
  const TensorId dy = plan.input("dy", plan.program.info(y).shape);
  const TensorId product = plan.apply(OpKind::kMultiply, {}, {y, dy}, "y·dy", TensorKind::kLoss, Phase::kLoss);
  plan.program.loss = plan.apply(OpKind::kSum, {}, {product}, "L", TensorKind::kLoss, Phase::kLoss);
  const TensorId dx =
      plan.apply(OpKind::kMaxPoolGrad, attributes, {x, dy}, "dx", TensorKind::kGradient, Phase::kBackward);
  for (const TensorId tensor : {y, dx}) plan.show_all(tensor);
}

// Deck 000's picture and kernel in the corners of the stores; beyond them small numbers by a formula.
void ConvBackward::start(const ParamValues&, std::uint64_t, std::vector<std::vector<float>>& stores) const {
  constexpr float kPicture[] = {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1};
  constexpr float kKernel[] = {0, 1, 2, 2, 2, 0, 0, 1, 2}, kUpstream[] = {1, -1, 0, 0, 2, 1, -1, 0, 1};
  const auto fill = [](std::span<const float> corner, int corner_side, int most, std::vector<float>& to) {
    for (int row = 0; row < most; ++row)
      for (int column = 0; column < most; ++column)
        to[static_cast<std::size_t>(row * most + column)] =
            row < corner_side && column < corner_side ? corner[static_cast<std::size_t>(row * corner_side + column)]
                                                      : static_cast<float>((row * 2 + column * 3) % 5 - 1);
  };
  fill(kPicture, 5, kMostSize, stores[0]);
  fill(kKernel, 3, kMostKernel, stores[1]);
  fill(kUpstream, 3, kMostOutput, stores[2]);
}

std::string ConvBackward::source_text(const std::string& tensor) const {
  if (tensor == "dy") return "gradient that comes from the layer above, an example";
  return tensor == "x" ? "pixel, of deck 000" : "weight, of deck 000";
}

std::optional<double> ConvBackward::loss() const {
  if (sheet().program().loss == kNoTensor) return std::nullopt;
  return static_cast<double>(sheet().values(sheet().program().loss)[0]);
}

double ConvBackward::reading_time() const {
  const int side = params_.whole("kernel");
  return std::clamp(0.5 + 0.12 * side * side, 1.0, 3.0);
}

double ConvBackward::measured(std::string_view tensor, std::int64_t index) const {
  return sheet().central_difference(sheet().program().loss, sheet().program().find(tensor), index);
}

double ConvBackward::worst_difference() const {
  if (worst_version_ == version()) return worst_;
  worst_version_ = version();
  worst_ = 0.0;
  for (const std::string_view name : {"w", "x"}) {
    const std::span<const float> gradient = sheet().values("d" + std::string(name));
    for (std::size_t i = 0; i < gradient.size(); ++i)
      worst_ =
          std::max(worst_, std::abs(static_cast<double>(gradient[i]) - measured(name, static_cast<std::int64_t>(i))));
  }
  return worst_;
}

std::unique_ptr<Lesson> make_conv_backward() { return std::make_unique<ConvBackward>(); }

}  // namespace chainrule
