// GradientPath: which way each gradient went. Reverse mode sends one gradient back along each edge of the forward graph;
// what arrives at a tensor is the sum over the edges that leave it.
#pragma once

#include <vector>

#include "engine/graph/program.h"

namespace chainrule {

/// The edge from an input of a forward or loss call to that call.
struct GradientPath {
  int call = -1;  // number in program.calls
  int slot = 0;   // which of the call's inputs
  TensorId upstream = kNoTensor;  // dL/d output 0 of the call
  TensorId gradient = kNoTensor;  // what comes back along this edge: one term of dL/d input
  TensorId local = kNoTensor;     // d output / d input, element by element; kNoTensor where it is a rule, not numbers
  bool operator==(const GradientPath&) const = default;
};

/// All edges that append_backward has sent a gradient back along, in the order in which it met them.
/// Requires: append_backward has run.
std::vector<GradientPath> gradient_paths(const Program& program);

/// Does every element of input `slot` enter one element of output 0 only? Then d output / d input is one number for each
/// element of the input, and gradient = upstream · local. Of matrix products, convolutions and what only moves numbers it
/// is a matrix of mostly zeros that nobody wants to see: false, but for products of single numbers.
bool has_local_derivative(const OpCall& call, int slot);

/// Appends the calls that compute the local derivatives of `paths` where they have one: the op's own backward rule with 1
/// for the upstream gradient. A rule that passes its gradient on has a constant 1.
/// The tensors are named <output>.by.<input>; of an input that enters twice the second one ends in "#2".
/// Ensures: upstream · local = gradient, up to rounding. Returns the number of the first call appended.
std::size_t append_local_derivatives(Program& program, std::vector<GradientPath>& paths);

}  // namespace chainrule
