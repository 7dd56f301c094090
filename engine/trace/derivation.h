// Derivation: a Tape read as mathematics: a sum of terms, each a product of factors, with the running partial sums.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace/tape.h"

namespace chainrule {

/// Which element an operand node reads: a slot of the op call and an offset in that tensor.
struct OperandRef {
  int slot = -1;
  std::int64_t index = -1;
  bool operator==(const OperandRef&) const = default;
};

/// One term of the main sum.
struct Term {
  std::int32_t node = -1;                           // its value's node
  std::array<std::int32_t, Mark::kAxes> position{};  // loop indices, see Derivation::axes
  float value = 0.0f;
  float running = 0.0f;  // the partial sum after this term, in the engine's order
};

/// A piece of rendered text; operand >= 0: a number that can be clicked, operand number in Derivation::operands.
struct Token {
  std::string text;
  std::int32_t operand = -1;
};

class Derivation {
 public:
  Derivation() = default;
  Derivation(Tape tape, std::array<std::string_view, Mark::kAxes> axes);

  bool empty() const { return tape_.root < 0; }
  const Tape& tape() const { return tape_; }
  /// Names of the loop indices of the terms; empty names are unused.
  const std::array<std::string_view, Mark::kAxes>& axes() const { return axes_; }

  /// The value, as the engine computed it.
  float value() const;
  /// Re-evaluates the tape from its operands and constants alone. Ensures: bit-equal to value().
  float evaluate() const;
  /// The same with other numbers in place of the operands, in their order: rounded ones, say.
  float evaluate_with(std::span<const float> operand_values) const;

  /// The distinct elements that the number was computed from, in the order in which the expression, read from left to
  /// right, first names them. (Compilers may evaluate x and y of x · y in either order, so the tape's own order is none.)
  /// What the kernel read but did not use is not among them: behind ReLU's 0 there is no operand.
  std::span<const OperandRef> operands() const { return operands_; }
  /// Operands from this number on are not in the expression: they decided which of a formula's cases it is, as the input
  /// of a ReLU whose gradient is 0 does.
  std::int32_t first_deciding() const { return first_deciding_; }
  float operand_value(std::int32_t operand) const { return operand_values_[static_cast<std::size_t>(operand)]; }

  /// The terms of the longest chain of additions on the tape, in the order they were added; empty if nothing is summed.
  /// The 0 that a sum starts from is no term. Of chains with equally many terms, the one nearest to the root.
  /// Ensures: terms().back().running is bit-equal to the value of sum_node().
  std::span<const Term> terms() const { return terms_; }
  /// The node that holds the whole sum; -1 without one. The root may do more with it, a division say.
  std::int32_t sum_node() const { return sum_node_; }
  /// Operand numbers read by the subtree of `node`, each once, from left to right.
  std::vector<std::int32_t> operands_below(std::int32_t node) const;
  /// d value / d operand where `node` is a product with `operand` as a factor: the product of the other factors.
  /// 1 for the operand itself; a sign counts as the factor −1, a divisor d as 1/d. NaN where the operand does not enter
  /// as one factor: inside a sum, a function or a divisor, and on both sides of a product, as in x · x.
  float factor_of(std::int32_t node, std::int32_t operand) const;

  /// The right-hand side with numbers in place of symbols, `digits` significant ones (0: the shortest text that reads
  /// back as the same float). Constants of the formula always stand in full. A sum (or a max) of more than `most_terms`
  /// terms shows the first most_terms − ⌊most_terms/2⌋ of them, "…", and the last ⌊most_terms/2⌋; never less than one
  /// of each.
  /// Notation: − (U+2212), ·, /, exp ln √ σ tanh arctan softplus log1p sin cos a^b |x| ⌊x⌋ max(a, b, …), parentheses only where the order
  /// of evaluation needs them; a negative number that is not at the beginning of its group stands in parentheses; the
  /// initial 0 of a sum is left out; of a case distinction only the branch that was taken is shown.
  /// Ensures, with digits = 0 and nothing left out: evaluated in float32 from left to right with the usual precedence,
  /// the text gives value() (where all terms are −0, up to the sign of zero).
  std::vector<Token> substituted(int digits, std::size_t most_terms) const;
  /// The same for one node, a term say; nothing is left out.
  std::vector<Token> substituted_node(std::int32_t node, int digits) const;
  /// Does the text with `digits` digits, taken at its word, give value() to the same digits? Then "=", else "≈".
  /// All terms count, also those behind "…". Remembers its answer: asking in every frame costs nothing.
  bool digits_suffice(int digits) const;

 private:
  Tape tape_;
  std::array<std::string_view, Mark::kAxes> axes_{};
  std::vector<OperandRef> operands_;
  std::vector<float> operand_values_;
  std::vector<std::int32_t> operand_of_node_;  // -1 for nodes that are not operands
  std::vector<Term> terms_;
  std::int32_t sum_node_ = -1;
  std::int32_t first_deciding_ = 0;
  mutable std::array<std::int8_t, 10> suffice_{};  // by digits: 0 not asked yet, 1 yes, −1 no
};

/// A number as derivations show it: `digits` significant digits, 0 for the shortest text that reads back as the same
/// float; whole numbers below a billion stand in full. "−0.5" with U+2212, "1.5e−7", "NaN", "∞", "−∞". Requires: digits >= 0.
std::string number_text(float value, int digits);

}  // namespace chainrule
