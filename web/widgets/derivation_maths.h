// A derivation as a typeset equation: symbol = symbols = numbers = result.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/trace/derivation.h"
#include "web/widgets/maths.h"

namespace chainrule {

/// How a number of the equation is written.
struct MathsNumber {
  MathsLetter letter, under;  // its symbol; with `under` the derivative ∂letter/∂under
  std::string name;           // the symbol in one line, for readers
  std::string text;           // as it is shown
  float shown = 0.0f;         // the float that the text means: what a reader would calculate with
  ImU32 color = 0;
};

/// How sums are written.
struct MathsTerms {
  std::size_t most = 8;        // longer ones are shortened
  std::size_t sigma_from = 0;  // symbols of that many products and more that differ in a running number only, as Σ; 0: never
};

/// `operands` by the derivation's operand numbers, which are also the ids of the items. The relation before the result is = where the shown digits give the shown result, else ≈;
/// `text_of` writes a number as the others are written.
template <class TextOf>
std::vector<MathsItem> derivation_maths(const Derivation& derivation, const MathsNumber& result, std::span<const MathsNumber> operands,
                                        const MathsTerms& terms, const TextOf& text_of);

// -------------------------------------------------------------------------------------------------------- implementation

/// The equation but for its last relation and the result.
std::vector<MathsItem> derivation_sides(const Derivation& derivation, const MathsNumber& result, std::span<const MathsNumber> operands,
                                        const MathsTerms& terms);

template <class TextOf>
std::vector<MathsItem> derivation_maths(const Derivation& derivation, const MathsNumber& result, std::span<const MathsNumber> operands,
                                        const MathsTerms& terms, const TextOf& text_of) {
  std::vector<MathsItem> items = derivation_sides(derivation, result, operands, terms);
  std::vector<float> shown;
  for (const MathsNumber& operand : operands) shown.push_back(operand.shown);
  const bool exact = operands.empty() || text_of(derivation.evaluate_with(shown)) == result.text;
  items.push_back(maths_relation(exact ? "=" : "≈"));
  items.push_back(maths_number(result.text, -1, "", result.color));
  return items;
}

}  // namespace chainrule
