// Each parameter is updated on its own, so four of them share one instruction; rates and decays are read once and spread
// over the lanes. Division and square root are exact in IEEE 754, in vectors as in single numbers, and the order of the
// operations is that of the reference kernel. Tied to the reference by ParitySgdStep, ParityVelocity,
// ParityMovingAverage, ParityMovingAverageOfSquares and ParityAdamStep.
#include "engine/ops/fast.h"
#include "engine/ops/simd.h"

namespace chainrule {
namespace {

using simd::f32x4;
using simd::splat;

void sgd_step(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const f32x4 lr = splat(o.in[2][0]);
  simd::map(o.out_shapes[0].size(), [=](f32x4 theta, f32x4 g) { return theta - lr * g; }, o.out[0], o.in[0], o.in[1]);
}

void velocity(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const f32x4 lr = splat(o.in[2][0]), beta = splat(o.in[3][0]);
  const auto rule = [=](f32x4 delta, f32x4 g) { return lr * g + beta * delta; };
  simd::map(o.out_shapes[0].size(), rule, o.out[0], o.in[0], o.in[1]);
}

void moving_average(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const f32x4 beta = splat(o.in[2][0]), rest = splat(1.0f - o.in[2][0]);
  const auto rule = [=](f32x4 m, f32x4 g) { return beta * m + rest * g; };
  simd::map(o.out_shapes[0].size(), rule, o.out[0], o.in[0], o.in[1]);
}

void moving_average_of_squares(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const f32x4 beta = splat(o.in[2][0]), rest = splat(1.0f - o.in[2][0]);
  const auto rule = [=](f32x4 v, f32x4 g) { return beta * v + rest * (g * g); };
  simd::map(o.out_shapes[0].size(), rule, o.out[0], o.in[0], o.in[1]);
}

void adam_step(const OpAttributes&, const Operands<float>& o, std::span<float>) {
  const f32x4 lr = splat(o.in[3][0]), epsilon = splat(o.in[6][0]);
  const f32x4 rest1 = splat(1.0f - o.in[4][0]), rest2 = splat(1.0f - o.in[5][0]);
  const auto rule = [=](f32x4 theta, f32x4 m, f32x4 v) {
    return theta - lr * (m / rest1) / (simd::sqrt(v / rest2) + epsilon);
  };
  simd::map(o.out_shapes[0].size(), rule, o.out[0], o.in[0], o.in[1], o.in[2]);
}

}  // namespace

const FastKernel kFastSgdStep{no_scratch, sgd_step};
const FastKernel kFastVelocity{no_scratch, velocity};
const FastKernel kFastMovingAverage{no_scratch, moving_average};
const FastKernel kFastMovingAverageOfSquares{no_scratch, moving_average_of_squares};
const FastKernel kFastAdamStep{no_scratch, adam_step};

}  // namespace chainrule
