#include "web/network/kernels.h"

#include <algorithm>

#include "engine/ops/fast.h"
#include "engine/ops/simd.h"

namespace chainrule::module {

void Kernels::run(OpKind kind, const OpAttributes& attributes, std::vector<Shape> in_shapes, std::vector<const float*> in, float* out) {
  const std::vector<Shape> out_shapes = op_info(kind).infer(attributes, in_shapes);
  const Operands<float> operands{in_shapes, out_shapes, in, std::span<float* const>(&out, 1)};
  const FastKernel* fast = fast_kernel(kind);
  if (fast == nullptr) return op_info(kind).run_float(attributes, operands);
  const int threads = pool_ == nullptr ? 1 : pool_->threads();
  const std::size_t needed = fast->scratch_floats(attributes, in_shapes, out_shapes, threads);
  if (scratch_.size() < needed) scratch_.resize(needed);
  fast->run(attributes, operands, {scratch_, pool_, threads});
}

// Twelve sums, because an addition takes several cycles and a new one can begin at each.
[[gnu::noinline]] float multiply_add_rounds(std::int64_t rounds) {
  using simd::f32x4;
  f32x4 sums[12];
  for (int i = 0; i < 12; ++i) sums[i] = simd::splat(0.001f * static_cast<float>(i + 1));
  const f32x4 factor = simd::splat(0.999f), term = simd::splat(0.0005f);
  for (std::int64_t round = 0; round < rounds; ++round)
    for (f32x4& sum : sums) sum = sum * factor + term;
  f32x4 all = simd::splat(0.0f);
  for (const f32x4& sum : sums) all += sum;
  return all[0] + all[1] + all[2] + all[3];
}

}  // namespace chainrule::module
