// Runs one op by its reference kernel on literal numbers.
#pragma once

#include <vector>

#include "engine/ops/op.h"

namespace chainrule::test {

template <class T>
struct Values {
  Shape shape;
  std::vector<T> numbers;
};

inline void run_kernel(OpKind kind, const OpAttributes& attributes, const Operands<float>& operands) {
  op_info(kind).run_float(attributes, operands);
}
inline void run_kernel(OpKind kind, const OpAttributes& attributes, const Operands<double>& operands) {
  op_info(kind).run_double(attributes, operands);
}

/// All outputs of one call. Requires: as many numbers as each shape has.
template <class T>
std::vector<Values<T>> run_op(OpKind kind, const OpAttributes& attributes, const std::vector<Values<T>>& inputs) {
  std::vector<Shape> in_shapes;
  std::vector<const T*> in;
  for (const Values<T>& input : inputs) {
    CHECK(static_cast<std::int64_t>(input.numbers.size()) == input.shape.size(), input.numbers.size(), " numbers for ",
          input.shape.text());
    in_shapes.push_back(input.shape);
    in.push_back(input.numbers.data());
  }
  const std::vector<Shape> out_shapes = op_info(kind).infer(attributes, in_shapes);
  std::vector<Values<T>> outputs;
  for (const Shape& shape : out_shapes)
    outputs.push_back({shape, std::vector<T>(static_cast<std::size_t>(shape.size()), T(-12345))});
  std::vector<T*> out;
  for (Values<T>& output : outputs) out.push_back(output.numbers.data());
  run_kernel(kind, attributes, Operands<T>{in_shapes, out_shapes, in, out});
  return outputs;
}

/// Output 0 of one call in float.
inline std::vector<float> first_output(OpKind kind, const OpAttributes& attributes, const std::vector<Values<float>>& inputs) {
  return run_op<float>(kind, attributes, inputs)[0].numbers;
}

}  // namespace chainrule::test
