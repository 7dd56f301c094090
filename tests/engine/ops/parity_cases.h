// What the fast kernels are tried on: every op of fast.def and split.def needs cases here.
#pragma once

#include <string>
#include <vector>

#include "engine/ops/op.h"

namespace chainrule::test {

struct ParityCase {
  OpKind kind;
  OpAttributes attributes;
  std::vector<Shape> in;
  bool labels = false;  // the second operand is labels, whole numbers below the first one's columns

  std::string text() const;
};

/// Sizes 1, tile − 1, tile, tile + 1, primes, across blocks of k and rows, and LeNet's own. Empty: none were written.
std::vector<ParityCase> parity_cases(OpKind kind);

}  // namespace chainrule::test
