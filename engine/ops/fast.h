// The fast face of an op: a SIMD kernel, for the ops where it was measured to matter.
#pragma once

#include <cstddef>
#include <span>

#include "engine/ops/op.h"
#include "engine/ops/workspace.h"

namespace chainrule {

/// Ensures: `run` gives the bits that the reference kernel gives (NaNs may differ in sign and payload) for any number of
/// threads, because threads share outputs and never a sum; it allocates nothing and writes nothing but its outputs and the
/// first scratch_floats() numbers of the scratch.
struct FastKernel {
  /// How much scratch one call needs on so many threads. A backend allocates the largest once per program.
  std::size_t (*scratch_floats)(const OpAttributes&, std::span<const Shape> in, std::span<const Shape> out, int threads);
  /// Requires: no output overlaps an input, another output or the scratch, which may hold anything.
  void (*run)(const OpAttributes&, const Operands<float>&, const Workspace&);
};

/// Null: the op has none, its reference kernel is the one to run.
const FastKernel* fast_kernel(OpKind kind);

/// What `scratch_floats` is for kernels that need none.
inline std::size_t no_scratch(const OpAttributes&, std::span<const Shape>, std::span<const Shape>, int) { return 0; }

#define FAST(Type) extern const FastKernel kFast##Type;
#include "engine/ops/fast.def"
#undef FAST

}  // namespace chainrule
