// Layers: builders of a few ops and their parameters on a graph.
//
// A layer named "fc1" makes the parameters fc1.w and fc1.b and the values fc1.sum (weighted sum of the inputs),
// fc1.net (with the bias) and, with an activation, fc1.out; decks call the last two net and out.
#pragma once

#include "engine/graph/graph.h"

namespace chainrule {

struct LayerOptions {
  Activation activation = Activation::kIdentity;
  InitializerKind initializer = InitializerKind::kGlorotUniform;
  float initial_value = 0.05f;  // of the kinds kUniform and kConstant
  bool bias = true;
};

/// net = x·wᵀ + b, out = f(net). Shapes: x [N,in] (or any [N,...], which is flattened), w [units,in], b [units], out [N,units].
TensorId dense(Graph& graph, const std::string& name, TensorId x, int units, const LayerOptions& options);

/// net = conv2d(x, w) + b, out = f(net). Shapes: x [N,C,H,W], w [maps,C,kernel,kernel], b [maps], out [N,maps,P,Q].
TensorId conv2d(Graph& graph, const std::string& name, TensorId x, int maps, int kernel, const OpAttributes& window,
                const LayerOptions& options);

/// Shapes: x [N,C,H,W], out [N,C,P,Q].
TensorId max_pool(Graph& graph, const std::string& name, TensorId x, int window);
TensorId average_pool(Graph& graph, const std::string& name, TensorId x, int window);

/// [N,C,H,W] to [N,C·H·W].
TensorId flatten(Graph& graph, const std::string& name, TensorId x);

/// What classification ends with: softmax.p [N,C], loss.each [N], loss [1] = mean of loss.each.
struct Classification {
  TensorId probabilities, each, loss;
};
Classification classify(Graph& graph, TensorId logits, TensorId labels);

}  // namespace chainrule
