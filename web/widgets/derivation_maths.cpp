#include "web/widgets/derivation_maths.h"

namespace chainrule {
namespace {

// Splits what stands between the operands into signs and brackets.
void add_signs(std::vector<MathsItem>& items, std::string_view text) {
  constexpr std::string_view kSigns[] = {" + ", " − ", " · ", " / "};
  while (!text.empty()) {
    std::size_t nearest = text.npos;
    std::string_view sign;
    for (const std::string_view candidate : kSigns) {
      const std::size_t at = text.find(candidate);
      if (at < nearest) nearest = at, sign = candidate;
    }
    if (nearest > 0) items.push_back(maths_text(std::string(text.substr(0, nearest))));
    if (nearest == text.npos) return;
    items.push_back(maths_operator(std::string(sign.substr(1, sign.size() - 2))));
    text.remove_prefix(nearest + sign.size());
  }
}

/// A negative number in brackets is a symbol without them.
std::vector<Token> without_number_brackets(std::vector<Token> tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    std::string& before = tokens[i - 1].text;
    const bool negative = tokens[i].operand >= 0 && tokens[i].text.starts_with("−");
    if (!negative || !before.ends_with('(') || !tokens[i + 1].text.starts_with(')')) continue;
    if (before.size() > 1 && before[before.size() - 2] != ' ' && before[before.size() - 2] != '(') continue;  // a function's
    before.pop_back();
    tokens[i + 1].text.erase(0, 1);
  }
  return tokens;
}

}  // namespace

std::vector<MathsItem> derivation_sides(const Derivation& derivation, const MathsNumber& result, std::span<const MathsNumber> operands,
                                        std::size_t most_terms) {
  std::vector<MathsItem> items;
  items.push_back(maths_symbol(result.letter, result.under, result.color));
  const std::vector<Token> tokens = derivation.substituted(0, most_terms);
  if (operands.empty()) return items;
  items.push_back(maths_relation("="));
  for (const Token& token : without_number_brackets(tokens)) {
    if (token.operand < 0) {
      add_signs(items, token.text);
      continue;
    }
    const MathsNumber& operand = operands[static_cast<std::size_t>(token.operand)];
    items.push_back(maths_symbol(operand.letter, operand.under, operand.color));
  }
  items.push_back(maths_relation("="));
  for (const Token& token : tokens) {
    if (token.operand < 0) {
      add_signs(items, token.text);
      continue;
    }
    const MathsNumber& operand = operands[static_cast<std::size_t>(token.operand)];
    items.push_back(maths_number(operand.text, token.operand, operand.name, operand.color));
  }
  return items;
}

}  // namespace chainrule
