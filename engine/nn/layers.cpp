#include "engine/nn/layers.h"

namespace chainrule {
namespace {

/// Bias and activation, which end dense and convolutional layers alike.
TensorId finish_layer(Graph& graph, const std::string& name, TensorId sum, int units, const LayerOptions& options) {
  TensorId net = sum;
  if (options.bias) {
    const TensorId b = graph.parameter(name + ".b", Shape{units}, {});
    net = graph.apply(OpKind::kBias, {}, {sum, b}, name + ".net");
  }
  if (options.activation == Activation::kIdentity) return net;
  OpAttributes attributes;
  attributes.activation = options.activation;
  return graph.apply(OpKind::kActivate, attributes, {net}, name + ".out");
}

TensorId pool(Graph& graph, OpKind kind, const std::string& name, TensorId x, int window) {
  OpAttributes attributes;
  attributes.window = attributes.window_stride = window;
  return graph.apply(kind, attributes, {x}, name);
}

}  // namespace

TensorId dense(Graph& graph, const std::string& name, TensorId x, int units, const LayerOptions& options) {
  if (graph.shape(x).rank() != 2) x = flatten(graph, name + ".x", x);
  const int inputs = graph.shape(x)[1];
  const TensorId w =
      graph.parameter(name + ".w", Shape{units, inputs}, {options.initializer, options.initial_value, inputs, units});
  OpAttributes attributes;
  attributes.transpose_b = true;
  const TensorId sum = graph.apply(OpKind::kMatMul, attributes, {x, w}, name + (options.bias ? ".sum" : ".net"));
  return finish_layer(graph, name, sum, units, options);
}

TensorId conv2d(Graph& graph, const std::string& name, TensorId x, int maps, int kernel, const OpAttributes& window,
                const LayerOptions& options) {
  const int channels = graph.shape(x)[1], area = kernel * kernel;
  const TensorId w = graph.parameter(name + ".w", Shape{maps, channels, kernel, kernel},
                                     {options.initializer, options.initial_value, channels * area, maps * area});
  const TensorId sum = graph.apply(OpKind::kConv2d, window, {x, w}, name + (options.bias ? ".sum" : ".net"));
  return finish_layer(graph, name, sum, maps, options);
}

TensorId max_pool(Graph& graph, const std::string& name, TensorId x, int window) {
  return pool(graph, OpKind::kMaxPool, name, x, window);
}

TensorId average_pool(Graph& graph, const std::string& name, TensorId x, int window) {
  return pool(graph, OpKind::kAveragePool, name, x, window);
}

TensorId flatten(Graph& graph, const std::string& name, TensorId x) {
  OpAttributes attributes;
  attributes.shape = Shape{graph.shape(x)[0], static_cast<int>(graph.shape(x).inner_size())};
  return graph.apply(OpKind::kReshape, attributes, {x}, name);
}

Classification classify(Graph& graph, TensorId logits, TensorId labels) {
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSoftmaxCrossEntropy, {}, {logits, labels}, "loss.each");
  const TensorId probabilities = graph.output(each, 1);
  graph.rename(probabilities, "softmax.p");
  graph.set_kind(probabilities, TensorKind::kActivation);
  return {probabilities, each, graph.apply(OpKind::kMean, {}, {each}, "loss")};
}

}  // namespace chainrule
