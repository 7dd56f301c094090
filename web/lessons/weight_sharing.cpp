#include "web/lessons/kernel/weight_sharing.h"

#include <algorithm>

namespace chainrule {
namespace {

constexpr int kMostInputs = 8;

std::string numbered(const char* name, int unit) { return name + std::to_string(unit + 1); }

std::vector<ParamSpec> make_params() {
  ParamTable table;
  table.choice("wiring", "Wiring", "Which inputs a unit sees, and whether all units use the same weights.",
               {"fully connected", "locally connected", "shared weights"}, 2);
  table.number("inputs", "Inputs", "How many numbers come in.", ParamType::kInteger, 4, kMostInputs, kMostInputs);
  table.number("window", "Window", "How many neighbouring inputs a unit sees, where it does not see all.",
               ParamType::kInteger, 1, 4, 3);
  table.choice("bias", "Bias of shared weights", "One bias for all units, or one for each, as the slide writes it.",
               {"shared", "own"}, 0);
  table.choice("activation", "Activation", "What the sum and its bias go through.", kActivationNames,
               static_cast<double>(Activation::kRelu));
  table.choice(
      "operation", "Operation of windows",
      "Correlation takes the weights as they stand; convolution turns them round. Full connections have no window.",
      {"correlation", "convolution"}, 0);
  table.number("shift", "Shift", "The input once more, moved to the right; what falls off comes in on the left.",
               ParamType::kInteger, 0, 3, 0);
  table.choice("show", "Outputs", "All at once, or as the window comes to them.", {"all", "as they come"}, 0)
      .changes_model = false;
  table.number("brush", "Brush", "What a stroke paints.", ParamType::kReal, -100, 100, 1).changes_model = false;
  return table.take();
}

std::vector<SheetStore> make_stores() {
  std::vector<SheetStore> stores{{"x", Shape{1, kMostInputs}}, {"w", Shape{1, kMostInputs}}, {"b", Shape{1}}};
  for (int unit = 0; unit < kMostInputs; ++unit) stores.push_back({numbered("w", unit), Shape{1, kMostInputs}});
  for (int unit = 0; unit < kMostInputs; ++unit) stores.push_back({numbered("b", unit), Shape{1}});
  return stores;
}

/// What each wiring costs at these sizes, and what LeNet-5's first layer does: 28 × 28 × 6 units on 32 × 32 pixels.
void add_counts(SheetPlan& plan, int inputs, int window, bool one_bias) {
  const auto arithmetic = [&](LayerRule rule, std::vector<TensorId> of, const char* name) {
    OpAttributes attributes;
    attributes.rule = rule;
    return plan.apply(OpKind::kLayerArithmetic, attributes, std::move(of), name);
  };
  const auto apply = [&](OpKind kind, TensorId a, TensorId b, const char* name, const char* formula) {
    const TensorId result = plan.apply(kind, {}, {a, b}, name);
    plan.program.calls.back().formula = formula;
    return result;
  };
  const TensorId zero = plan.setting("counts.padding", 0), one = plan.setting("counts.stride", 1);
  const TensorId n = plan.setting("inputs", inputs), k = plan.setting("window", window);
  const TensorId units = arithmetic(LayerRule::kOutput, {n, zero, k, one}, "counts.units");
  const TensorId full = apply(OpKind::kMultiply, units, n, "counts.full.weights", "weights = units · inputs");
  apply(OpKind::kAdd, full, units, "counts.full", "parameters = weights + biases");
  const TensorId local = apply(OpKind::kMultiply, units, k, "counts.local.weights", "weights = units · window");
  apply(OpKind::kAdd, local, units, "counts.local", "parameters = weights + biases");
  const TensorId biases = one_bias ? plan.setting("counts.shared.biases", 1) : units;
  apply(OpKind::kAdd, k, biases, "counts.shared", "parameters = window + biases");

  const TensorId side = plan.setting("lenet.side", 32), kernel = plan.setting("lenet.kernel", 5),
                 maps = plan.setting("lenet.maps", 6);
  const TensorId output = arithmetic(LayerRule::kOutput, {side, zero, kernel, one}, "lenet.output");
  const TensorId pixels = apply(OpKind::kMultiply, side, side, "lenet.pixels", "pixels = side · side");
  const TensorId places = apply(OpKind::kMultiply, output, output, "lenet.places", "places = output · output");
  const TensorId neurons = apply(OpKind::kMultiply, maps, places, "lenet.units", "units = maps · places");
  apply(OpKind::kMultiply, neurons, pixels, "lenet.full.weights", "weights = units · pixels");
  arithmetic(LayerRule::kWeights, {maps, kernel, maps}, "lenet.shared");
}

LessonInfo make_info() {
  return {
      .slug = "weight-sharing",
      .title = "Weight sharing",
      .summary =
          "One layer wired in three ways: to everything, to its neighbourhood, and with the same weights everywhere.",
      .topic = "Convolution",
      .decks = "004",
      .is_read = true,
      .is_random = false};
}

}  // namespace

WeightSharing::WeightSharing() : SheetLesson(make_info(), make_params(), make_stores()) {}

std::string WeightSharing::weights_name(const ParamValues& params, int unit) {
  return params.whole("wiring") == static_cast<int>(Wiring::kShared) ? "w" : numbered("w", unit);
}

std::string WeightSharing::bias_name(const ParamValues& params, int unit) {
  const bool one = params.whole("wiring") == static_cast<int>(Wiring::kShared) && params.whole("bias") == 0;
  return one ? "b" : numbered("b", unit);
}

SheetPlan WeightSharing::plan(const ParamValues& params) const {
  SheetPlan plan;
  const int n = params.whole("inputs"), k = std::min(params.whole("window"), n), units = n - k + 1,
            shift = params.whole("shift");
  const bool full = params.whole("wiring") == static_cast<int>(Wiring::kFull),
             turned = !full && params.whole("operation") == 1;
  OpAttributes slice, dot, turn, activation;
  dot.transpose_b = true;
  turn.flip = true;
  activation.activation = static_cast<Activation>(params.whole("activation"));
  const TensorId x = plan.input("x", Shape{1, n});
  const auto part = [&](TensorId of, int begin, int count, std::string name) {
    slice.begin = begin;
    slice.shape = Shape{1, count};
    return plan.apply(OpKind::kSlice, slice, {of}, std::move(name));
  };
  const auto parameter = [&](std::string name, const Shape& shape) {
    const TensorId there = plan.program.find(name);
    return there != kNoTensor ? there : plan.parameter(std::move(name), shape);
  };
  const auto reshaped = [&](TensorId of, const Shape& shape, std::string name) {
    OpAttributes attributes;
    attributes.shape = shape;
    return plan.apply(OpKind::kReshape, attributes, {of}, std::move(name));
  };
  // The weighted sum of a unit: a product of two rows, or the one window of a true convolution.
  const auto weighted_sum = [&](TensorId seen, TensorId w, const std::string& number) {
    if (!turned) return plan.apply(OpKind::kMatMul, dot, {seen, w}, "s" + number);
    const TensorId picture = reshaped(seen, Shape{1, 1, 1, k}, "p" + number);
    return plan.apply(OpKind::kFilter, turn, {picture, w}, "s" + number);
  };
  const auto layer = [&](TensorId input, const std::string& mark) {
    for (int unit = 0; unit < units; ++unit) {
      const TensorId w = parameter(weights_name(params, unit), Shape{1, full ? n : k}),
                     b = parameter(bias_name(params, unit), Shape{1});
      const std::string number = std::to_string(unit + 1) + mark;
      const TensorId seen = full ? input : part(input, unit, k, "x" + number);
      const TensorId sum = weighted_sum(seen, w, number);
      const TensorId z = plan.apply(OpKind::kBias, {}, {sum, b}, "z" + number);
      const TensorId y = plan.apply(OpKind::kActivate, activation, {z}, "y" + number);
      if (!mark.empty()) continue;
      for (const TensorId tensor : {sum, z, y}) plan.order.push_back({tensor, 0});
      plan.end_part();
    }
  };
  layer(x, "");
  if (shift > 0)
    layer(plan.apply(OpKind::kConcat, {}, {part(x, n - shift, shift, "tail"), part(x, 0, n - shift, "front")}, "x′"),
          "′");
  add_counts(plan, n, k, params.whole("bias") == 0);
  return plan;
}

int WeightSharing::parameters(Wiring wiring) const {
  constexpr std::string_view kCounts[] = {"counts.full", "counts.local", "counts.shared"};
  return static_cast<int>(sheet().at(kCounts[static_cast<std::size_t>(wiring)], 0));
}

int WeightSharing::different() const {
  if (shift() == 0) return 0;
  int count = 0;
  for (int unit = 0; unit < comparable(); ++unit)
    count += sheet().at(numbered("y", unit), 0) != sheet().at(numbered("y", unit + shift()) + "′", 0);
  return count;
}

// A bump as input; weights that look for a rise. The units' own weights are all different.
void WeightSharing::start(const ParamValues&, std::uint64_t, std::vector<std::vector<float>>& stores) const {
  constexpr float kInput[] = {0, 0, 2, 5, 3, 1, 0, 0}, kKernel[] = {-1, 0, 2, 1, -1, 0, 1, 1};
  std::ranges::copy(kInput, stores[0].begin());
  std::ranges::copy(kKernel, stores[1].begin());
  stores[2][0] = 1.0f;
  for (int unit = 0; unit < kMostInputs; ++unit) {
    for (int j = 0; j < kMostInputs; ++j)
      stores[static_cast<std::size_t>(3 + unit)][static_cast<std::size_t>(j)] =
          static_cast<float>((unit * 3 + j * 2 + unit * j) % 5 - 2);
    stores[static_cast<std::size_t>(3 + kMostInputs + unit)][0] =
        static_cast<float>(unit * unit % 5 - 2);  // no shift up to 3 meets the same
  }
}

std::string WeightSharing::source_text(const std::string& tensor) const {
  return tensor[0] == 'x' ? "input, an example" : tensor[0] == 'b' ? "bias, an example" : "weight, an example";
}

std::unique_ptr<Lesson> make_weight_sharing() { return std::make_unique<WeightSharing>(); }

}  // namespace chainrule
