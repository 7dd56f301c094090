#include "engine/ops/concat.h"

namespace chainrule {

std::vector<Shape> Concat::infer(const OpAttributes&, std::span<const Shape> in) {
  const Shape &a = in[0], &b = in[1];
  CHECK(a.rank() >= 2 && a.rank() == b.rank() && a[0] == b[0] && a.inner_size() / a[1] == b.inner_size() / b[1],
        "concat of ", a.text(), " and ", b.text());
  Shape y{a[0], a[1] + b[1]};
  for (int axis = 2; axis < a.rank(); ++axis) y.append(a[axis]);
  return {y};
}

void Concat::backward(BackwardBuilder& builder) {
  OpAttributes attributes;
  for (const int slot : {0, 1}) {
    attributes.begin = slot == 0 ? 0 : builder.shape(builder.input(0))[1];
    attributes.shape = builder.shape(builder.input(slot));
    if (builder.needs_gradient(slot))
      builder.emit(slot, OpKind::kSlice, attributes, {builder.gradient_of_output(0)},
                   "∂L/∂x[n,c] = ∂L/∂y[n,c+" + std::to_string(attributes.begin) + "]");
  }
}

std::string Concat::formula(const OpAttributes&, int) { return "y[n,c] = (c < C_a ? a[n,c] : b[n,c−C_a])"; }

std::vector<Shape> Slice::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const Shape &x = in[0], &y = attributes.shape;
  CHECK(x.rank() >= 2 && y.rank() == x.rank() && x[0] == y[0] && attributes.begin >= 0 && attributes.begin + y[1] <= x[1] &&
            x.inner_size() / x[1] == y.inner_size() / y[1],
        "slice ", y.text(), " of ", x.text(), " from ", attributes.begin);
  return {y};
}

std::string Slice::formula(const OpAttributes& attributes, int) {
  return "y[n,c] = x[n,c+" + std::to_string(attributes.begin) + "]";
}

}  // namespace chainrule
