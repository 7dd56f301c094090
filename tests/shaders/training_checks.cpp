#include "tests/shaders/checks.h"

namespace chainrule::test {

std::vector<NamedCheck> training_checks() { return {}; }
std::vector<NamedCheck> failure_checks() { return {}; }

}  // namespace chainrule::test
