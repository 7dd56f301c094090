// The small networks as programs: one op for each multiplication, or one matrix for each layer.
#include "engine/nn/layers.h"
#include "web/lessons/computing_graph/graph_builder.h"
#include "web/lessons/tape/net_spec.h"
#include "web/lessons/tape/tape_symbol.h"

namespace chainrule {
namespace {

const Shape kNumber{1, 1};

std::vector<float> pick(const std::vector<float>& from, std::size_t index) {
  return index < from.size() ? std::vector<float>{from[index]} : std::vector<float>{};
}

class ScalarNetwork {
 public:
  explicit ScalarNetwork(const NetExample& example) : example_(example), spec_(example.spec) {
    CHECK(spec_.loss == NetLoss::kSquaredError, "only squared errors are written in scalars");
  }

  GraphProgram build() {
    add_parameters();
    std::vector<std::vector<TensorId>> outputs;
    for (int sample = 0; sample < spec_.samples; ++sample) outputs.push_back(add_sample(sample));
    g_.group = "";
    g_.graph.begin_loss();
    std::vector<TensorId> errors;
    for (int sample = 0; sample < spec_.samples; ++sample) errors.push_back(add_error(sample, outputs[static_cast<std::size_t>(sample)]));
    TensorId error = errors.front();
    for (std::size_t i = 1; i < errors.size(); ++i)
      error = g_.apply(OpKind::kAdd, {error, errors[i]}, "E_sum" + (i + 1 < errors.size() ? std::to_string(i + 1) : ""));
    if (errors.size() > 1) {
      const std::string share = "1/" + std::to_string(errors.size());
      error = g_.apply(OpKind::kMultiply, {error, g_.constant(share, Shape{1}, 1.0f / static_cast<float>(errors.size()))}, "E");
    }
    return g_.finish(error, example_.lr, "of the example " + std::string(example_.name));
  }

 private:
  // Weights are counted through, w1 to w6, as deck 003 does.
  void add_parameters() {
    int number = 0;
    for (int layer = 0; layer < spec_.layers(); ++layer) {
      const auto l = static_cast<std::size_t>(layer);
      const int inputs = spec_.inputs_of(layer), units = spec_.units[l];
      const Initializer drawn{spec_.initializer, 0.05f, inputs, units};
      for (int i = 0; i < inputs * units; ++i) {
        const std::vector<float> given = l < example_.weights.size() ? pick(example_.weights[l], static_cast<std::size_t>(i)) : std::vector<float>{};
        weights_.push_back(g_.parameter("w" + std::to_string(++number), kNumber, given, drawn));
      }
      for (int unit = 0; unit < units && spec_.biases; ++unit) biases_.push_back(g_.parameter("b_" + unit_name(spec_, layer, unit), kNumber, {}));
    }
  }

  std::string mark_of(int sample) const { return spec_.samples > 1 ? "(" + std::to_string(sample + 1) + ")" : ""; }

  std::vector<TensorId> add_sample(int sample) {
    const std::string mark = mark_of(sample);
    std::vector<TensorId> values;
    for (int i = 0; i < spec_.inputs; ++i)
      values.push_back(g_.input("x" + std::to_string(i + 1) + mark, kNumber, pick(example_.x, static_cast<std::size_t>(sample * spec_.inputs + i))));
    std::size_t weight = 0, bias = 0;
    for (int layer = 0; layer < spec_.layers(); ++layer) {
      std::vector<TensorId> next;
      for (int unit = 0; unit < spec_.units[static_cast<std::size_t>(layer)]; ++unit) {
        const std::string name = unit_name(spec_, layer, unit);
        g_.group = name + mark;
        TensorId sum = kNoTensor;
        const std::size_t parts = values.size() + (spec_.biases ? 1 : 0);
        std::size_t part = 0;
        const auto add = [&](TensorId term) {
          ++part;
          if (sum == kNoTensor) sum = term;
          else sum = g_.apply(OpKind::kAdd, {sum, term}, (part == parts ? "net_" : "s" + std::to_string(part) + "_") + name + mark);
        };
        for (const TensorId value : values) {
          const std::string number = std::to_string(weight + 1);
          add(g_.apply(OpKind::kMultiply, {weights_[weight++], value}, (parts == 1 ? "net_" + name : "u" + number) + mark));
        }
        if (spec_.biases) add(biases_[bias++]);
        const Activation activation = layer + 1 == spec_.layers() ? spec_.output : spec_.hidden;
        next.push_back(activation == Activation::kIdentity ? sum : g_.activate(activation, sum, "out_" + name + mark));
      }
      values = std::move(next);
    }
    return values;
  }

  TensorId add_error(int sample, const std::vector<TensorId>& outputs) {
    const std::string mark = mark_of(sample);
    TensorId error = kNoTensor;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const TensorId target = g_.input("t" + number + mark, kNumber, pick(example_.target, static_cast<std::size_t>(sample) * outputs.size() + i));
      const TensorId one = g_.squared_error(outputs[i], target, (outputs.size() == 1 ? "E" : "E" + number) + mark);
      const std::string sum = (i + 1 == outputs.size() ? "E" : "E_sum" + number) + mark;
      error = error == kNoTensor ? one : g_.apply(OpKind::kAdd, {error, one}, sum);
    }
    return error;
  }

  const NetExample& example_;
  const NetSpec& spec_;
  GraphBuilder g_;
  std::vector<TensorId> weights_, biases_;
};

}  // namespace

GraphProgram network_of_scalars(int example) { return ScalarNetwork(net_examples()[static_cast<std::size_t>(example)]).build(); }

GraphProgram network_of_matrices(int number) {
  const NetExample& example = net_examples()[static_cast<std::size_t>(number)];
  const NetSpec& spec = example.spec;
  GraphBuilder g;
  TensorId value = g.input("x", Shape{spec.samples, spec.inputs}, example.x);
  const TensorId target = g.input("t", Shape{spec.samples, spec.units.back()}, example.target);
  for (int layer = 0; layer < spec.layers(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    LayerOptions options{.initializer = spec.initializer, .bias = spec.biases};
    options.activation = layer + 1 == spec.layers() ? spec.output : spec.hidden;
    value = dense(g.graph, spec.layer_name(layer), value, spec.units[l], options);
    if (l < example.weights.size()) g.given(g.graph.program().find(spec.layer_name(layer) + ".w"), example.weights[l]);
  }
  g.graph.begin_loss();
  TensorId error = g.squared_error(value, target, spec.samples > 1 ? "E.each" : "E");
  if (spec.samples > 1) error = g.apply(OpKind::kMean, {error}, "E");
  return g.finish(error, example.lr, "of the example " + std::string(example.name));
}

}  // namespace chainrule
