// Program: a training step as data: tensors, and the ordered op calls that compute them.
//
// Forward, loss, backward and update are all op calls, so that every number on the screen has a call that made it.
// Each tensor has a buffer of its own: no operand of a step is overwritten within it, parameters included. A parameter
// or optimizer state is two tensors, its value before the update and after it, that trade places between steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/initializer.h"
#include "engine/ops/op.h"

namespace chainrule {

enum class TensorKind : std::uint8_t {
  kInput,       // pixels, labels, targets
  kHyper,       // learning rate and its like: one-element tensors that a person sets
  kConstant,    // fixed by the program, as dL/dL = 1
  kParameter,
  kState,       // what an optimizer keeps
  kActivation,
  kLoss,
  kGradient,
};
std::string_view kind_name(TensorKind kind);

enum class Phase : std::uint8_t { kForward, kLoss, kBackward, kUpdate };
std::string_view phase_name(Phase phase);

struct TensorInfo {
  std::string name;
  Shape shape;
  TensorKind kind = TensorKind::kActivation;
  int producer = -1;        // number of the call that computes it; -1: it is set from outside
  int producer_output = 0;
  TensorId after = kNoTensor;   // parameter or state: the tensor that holds it after the update
  TensorId before = kNoTensor;  // the way back
  float fill = 0.0f;            // value of every element at the start (kHyper, kConstant, kState)
  Initializer initializer;      // kParameter
  bool operator==(const TensorInfo&) const = default;
};

struct OpCall {
  OpKind kind = OpKind::kAdd;
  OpAttributes attributes;
  Phase phase = Phase::kForward;
  std::vector<TensorId> inputs, outputs;
  std::vector<Shape> in_shapes, out_shapes;
  std::string formula;  // the symbolic rule; op_info's unless the call has a better one
};

/// A list of calls in an order in which each reads only what is there.
struct Program {
  std::vector<TensorInfo> tensors;
  std::vector<OpCall> calls;
  std::vector<TensorId> gradient_of;  // by tensor: dL/d tensor, kNoTensor where none is computed
  TensorId loss = kNoTensor;

  const TensorInfo& info(TensorId id) const { return tensors[static_cast<std::size_t>(id)]; }
  TensorId add_tensor(TensorInfo info);
  /// Appends a call and its output tensors, named `name` (further outputs: `name` + ".1", ...).
  /// Requires: inputs exist. Ensures: shapes are inferred. Returns the first output.
  TensorId add_call(OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name,
                    TensorKind output_kind, Phase phase, std::string formula = "");
  /// Declares that `after` (the output of an update call) is `before`'s value after the update; it takes its name.
  void pair(TensorId before, TensorId after);
  /// By name; a parameter's name finds the value before the update, a gradient may also be asked for as
  /// "<tensor>.grad" where the op passed its gradient on unchanged. kNoTensor: there is none.
  TensorId find(std::string_view name) const;
  /// All tensors of a kind, in the order they were made; of parameters and states the before-tensor.
  std::vector<TensorId> of_kind(TensorKind kind) const;
  /// Multiply-adds (or comparable work) of one call; a measure for slicing, not for claims.
  static std::int64_t work_of(const OpCall& call);
};

/// Appends the backward calls of `loss`: dL/d every parameter (and every value between).
/// The gradient of tensor t is named t.grad; where it arrives over several paths, each path is t.grad.path1, ... in the
/// order in which backward meets them, and t.grad is their sum, added in that order.
/// Requires: loss has one element. Ensures: inputs get a gradient only with `input_gradients`.
void append_backward(Program& program, TensorId loss, bool input_gradients = false);

}  // namespace chainrule
