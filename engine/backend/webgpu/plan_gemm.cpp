// How sums of products become dispatches: operands of a file of shaders/, a body, and slices of long sums.
#include <algorithm>

#include "engine/backend/webgpu/plan_parts.h"
#include "engine/ops/conv2d.h"
#include "engine/ops/matmul.h"

namespace chainrule::gpu {
namespace {

constexpr std::int64_t kFillingGroups = 128;  // workgroups that keep a GPU busy
constexpr std::int64_t kFillingSoftware = 8;  // and the cores of a CPU, which the bodies without barriers are for
constexpr std::int64_t kTileTerms = 16;       // terms that the tiled bodies take at a time

struct Gemm {
  Kernel first;  // of its kernels, which are in the order of GemmForm
  std::int64_t M, N, K;
  bool sliced;  // may the sum be cut? Its store has to know of slices
  std::vector<std::uint32_t> rest;
};

/// How many tiles it takes.
std::int64_t tiles(const Gemm& gemm, GemmForm form) { return ceil_div(gemm.M, tile_of(form).rows) * ceil_div(gemm.N, tile_of(form).columns); }

/// Larger tiles are for products that fill them.
GemmForm fitting(const Gemm& gemm, GemmForm form) {
  if (form == GemmForm::kLarge && std::min(gemm.M, gemm.N) < 96) return GemmForm::kTiled;
  constexpr std::int64_t kTimes = 16 * 32 / (8 * 8);  // as many numbers; an eighth of them may be beyond the edge and it still pays
  if (form == GemmForm::kQuads && 7 * kTimes * tiles(gemm, form) > 8 * tiles(gemm, GemmForm::kRegisters)) return GemmForm::kRegisters;
  return form;
}

Kernel kernel_of(const Gemm& gemm, GemmForm form) {
  if (gemm.first == Kernel::kMatMulTiled && form == GemmForm::kLarge && gemm.M % 4 == 0 && gemm.N % 4 == 0 && gemm.K % 4 == 0)
    return Kernel::kMatMulFours;
  return static_cast<Kernel>(static_cast<std::size_t>(gemm.first) + static_cast<std::size_t>(form));
}

CallPlan plan_gemm(const Gemm& gemm, GemmForm asked, std::initializer_list<int> inputs) {
  const GemmForm form = fitting(gemm, asked);
  // A tile for each workgroup, or the tiles one after the other, one for each invocation or quad.
  const std::int64_t in_line = form == GemmForm::kRegisters ? 64 : form == GemmForm::kQuads ? 16 : 1;
  const std::int64_t groups = ceil_div(tiles(gemm, form), in_line);
  // As many slices as fill a GPU, each long enough to be worth its own store, in whole tiles of terms.
  const std::int64_t filling = in_line == 1 ? kFillingGroups : kFillingSoftware;
  const std::int64_t slices = gemm.sliced ? std::clamp<std::int64_t>(std::min(filling / groups, gemm.K / 128), 1, kMostSlices) : 1;
  const std::int64_t slice = ceil_div(ceil_div(gemm.K, slices), kTileTerms) * kTileTerms;
  const std::int64_t used = ceil_div(gemm.K, slice);
  Dispatch main{kernel_of(gemm, form), words({gemm.M, gemm.N, gemm.K, slice}), {used > 1 ? kScratchSlot : 2}};
  main.constants.insert(main.constants.end(), gemm.rest.begin(), gemm.rest.end());
  main.slots.insert(main.slots.end(), inputs.begin(), inputs.end());
  main.x = word(in_line == 1 ? ceil_div(gemm.N, tile_of(form).columns) : groups);
  main.y = word(in_line == 1 ? ceil_div(gemm.M, tile_of(form).rows) : 1);
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

/// [C,H,W,..] of conv2d_sizes.wgsl
std::vector<std::uint32_t> conv2d_words(const Conv2dSizes& d) {
  return words({d.C, d.H, d.W, d.R, d.S, d.P, d.Q, d.stride, d.pad, d.dilation});
}

CallPlan plan_input_grad(const OpCall& call, const Conv2dSizes& d, GemmForm form) {
  const std::int64_t weights = std::int64_t{d.C} * d.R * d.S, positions = std::int64_t{d.N} * d.P * d.Q;
  CallPlan plan = plan_gemm({Kernel::kConv2dInputGradTiled, weights, positions, d.K, false, conv2d_words(d)}, form, {0, 1});
  plan.scratch_floats = weights * positions;
  plan.dispatches[0].slots[0] = kScratchSlot;
  plan.dispatches.push_back(per_number(Kernel::kCollect, call.out_shapes[0].size(), plan.dispatches[0].constants, {2, kScratchSlot}));
  return plan;
}

CallPlan plan_conv2d(const OpCall& call, GemmForm form) {
  const OpAttributes& a = call.attributes;
  const std::vector<Shape>& in = call.in_shapes;
  if (call.kind == OpKind::kConv2dInputGrad) return plan_input_grad(call, conv2d_sizes(a, a.shape, in[1]), form);
  const bool forward = call.kind == OpKind::kConv2d;
  const int x_slot = forward ? 0 : 1;
  Conv2dSizes d = forward ? conv2d_sizes(a, in[0], in[1]) : conv2d_sizes(a, in[1], a.shape);
  const int pad = d.pad;
  d.H += 2 * pad;  // x is given zeros around it
  d.W += 2 * pad;
  d.pad = 0;
  const int x = pad > 0 ? kPaddedSlot : x_slot;
  const std::int64_t weights = std::int64_t{d.C} * d.R * d.S, positions = std::int64_t{d.N} * d.P * d.Q;
  CallPlan plan = forward ? plan_gemm({Kernel::kConv2dTiled, d.K, positions, weights, false, conv2d_words(d)}, form, {x, 1})
                          : plan_gemm({Kernel::kConv2dKernelGradTiled, d.K, weights, positions, true, conv2d_words(d)}, form, {0, x});
  if (pad > 0) {
    plan.padded_floats = std::int64_t{d.N} * d.C * d.H * d.W;
    plan.dispatches.insert(plan.dispatches.begin(), per_number(Kernel::kPadPictures, plan.padded_floats,
                                                               words({plan.padded_floats, d.H, d.W, pad}), {kPaddedSlot, x_slot}));
  }
  return plan;
}

}  // namespace

CallPlan plan_product(const OpCall& call, GemmForm form) {
  return call.kind == OpKind::kMatMul ? plan_matmul(call, form) : plan_conv2d(call, form);
}

}  // namespace chainrule::gpu
