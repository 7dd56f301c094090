// How sums of products become dispatches: operands of a file of shaders/, a body, and slices of long sums.
#include <algorithm>

#include "engine/backend/webgpu/plan_parts.h"
#include "engine/ops/conv2d.h"
#include "engine/ops/matmul.h"

namespace chainrule::gpu {
namespace {

constexpr std::int64_t kFillingGroups = 128;  // workgroups that keep a GPU busy
constexpr std::int64_t kTileTerms = 16;       // terms that the tiled bodies take at a time

struct Gemm {
  Kernel first;  // of its kernels, which are in the order of GemmForm
  std::int64_t M, N, K;
  bool sliced;  // may the sum be cut? Its store has to know of slices
  std::vector<std::uint32_t> rest;
};

/// Large tiles are for products that fill them.
GemmForm fitting(const Gemm& gemm, GemmForm form) {
  return form == GemmForm::kLarge && std::min(gemm.M, gemm.N) < 96 ? GemmForm::kTiled : form;
}

Kernel kernel_of(const Gemm& gemm, GemmForm form) {
  if (gemm.first == Kernel::kMatMulTiled && form == GemmForm::kLarge && gemm.M % 4 == 0 && gemm.N % 4 == 0 && gemm.K % 4 == 0)
    return Kernel::kMatMulFours;
  return static_cast<Kernel>(static_cast<std::size_t>(gemm.first) + static_cast<std::size_t>(form));
}

CallPlan plan_gemm(const Gemm& gemm, GemmForm asked, std::initializer_list<int> inputs) {
  const GemmForm form = fitting(gemm, asked);
  const std::int64_t side = tile_side(form), rows = ceil_div(gemm.M, side), columns = ceil_div(gemm.N, side);
  const bool shared = form != GemmForm::kRegisters;  // a tile for each workgroup; else a line of tiles, one for each invocation
  const std::int64_t groups = shared ? rows * columns : ceil_div(rows * columns, 64);
  // As many slices as fill a GPU, each long enough to be worth its own store, in whole tiles of terms.
  const std::int64_t slices =
      gemm.sliced ? std::clamp<std::int64_t>(std::min(kFillingGroups / groups, gemm.K / 128), 1, kMostSlices) : 1;
  const std::int64_t slice = ceil_div(ceil_div(gemm.K, slices), kTileTerms) * kTileTerms;
  const std::int64_t used = ceil_div(gemm.K, slice);
  Dispatch main{kernel_of(gemm, form), words({gemm.M, gemm.N, gemm.K, slice}), {used > 1 ? kScratchSlot : 2}};
  main.constants.insert(main.constants.end(), gemm.rest.begin(), gemm.rest.end());
  main.slots.insert(main.slots.end(), inputs.begin(), inputs.end());
  main.x = word(shared ? columns : groups);
  main.y = word(shared ? rows : 1);
  main.z = word(used);
  CallPlan plan = one(std::move(main));
  if (used > 1) {
    const std::int64_t size = gemm.M * gemm.N;
    plan.scratch_floats = used * size;
    plan.dispatches.push_back(
        per_number(Kernel::kAddSlices, size, with(words({size, 1, used, used}), 1.0f), {2, kScratchSlot}));
  }
  return plan;
}

CallPlan plan_matmul(const OpCall& call, GemmForm form) {
  const MatMulSizes s = matmul_sizes(call.attributes, call.in_shapes[0], call.in_shapes[1]);
  return plan_gemm({Kernel::kMatMulTiled, s.M, s.N, s.K, true, words({s.a_row, s.a_column, s.b_row, s.b_column})}, form, {0, 1});
}

CallPlan plan_conv2d(const OpCall& call, GemmForm form) {
  using enum Kernel;
  const OpAttributes& a = call.attributes;
  const std::vector<Shape>& in = call.in_shapes;
  const bool forward = call.kind == OpKind::kConv2d, to_input = call.kind == OpKind::kConv2dInputGrad;
  const Conv2dSizes d = forward ? conv2d_sizes(a, in[0], in[1]) : to_input ? conv2d_sizes(a, a.shape, in[1]) : conv2d_sizes(a, in[1], a.shape);
  const auto rest = words({d.C, d.H, d.W, d.R, d.S, d.P, d.Q, d.stride, d.pad, d.dilation});
  const std::int64_t weights = std::int64_t{d.C} * d.R * d.S, positions = std::int64_t{d.N} * d.P * d.Q;
  const bool inside = d.pad == 0;
  if (forward) return plan_gemm({inside ? kConv2dInsideTiled : kConv2dPaddedTiled, d.K, positions, weights, false, rest}, form, {0, 1});
  if (!to_input)
    return plan_gemm({inside ? kConv2dKernelGradInsideTiled : kConv2dKernelGradPaddedTiled, d.K, weights, positions, true, rest}, form, {0, 1});
  CallPlan plan = plan_gemm({kConv2dInputGradTiled, weights, positions, d.K, false, rest}, form, {0, 1});
  plan.scratch_floats = weights * positions;
  plan.dispatches[0].slots[0] = kScratchSlot;
  plan.dispatches.push_back(per_number(kCollect, call.out_shapes[0].size(), plan.dispatches[0].constants, {2, kScratchSlot}));
  return plan;
}

}  // namespace

CallPlan plan_product(const OpCall& call, GemmForm form) {
  return call.kind == OpKind::kMatMul ? plan_matmul(call, form) : plan_conv2d(call, form);
}

}  // namespace chainrule::gpu
