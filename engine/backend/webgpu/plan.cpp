#include "engine/backend/webgpu/plan.h"

#include <algorithm>

#include "engine/backend/webgpu/plan_parts.h"
#include "engine/ops/max_pool.h"

namespace chainrule::gpu {
namespace {

constexpr std::uint32_t kGroup = 256;         // kGroup of shaders/index.wgsl
constexpr std::uint32_t kMostGroups = 4096;   // in a row; every adapter allows 65,535

/// `columns` sums of `terms` numbers, cut into slices so that also few columns keep many invocations busy.
CallPlan column_sums(Kernel kernel, int output, std::int64_t columns, std::int64_t positions, std::int64_t terms, float divisor) {
  const std::int64_t slices = std::clamp<std::int64_t>(ceil_div(terms, 32), 1, kMostSlices);
  const auto sizes = with(words({columns, positions, terms, slices}), divisor);
  return {{per_number(kernel, columns * slices, sizes, {kScratchSlot, 0}),
           per_number(Kernel::kAddSlices, columns, sizes, {output, kScratchSlot})},
          columns * slices};
}

CallPlan plan_pool(const OpCall& call) {
  const bool forward = call.kind == OpKind::kMaxPool || call.kind == OpKind::kAveragePool;
  const PoolSizes d = pool_sizes(call.attributes, call.kind == OpKind::kAveragePoolGrad ? call.attributes.shape : call.in_shapes[0]);
  const std::int64_t maps = std::int64_t{d.N} * d.C;
  const auto sizes = words({maps, d.H, d.W, d.P, d.Q, d.window, d.stride});
  if (call.kind == OpKind::kMaxPoolGrad && d.stride >= d.window)
    return numberwise(call, Kernel::kMaxPoolGradApart, maps * ceil_div(d.H, d.stride) * ceil_div(d.W, d.stride), sizes);
  const Kernel kernel = call.kind == OpKind::kMaxPool       ? Kernel::kMaxPool
                        : call.kind == OpKind::kAveragePool ? Kernel::kAveragePool
                        : call.kind == OpKind::kMaxPoolGrad ? Kernel::kMaxPoolGrad
                                                            : Kernel::kAveragePoolGrad;
  return numberwise(call, kernel, maps * (forward ? d.P * d.Q : d.H * d.W), sizes);
}

std::int64_t positions_of(const Shape& shape) { return shape.size() / (std::int64_t{shape[0]} * shape[1]); }

/// Ops that look at whole rows or classes.
std::optional<CallPlan> plan_rows(const OpCall& call) {
  const Shape& in = call.in_shapes[0];
  const auto rows = [&] { return words({in[0], in[1]}); };
  switch (call.kind) {
    case OpKind::kSoftmax: return numberwise(call, Kernel::kSoftmax, in[0], rows());
    case OpKind::kSoftmaxGrad: return numberwise(call, Kernel::kSoftmaxGrad, in[0], rows());
    case OpKind::kSoftmaxCrossEntropy: return numberwise(call, Kernel::kSoftmaxCrossEntropy, in[0], rows());
    case OpKind::kSoftmaxCrossEntropyGrad: return numberwise(call, Kernel::kSoftmaxCrossEntropyGrad, in.size(), rows());
    case OpKind::kSquaredError:
    case OpKind::kSquaredErrorGrad: {
      const bool forward = call.kind == OpKind::kSquaredError;
      const float factor = call.attributes.form == SquaredErrorForm::kHalfSum ? 0.5f : 1.0f / static_cast<float>(in[1]);
      return numberwise(call, forward ? Kernel::kSquaredError : Kernel::kSquaredErrorGrad, forward ? in[0] : in.size(), with(rows(), factor));
    }
    default: return std::nullopt;
  }
}

std::optional<CallPlan> plan_sums(const OpCall& call) {
  const Shape& in = call.in_shapes[0];
  const float size = static_cast<float>(in.size());
  switch (call.kind) {
    case OpKind::kBiasGrad: return column_sums(Kernel::kColumnSums, 1, in[1], positions_of(in), in.size() / in[1], 1.0f);
    case OpKind::kSum: return column_sums(Kernel::kColumnSums, 1, 1, 1, in.size(), 1.0f);
    case OpKind::kMean: return column_sums(Kernel::kColumnSums, 1, 1, 1, in.size(), size);
    case OpKind::kMeanMagnitude: return column_sums(Kernel::kColumnMagnitudes, 1, 1, 1, in.size(), size);
    case OpKind::kNormLimit: {
      CallPlan plan = column_sums(Kernel::kColumnSquares, 2, 1, 1, in.size(), 1.0f);
      plan.dispatches[1] = per_number(Kernel::kNormLimit, in.size(), plan.dispatches[0].constants, {2, 0, 1, kScratchSlot});
      return plan;
    }
    default: return std::nullopt;
  }
}

/// Ops whose numbers stay what they are, or meet one other number.
std::optional<CallPlan> plan_moves(const OpCall& call) {
  const Shape& in = call.in_shapes[0];
  const Shape& out = call.out_shapes[0];
  const std::int64_t count = out.size();
  switch (call.kind) {
    case OpKind::kReshape: return CallPlan{};
    case OpKind::kBias: return numberwise(call, Kernel::kBias, count, words({count, in[1], positions_of(in)}));
    case OpKind::kScale: return numberwise(call, Kernel::kScale, count, with(words({count, count / in.size(), 0, 0}), 1.0f));
    case OpKind::kConcat: return numberwise(call, Kernel::kConcat, count, with(words({count, out.inner_size(), in.inner_size(), 0}), 1.0f));
    case OpKind::kSlice: {
      const std::int64_t begin = call.attributes.begin * (in.inner_size() / in[1]);
      return numberwise(call, Kernel::kSlice, count, with(words({count, out.inner_size(), in.inner_size(), begin}), 1.0f));
    }
    case OpKind::kSpread:
      return numberwise(call, Kernel::kSpread, count, with(words({count, 0, 0, 0}), static_cast<float>(call.attributes.divisor)));
    case OpKind::kActivate:
    case OpKind::kActivateGrad: {
      const auto constants = with(words({count, static_cast<std::int64_t>(call.attributes.activation)}), call.attributes.slope);
      return numberwise(call, call.kind == OpKind::kActivate ? Kernel::kActivate : Kernel::kActivateGrad, count, constants);
    }
    default: return std::nullopt;
  }
}

}  // namespace

Dispatch per_number(Kernel kernel, std::int64_t count, std::vector<std::uint32_t> constants, std::vector<int> slots) {
  const std::int64_t groups = ceil_div(count, kGroup);
  const std::int64_t rows = ceil_div(groups, kMostGroups);
  return {kernel, std::move(constants), std::move(slots), word(ceil_div(groups, rows)), word(rows), 1};
}

std::optional<CallPlan> plan_call(const OpCall& call, GemmForm form) {
  switch (call.kind) {
    case OpKind::kMatMul:
    case OpKind::kConv2d:
    case OpKind::kConv2dInputGrad:
    case OpKind::kConv2dKernelGrad: return plan_product(call, form);
    case OpKind::kMaxPool:
    case OpKind::kMaxPoolGrad:
    case OpKind::kAveragePool:
    case OpKind::kAveragePoolGrad: return plan_pool(call);
#define KERNEL(Name, files, entry, inputs, outputs)
#define ELEMENT(Op, files, entry, inputs) \
  case OpKind::k##Op: return numberwise(call, Kernel::k##Op, call.out_shapes[0].size(), words({call.out_shapes[0].size()}));
#include "shaders/kernels.def"
#undef KERNEL
#undef ELEMENT
    default: break;
  }
  for (const auto plan : {plan_rows, plan_sums, plan_moves, plan_formula})
    if (std::optional<CallPlan> found = plan(call)) return found;
  return std::nullopt;
}

}  // namespace chainrule::gpu
