// How an op call becomes dispatches of kernels: which, on what, with which sizes, in how many workgroups.
#pragma once

#include <optional>
#include <vector>

#include "engine/backend/webgpu/kernels.h"
#include "engine/graph/program.h"

namespace chainrule::gpu {

/// Which body sums of products have, in the order of GEMM in shaders/kernels.def. None is best everywhere: a race on the adapter
/// decides.
enum class GemmForm : std::uint8_t {
  kTiled,      // of a workgroup
  kRegisters,  // of an invocation, nothing shared
  kLarge,      // of a workgroup, where a product fills it, else as kTiled
  kQuads,      // of four invocations, where a product fills it, else as kRegisters; for adapters with subgroups
};
/// The tile that is computed together.
struct Tile {
  int rows, columns;
};
constexpr Tile tile_of(GemmForm form) {
  constexpr Tile kTiles[] = {{64, 64}, {8, 8}, {128, 128}, {16, 32}};
  return kTiles[static_cast<std::size_t>(form)];
}
inline constexpr GemmForm kGemmForms[] = {GemmForm::kTiled, GemmForm::kRegisters, GemmForm::kLarge, GemmForm::kQuads};

/// Slots of a call's operands: inputs first, then outputs, as in derivations; and the call's own memory.
inline constexpr int kScratchSlot = -1, kPaddedSlot = -2;

/// One dispatch. `slots` are the bindings from 1 on: output, inputs, second output.
struct Dispatch {
  Kernel kernel{};
  std::vector<std::uint32_t> constants;  // binding 0, a word each
  std::vector<int> slots;
  std::uint32_t x = 1, y = 1, z = 1;  // workgroups
};

/// The dispatches of one call, in order.
struct CallPlan {
  std::vector<Dispatch> dispatches;
  std::int64_t scratch_floats = 0, padded_floats = 0;  // of the memory of its own
};

/// None: there is no kernel for it. A Reshape has no dispatch, its output is its input's memory.
std::optional<CallPlan> plan_call(const OpCall& call, GemmForm form);
inline bool supports(const OpCall& call) { return plan_call(call, GemmForm::kTiled).has_value(); }

/// Workgroups of one invocation for each of `count` numbers.
Dispatch per_number(Kernel kernel, std::int64_t count, std::vector<std::uint32_t> constants, std::vector<int> slots);

}  // namespace chainrule::gpu
