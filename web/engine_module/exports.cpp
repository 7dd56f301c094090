// What chainrule-engine.js calls: plain functions on numbers and places in memory. A call that can fail returns 0 (or -1) and
// keeps its sentence for engine_error.
#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/base/text.h"
#include "web/network/kernels.h"
#include "web/network/network.h"
#include "web/lesson_kit/json.h"

#define EXPORT extern "C" __attribute__((used, visibility("default")))

namespace chainrule::module {
namespace {

/// What outlasts a call; JavaScript calls functions, not objects.
struct State {
  std::string error, answer;
  ThreadPool pool{1};
  Kernels kernels;

  State() { kernels.use_threads(&pool); }
};

State& state() {
  static State all;
  return all;
}

int done(const Status& status) {
  if (status.ok()) return 1;
  state().error = status.error_message();
  return 0;
}

const char* answer(std::string text) {
  state().answer = std::move(text);
  return state().answer.c_str();
}

/// Names as one writes them in a program: "leaky ReLU" is leaky-relu.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) plain += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain;
}

template <class Names>
JsonText names_json(const Names& names) {
  JsonArray list;
  for (const auto& name : names) list.add(plain_name(name));
  return list.done();
}

TensorId tensor_of(const Network& network, const char* name) { return network.trainer().program().find(name); }

}  // namespace

EXPORT const char* engine_error() { return state().error.c_str(); }

/// The lists that arguments choose from, in the order of their numbers.
EXPORT const char* engine_names() {
  const char* const layers[] = {"dense", "conv", "max-pool", "average-pool", "activation", "flatten"};
  const char* const losses[] = {"cross-entropy", "squared-error", "mean-squared-error"};
  const char* const initializers[] = {"constant", "uniform", "glorot-uniform", "he-normal", "lecun-uniform"};
  JsonObject lists;
  lists.add("layer", names_json(layers)).add("loss", names_json(losses)).add("initializer", names_json(initializers));
  lists.add("activation", names_json(kActivationNames)).add("optimizer", names_json(kOptimizerNames));
  return answer(lists.done().text);
}

EXPORT void engine_matmul(const float* a, const float* b, float* out, int m, int n, int k, int transpose_a, int transpose_b) {
  OpAttributes attributes;
  attributes.transpose_a = transpose_a != 0, attributes.transpose_b = transpose_b != 0;
  state().kernels.run(OpKind::kMatMul, attributes, {attributes.transpose_a ? Shape{k, m} : Shape{m, k}, attributes.transpose_b ? Shape{n, k} : Shape{k, n}},
                      {a, b}, out);
}

EXPORT void engine_conv2d(const float* x, const float* w, float* out, int n, int c, int h, int width, int k, int r, int s, int stride, int pad,
                         int dilation) {
  OpAttributes attributes;
  attributes.stride = stride, attributes.pad = pad, attributes.dilation = dilation;
  state().kernels.run(OpKind::kConv2d, attributes, {Shape{n, c, h, width}, Shape{k, c, r, s}}, {x, w}, out);
}

EXPORT float engine_multiply_add_rounds(double rounds) { return multiply_add_rounds(static_cast<std::int64_t>(rounds)); }
EXPORT int engine_operations_per_round() { return kOperationsPerRound; }

/// Of each large call from now on. Requires: 1 .. engine_most_threads.
EXPORT void engine_set_threads(int threads) { state().pool.set_threads(threads); }
EXPORT int engine_most_threads() { return ThreadPool::kMostThreads; }

EXPORT Network* network_new() { return new Network(&state().pool); }
EXPORT void network_free(Network* network) { delete network; }

EXPORT int network_input(Network* network, int axes, int a, int b, int c) {
  std::vector<int> sizes{a, b, c};
  sizes.resize(static_cast<std::size_t>(axes));
  return done(network->plan.set_input(std::move(sizes)));
}

EXPORT int network_layer(Network* network, int kind, const char* name, int size, int kernel, int stride, int pad, int dilation, int activation,
                         int initializer, float initial_value, int bias) {
  LayerSpec layer{static_cast<LayerKind>(kind), name, size, kernel, stride, pad, dilation, {}};
  layer.options = {static_cast<Activation>(activation), static_cast<InitializerKind>(initializer), initial_value, bias != 0};
  return done(network->plan.add(std::move(layer)));
}

EXPORT int network_build(Network* network, int loss, int batch, int optimizer, int weight_decay, double seed) {
  if (const Status status = network->plan.set_loss(static_cast<LossKind>(loss)); !status.ok()) return done(status);
  OptimizerOptions options;
  options.weight_decay = weight_decay != 0;
  return done(network->build(batch, static_cast<OptimizerKind>(optimizer), options, static_cast<std::uint64_t>(seed)));
}

EXPORT void network_restart(Network* network, double seed) { network->restart(static_cast<std::uint64_t>(seed)); }

/// Sizes, and the tensors in the program's order.
EXPORT const char* network_about(const Network* network) {
  const Program& program = network->trainer().program();
  JsonArray tensors;
  for (std::size_t id = 0; id < program.tensors.size(); ++id) {
    const TensorInfo& info = program.tensors[id];
    if (info.before != kNoTensor) continue;
    JsonArray shape;
    for (int axis = 0; axis < info.shape.rank(); ++axis) shape.add(info.shape[axis]);
    tensors.add(JsonObject().add("name", info.name).add("kind", info.kind == TensorKind::kHyper ? "hyper" : kind_name(info.kind)).add("shape", shape.done()).done());
  }
  JsonObject about;
  about.add("inputs", network->plan.inputs()).add("outputs", network->plan.outputs()).add("targets", network->plan.targets());
  about.add("batch", network->batch()).add("work", network->trainer().work_per_step()).add("tensors", tensors.done());
  return answer(about.done().text);
}

EXPORT int network_train(Network* network, const float* x, const float* targets, int count, int steps, int shuffled, float* losses) {
  const Result<int> trained = network->train(x, targets, count, steps, shuffled != 0, losses);
  if (trained.ok()) return trained.value();
  state().error = trained.error_message();
  return -1;
}

/// The sentence that says what was not finite; "" as long as all is.
EXPORT const char* network_divergence(const Network* network) {
  const std::optional<Divergence>& divergence = network->trainer().divergence();
  return answer(divergence ? divergence->text() : "");
}

EXPORT double network_step(const Network* network) { return static_cast<double>(network->trainer().step()); }

EXPORT int network_predict(Network* network, const float* x, int count, float* out) { return done(network->predict(x, count, out)); }

/// Requires: a name of network_about.
EXPORT const float* network_values(const Network* network, const char* name) {
  return network->trainer().current(tensor_of(*network, name)).data();
}

/// Requires: a parameter, state or hyper tensor of network_about, and as many values as it has.
EXPORT void network_assign(Network* network, const char* name, const float* values) {
  const TensorId tensor = tensor_of(*network, name);
  network->assign(tensor, {values, static_cast<std::size_t>(network->trainer().program().info(tensor).shape.size())});
}

}  // namespace chainrule::module
