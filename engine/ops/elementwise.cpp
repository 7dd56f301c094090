#include "engine/ops/elementwise.h"

namespace chainrule {
namespace {

std::vector<Shape> same_shapes(std::span<const Shape> in) {
  CHECK(in[0] == in[1], in[0].text(), " and ", in[1].text());
  return {in[0]};
}

}  // namespace

std::vector<Shape> Add::infer(const OpAttributes&, std::span<const Shape> in) { return same_shapes(in); }
std::string Add::formula(const OpAttributes&, int) { return "y = a + b"; }
void Add::backward(BackwardBuilder& builder) {
  for (const int slot : {0, 1})
    if (builder.needs_gradient(slot)) builder.pass(slot, builder.gradient_of_output(0));
}

std::vector<Shape> Subtract::infer(const OpAttributes&, std::span<const Shape> in) { return same_shapes(in); }
std::string Subtract::formula(const OpAttributes&, int) { return "y = a − b"; }
void Subtract::backward(BackwardBuilder& builder) {
  if (builder.needs_gradient(0)) builder.pass(0, builder.gradient_of_output(0));
  if (builder.needs_gradient(1)) builder.emit(1, OpKind::kNegate, {}, {builder.gradient_of_output(0)}, "∂L/∂b = −∂L/∂y");
}

std::vector<Shape> Multiply::infer(const OpAttributes&, std::span<const Shape> in) { return same_shapes(in); }
std::string Multiply::formula(const OpAttributes&, int) { return "y = a · b"; }
void Multiply::backward(BackwardBuilder& builder) {
  const TensorId dy = builder.gradient_of_output(0);
  if (builder.needs_gradient(0)) builder.emit(0, OpKind::kMultiply, {}, {dy, builder.input(1)}, "∂L/∂a = ∂L/∂y · b");
  if (builder.needs_gradient(1)) builder.emit(1, OpKind::kMultiply, {}, {dy, builder.input(0)}, "∂L/∂b = ∂L/∂y · a");
}

std::vector<Shape> Negate::infer(const OpAttributes&, std::span<const Shape> in) { return {in[0]}; }
std::string Negate::formula(const OpAttributes&, int) { return "y = −a"; }
void Negate::backward(BackwardBuilder& builder) {
  if (builder.needs_gradient(0)) builder.emit(0, OpKind::kNegate, {}, {builder.gradient_of_output(0)}, "∂L/∂a = −∂L/∂y");
}

std::vector<Shape> Scale::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].size() == 1 || in[0].size() == in[1][0], "scales ", in[0].text(), " for the rows of ", in[1].text());
  return {in[1]};
}
std::string Scale::formula(const OpAttributes&, int) { return "y[j,i] = s[j] · x[j,i]"; }

std::vector<Shape> Repeats::infer(const OpAttributes&, std::span<const Shape> in) {
  CHECK(in[0].size() == 1, "a distance is one number, not ", in[0].text());
  return {in[1]};
}
std::string Repeats::formula(const OpAttributes&, int) { return "y = d / |x|"; }

}  // namespace chainrule
