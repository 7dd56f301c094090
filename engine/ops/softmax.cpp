#include "engine/ops/softmax.h"

namespace chainrule {

std::vector<Shape> Softmax::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2, "softmax of ", in[0].text(), " needs N×C");
  return {in[0]};
}

void Softmax::backward(BackwardBuilder& builder) {
  if (builder.needs_gradient(0))
    builder.emit(0, OpKind::kSoftmaxGrad, {}, {builder.output(0), builder.gradient_of_output(0)});
}

std::string Softmax::formula(const OpAttributes&, int) {
  return "p[n,i] = exp(z[n,i] − m) / Σ_j exp(z[n,j] − m), m = max_j z[n,j]";
}

std::vector<Shape> SoftmaxGrad::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == in[1], in[0].text(), " and ", in[1].text());
  return {in[0]};
}

std::string SoftmaxGrad::formula(const OpAttributes&, int) {
  return "∂L/∂z[n,i] = p[n,i] · (∂L/∂p[n,i] − Σ_j ∂L/∂p[n,j] · p[n,j])";
}

}  // namespace chainrule
