#include "engine/nn/models.h"

namespace chainrule {

DigitClassifier build_digit_model(const DigitModelOptions& options) {
  constexpr int kSide = 28, kClasses = 10;
  DigitClassifier built;
  Graph& graph = built.graph;
  built.x = graph.input("x", Shape{options.batch, 1, kSide, kSide});
  built.labels = graph.input("label", Shape{options.batch});
  LayerOptions plain{.initializer = options.initializer};
  LayerOptions rectified = plain, convolution = plain;
  rectified.activation = Activation::kRelu;
  convolution.activation = options.convolution_activation;

  TensorId value = built.x;
  if (options.model == DigitModel::kLenet) {
    value = conv2d(graph, "conv1", value, 20, 5, {}, convolution);
    value = max_pool(graph, "pool1", value, 2);
    value = conv2d(graph, "conv2", value, 50, 5, {}, convolution);
    value = max_pool(graph, "pool2", value, 2);
    value = dense(graph, "fc1", value, 500, rectified);
  } else if (options.model == DigitModel::kMlp) {
    value = dense(graph, "fc1", value, 128, rectified);
  }
  built.logits = dense(graph, options.model == DigitModel::kLinear ? "fc1" : "fc2", value, kClasses, plain);
  built.head = classify(graph, built.logits, built.labels);
  return built;
}

}  // namespace chainrule
