#include "engine/ops/activation.h"

#include "engine/base/text.h"

namespace chainrule {

std::vector<Shape> Activate::infer(const OpAttributes&, std::span<const Shape> in) { return {in[0]}; }

void Activate::backward(BackwardBuilder& builder) {
  if (!builder.needs_gradient(0)) return;
  builder.emit(0, OpKind::kActivateGrad, builder.attributes(),
               {builder.input(0), builder.output(0), builder.gradient_of_output(0)});
}

std::string Activate::formula(const OpAttributes& attributes, int) {
  switch (attributes.activation) {
    case Activation::kIdentity: return "y = x";
    case Activation::kBinaryStep: return "y = (x > 0 ? 1 : 0)";
    case Activation::kLogistic: return "y = σ(x) = 1 / (1 + exp(−x))";
    case Activation::kTanh: return "y = tanh(x)";
    case Activation::kArctan: return "y = arctan(x)";
    case Activation::kSoftsign: return "y = x / (1 + |x|)";
    case Activation::kRelu: return "y = max(x, 0)";
    case Activation::kLeakyRelu: return "y = (x > 0 ? x : " + shortest_text(attributes.slope) + " · x)";
    case Activation::kSoftplus: return "y = ln(1 + exp(x))";
  }
  return "";
}

std::vector<Shape> ActivateGrad::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == in[1] && in[1] == in[2], in[0].text(), ", ", in[1].text(), ", ", in[2].text());
  return {in[0]};
}

std::string ActivateGrad::formula(const OpAttributes& attributes, int) {
  const std::string chain = "∂L/∂x = ∂L/∂y · ";
  switch (attributes.activation) {
    case Activation::kIdentity: return "∂L/∂x = ∂L/∂y";
    case Activation::kBinaryStep: return chain + "0";
    case Activation::kLogistic: return chain + "(y · (1 − y))";
    case Activation::kTanh: return chain + "(1 − y · y)";
    case Activation::kArctan: return chain + "(1 / (1 + x · x))";
    case Activation::kSoftsign: return chain + "(1 / ((1 + |x|) · (1 + |x|)))";
    case Activation::kRelu: return "∂L/∂x = (x > 0 ? ∂L/∂y : 0)";
    case Activation::kLeakyRelu: return "∂L/∂x = (x > 0 ? ∂L/∂y : " + shortest_text(attributes.slope) + " · ∂L/∂y)";
    case Activation::kSoftplus: return chain + "σ(x)";
  }
  return "";
}

}  // namespace chainrule
