// First values of parameters.
#pragma once

#include <cstdint>

#include "engine/graph/buffers.h"

namespace chainrule {

/// Fills the current value (the after-tensor where there is one) of every parameter of `program` by its initializer,
/// and every state with its fill value. Each parameter draws from its own substream of the stream "init", so that a
/// further layer moves no other layer's weights.
/// Ensures: the same seed gives the same bits everywhere.
void initialize(const Program& program, Buffers<float>& buffers, std::uint64_t seed);

}  // namespace chainrule
