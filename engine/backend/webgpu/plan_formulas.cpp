// How formulas beside layers become dispatches.
#include "engine/backend/webgpu/plan_parts.h"
#include "engine/ops/filter.h"

namespace chainrule::gpu {
namespace {

std::optional<CallPlan> plan_function(const OpCall& call) {
  const auto with_kernel = [&](Kernel kernel, std::int64_t kind = 0) {
    const std::int64_t count = call.out_shapes[0].size();
    return numberwise(call, kernel, count, words({count, kind, call.attributes.second ? 1 : 0}));
  };
  const auto function = static_cast<std::int64_t>(call.attributes.function);
  const std::int64_t smaller = call.attributes.smaller ? 1 : 0;
  switch (call.kind) {
    case OpKind::kDivide: return with_kernel(Kernel::kDivide);
    case OpKind::kDivisorGrad: return with_kernel(Kernel::kDivisorGrad);
    case OpKind::kRepeats: return with_kernel(Kernel::kRepeats);
    case OpKind::kPower: return with_kernel(Kernel::kPower);
    case OpKind::kPowerBaseGrad: return with_kernel(Kernel::kPowerBaseGrad);
    case OpKind::kPowerExponentGrad: return with_kernel(Kernel::kPowerExponentGrad);
    case OpKind::kElementary: return with_kernel(Kernel::kElementary, function);
    case OpKind::kElementaryGrad: return with_kernel(Kernel::kElementaryGrad, function);
    case OpKind::kExtreme: return with_kernel(Kernel::kExtreme, smaller);
    case OpKind::kExtremeGrad: return with_kernel(Kernel::kExtremeGrad, smaller);
    default: return std::nullopt;
  }
}

CallPlan plan_filter(const OpCall& call) {
  const OpAttributes& a = call.attributes;
  const FilterSizes d = filter_sizes(a, call.in_shapes[0], call.in_shapes[1]);
  const int rules = (a.flip ? 1 : 0) + (a.divided ? 2 : 0) + (a.shifted ? 4 : 0) + (a.rounded ? 8 : 0) + (a.in_place ? 16 : 0);
  const auto sizes = words({d.maps, d.H, d.W, d.R, d.S, d.P, d.Q, d.rows, d.columns, d.top, d.left, d.stride, d.pad, d.dilation,
                            static_cast<std::int64_t>(a.padding), a.in_place ? static_cast<std::int64_t>(a.scan) : 0, rules});
  // An operand that is not there is bound as the kernel's weights, and not read.
  const int divisor = a.divided ? 2 : 1, bias = a.shifted ? (a.divided ? 3 : 2) : 1;
  const std::int64_t invocations = a.in_place ? d.maps : std::int64_t{d.maps} * d.rows * d.columns;
  return one(per_number(Kernel::kFilter, invocations, sizes, {static_cast<int>(call.inputs.size()), 0, 1, divisor, bias}));
}

std::optional<CallPlan> plan_statistic(const OpCall& call) {
  const std::int64_t count = call.out_shapes[0].size();
  const Shape& in = call.in_shapes[0];
  switch (call.kind) {
    case OpKind::kRowsMean: return numberwise(call, Kernel::kRowsMean, count, words({count, in[1], call.in_shapes[1][1], in[0]}));
    case OpKind::kCovariance: return numberwise(call, Kernel::kCovariance, count, words({count, in[1], in[0], 0}));
    case OpKind::kSolve2: return numberwise(call, Kernel::kSolve2, count, words({count, 0, 0, 0}));
    case OpKind::kEigenvalues2: return numberwise(call, Kernel::kEigenvalues2, count, words({count, 0, 0, 0}));
    case OpKind::kAngle: return numberwise(call, Kernel::kAngle, count, words({count, 0, 0, 0}));
    default: return std::nullopt;
  }
}

CallPlan plan_layer_arithmetic(const OpCall& call) {
  const int operands = static_cast<int>(call.inputs.size());
  CallPlan plan;
  plan.scratch_floats = operands;
  for (int slot = 0; slot < operands; ++slot) plan.dispatches.push_back(per_number(Kernel::kPlace, 1, words({slot, 0}), {kScratchSlot, slot}));
  const auto rule = words({operands, static_cast<std::int64_t>(call.attributes.rule)});
  plan.dispatches.push_back(per_number(Kernel::kLayerRule, 1, rule, {operands, kScratchSlot}));
  return plan;
}

}  // namespace

std::optional<CallPlan> plan_formula(const OpCall& call) {
  if (call.kind == OpKind::kFilter) return plan_filter(call);
  if (call.kind == OpKind::kLayerArithmetic) return plan_layer_arithmetic(call);
  if (std::optional<CallPlan> plan = plan_function(call)) return plan;
  return plan_statistic(call);
}

}  // namespace chainrule::gpu
