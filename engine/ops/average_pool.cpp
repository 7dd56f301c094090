#include "engine/ops/average_pool.h"

namespace chainrule {

std::vector<Shape> AveragePool::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const PoolSizes s = pool_sizes(attributes, in[0]);
  return {Shape{s.N, s.C, s.P, s.Q}};
}

void AveragePool::backward(BackwardBuilder& builder) {
  if (!builder.needs_gradient(0)) return;
  OpAttributes attributes = builder.attributes();
  attributes.shape = builder.shape(builder.input(0));
  builder.emit(0, OpKind::kAveragePoolGrad, attributes, {builder.gradient_of_output(0)});
}

std::string AveragePool::formula(const OpAttributes& attributes, int) {
  const std::string stride = std::to_string(attributes.window_stride);
  return "y[n,c,p,q] = (Σ_r Σ_s x[n,c,p·" + stride + "+r,q·" + stride + "+s]) / " +
         std::to_string(attributes.window * attributes.window);
}

std::vector<Shape> AveragePoolGrad::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const PoolSizes s = pool_sizes(attributes, attributes.shape);
  CHECK((in[0] == Shape{s.N, s.C, s.P, s.Q}), "dy ", in[0].text(), " for x ", attributes.shape.text());
  return {attributes.shape};
}

std::string AveragePoolGrad::formula(const OpAttributes& attributes, int) {
  return "∂L/∂x[n,c,h,w] = (Σ_p Σ_q ∂L/∂y[n,c,p,q]) / " + std::to_string(attributes.window * attributes.window);
}

}  // namespace chainrule
