#include "engine/ops/reshape.h"

namespace chainrule {

std::vector<Shape> Reshape::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  CHECK(in[0].size() == attributes.shape.size(), in[0].text(), " as ", attributes.shape.text());
  return {attributes.shape};
}

void Reshape::backward(BackwardBuilder& builder) {
  if (!builder.needs_gradient(0)) return;
  OpAttributes attributes;
  attributes.shape = builder.shape(builder.input(0));
  builder.emit(0, OpKind::kReshape, attributes, {builder.gradient_of_output(0)}, "∂L/∂x[i] = ∂L/∂y[i]");
}

std::string Reshape::formula(const OpAttributes&, int) { return "y[i] = x[i]"; }

}  // namespace chainrule
