#include "web/widgets/derivation_maths.h"

#include <algorithm>
#include <optional>

namespace chainrule {
namespace {

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
  std::erase_if(tokens, [](const Token& token) { return token.text.empty(); });
  return tokens;
}

/// `text` with an i where it says `number`, if it differs from `other` there and nowhere else.
std::optional<std::string> with_index(const std::string& text, const std::string& other, const std::string& number) {
  if (text == other) return text;
  std::size_t before = 0;
  while (before < std::min(text.size(), other.size()) && text[before] == other[before]) ++before;
  if (text.compare(before, number.size(), number) != 0) return std::nullopt;
  return text.substr(0, before) + "i" + text.substr(before + number.size());
}

std::optional<MathsLetter> with_index(const MathsLetter& letter, const MathsLetter& other, const std::string& number) {
  const auto base = with_index(letter.base, other.base, number), sub = with_index(letter.sub, other.sub, number),
             sup = with_index(letter.sup, other.sup, number);
  if (!base || !sub || !sup) return std::nullopt;
  return MathsLetter{*base, *sub, *sup};
}

MathsItem symbol_of(const MathsNumber& number) { return maths_symbol(number.letter, number.under, number.color); }

/// A sum of `least` products or more whose terms differ in a running number only, as Σ; nothing for what is no such sum.
std::optional<std::vector<MathsItem>> as_sigma(std::span<const Token> tokens, std::span<const MathsNumber> operands, std::size_t least) {
  std::vector<const MathsNumber*> factors;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_sign = i % 2 == 1;
    if (is_sign != (tokens[i].operand < 0)) return std::nullopt;
    if (is_sign && tokens[i].text != (i % 4 == 1 ? " · " : " + ")) return std::nullopt;
    if (!is_sign) factors.push_back(&operands[static_cast<std::size_t>(tokens[i].operand)]);
  }
  const std::size_t terms = factors.size() / 2;
  if (least == 0 || terms < least || factors.size() % 2 != 0) return std::nullopt;
  std::vector<MathsItem> items = {maths_sum("i = 1", std::to_string(terms))};
  for (std::size_t f = 0; f < 2; ++f) {
    MathsNumber general = *factors[f];
    for (std::size_t term = 0; term < terms; ++term) {
      const MathsNumber &one = *factors[2 * term + f], &other = *factors[2 * (term == 0 ? 1 : 0) + f];
      const std::string number = std::to_string(term + 1);
      const auto letter = with_index(one.letter, other.letter, number), under = with_index(one.under, other.under, number);
      if (!letter || !under) return std::nullopt;
      if (term > 0 && (general.letter != *letter || general.under != *under)) return std::nullopt;
      general.letter = *letter, general.under = *under;
    }
    if (f == 1) items.push_back(maths_operator("·"));
    items.push_back(symbol_of(general));
  }
  return items;
}

/// Tokens as items: `item_of` says what stands for an operand.
template <class ItemOf>
void append_tokens(std::vector<MathsItem>& items, std::span<const Token> tokens, const ItemOf& item_of) {
  for (const Token& token : tokens) {
    if (token.operand < 0) append_signs(items, token.text);
    else items.push_back(item_of(token.operand));
  }
}

}  // namespace

std::vector<MathsItem> derivation_sides(const Derivation& derivation, const MathsNumber& result, std::span<const MathsNumber> operands,
                                        const MathsTerms& terms) {
  std::vector<MathsItem> items = {symbol_of(result)};
  if (operands.empty()) return items;
  const std::vector<Token> tokens = derivation.substituted(0, terms.most), symbols = without_number_brackets(tokens);
  items.push_back(maths_relation("="));
  if (const auto sigma = as_sigma(symbols, operands, terms.sigma_from)) items.insert(items.end(), sigma->begin(), sigma->end());
  else append_tokens(items, symbols, [&](std::int32_t operand) { return symbol_of(operands[static_cast<std::size_t>(operand)]); });
  // Where no operand is left, a slope that is 0 say, both sides are the same.
  if (std::ranges::none_of(tokens, [](const Token& token) { return token.operand >= 0; })) return items;
  items.push_back(maths_relation("="));
  append_tokens(items, tokens, [&](std::int32_t operand) {
    const MathsNumber& number = operands[static_cast<std::size_t>(operand)];
    return maths_number(number.text, operand, number.name, number.color);
  });
  return items;
}

}  // namespace chainrule
