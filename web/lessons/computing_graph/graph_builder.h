// GraphBuilder: what the lesson's programs are written with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "web/lessons/computing_graph/graph_programs.h"

namespace chainrule {

class GraphBuilder {
 public:
  Graph graph;
  std::string group;  // of the calls made from now on

  TensorId input(std::string name, const Shape& shape, std::vector<float> numbers) {
    return given(graph.input(std::move(name), shape), std::move(numbers));
  }
  TensorId parameter(std::string name, const Shape& shape, std::vector<float> numbers, const Initializer& initializer = {}) {
    return given(graph.parameter(std::move(name), shape, initializer), std::move(numbers));
  }
  TensorId constant(std::string name, const Shape& shape, float value) {
    const TensorId id = graph.input(std::move(name), shape);
    graph.set_kind(id, TensorKind::kConstant);
    constants_.push_back({id, value});
    return id;
  }
  TensorId apply(OpKind kind, std::vector<TensorId> inputs, std::string name, const OpAttributes& attributes = {}) {
    const TensorId made = graph.apply(kind, attributes, std::move(inputs), std::move(name));
    note_groups();
    return made;
  }
  TensorId activate(Activation activation, TensorId x, std::string name) {
    OpAttributes attributes;
    attributes.activation = activation;
    return apply(OpKind::kActivate, {x}, std::move(name), attributes);
  }
  TensorId squared_error(TensorId y, TensorId t, std::string name) {
    return apply(OpKind::kSquaredError, {y, t}, std::move(name));
  }
  TensorId given(TensorId id, std::vector<float> numbers) {
    if (!numbers.empty()) first_.push_back({id, std::move(numbers)});
    return id;
  }
  /// Calls made on the graph itself belong to the present group.
  void note_groups() { groups_.resize(graph.program().calls.size(), group); }

  /// Backward, local derivatives, updates.
  GraphProgram finish(TensorId loss, float lr, std::string source);

 private:
  std::vector<std::string> groups_;
  std::vector<std::pair<TensorId, float>> constants_;
  std::vector<std::pair<TensorId, std::vector<float>>> first_;
};

/// A small network, one op for each multiplication, addition and function.
GraphProgram network_of_scalars(int example);
/// The same with a matrix for each layer.
GraphProgram network_of_matrices(int example);

}  // namespace chainrule
