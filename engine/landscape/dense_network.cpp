#include "engine/landscape/dense_network.h"

namespace chainrule {
namespace {

/// Appends what the call does to `value`; false: it is none of what a dense network consists of.
bool add_call(const EvaluationSet& set, const OpCall& call, TensorId& value, std::vector<DenseLayer>& layers) {
  const auto place = [&](TensorId id) -> std::optional<std::size_t> {
    for (const ParameterLayout::Block& block : set.layout().blocks())
      if (block.name == set.pass().program.info(id).name) return block.begin;
    return std::nullopt;
  };
  value = call.outputs[0];
  if (call.kind == OpKind::kMatMul) {
    const auto w = place(call.inputs[1]);
    if (!w || !call.attributes.transpose_b || call.attributes.transpose_a) return false;
    layers.push_back({.inputs = call.in_shapes[1][1], .units = call.in_shapes[1][0], .w = *w});
    return true;
  }
  if (layers.empty() || layers.back().activation != Activation::kIdentity) return false;
  DenseLayer& layer = layers.back();
  if (call.kind == OpKind::kBias) {
    const auto b = place(call.inputs[1]);
    if (!b || layer.has_bias) return false;
    layer.b = *b;
    layer.has_bias = true;
    return true;
  }
  if (call.kind != OpKind::kActivate) return false;
  layer.activation = call.attributes.activation;
  layer.slope = call.attributes.slope;
  return true;
}

}  // namespace

std::optional<DenseNetwork> dense_network_of(const EvaluationSet& set) {
  const ForwardPass& pass = set.pass();
  DenseNetwork network;
  TensorId value = pass.x;
  bool ends = false;
  for (const OpCall& call : pass.program.calls) {
    if (ends && call.kind == OpKind::kMean) continue;  // of the pass's own batch
    if (ends || call.inputs[0] != value) return std::nullopt;
    if (call.kind == OpKind::kSquaredError) {
      ends = call.inputs[1] == pass.target && call.outputs[0] == pass.each;
      network.half_sum = call.attributes.form == SquaredErrorForm::kHalfSum;
    } else if (!add_call(set, call, value, network.layers)) {
      return std::nullopt;
    }
  }
  if (!ends || network.layers.empty()) return std::nullopt;
  return network;
}

}  // namespace chainrule
