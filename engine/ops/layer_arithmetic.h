// The arithmetic of architectures: how large a layer's maps are, what of the picture a unit sees, what a layer costs.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// By attribute `rule`, of one-element operands a, b, ... in this order:
///   kOutput   ⌊(n + 2 · p − k) / s⌋ + 1   positions of a window along a side: size n, padding p, kernel k, stride s
///   kPairs    c · m / g                   pairs of an input map and an output map, of c, m and g groups
///   kWeights  pairs · k · k + b           weights of kernels k × k for all pairs, and b biases
///   kMacs     pairs · k · k · o · o       their products at o × o positions
///   kLinks    (pairs · k · k + b) · o · o   connections, biases counted
///   kField    r + (k − 1) · j             receptive field, of the field r and the jump j of the layer below
///   kJump     j · s                       pixels of the picture from one unit to the next
///   kStart    a − p · j                   first pixel that unit 0 sees; negative: in the padding
///   kFirst    a + u · j                   first pixel that unit u sees
///   kLast     a + r − 1                   last pixel of a field r that begins at a
///   kTotal    a + b + c + ...             of up to 16 layers
/// Shapes: all [1]. Ensures: computed from left to right. Products and sums of whole numbers are exact as long as they fit
/// float32, which architecture_counts (engine/analysis) checks.
/// Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning (2016), relationship 6; receptive fields:
/// Araujo, Norris, Sim, Computing Receptive Fields of Convolutional Neural Networks (2019), equations 2 and 3.
struct LayerArithmetic {
  static constexpr std::string_view kName = "layer arithmetic";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
