// Formulas f(x, y) as text: read into a list of steps, and built from those as ops, so that derivatives are the engine's own.
//
//   sum     = product { ("+" | "-") product }
//   product = signed { ("*" | "/") signed }
//   signed  = "-" signed | "+" signed | power
//   power   = atom [ "^" signed ]                     -x^2 is -(x^2), and 2^3^2 is 2^(3^2)
//   atom    = number | "x" | "y" | "pi" | "e" | "(" sum ")" | name "(" sum [ "," sum ] ")"
//
// Functions of one number: exp log (or ln) sqrt abs sin cos tan tanh; of two: pow min max. Also read: − · × ** ² ³ π.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/graph/graph.h"

namespace chainrule {

/// A formula: steps in an order in which each reads only earlier ones; the last is f. Equal steps are one.
struct Expression {
  enum class Kind : std::uint8_t { kX, kY, kNumber, kAdd, kSubtract, kMultiply, kDivide, kPower, kNegate, kMin, kMax, kFunction, kTanh };
  struct Step {
    Kind kind = Kind::kNumber;
    Function function = Function::kExp;  // kFunction
    float value = 0.0f;                  // kNumber
    int a = -1, b = -1;                  // the steps that it reads
    bool operator==(const Step&) const = default;
  };

  static constexpr std::size_t kMostCharacters = 200;
  static constexpr int kMostDepth = 24;  // of parentheses, functions, signs and exponents in each other

  std::vector<Step> steps;

  /// Step `step`, the last one by default, as a formula: "100·(y − x^2)^2". Ensures: reads back as the same steps below it.
  std::string text(int step = -1) const;
};

/// Reads any text whatever. Errors: a sentence that names the column (in characters, from 1), what stands there and what would
/// do; too long, too deep. `column`: where the error is, from 1 on; 0 where it is nowhere in particular.
Result<Expression> parse_expression(std::string_view text, std::size_t* column = nullptr);

/// Appends the ops of f to `graph` and returns f's tensor. Each step is a tensor named as its formula. Shapes: x and y alike, and
/// so is f: with [1] it is one number, with [N] a whole row of a grid.
/// Ensures: where f is nothing but x or y, that tensor itself.
TensorId append_expression(Graph& graph, const Expression& f, TensorId x, TensorId y);

/// f = (xx x² + 2 xy x y + yy y²) / 2 + gx x + gy y + c: its Hessian matrix is [xx xy; xy yy] everywhere.
struct Quadratic {
  double xx = 0.0, xy = 0.0, yy = 0.0, gx = 0.0, gy = 0.0, c = 0.0;
};
/// Nothing where f is not a polynomial of at most degree 2 by its form: sums, products, quotients by numbers, whole powers.
std::optional<Quadratic> quadratic_of(const Expression& f);

}  // namespace chainrule
