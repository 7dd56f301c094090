// Sums, differences and products, element by element.
#pragma once

#include "engine/ops/op.h"

namespace chainrule {

/// y = a + b. Also adds the gradients that reach one value over several paths.
/// Shapes: a, b, y alike.
struct Add {
  static constexpr std::string_view kName = "add";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y = a − b. Shapes: a, b, y alike.
struct Subtract {
  static constexpr std::string_view kName = "subtract";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y = a · b (Hadamard product ⊙). Backward: da = dy · b, db = dy · a. Shapes: a, b, y alike.
struct Multiply {
  static constexpr std::string_view kName = "multiply";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y = −a. Shapes: a, y alike.
struct Negate {
  static constexpr std::string_view kName = "negate";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
  static void backward(BackwardBuilder& builder);
};

/// y[j,...] = s[j] · x[j,...]: row j of x times a number of its own, or every row times the same.
/// Shapes: s of one element or of as many as x has rows, x, y alike.
struct Scale {
  static constexpr std::string_view kName = "scale";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

/// y[i] = d / |x[i]|: how many steps of the size of x[i] make up the distance d; infinite where x[i] is 0.
/// Shapes: d [1], x, y alike.
struct Repeats {
  static constexpr std::string_view kName = "repeats";
  static constexpr std::array<std::string_view, Mark::kAxes> kTermAxes = {"", "", ""};
  CHAINRULE_OP_FACES;
};

}  // namespace chainrule
