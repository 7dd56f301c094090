#include "web/lessons/computing_graph/graph_programs.h"

#include <algorithm>

#include "engine/data/stroke.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "web/lessons/computing_graph/graph_builder.h"

namespace chainrule {
namespace {

const Shape kNumber{1, 1}, kOne{1};

GraphProgram logistic() {
  GraphBuilder g;
  const TensorId x1 = g.input("x1", kNumber, {0.5f}), x2 = g.input("x2", kNumber, {-0.4f}), t = g.input("t", kNumber, {1.0f});
  const TensorId w1 = g.parameter("w1", kNumber, {0.8f}), w2 = g.parameter("w2", kNumber, {0.6f}), b = g.parameter("b", kNumber, {0.1f});
  const TensorId u1 = g.apply(OpKind::kMultiply, {w1, x1}, "u1"), u2 = g.apply(OpKind::kMultiply, {w2, x2}, "u2");
  const TensorId net = g.apply(OpKind::kAdd, {g.apply(OpKind::kAdd, {u1, u2}, "s"), b}, "net");
  const TensorId y = g.activate(Activation::kLogistic, net, "y");
  g.graph.begin_loss();
  return g.finish(g.squared_error(y, t, "E"), 0.5f, "as deck 001 draws it, with numbers of ours");
}

GraphProgram product() {
  GraphBuilder g;
  const TensorId x = g.parameter("x", kOne, {3.0f}), y = g.parameter("y", kOne, {-2.0f});
  return g.finish(g.apply(OpKind::kMultiply, {x, y}, "z"), 0.1f, "as deck 001 draws it, with numbers of ours");
}

GraphProgram relu_layer() {
  GraphBuilder g;
  const TensorId x = g.input("X", Shape{2, 3}, {1.0f, -0.5f, 0.3f, 0.2f, 0.8f, -1.0f}), t = g.input("T", Shape{2, 2}, {1.0f, 0.0f, 0.0f, 1.0f});
  const TensorId w = g.parameter("W", Shape{3, 2}, {0.4f, -0.6f, 0.7f, 0.5f, -0.2f, 0.9f}), b = g.parameter("b", Shape{2}, {0.1f, 0.2f});
  const TensorId u = g.apply(OpKind::kMatMul, {x, w}, "U1"), net = g.apply(OpKind::kBias, {u, b}, "U2");
  const TensorId h = g.activate(Activation::kRelu, net, "H");
  g.graph.begin_loss();
  const TensorId each = g.squared_error(h, t, "E.each");
  return g.finish(g.apply(OpKind::kMean, {each}, "E"), 0.5f, "as deck 001 draws it, with numbers of ours");
}

GraphProgram weight_decay() {
  GraphBuilder g;
  const TensorId x = g.input("x", Shape{1, 2}, {0.6f, -0.9f}), t = g.input("t", kNumber, {0.5f}), strength = g.input("λ", kOne, {0.1f});
  const TensorId w = g.parameter("w", Shape{1, 2}, {1.2f, -0.7f});
  OpAttributes turned;
  turned.transpose_b = true;
  const TensorId y = g.apply(OpKind::kMatMul, {x, w}, "y", turned);
  g.graph.begin_loss();
  const TensorId error = g.squared_error(y, t, "E");
  g.group = "penalty";
  const TensorId squares = g.apply(OpKind::kMultiply, {w, w}, "u1"), sum = g.apply(OpKind::kSum, {squares}, "u2");
  const TensorId penalty = g.apply(OpKind::kMultiply, {strength, sum}, "u3");
  g.group = "";
  return g.finish(g.apply(OpKind::kAdd, {error, penalty}, "J"), 0.5f, "as deck 001 draws it, with numbers of ours");
}

GraphProgram two_paths() {
  GraphBuilder g;
  const TensorId a = g.parameter("a", kOne, {2.0f}), b = g.parameter("b", kOne, {1.0f}), one = g.constant("1", kOne, 1.0f);
  const TensorId c = g.apply(OpKind::kAdd, {a, b}, "c"), d = g.apply(OpKind::kAdd, {b, one}, "d");
  return g.finish(g.apply(OpKind::kMultiply, {c, d}, "e"), 0.1f, "chosen by us");
}

GraphProgram shared_weight() {
  GraphBuilder g;
  const TensorId w = g.parameter("w", kNumber, {0.5f});
  const TensorId x1 = g.input("x1", kNumber, {1.0f}), x2 = g.input("x2", kNumber, {-2.0f});
  const TensorId t1 = g.input("t1", kNumber, {1.0f}), t2 = g.input("t2", kNumber, {-1.5f});
  const TensorId y1 = g.apply(OpKind::kMultiply, {w, x1}, "y1"), y2 = g.apply(OpKind::kMultiply, {w, x2}, "y2");
  g.graph.begin_loss();
  const TensorId e1 = g.squared_error(y1, t1, "E1"), e2 = g.squared_error(y2, t2, "E2");
  return g.finish(g.apply(OpKind::kAdd, {e1, e2}, "E"), 0.1f, "chosen by us");
}

/// A seven, as a hand would draw it.
std::vector<float> drawn_seven() {
  StrokeCanvas canvas;
  canvas.begin(0.26f, 0.24f);
  canvas.extend(0.72f, 0.22f);
  canvas.extend(0.44f, 0.82f);
  const MnistImage image = mnist_preprocess(canvas.coverage());
  std::vector<float> pixels(image.begin(), image.end());
  for (float& pixel : pixels) pixel /= 255.0f;
  return pixels;
}

GraphProgram digits(DigitModel model) {
  DigitClassifier built = build_digit_model({.model = model, .batch = 1});
  GraphBuilder g;
  g.graph = std::move(built.graph);
  g.given(built.x, drawn_seven());
  g.given(built.labels, {7.0f});
  return g.finish(built.head.loss, 0.01f, "a seven that we drew");
}

/// A layer's name, as the layers' builders give it to all that they make: "fc1" of "fc1.net".
std::string layer_of(const Program& program, const OpCall& call) {
  const std::string& name = program.info(call.outputs[0]).name;
  const std::size_t point = name.find('.');
  return point == name.npos || call.phase == Phase::kLoss ? "" : name.substr(0, point);
}

/// Local derivatives are appended last; they belong before the gradients that they explain.
std::vector<int> reading_order(const Program& program, const std::vector<GradientPath>& paths, std::size_t first_local) {
  std::vector<std::vector<int>> before(program.calls.size());
  for (const GradientPath& path : paths) {
    if (path.local == kNoTensor) continue;
    const int local = program.info(path.local).producer, product = program.info(path.gradient).producer;
    if (local >= 0 && product >= 0) before[static_cast<std::size_t>(product)].push_back(local);
  }
  std::vector<int> order;
  for (std::size_t call = 0; call < first_local; ++call) {
    order.insert(order.end(), before[call].begin(), before[call].end());
    order.push_back(static_cast<int>(call));
  }
  for (std::size_t call = first_local; call < program.calls.size(); ++call)
    if (std::ranges::count(order, static_cast<int>(call)) == 0) order.push_back(static_cast<int>(call));
  const auto phase = [&](int call) { return static_cast<int>(program.calls[static_cast<std::size_t>(call)].phase); };
  std::ranges::stable_sort(order, {}, phase);
  return order;
}

}  // namespace

GraphProgram GraphBuilder::finish(TensorId loss, float lr, std::string source) {
  GraphProgram made;
  note_groups();
  made.program = graph.program();
  made.groups = std::move(groups_);
  // What the layers' builders made has the layer in its names.
  for (std::size_t call = 0; call < made.groups.size(); ++call)
    if (made.groups[call].empty()) made.groups[call] = layer_of(made.program, made.program.calls[call]);
  for (const auto& [id, value] : constants_) made.program.tensors[static_cast<std::size_t>(id)].fill = value;
  append_backward(made.program, loss);
  append_updates(made.program, OptimizerKind::kSgd);
  made.paths = gradient_paths(made.program);
  const std::size_t first_local = append_local_derivatives(made.program, made.paths);
  made.order = reading_order(made.program, made.paths, first_local);
  made.rate = made.program.find("lr");
  made.settable = made.program.of_kind(TensorKind::kInput);
  made.settable.push_back(made.rate);
  for (const TensorId id : made.program.of_kind(TensorKind::kParameter)) made.settable.push_back(id);
  made.first = std::move(first_);
  made.lr = lr;
  made.source = std::move(source);
  return made;
}

GraphProgram make_graph_program(const GraphChoice& choice) {
  switch (choice.example) {
    case GraphExample::kLogistic: return logistic();
    case GraphExample::kProduct: return product();
    case GraphExample::kReluLayer: return relu_layer();
    case GraphExample::kWeightDecay: return weight_decay();
    case GraphExample::kTwoPaths: return two_paths();
    case GraphExample::kSharedWeight: return shared_weight();
    case GraphExample::kNetwork: return choice.scalars ? network_of_scalars(choice.network) : network_of_matrices(choice.network);
    case GraphExample::kMlp: return digits(DigitModel::kMlp);
    case GraphExample::kLenet: return digits(DigitModel::kLenet);
  }
  return logistic();
}

}  // namespace chainrule
