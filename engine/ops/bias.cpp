#include "engine/ops/bias.h"

namespace chainrule {

std::vector<Shape> Bias::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() >= 2 && in[1].rank() == 1 && in[0][1] == in[1][0], "bias ", in[1].text(), " on ", in[0].text());
  return {in[0]};
}

void Bias::backward(BackwardBuilder& builder) {
  const TensorId dy = builder.gradient_of_output(0);
  if (builder.needs_gradient(0)) builder.pass(0, dy);
  if (builder.needs_gradient(1)) {
    OpAttributes attributes;
    attributes.shape = builder.shape(builder.input(1));
    builder.emit(1, OpKind::kBiasGrad, attributes, {dy});
  }
}

std::string Bias::formula(const OpAttributes&, int) { return "y = x + b[c]"; }

std::vector<Shape> BiasGrad::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  CHECK(attributes.shape.rank() == 1 && in[0][1] == attributes.shape[0], "bias gradient ", attributes.shape.text(),
        " from ", in[0].text());
  return {attributes.shape};
}

std::string BiasGrad::formula(const OpAttributes&, int) { return "∂L/∂b[c] = Σ_n Σ_p ∂L/∂y[n,c,p]"; }

}  // namespace chainrule
