#include "engine/ops/squared_error.h"

namespace chainrule {

std::vector<Shape> SquaredError::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[0] == in[1], "outputs ", in[0].text(), ", targets ", in[1].text());
  return {Shape{in[0][0]}};
}

void SquaredError::backward(BackwardBuilder& builder) {
  CHECK(!builder.needs_gradient(1), "targets are data: no gradient flows into them");
  if (builder.needs_gradient(0))
    builder.emit(0, OpKind::kSquaredErrorGrad, builder.attributes(),
                 {builder.input(0), builder.input(1), builder.gradient_of_output(0)});
}

std::string SquaredError::formula(const OpAttributes& attributes, int) {
  return attributes.form == SquaredErrorForm::kHalfSum ? "l[n] = 1/2 · Σ_j (y[n,j] − t[n,j])²"
                                                       : "l[n] = (Σ_j (y[n,j] − t[n,j])²) / C";
}

std::vector<Shape> SquaredErrorGrad::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0] == in[1] && in[2].rank() == 1 && in[2][0] == in[0][0], in[0].text(), ", ", in[1].text(), ", ",
        in[2].text());
  return {in[0]};
}

std::string SquaredErrorGrad::formula(const OpAttributes& attributes, int) {
  return attributes.form == SquaredErrorForm::kHalfSum ? "∂L/∂y[n,j] = (y[n,j] − t[n,j]) · ∂L/∂l[n]"
                                                       : "∂L/∂y[n,j] = 2 · (y[n,j] − t[n,j]) / C · ∂L/∂l[n]";
}

}  // namespace chainrule
