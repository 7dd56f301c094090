#include "engine/ops/conv2d.h"

namespace chainrule {

Conv2dSizes conv2d_sizes(const OpAttributes& attributes, const Shape& x, const Shape& w) {
  CHECK(x.rank() == 4 && w.rank() == 4 && x[1] == w[1], "conv2d of ", x.text(), " with kernels ", w.text());
  Conv2dSizes s{};
  s.N = x[0], s.C = x[1], s.H = x[2], s.W = x[3];
  s.K = w[0], s.R = w[2], s.S = w[3];
  s.stride = attributes.stride, s.pad = attributes.pad, s.dilation = attributes.dilation;
  CHECK(s.stride >= 1 && s.pad >= 0 && s.dilation >= 1, "stride ", s.stride, ", pad ", s.pad, ", dilation ", s.dilation);
  const int free_rows = s.H + 2 * s.pad - s.dilation * (s.R - 1) - 1;
  const int free_columns = s.W + 2 * s.pad - s.dilation * (s.S - 1) - 1;
  CHECK(free_rows >= 0 && free_columns >= 0, "kernels ", w.text(), " do not fit into ", x.text(), " with pad ", s.pad);
  s.P = free_rows / s.stride + 1;
  s.Q = free_columns / s.stride + 1;
  return s;
}

std::vector<Shape> Conv2d::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const Conv2dSizes s = conv2d_sizes(attributes, in[0], in[1]);
  return {Shape{s.N, s.K, s.P, s.Q}};
}

void Conv2d::backward(BackwardBuilder& builder) {
  const TensorId x = builder.input(0), w = builder.input(1), dy = builder.gradient_of_output(0);
  OpAttributes attributes = builder.attributes();
  if (builder.needs_gradient(1)) {
    attributes.shape = builder.shape(w);
    builder.emit(1, OpKind::kConv2dKernelGrad, attributes, {dy, x});
  }
  if (builder.needs_gradient(0)) {
    attributes.shape = builder.shape(x);
    builder.emit(0, OpKind::kConv2dInputGrad, attributes, {dy, w});
  }
}

std::string window_position(const OpAttributes& attributes, const char* output, const char* offset) {
  std::string text = output;
  if (attributes.stride != 1) text += "·" + std::to_string(attributes.stride);
  text += std::string("+") + offset;
  if (attributes.dilation != 1) text += "·" + std::to_string(attributes.dilation);
  if (attributes.pad != 0) text += "−" + std::to_string(attributes.pad);
  return text;
}

namespace {

std::string input_element(const OpAttributes& attributes) {
  return "x[n,c," + window_position(attributes, "p", "r") + "," + window_position(attributes, "q", "s") + "]";
}

}  // namespace

std::string Conv2d::formula(const OpAttributes& attributes, int) {
  return "y[n,k,p,q] = Σ_c Σ_r Σ_s " + input_element(attributes) + " · w[k,c,r,s]";
}

std::vector<Shape> Conv2dInputGrad::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const Conv2dSizes s = conv2d_sizes(attributes, attributes.shape, in[1]);
  CHECK((in[0] == Shape{s.N, s.K, s.P, s.Q}), "dy ", in[0].text(), " for dx ", attributes.shape.text());
  return {attributes.shape};
}

std::string Conv2dInputGrad::formula(const OpAttributes& attributes, int) {
  return "∂L/∂x[n,c,h,w] = Σ_k Σ_r Σ_s ∂L/∂y[n,k,p,q] · w[k,c,r,s], where " + window_position(attributes, "p", "r") +
         " = h, " + window_position(attributes, "q", "s") + " = w";
}

std::vector<Shape> Conv2dKernelGrad::infer(const OpAttributes& attributes, std::span<const Shape> in) {
  const Conv2dSizes s = conv2d_sizes(attributes, in[1], attributes.shape);
  CHECK((in[0] == Shape{s.N, s.K, s.P, s.Q}), "dy ", in[0].text(), " for dw ", attributes.shape.text());
  return {attributes.shape};
}

std::string Conv2dKernelGrad::formula(const OpAttributes& attributes, int) {
  return "∂L/∂w[k,c,r,s] = Σ_n Σ_p Σ_q ∂L/∂y[n,k,p,q] · " + input_element(attributes);
}

}  // namespace chainrule
