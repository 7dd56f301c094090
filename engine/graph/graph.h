// Graph: builds the forward part of a program, value by value. A value may feed any number of ops.
#pragma once

#include "engine/graph/program.h"

namespace chainrule {

/// Builds a DAG of ops once; `program()` is its forward program, in the order in which values were made.
class Graph {
 public:
  TensorId input(std::string name, const Shape& shape) { return add(std::move(name), shape, TensorKind::kInput); }
  /// Every element is `value`.
  TensorId constant(std::string name, const Shape& shape, float value) {
    const TensorId id = add(std::move(name), shape, TensorKind::kConstant);
    program_.tensors.back().fill = value;
    return id;
  }
  TensorId parameter(std::string name, const Shape& shape, const Initializer& initializer) {
    const TensorId id = add(std::move(name), shape, TensorKind::kParameter);
    program_.tensors.back().initializer = initializer;
    return id;
  }
  /// `kind` applied to `inputs`. Returns the first output; `output` finds the others.
  TensorId apply(OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name) {
    return program_.add_call(kind, attributes, std::move(inputs), std::move(name),
                             phase_ == Phase::kLoss ? TensorKind::kLoss : TensorKind::kActivation, phase_);
  }
  TensorId output(TensorId first, int slot) const {
    return program_.calls[static_cast<std::size_t>(program_.info(first).producer)].outputs.at(static_cast<std::size_t>(slot));
  }
  /// Ops applied from now on belong to the loss.
  void begin_loss() { phase_ = Phase::kLoss; }
  void set_kind(TensorId id, TensorKind kind) { program_.tensors[static_cast<std::size_t>(id)].kind = kind; }
  void rename(TensorId id, std::string name) { program_.tensors[static_cast<std::size_t>(id)].name = std::move(name); }

  const Shape& shape(TensorId id) const { return program_.info(id).shape; }
  const Program& program() const { return program_; }

 private:
  TensorId add(std::string name, const Shape& shape, TensorKind kind) {
    CHECK(program_.find(name) == kNoTensor, "two tensors are named ", name);
    TensorInfo info;
    info.name = std::move(name);
    info.shape = shape;
    info.kind = kind;
    return program_.add_tensor(std::move(info));
  }

  Program program_;
  Phase phase_ = Phase::kForward;
};

}  // namespace chainrule
