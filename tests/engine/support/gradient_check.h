// Gradient check: what the backward calls of a program computed, against central differences of its loss, in double.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/buffers.h"
#include "engine/graph/graph.h"

namespace chainrule::test {

/// An error is |analytic − numeric| / (largest |gradient| of the tensor). In double with kStep it is about 1e-9; a
/// gradient that is missing or wrong has one near 1, so the tolerance is a millionth of the effect.
inline constexpr double kGradientTolerance = 1e-6;
inline constexpr double kStep = 1e-5;

struct GradientReport {
  double worst = 0.0;      // largest error
  std::string where;       // and its element
  double smallest = 1e300; // of the tensors, the least "largest |gradient|": 0 says that a check was vacuous
  int elements = 0;
  bool passed() const { return elements > 0 && worst <= kGradientTolerance; }
};

/// Compares the gradient of each tensor in `tensors` (at most `samples` elements of each, evenly spaced) with
/// (loss(x + kStep) − loss(x − kStep)) / (2 kStep).
/// Requires: append_backward has run; buffers hold inputs and parameters. Runs the program's calls as they stand, so a
/// test can corrupt one. Tensors without a gradient count as gradient 0.
GradientReport check_gradients(const Program& program, Buffers<double>& buffers, const std::vector<TensorId>& tensors,
                               int samples = 1 << 30);

/// Runs the calls of the forward and loss phases, or all calls.
template <class T>
void run_forward(const Program& program, Buffers<T>& buffers) {
  for (const OpCall& call : program.calls)
    if (call.phase == Phase::kForward || call.phase == Phase::kLoss) run_reference(call, buffers);
}
template <class T>
void run_all(const Program& program, Buffers<T>& buffers) {
  for (const OpCall& call : program.calls) run_reference(call, buffers);
}

/// loss = sum of (output 0 of one op ⊙ the input "upstream"), with its backward calls: dL/d output is then "upstream".
/// Inputs are named in0, in1, ...; those in `differentiable` are parameters, so that they get gradients.
struct SingleOpProgram {
  Program program;
  std::vector<TensorId> inputs;
  TensorId output = kNoTensor;    // output 0
  TensorId upstream = kNoTensor;
  std::vector<TensorId> gradients;  // by input; kNoTensor where it is not differentiable
};
SingleOpProgram single_op_program(OpKind kind, const OpAttributes& attributes, const std::vector<Shape>& shapes,
                                  const std::vector<int>& differentiable);

/// Well-spread numbers for tests, the same everywhere: multiples of 2^-24 in [-1, 1), none within 0.02 of 0.
double test_number(std::uint32_t seed, std::uint32_t index);

}  // namespace chainrule::test
