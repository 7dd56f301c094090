#include "web/lessons/kernel/sliding_kernel.h"

#include <algorithm>

#include "engine/ops/filter.h"
#include "web/lessons/kernel/kernel_presets.h"

namespace chainrule {
namespace {

constexpr int kMostSize = 64, kMostKernel = 7;

std::vector<ParamSpec> make_params() {
  ParamTable table;
  std::vector<std::string> names;
  for (const KernelPreset& preset : kernel_presets()) names.emplace_back(preset.name);
  const KernelPreset& first = kernel_presets()[0];
  table.choice("example", "Example", "A picture and a kernel, of a deck or to be painted over. Starts over.", names, 0)
      .restarts = true;
  const auto whole = [&](const char* name, const char* label, const char* help, int low, int high, int initial) {
    table.number(name, label, help, ParamType::kInteger, low, high, initial);
  };
  whole("size", "Size of the picture", "Rows and columns.", 3, kMostSize, first.size);
  whole("kernel", "Size of the kernel", "Rows and columns.", 1, kMostKernel, first.kernel);
  whole("stride", "Stride", "How far the window moves from one output to the next.", 1, 4, 1);
  whole("padding", "Padding", "Pixels around the picture, on each side.", 0, 6, 0);
  table.choice("padding-mode", "Padding with", "What lies beyond the edge.", {"zeros", "mirrored", "repeated"}, 0);
  whole("dilation", "Dilation", "Distance of the pixels that one window reads.", 1, 4, 1);
  table.choice("operation", "Operation",
               "Correlation takes the kernel as it stands; convolution turns it by half a turn.",
               {"correlation", "convolution"}, 0);
  table.number("divisor", "Divisor", "The sum is divided by it.", ParamType::kReal, 1, 1000, 1).logarithmic = true;
  table.number("bias", "Bias", "Added to each output.", ParamType::kReal, -255, 255, 0);
  table.toggle("round", "Whole numbers", "Outputs are rounded, half up.", false);
  table.toggle("in-place", "In place",
               "Each output replaces its pixel at once, and the windows that come after read it.", false);
  table.choice("scan", "Order in place", "Which pixel comes next.",
               {"rows", "rows backward", "columns", "columns backward"}, 0);
  table.choice("show", "Outputs", "All at once, or as the window comes to them.", {"all", "as they come"}, 0)
      .changes_model = false;
  table.number("brush", "Brush", "What a stroke paints.", ParamType::kReal, -255, 255, first.brush).changes_model =
      false;
  return table.take();
}

LessonInfo make_info() {
  return {.slug = "sliding-kernel",
          .title = "Sliding kernel",
          .summary = "A small matrix slides over a picture: nine products, one sum, at every place.",
          .topic = "Convolution",
          .decks = "000, 001, 002",
          .is_read = true,
          .is_random = false};
}

const KernelPreset& preset_of(const ParamValues& params) {
  return kernel_presets()[static_cast<std::size_t>(params.whole("example"))];
}

}  // namespace

SlidingKernel::SlidingKernel()
    : SheetLesson(make_info(), make_params(),
                  {{"x", Shape{1, 1, kMostSize, kMostSize}}, {"w", Shape{kMostKernel, kMostKernel}}}) {}

OpAttributes SlidingKernel::attributes_of(const ParamValues& params) {
  OpAttributes attributes;
  attributes.stride = params.whole("stride");
  attributes.pad = params.whole("padding");
  attributes.dilation = params.whole("dilation");
  attributes.padding = static_cast<Padding>(params.whole("padding-mode"));
  attributes.flip = params.whole("operation") == 1;
  attributes.in_place = params.on("in-place");
  attributes.scan = static_cast<Scan>(params.whole("scan"));
  attributes.divided = params["divisor"] != 1.0;
  attributes.shifted = params["bias"] != 0.0;
  attributes.rounded = params.on("round");
  return attributes;
}

SheetPlan SlidingKernel::plan(const ParamValues& params) const {
  SheetPlan plan;
  const OpAttributes attributes = attributes_of(params);
  const Shape x_shape{1, 1, params.whole("size"), params.whole("size")},
      w_shape{params.whole("kernel"), params.whole("kernel")};
  const TensorId x = plan.input("x", x_shape), w = plan.parameter("w", w_shape);
  std::vector<TensorId> operands{x, w};
  if (attributes.divided) operands.push_back(plan.setting("divisor", params["divisor"]));
  if (attributes.shifted) operands.push_back(plan.setting("bias", params["bias"]));
  const FilterProblem problem = filter_problem(attributes, x_shape, w_shape);
  if (!problem.why.empty()) {
    plan.trouble = problem.why;
    plan.offer = problem.offer;
    const OpAttributes& nearest = problem.nearest;
    if (nearest.stride != attributes.stride) plan.remedy.push_back({"stride", nearest.stride});
    if (nearest.pad != attributes.pad) plan.remedy.push_back({"padding", nearest.pad});
    if (nearest.dilation != attributes.dilation) plan.remedy.push_back({"dilation", nearest.dilation});
    if (nearest.in_place != attributes.in_place) plan.remedy.push_back({"in-place", nearest.in_place ? 1 : 0});
    return plan;
  }
  const TensorId y = plan.apply(OpKind::kFilter, attributes, operands, "y");
  const FilterSizes d = filter_sizes(attributes, x_shape, w_shape);
  for (int i = 0; i < d.rows * d.columns; ++i) {
    const int pixel = scan_pixel(attributes.in_place ? attributes.scan : Scan::kRows, d.rows, d.columns, i);
    if (d.has_window(pixel / d.columns, pixel % d.columns)) plan.order.push_back({y, pixel});
  }
  // A part is a line of outputs.
  const bool columns =
      attributes.in_place && (attributes.scan == Scan::kColumns || attributes.scan == Scan::kColumnsBackward);
  const int line = columns ? d.P : d.Q;
  for (std::size_t end = static_cast<std::size_t>(line); end <= plan.order.size();
       end += static_cast<std::size_t>(line))
    plan.ends.push_back(static_cast<std::int64_t>(end));
  return plan;
}

void SlidingKernel::start(const ParamValues& params, std::uint64_t, std::vector<std::vector<float>>& stores) const {
  const KernelPreset& preset = preset_of(params);
  const auto fill = [](const std::vector<float>& from, int side, int most, std::vector<float>& to) {
    for (int i = 0; i < side * side; ++i)
      to[static_cast<std::size_t>(i / side * most + i % side)] = from[static_cast<std::size_t>(i)];
  };
  fill(preset.x, preset.size, kMostSize, stores[0]);
  fill(preset.w, preset.kernel, kMostKernel, stores[1]);
}

void SlidingKernel::follow(const std::string& param, ParamValues& params) const {
  if (param != "example") return;
  for (const ParamSpec& spec : params.specs())
    if (spec.changes_model && spec.name != "example") params.put(spec.name, spec.initial);
  const KernelPreset& preset = preset_of(params);
  params.put("size", preset.size);
  params.put("kernel", preset.kernel);
  params.put("divisor", preset.divisor);
  params.put("round", preset.rounded ? 1 : 0);
  params.put("in-place", preset.in_place ? 1 : 0);
  params.put("brush", preset.brush);
}

std::string SlidingKernel::source_text(const std::string& tensor) const {
  const KernelPreset& preset = preset_of(params_);
  return (tensor == "x" ? "pixel, " : "weight, ") + std::string(preset.source);
}

SlidingKernel::Window SlidingKernel::window_of(std::int64_t index) const {
  const OpAttributes a = attributes();
  const FilterSizes d = filter_sizes(a, sheet().shape("x"), sheet().shape("w"));
  const int h = static_cast<int>(index) / d.columns, w = static_cast<int>(index) % d.columns;
  return {(h - d.top) * d.stride - d.pad, (w - d.left) * d.stride - d.pad, d.has_window(h, w)};
}

double SlidingKernel::reading_time() const { return std::clamp(0.5 + 0.12 * kernel() * kernel(), 0.6, 4.0); }

std::unique_ptr<Lesson> make_sliding_kernel() { return std::make_unique<SlidingKernel>(); }

}  // namespace chainrule
