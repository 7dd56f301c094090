#include "engine/ops/reduce.h"

namespace chainrule {
namespace {

void spread_backward(BackwardBuilder& builder, int divisor, const char* formula) {
  if (!builder.needs_gradient(0)) return;
  OpAttributes attributes;
  attributes.shape = builder.shape(builder.input(0));
  attributes.divisor = divisor;
  builder.emit(0, OpKind::kSpread, attributes, {builder.gradient_of_output(0)}, formula);
}

}  // namespace

std::vector<Shape> Sum::infer(const OpAttributes&, std::span<const Shape>) { return {Shape{1}}; }
std::string Sum::formula(const OpAttributes&, int) { return "y = Σ_i x[i]"; }
void Sum::backward(BackwardBuilder& builder) { spread_backward(builder, 1, "∂L/∂x[i] = ∂L/∂y"); }

std::vector<Shape> Mean::infer(const OpAttributes&, std::span<const Shape>) { return {Shape{1}}; }
std::string Mean::formula(const OpAttributes&, int) { return "y = (Σ_n x[n]) / N"; }
void Mean::backward(BackwardBuilder& builder) {
  spread_backward(builder, static_cast<int>(builder.shape(builder.input(0)).size()), "∂L/∂x[n] = ∂L/∂y / N");
}

std::vector<Shape> Spread::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  CHECK(in[0].size() == 1, "spread of ", in[0].text(), " needs one number");
  return {attributes.shape};
}
std::string Spread::formula(const OpAttributes& attributes, int) {
  return "y[i] = x / " + std::to_string(attributes.divisor);
}

std::vector<Shape> MeanMagnitude::infer(const OpAttributes&, std::span<const Shape>) { return {Shape{1}}; }
std::string MeanMagnitude::formula(const OpAttributes&, int) { return "y = (Σ_n |x[n]|) / N"; }

}  // namespace chainrule
