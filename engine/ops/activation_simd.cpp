// Four numbers at a time; the branches of (leaky) ReLU become a comparison that selects lanes, written as in the
// reference kernel so that NaN and −0 take the same side. Gradients that are plain arithmetic in x and y are done
// alike. tanh and the logistic function have vectors of their own; the rest of exp's kin is left to the reference kernel.
// Tied to it by ParityActivate and ParityActivateGrad.
#include "engine/ops/fast.h"
#include "engine/ops/simd_functions.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::splat;

void activate(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const std::int64_t size = o.in_shapes[0].size();
  const f32x4 zero = splat(0.0f), one = splat(1.0f), slope = splat(attributes.slope);
  const auto run = [&](auto rule, std::ptrdiff_t cost = 1) { map_all(workspace, cost, size, rule, o.out[0], o.in[0]); };
  switch (attributes.activation) {
    case Activation::kIdentity:
      return run([](f32x4 x) { return x; });
    case Activation::kBinaryStep:
      return run([=](f32x4 x) { return x > zero ? one : zero; });
    case Activation::kRelu:
      return run([=](f32x4 x) { return zero > x ? zero : x; });
    case Activation::kLeakyRelu:
      return run([=](f32x4 x) { return x > zero ? x : slope * x; });
    case Activation::kTanh:
      return run([](f32x4 x) { return simd::tanh(x); }, 8);
    case Activation::kLogistic:
      return run([](f32x4 x) { return simd::logistic(x); }, 16);
    default:
      op_info(OpKind::kActivate).run_float(attributes, o);
  }
}

void activate_grad(const OpAttributes& attributes, const Operands<float>& o, const Workspace& workspace) {
  const std::int64_t size = o.in_shapes[0].size();
  const float *x = o.in[0], *y = o.in[1], *dy = o.in[2];
  const f32x4 zero = splat(0.0f), one = splat(1.0f), slope = splat(attributes.slope);
  const auto of_x = [&](auto rule) { map_all(workspace, 1, size, rule, o.out[0], x, dy); };
  const auto of_y = [&](auto rule) { map_all(workspace, 1, size, rule, o.out[0], y, dy); };
  switch (attributes.activation) {
    case Activation::kIdentity:
      return of_x([](f32x4, f32x4 d) { return d; });
    case Activation::kBinaryStep:
      return of_x([=](f32x4, f32x4 d) { return d * zero; });
    case Activation::kLogistic:
      return of_y([=](f32x4 v, f32x4 d) { return d * (v * (one - v)); });
    case Activation::kTanh:
      return of_y([=](f32x4 v, f32x4 d) { return d * (one - v * v); });
    case Activation::kArctan:
      return of_x([=](f32x4 v, f32x4 d) { return d * (one / (one + v * v)); });
    case Activation::kRelu:
      return of_x([=](f32x4 v, f32x4 d) { return v > zero ? d : zero; });
    case Activation::kLeakyRelu:
      return of_x([=](f32x4 v, f32x4 d) { return v > zero ? d : slope * d; });
    default:
      op_info(OpKind::kActivateGrad).run_float(attributes, o);
  }
}

}  // namespace

const FastKernel kFastActivate{no_scratch, activate};
const FastKernel kFastActivateGrad{no_scratch, activate_grad};

}  // namespace chainrule
