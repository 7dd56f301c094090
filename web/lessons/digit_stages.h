// A digit's way through a network as stations of a drawing. Layers come from the program, not from a list.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/buffers.h"
#include "web/lessons/lenet_mnist_view.h"

namespace chainrule {

/// A forward program that has run, and how its tensors are called when they are clicked.
struct StageSource {
  const Program& program;
  const Buffers<float>& buffers;
  TensorId x = kNoTensor, logits = kNoTensor, probabilities = kNoTensor;
  std::string prefix, weight_prefix;
};

/// "conv1" of "conv1.w".
std::string_view layer_of(std::string_view tensor);

/// The input, each layer, the probabilities. `texts` owns what the stations' names point to, and must outlive them.
std::vector<StageView> stages_of(const StageSource& source, std::deque<std::string>& texts);

}  // namespace chainrule
