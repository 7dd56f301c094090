// Calls of a network so small that looking at shapes would take longer than the arithmetic: prepared once, run by
// pointers.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/ops/op.h"

namespace chainrule {

/// A call with its sizes and its buffers.
struct SmallCall {
  void (*run)(const SmallCall&) = nullptr;
  std::array<const float*, 4> in{};
  std::array<float*, 2> out{};
  std::array<std::int32_t, 7> sizes{};  // what they mean is the kernel's own
};

/// Layers of at most so many units, for any number of samples.
inline constexpr int kMostSmallUnits = 16;

/// Sets `run` and `sizes` for a call with such shapes; the caller sets the buffers. False: it is not small, or its op
/// has no kernel for small calls. Ensures: `run` gives the bits that the reference kernel gives (NaNs may differ in
/// sign and payload), writes nothing but its outputs and needs no scratch. Requires: as FastKernel::run.
bool prepare_small(OpKind kind, const OpAttributes& attributes, std::span<const Shape> in, std::span<const Shape> out,
                   SmallCall& call);

}  // namespace chainrule
