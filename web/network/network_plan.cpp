#include "web/network/network_plan.h"

#include <algorithm>

namespace chainrule::module {
namespace {

std::string sizes_text(const std::vector<int>& sizes) {
  std::string text;
  for (const int size : sizes) text += (text.empty() ? "" : "×") + std::to_string(size);
  return text;
}

/// "units is 0; it has to be from 1 to 1048576."
Status in_range(const std::string& what, int value, int least, int most) {
  if (value >= least && value <= most) return Done{};
  return Error{what + " is " + std::to_string(value) + "; it has to be from " + std::to_string(least) + " to " +
               std::to_string(most) + "."};
}

const char* stem_of(LayerKind kind) {
  switch (kind) {
    case LayerKind::kDense: return "fc";
    case LayerKind::kConv: return "conv";
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool: return "pool";
    case LayerKind::kActivation: return "act";
    case LayerKind::kFlatten: return "flat";
  }
  return "layer";
}

bool takes_pictures(LayerKind kind) {
  return kind == LayerKind::kConv || kind == LayerKind::kMaxPool || kind == LayerKind::kAveragePool;
}

}  // namespace

int NetworkPlan::inputs_of(const std::vector<int>& sizes) {
  int product = 1;
  for (const int size : sizes) product *= size;
  return product;
}

int NetworkPlan::inputs() const { return inputs_of(input_); }

Status NetworkPlan::set_input(std::vector<int> sizes) {
  if (sizes.size() != 1 && sizes.size() != 3)
    return Error{"The input of one sample has " + std::to_string(sizes.size()) + " axes; it is [features] or [channels, height, width]."};
  std::int64_t product = 1;
  for (const int size : sizes) {
    if (const Status status = in_range("A size of the input", size, 1, kMostUnits); !status.ok()) return status;
    product *= size;
  }
  if (product > kMostUnits)
    return Error{"One sample of " + sizes_text(sizes) + " has " + std::to_string(product) + " numbers; at most " +
                 std::to_string(kMostUnits) + " are possible."};
  input_ = shape_ = std::move(sizes);
  return Done{};
}

bool NetworkPlan::taken(const std::string& name) const {
  return std::ranges::any_of(layers_, [&](const LayerSpec& layer) { return layer.name == name; });
}

std::string NetworkPlan::free_name(const char* stem) const {
  for (int number = 1;; ++number)
    if (std::string name = stem + std::to_string(number); !taken(name)) return name;
}

Status NetworkPlan::check_window(const LayerSpec& layer, int extent, int pad) const {
  const int reach = layer.dilation * ((layer.kind == LayerKind::kConv ? layer.kernel : layer.size) - 1) + 1;
  if (reach <= extent + 2 * pad) return Done{};
  return Error{"The window of " + layer.name + " reaches over " + std::to_string(reach) + " pixels, and its picture of " +
               sizes_text(shape_) + " has " + std::to_string(extent + 2 * pad) +
               " with its padding. Take a smaller window, or more padding."};
}

Status NetworkPlan::add(LayerSpec layer) {
  if (input_.empty()) return Error{"The input has to be set before the first layer."};
  if (layer.name.empty()) layer.name = free_name(stem_of(layer.kind));
  if (taken(layer.name) || layer.name == "x" || layer.name == "target" || layer.name == "loss" || layer.name == "softmax")
    return Error{"The name " + layer.name + " is taken. Each layer needs a name of its own."};
  if (takes_pictures(layer.kind) && shape_.size() != 3)
    return Error{"Layer " + layer.name + " needs pictures, and gets " + std::to_string(shape_[0]) +
                 " numbers. Put it before the first dense layer, and make the input [channels, height, width]."};
  Status status = Done{};
  const auto need = [&](const std::string& what, int value, int least, int most) {
    if (status.ok()) status = in_range(what + " of " + layer.name, value, least, most);
  };
  if (layer.stride == 0) layer.stride = takes_pictures(layer.kind) && layer.kind != LayerKind::kConv ? layer.size : 1;
  if (layer.kind == LayerKind::kDense) {
    need("units", layer.size, 1, kMostUnits);
    if (status.ok()) shape_ = {layer.size};
    if (!status.ok()) return status;
  } else if (takes_pictures(layer.kind)) {
    const bool conv = layer.kind == LayerKind::kConv;
    need(conv ? "maps" : "window", layer.size, 1, conv ? 4096 : 1024);
    if (conv) need("kernel", layer.kernel, 1, 1024);
    need("stride", layer.stride, 1, 1024);
    need("pad", layer.pad, 0, 1024);
    need("dilation", layer.dilation, 1, 1024);
    for (const int axis : {1, 2})
      if (status.ok()) status = check_window(layer, shape_[static_cast<std::size_t>(axis)], conv ? layer.pad : 0);
    if (!status.ok()) return status;
    const int reach = conv ? layer.dilation * (layer.kernel - 1) + 1 : layer.size;
    const auto positions = [&](int extent) { return (extent + 2 * (conv ? layer.pad : 0) - reach) / layer.stride + 1; };
    shape_ = {conv ? layer.size : shape_[0], positions(shape_[1]), positions(shape_[2])};
  } else if (layer.kind == LayerKind::kFlatten) {
    shape_ = {inputs_of(shape_)};
  }
  layers_.push_back(std::move(layer));
  return Done{};
}

Status NetworkPlan::set_loss(LossKind loss) {
  if (layers_.empty()) return Error{"The network has no layer. Give it at least one, such as { type: 'dense', units: 10 }."};
  if (loss == LossKind::kCrossEntropy && outputs() < 2)
    return Error{"Cross-entropy compares classes, and the last layer has 1 output. Give it one output a class, or take the "
                 "squared error."};
  loss_ = loss;
  return Done{};
}

BuiltNetwork NetworkPlan::build(int batch) const {
  BuiltNetwork built;
  Graph& graph = built.graph;
  Shape sample{batch};
  for (const int size : input_) sample.append(size);
  TensorId value = built.x = graph.input("x", sample);
  built.target = graph.input("target", loss_ == LossKind::kCrossEntropy ? Shape{batch} : Shape{batch, outputs()});
  for (const LayerSpec& layer : layers_) {
    OpAttributes attributes;
    attributes.stride = layer.stride, attributes.pad = layer.pad, attributes.dilation = layer.dilation;
    attributes.window = layer.size, attributes.window_stride = layer.stride;
    attributes.activation = layer.options.activation;
    switch (layer.kind) {
      case LayerKind::kDense: value = dense(graph, layer.name, value, layer.size, layer.options); break;
      case LayerKind::kConv: value = conv2d(graph, layer.name, value, layer.size, layer.kernel, attributes, layer.options); break;
      case LayerKind::kMaxPool: value = graph.apply(OpKind::kMaxPool, attributes, {value}, layer.name); break;
      case LayerKind::kAveragePool: value = graph.apply(OpKind::kAveragePool, attributes, {value}, layer.name); break;
      case LayerKind::kActivation: value = graph.apply(OpKind::kActivate, attributes, {value}, layer.name); break;
      case LayerKind::kFlatten: value = flatten(graph, layer.name, value); break;
    }
  }
  if (graph.shape(value).rank() != 2) value = flatten(graph, "output", value);
  if (loss_ == LossKind::kCrossEntropy) {
    const Classification head = classify(graph, value, built.target);
    built.output = head.probabilities, built.loss = head.loss;
    return built;
  }
  built.output = value;
  graph.begin_loss();
  OpAttributes attributes;
  attributes.form = loss_ == LossKind::kMeanSquaredError ? SquaredErrorForm::kMean : SquaredErrorForm::kHalfSum;
  const TensorId each = graph.apply(OpKind::kSquaredError, attributes, {value, built.target}, "loss.each");
  built.loss = graph.apply(OpKind::kMean, {}, {each}, "loss");
  return built;
}

}  // namespace chainrule::module
