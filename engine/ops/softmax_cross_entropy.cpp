#include "engine/ops/softmax_cross_entropy.h"

namespace chainrule {

std::vector<Shape> SoftmaxCrossEntropy::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[1].rank() == 1 && in[0][0] == in[1][0], "logits ", in[0].text(), ", labels ",
        in[1].text());
  return {in[1], in[0]};
}

void SoftmaxCrossEntropy::backward(BackwardBuilder& builder) {
  CHECK(builder.gradient_of_output(1) == kNoTensor, "use the softmax op where a gradient flows through p");
  if (builder.needs_gradient(0))
    builder.emit(0, OpKind::kSoftmaxCrossEntropyGrad, {},
                 {builder.output(1), builder.input(1), builder.gradient_of_output(0)});
}

std::string SoftmaxCrossEntropy::formula(const OpAttributes&, int output) {
  return output == 0 ? "l[n] = −ln p[n,t] = ln(Σ_j exp(z[n,j] − m)) − (z[n,t] − m), m = max_j z[n,j], t = label[n]"
                     : "p[n,i] = exp(z[n,i] − m) / Σ_j exp(z[n,j] − m), m = max_j z[n,j]";
}

std::vector<Shape> SoftmaxCrossEntropyGrad::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[1] == in[2] && in[0][0] == in[1][0], in[0].text(), ", ", in[1].text(), ", ",
        in[2].text());
  return {in[0]};
}

std::string SoftmaxCrossEntropyGrad::formula(const OpAttributes&, int) {
  return "∂L/∂z[n,i] = (p[n,i] − [i = label[n]]) · ∂L/∂l[n]";
}

}  // namespace chainrule
