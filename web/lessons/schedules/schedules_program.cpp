// The program of "Learning rate and schedules".
#include "engine/graph/graph.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "web/lessons/schedules/schedules.h"

namespace chainrule {
namespace {

struct Layer {
  std::string name;
  TensorId w, b;
};

std::vector<Layer> add_layers(Graph& graph) {
  std::vector<Layer> layers;
  int inputs = 2;
  for (const auto& [name, units] : {std::pair{"h1", SchedulesLesson::kWidth}, {"h2", SchedulesLesson::kWidth}, {"o", 2}}) {
    const std::string prefix = name;
    const TensorId w = graph.parameter(prefix + ".w", Shape{units, inputs}, {InitializerKind::kGlorotUniform, 0.0f, inputs, units});
    const TensorId b = graph.parameter(prefix + ".b", Shape{units}, {InitializerKind::kConstant, 0.0f, inputs, units});
    layers.push_back({prefix, w, b});
    inputs = units;
  }
  return layers;
}

/// The logits of x; the names of what is computed begin with `prefix`.
TensorId forward(Graph& graph, const std::vector<Layer>& layers, TensorId x, const std::string& prefix) {
  OpAttributes transposed, tanh;
  transposed.transpose_b = true;
  tanh.activation = Activation::kTanh;
  for (const Layer& layer : layers) {
    const std::string name = prefix + layer.name;
    x = graph.apply(OpKind::kMatMul, transposed, {x, layer.w}, name + ".sum");
    x = graph.apply(OpKind::kBias, {}, {x, layer.b}, name + ".net");
    if (&layer != &layers.back()) x = graph.apply(OpKind::kActivate, tanh, {x}, name + ".out");
  }
  return x;
}

/// Mean cross-entropy.
TensorId add_loss(Graph& graph, TensorId logits, TensorId labels, const std::string& prefix) {
  const TensorId each = graph.apply(OpKind::kSoftmaxCrossEntropy, {}, {logits, labels}, prefix + "loss.each");
  const TensorId p = graph.output(each, 1);
  graph.rename(p, prefix + "softmax.p");
  graph.set_kind(p, TensorKind::kActivation);
  return graph.apply(OpKind::kMean, {}, {each}, prefix + "loss");
}

}  // namespace

Program schedules_program(const ParamValues& params) {
  Graph graph;
  const int batch = params.whole("batch");
  const TensorId x = graph.input("x", Shape{batch, 2}), labels = graph.input("labels", Shape{batch});
  const TensorId points = graph.input("points", Shape{SchedulesLesson::kPoints, 2}), classes = graph.input("classes", Shape{SchedulesLesson::kPoints});
  const std::vector<Layer> layers = add_layers(graph);
  const TensorId logits = forward(graph, layers, x, ""), all = forward(graph, layers, points, "all.");
  graph.begin_loss();
  const TensorId loss = add_loss(graph, logits, labels, ""), watched = add_loss(graph, all, classes, "all.");
  Program program = graph.program();
  append_backward(program, loss);
  append_schedule(program, {.kind = static_cast<ScheduleKind>(params.whole("schedule")), .warm_up = params.whole("warm-up") > 0}, watched);
  append_updates(program, static_cast<OptimizerKind>(params.whole("optimizer")));
  return program;
}

}  // namespace chainrule
