// What the planners of calls share: words of constants, dispatches, slots.
#pragma once

#include <bit>
#include <initializer_list>
#include <utility>

#include "engine/backend/webgpu/plan.h"

namespace chainrule::gpu {

inline constexpr std::int64_t kMostSlices = 64;  // of one sum

inline std::uint32_t word(std::int64_t value) { return static_cast<std::uint32_t>(value); }
inline std::uint32_t word(float value) { return std::bit_cast<std::uint32_t>(value); }
inline std::vector<std::uint32_t> words(std::initializer_list<std::int64_t> values) {
  std::vector<std::uint32_t> all;
  for (const std::int64_t value : values) all.push_back(word(value));
  return all;
}
inline std::vector<std::uint32_t> with(std::vector<std::uint32_t> all, float last) {
  all.push_back(word(last));
  return all;
}
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

inline CallPlan one(Dispatch dispatch) { return {{std::move(dispatch)}, 0}; }

/// [slot of the first output, inputs 0.., further outputs]
inline std::vector<int> all_slots(const OpCall& call) {
  const int inputs = static_cast<int>(call.inputs.size());
  std::vector<int> slots{inputs};
  for (int slot = 0; slot < inputs; ++slot) slots.push_back(slot);
  for (int slot = 1; slot < static_cast<int>(call.outputs.size()); ++slot) slots.push_back(inputs + slot);
  return slots;
}

inline CallPlan numberwise(const OpCall& call, Kernel kernel, std::int64_t count, std::vector<std::uint32_t> constants) {
  return one(per_number(kernel, count, std::move(constants), all_slots(call)));
}

/// Sums of products: matmul, convolution and its gradients.
CallPlan plan_product(const OpCall& call, GemmForm form);
/// What formulas beside layers are made of: functions, filters, statistics, the arithmetic of architectures.
std::optional<CallPlan> plan_formula(const OpCall& call);

}  // namespace chainrule::gpu
