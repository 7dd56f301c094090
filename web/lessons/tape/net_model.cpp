#include "web/lessons/tape/net_model.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/math/rng.h"
#include "engine/nn/initialize.h"
#include "engine/nn/layers.h"
#include "engine/optim/optimizer.h"
#include "web/lessons/tape/net_measures.h"
#include "web/lessons/tape/net_mistakes.h"

namespace chainrule {
namespace {

// In which order the numbers of one unit are written down.
int rank_of(std::string_view name) {
  constexpr std::string_view kEndings[] = {".sum", ".net", ".out", ".p", ".out.grad", ".slope", ".net.grad"};
  int rank = static_cast<int>(std::size(kEndings));
  for (int i = 0; i < static_cast<int>(std::size(kEndings)); ++i)
    if (name.ends_with(kEndings[i])) rank = i;  // the last one that fits is the longest
  return rank;
}

}  // namespace

NetModel::NetModel(const NetSpec& spec) : spec_(spec) {
  build();
  buffers_ = Buffers<float>(program_);
  order_tape();
}

void NetModel::build() {
  Graph graph;
  x_ = graph.input("x", Shape{spec_.samples, spec_.inputs});
  const bool classes = spec_.loss == NetLoss::kCrossEntropy;
  const int outputs = spec_.units.back();
  target_ = graph.input("t", classes ? Shape{spec_.samples} : Shape{spec_.samples, outputs});
  TensorId value = x_;
  for (int layer = 0; layer < spec_.layers(); ++layer) {
    const bool last = layer + 1 == spec_.layers();
    LayerOptions options{.initializer = spec_.initializer, .bias = spec_.biases};
    options.activation = !last ? spec_.hidden : classes ? Activation::kIdentity : spec_.output;
    value = dense(graph, spec_.layer_name(layer), value, spec_.units[static_cast<std::size_t>(layer)], options);
  }
  graph.begin_loss();
  OpAttributes half;
  half.form = SquaredErrorForm::kHalfSum;
  const bool mean = spec_.samples > 1;
  TensorId loss = graph.apply(classes ? OpKind::kSoftmaxCrossEntropy : OpKind::kSquaredError, half, {value, target_},
                              mean ? "E.each" : "E");
  if (classes) {
    graph.rename(graph.output(loss, 1), "softmax.p");
    graph.set_kind(graph.output(loss, 1), TensorKind::kActivation);
  }
  if (mean) loss = graph.apply(OpKind::kMean, {}, {loss}, "E");
  program_ = graph.program();
  append_backward(program_, loss);
  program_.loss = loss;
  add_slopes();
  append_updates(program_, OptimizerKind::kSgd);
  rate_ = program_.find("lr");
  make_mistakes(program_, spec_);
  settable_ = {x_, target_, rate_};
  for (const TensorId id : program_.of_kind(TensorKind::kParameter)) settable_.push_back(id);
  if (spec_.measured)
    for (const TensorId id : append_measures(program_, spec_)) settable_.push_back(id);
}

// The derivative f′(net) as a number of its own, before the product that it enters: ∂out/∂net.
void NetModel::add_slopes() {
  std::vector<OpCall> activations;
  for (const OpCall& call : program_.calls)
    if (call.kind == OpKind::kActivate) activations.push_back(call);
  for (const OpCall& call : activations) {
    const std::string layer = program_.info(call.outputs[0]).name.substr(0, program_.info(call.outputs[0]).name.find('.'));
    TensorInfo ones;
    ones.name = layer + ".one";
    ones.shape = program_.info(call.outputs[0]).shape;
    ones.kind = TensorKind::kConstant;
    ones.fill = 1.0f;
    const TensorId one = program_.add_tensor(std::move(ones));
    program_.add_call(OpKind::kActivateGrad, call.attributes, {call.inputs[0], call.outputs[0], one}, layer + ".slope",
                      TensorKind::kGradient, Phase::kBackward, "f′(net)");
  }
}

void NetModel::order_tape() {
  using Key = std::tuple<int, int, int, std::int64_t, int>;  // phase, layer, part, unit, number of the unit
  std::vector<std::pair<Key, TapeEntry>> keyed;
  layer_of_.assign(program_.tensors.size(), -1);
  for (const OpCall& call : program_.calls) {
    for (const TensorId id : call.outputs) {
      const TensorInfo& info = program_.info(id);
      const std::string layer_name = info.name.substr(0, info.name.find('.'));
      int layer = spec_.layers() - 1;
      for (int l = 0; l < spec_.layers(); ++l)
        if (spec_.layer_name(l) == layer_name) layer_of_[static_cast<std::size_t>(id)] = layer = l;
      const bool of_parameter = info.name.find(".w") != std::string::npos || info.name.find(".b") != std::string::npos;
      const int order = call.phase == Phase::kBackward ? spec_.layers() - layer : layer;
      // Units first, then what their parameters get; the loss's own gradients before all.
      const bool of_loss = layer_of_[static_cast<std::size_t>(id)] < 0;
      const int part = call.phase == Phase::kBackward ? (of_loss ? 0 : of_parameter ? 2 : 1) : 0;
      const int in_order = call.phase == Phase::kBackward && of_loss ? 0 : order;
      for (std::int64_t i = 0; i < info.shape.size(); ++i) {
        const bool by_unit = !of_parameter && (call.phase == Phase::kForward || call.phase == Phase::kBackward);
        const Key key{static_cast<int>(call.phase), in_order, part, by_unit ? i : 0, by_unit ? rank_of(info.name) : 0};
        keyed.push_back({key, {id, i, call.phase, layer}});
      }
    }
  }
  std::ranges::stable_sort(keyed, {}, &std::pair<Key, TapeEntry>::first);
  entry_of_.assign(program_.tensors.size(), {});
  for (const auto& [key, entry] : keyed) {
    std::vector<std::int64_t>& entries = entry_of_[static_cast<std::size_t>(entry.tensor)];
    entries.resize(static_cast<std::size_t>(program_.info(entry.tensor).shape.size()), -1);
    entries[static_cast<std::size_t>(entry.index)] = static_cast<std::int64_t>(tape_.size());
    tape_.push_back(entry);
  }
}

std::int64_t NetModel::entry_of(TensorId tensor, std::int64_t index) const {
  const std::vector<std::int64_t>& entries = entry_of_[static_cast<std::size_t>(tensor)];
  return entries.empty() ? -1 : entries[static_cast<std::size_t>(index)];
}

void NetModel::start(const NetExample& example, std::uint64_t seed) {
  initialize(program_, buffers_, seed);
  buffers_.trade_places();  // first values are those before the first update
  const auto put = [&](TensorId id, const std::vector<float>& numbers) {
    if (numbers.size() == buffers_[id].size()) std::ranges::copy(numbers, buffers_[id].begin());
  };
  Rng rng(seed, "data");
  for (float& x : buffers_[x_]) x = std::round(static_cast<float>(rng.uniform() * 2.0 - 1.0) * 100.0f) / 100.0f;
  for (float& t : buffers_[target_])
    t = spec_.loss == NetLoss::kCrossEntropy ? static_cast<float>(rng.below(static_cast<std::uint32_t>(spec_.units.back())))
                                             : std::round(static_cast<float>(rng.uniform()) * 100.0f) / 100.0f;
  put(x_, example.x);
  if (spec_.loss == example.spec.loss) put(target_, example.target);  // classes and targets are not each other
  for (int layer = 0; layer < spec_.layers(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    if (l < example.weights.size()) put(program_.find(spec_.layer_name(layer) + ".w"), example.weights[l]);
    if (l < example.biases.size() && spec_.biases) put(program_.find(spec_.layer_name(layer) + ".b"), example.biases[l]);
  }
  buffers_[rate_][0] = example.lr;
  for (const TensorId id : settable_)
    if (const TensorId weight = measured_weight(program_, id); weight != kNoTensor) std::ranges::copy(buffers_[weight], buffers_[id].begin());
}

void NetModel::run() {
  for (const OpCall& call : program_.calls) run_reference(call, buffers_);
}

void NetModel::next_update() { buffers_.trade_places(); }

// ------------------------------------------------------------------------------------------------------- gradient check

MeasuredSlope NetModel::measure_slope(TensorId parameter, std::int64_t index, double h) const {
  return chainrule::measure_slope(program_, buffers_, program_.loss, parameter, index, h);
}

double NetModel::double_gradient(TensorId parameter, std::int64_t index) const {
  Buffers<double> exact(program_);
  for (const TensorId id : settable_) std::ranges::copy(buffers_[id], exact[id].begin());
  for (const OpCall& call : program_.calls)
    if (call.phase != Phase::kUpdate) run_reference(call, exact);
  return exact[program_.gradient_of[static_cast<std::size_t>(parameter)]][static_cast<std::size_t>(index)];
}

}  // namespace chainrule
