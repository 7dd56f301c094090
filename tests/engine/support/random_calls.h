// Small random calls of every op: shapes, attributes and operands that the op accepts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/ops/op.h"

namespace chainrule::test {

/// One call of an op, all its buffers included.
struct SampleCall {
  OpKind kind{};
  OpAttributes attributes;
  std::vector<Shape> in_shapes, out_shapes;
  std::vector<std::vector<float>> in;
};

/// Several variants of `kind` (transposes, strides, paddings, every activation, sums of one term, ...) on numbers drawn
/// from `seed`. Operands are what a program would feed: labels are classes, y is f(x), second moments are positive.
/// Ensures: not empty, since a new op without a sample does not compile; a few operands are 0, and some are tied.
std::vector<SampleCall> sample_calls(OpKind kind, std::uint64_t seed);

/// All kinds of ops.def.
std::vector<OpKind> every_op();

/// "conv2d of 2×2×5×6, 3×2×3×2 (variant 4)", for messages.
std::string describe(const SampleCall& call, std::size_t variant);

/// The outputs of the call, by the reference kernel in float.
std::vector<std::vector<float>> run(const SampleCall& call);

/// What the reference kernel records for one element, with the outputs computed.
Tape trace(const SampleCall& call, int output, std::int64_t index);

}  // namespace chainrule::test
