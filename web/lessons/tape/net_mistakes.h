// Net mistakes: backpropagation with a wrong rule in it. The program's own backward calls are altered, so that a wrong
// gradient is a number like any other: computed by ops, and with a derivation that shows the wrong rule.
#pragma once

#include <string_view>

#include "engine/graph/program.h"
#include "web/lessons/tape/net_spec.h"

namespace chainrule {

/// What a mistake is called, and the rule as it should be and as it is with it.
struct NetMistakeText {
  std::string_view param;  // kebab-case
  std::string_view name;
  std::string_view right, wrong;
  std::string_view why;    // it happens, and why nobody notices
};
/// By NetMistake.
const NetMistakeText& mistake_text(NetMistake mistake);

/// Alters the backward calls of `program` by spec.mistakes. Requires: backward and update calls are there. Calls whose
/// shapes do not allow a mistake keep the right rule.
void make_mistakes(Program& program, const NetSpec& spec);

}  // namespace chainrule
