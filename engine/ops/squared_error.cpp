#include "engine/ops/squared_error.h"

namespace chainrule {

std::vector<Shape> SquaredError::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].rank() == 2 && in[0] == in[1], "outputs ", in[0].text(), ", targets ", in[1].text());
  return {Shape{in[0][0]}};
}

void SquaredError::backward(BackwardBuilder& builder) {
  const TensorId y = builder.input(0), t = builder.input(1), dl = builder.gradient_of_output(0);
  if (builder.needs_gradient(0)) builder.emit(0, OpKind::kSquaredErrorGrad, builder.attributes(), {y, t, dl});
  if (builder.needs_gradient(1)) {
    const bool half = builder.attributes().form == SquaredErrorForm::kHalfSum;
    builder.emit(1, OpKind::kSquaredErrorGrad, builder.attributes(), {t, y, dl},
                 half ? "∂L/∂t[n,j] = (t[n,j] − y[n,j]) · ∂L/∂l[n]" : "∂L/∂t[n,j] = 2 · (t[n,j] − y[n,j]) / C · ∂L/∂l[n]");
  }
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
