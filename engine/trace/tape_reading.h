// How a tape is read as mathematics. Internal to engine/trace.
#pragma once

#include <cmath>

#include "engine/trace/tape.h"

namespace chainrule {

inline const Node& node_at(const Tape& tape, std::int32_t number) { return tape.nodes[static_cast<std::size_t>(number)]; }

/// The node that a case distinction came down to; `number` itself where there is none.
inline std::int32_t through_choices(const Tape& tape, std::int32_t number) {
  while (node_at(tape, number).kind == NodeKind::kChoose) number = node_at(tape, number).a;
  return number;
}

/// The 0 that every sum of a kernel starts from.
inline bool is_initial_zero(const Node& node) {
  return node.kind == NodeKind::kConstant && node.value == 0.0f && !std::signbit(node.value);
}

/// The float nearest to what number_text(value, digits) says. Requires: 1 <= digits <= 9.
float shown_value(float value, int digits);

}  // namespace chainrule
