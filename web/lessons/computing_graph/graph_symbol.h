// What a number of a program is called: net_h1, w5′, ∂E/∂w5, ∂y/∂net; elements of tensors have their place behind.
#pragma once

#include "engine/graph/program.h"
#include "web/lessons/tape/tape_symbol.h"

namespace chainrule {

/// Of one element, or of the whole tensor with index −1.
TapeSymbol graph_symbol(const Program& program, TensorId tensor, std::int64_t index = -1);
/// The same with braces around what is below or above, for draw_formula: "net_{h1}".
std::string graph_formula(const Program& program, TensorId tensor);

}  // namespace chainrule
