// Net measures: how large a network's gradients are, layer by layer, how far its weights have moved, and how many updates
// they need for a given distance, in exact arithmetic and in float32. All of them ops, beside the training step.
#pragma once

#include <vector>

#include "web/lessons/tape/net_spec.h"
#include "engine/graph/program.h"

namespace chainrule {

/// Appends for every layer, "h1" say, with learning rate lr and distance d:
///   h1.w.grad.size  = mean |∂E/∂w|           h1.net.grad.size = mean |∂E/∂net|
///   h1.w.moved      = w − h1.w.start          h1.w.moved.size  = mean |h1.w.moved|
///   h1.w.step       = lr · ∂E/∂w              h1.w.updates     = d / |h1.w.step|, infinite where the step is 0
///   h1.w.next       = w − lr · ∂E/∂w, rounded to a float as the update is
///   h1.w.change     = h1.w.next − w           h1.w.updates32   = d / |h1.w.change|
///   h1.w.gap        = distance to the next float against ∂E/∂w
/// and the tensors that are set from outside: distance [1], h1.w.start (the first weights).
/// Returns those. Requires: the program has its backward and update calls.
std::vector<TensorId> append_measures(Program& program, const NetSpec& spec);

/// Of "h1.w.start": h1.w. kNoTensor for any other tensor.
TensorId measured_weight(const Program& program, TensorId start);

}  // namespace chainrule
