#include "engine/ops/max_pool.h"

namespace chainrule {

PoolSizes pool_sizes(const OpAttributes& attributes, const Shape& x) {
  CHECK(x.rank() == 4, "pooling of ", x.text(), " needs N×C×H×W");
  const int window = attributes.window, stride = attributes.window_stride;
  CHECK(window >= 1 && stride >= 1 && x[2] >= window && x[3] >= window, "window ", window, ", stride ", stride, " on ",
        x.text());
  return {x[0], x[1], x[2], x[3], (x[2] - window) / stride + 1, (x[3] - window) / stride + 1, window, stride};
}

std::vector<Shape> MaxPool::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const PoolSizes s = pool_sizes(attributes, in[0]);
  return {Shape{s.N, s.C, s.P, s.Q}};
}

void MaxPool::backward(BackwardBuilder& builder) {
  if (!builder.needs_gradient(0)) return;
  builder.emit(0, OpKind::kMaxPoolGrad, builder.attributes(), {builder.input(0), builder.gradient_of_output(0)});
}

std::string MaxPool::formula(const OpAttributes& attributes, int) {
  const std::string stride = std::to_string(attributes.window_stride);
  return "y[n,c,p,q] = max_{r,s} x[n,c,p·" + stride + "+r,q·" + stride + "+s]";
}

std::vector<Shape> MaxPoolGrad::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const PoolSizes s = pool_sizes(attributes, in[0]);
  CHECK((in[1] == Shape{s.N, s.C, s.P, s.Q}), "dy ", in[1].text(), " for x ", in[0].text());
  return {in[0]};
}

std::string MaxPoolGrad::formula(const OpAttributes&, int) {
  return "∂L/∂x[n,c,h,w] = Σ_p Σ_q (x[n,c,h,w] is the first maximum of window (p,q) ? ∂L/∂y[n,c,p,q] : 0)";
}

}  // namespace chainrule
