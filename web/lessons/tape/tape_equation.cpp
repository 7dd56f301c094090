#include "web/lessons/tape/tape_equation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>

#include "engine/base/text.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr std::size_t kMostTerms = 9;  // a weighted sum of eight units and its bias stand in full

double cut(double value, double scale) { return std::trunc(value * scale) / scale; }

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

constexpr std::size_t kLeastForSigma = 4;  // terms; fewer are as quickly read one by one

/// `text` with an i where it says `number`, if it differs from `other` there and nowhere else.
std::optional<std::string> with_index(const std::string& text, const std::string& other, const std::string& number) {
  if (text == other) return text;
  std::size_t before = 0;
  while (before < std::min(text.size(), other.size()) && text[before] == other[before]) ++before;
  if (text.compare(before, number.size(), number) != 0) return std::nullopt;
  return text.substr(0, before) + "i" + text.substr(before + number.size());
}

std::optional<TapeSymbol::Letter> with_index(const TapeSymbol::Letter& letter, const TapeSymbol::Letter& other, const std::string& number) {
  const auto base = with_index(letter.base, other.base, number), sub = with_index(letter.sub, other.sub, number),
             sup = with_index(letter.sup, other.sup, number);
  if (!base || !sub || !sup) return std::nullopt;
  return TapeSymbol::Letter{*base, *sub, *sup};
}

struct EquationOperand {
  TapeSymbol symbol;
  float value;
  ImU32 color;
};

MathsItem symbol_item(const TapeSymbol& symbol, ImU32 color) {
  const auto letter = [](const TapeSymbol::Letter& from) { return MathsLetter{from.base, from.sub, from.sup}; };
  return maths_symbol(letter(symbol.letter), letter(symbol.under), color);
}

/// A sum of products whose terms differ in a running number only, as Σ; nothing for what is no such sum.
std::optional<std::vector<MathsItem>> as_sigma(std::span<const Token> tokens, std::span<const EquationOperand> operands) {
  std::vector<const EquationOperand*> factors;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_sign = i % 2 == 1;
    if (is_sign != (tokens[i].operand < 0)) return std::nullopt;
    if (is_sign && tokens[i].text != (i % 4 == 1 ? " · " : " + ")) return std::nullopt;
    if (!is_sign) factors.push_back(&operands[static_cast<std::size_t>(tokens[i].operand)]);
  }
  const std::size_t terms = factors.size() / 2;
  if (terms < kLeastForSigma || factors.size() % 2 != 0) return std::nullopt;
  std::vector<MathsItem> items = {maths_sum("i = 1", std::to_string(terms))};
  for (std::size_t f = 0; f < 2; ++f) {
    std::optional<TapeSymbol> general;
    for (std::size_t term = 0; term < terms; ++term) {
      const TapeSymbol &one = factors[2 * term + f]->symbol, &other = factors[2 * (term == 0 ? 1 : 0) + f]->symbol;
      const std::string number = std::to_string(term + 1);
      const auto letter = with_index(one.letter, other.letter, number), under = with_index(one.under, other.under, number);
      if (!letter || !under) return std::nullopt;
      const TapeSymbol found{*letter, *under};
      if (general && (general->letter != found.letter || general->under != found.under)) return std::nullopt;
      general = found;
    }
    if (f == 1) items.push_back(maths_operator("·"));
    items.push_back(symbol_item(*general, factors[f]->color));
  }
  return items;
}

}  // namespace

std::string tape_number(float value, TapeDigits digits) {
  if (!std::isfinite(value)) return value_text(value, 4);
  const double exact = static_cast<double>(value);
  switch (digits) {
    case TapeDigits::kTwoRounded:
    case TapeDigits::kTwoCut: {
      const double shown = digits == TapeDigits::kTwoCut ? cut(exact, 100.0) : exact;
      // Two decimals say nothing of a number below a hundredth.
      if (exact != 0.0 && std::abs(exact) < 0.01) return value_text(value, 2);
      return with_minus_signs(fixed_text(shown, 2));
    }
    case TapeDigits::kFour: return value_text(value, 4);
    case TapeDigits::kFull: return with_minus_signs(significant_text(exact, 9));
  }
  return "";
}

float shown_value(float value, TapeDigits digits) {
  if (digits == TapeDigits::kFull || !std::isfinite(value)) return value;
  std::string text = tape_number(value, digits);
  for (std::size_t at = 0; (at = text.find("−", at)) != text.npos;) text.replace(at, std::string_view("−").size(), "-");
  return std::strtof(text.c_str(), nullptr);
}

ImU32 tape_color(const Theme& theme, const NetModel& model, TensorId tensor) {
  const TensorInfo& info = model.program().info(tensor);
  if (info.kind == TensorKind::kGradient) return theme.colors.series[1];
  if (info.kind == TensorKind::kParameter) return theme.colors.series[2];
  if (info.kind == TensorKind::kLoss || tensor == model.target()) return theme.colors.series[3];
  if (info.kind == TensorKind::kActivation || info.kind == TensorKind::kInput) return theme.colors.series[0];
  return theme.colors.text;
}

TapeEquation tape_equation(const Theme& theme, const TapeLesson& lesson, const TapeEntry& entry, TapeDigits digits) {
  const NetModel& model = lesson.model();
  const bool numbered = lesson.setup().fixed;
  const Program& program = model.program();
  const OpCall& call = program.calls[static_cast<std::size_t>(program.info(entry.tensor).producer)];
  const Derivation derivation = derive(program, model.buffers(), entry.tensor, entry.index);
  const float value = model.buffers()[entry.tensor][static_cast<std::size_t>(entry.index)];

  TapeEquation equation;
  std::vector<EquationOperand> operands;
  std::vector<float> shown;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(derivation.operands().size()); ++i) {
    const OperandRef& operand = derivation.operands()[static_cast<std::size_t>(i)];
    const TensorId tensor = call.inputs[static_cast<std::size_t>(operand.slot)];
    operands.push_back({tape_symbol(model, tensor, operand.index, numbered), derivation.operand_value(i), tape_color(theme, model, tensor)});
    shown.push_back(shown_value(derivation.operand_value(i), digits));
    // A weight that this update has replaced already is meant as it was before.
    ElementRef reference = lesson.reference(tensor, operand.index);
    const TensorId after = program.info(tensor).after;
    if (after != kNoTensor && lesson.is_written(after, operand.index)) reference = lesson.reference_before(tensor, operand.index);
    equation.operands.push_back(std::move(reference));
  }

  std::vector<MathsItem>& items = equation.items;
  const auto color = tape_color(theme, model, entry.tensor);
  const TapeSymbol symbol = tape_symbol(model, entry.tensor, entry.index, numbered);
  items.push_back(symbol_item(symbol, color));
  items.push_back(maths_relation("="));
  const std::vector<Token> tokens = derivation.substituted(0, kMostTerms), plain = without_number_brackets(tokens);
  const bool has_operands = std::ranges::any_of(tokens, [](const Token& token) { return token.operand >= 0; });
  if (const auto sigma = as_sigma(plain, operands)) {
    items.insert(items.end(), sigma->begin(), sigma->end());
  } else {
    for (const Token& token : plain) {
      if (token.operand < 0) {
        append_signs(items, token.text);
        continue;
      }
      const EquationOperand& operand = operands[static_cast<std::size_t>(token.operand)];
      items.push_back(symbol_item(operand.symbol, operand.color));
    }
  }
  const std::string result = tape_number(value, digits);
  if (has_operands) {
    items.push_back(maths_relation("="));
    for (const Token& token : tokens) {
      if (token.operand < 0) {
        append_signs(items, token.text);
        continue;
      }
      const EquationOperand& operand = operands[static_cast<std::size_t>(token.operand)];
      items.push_back(maths_number(tape_number(operand.value, digits), token.operand, operand.symbol.text(), operand.color));
    }
  }
  const float by_shown = has_operands ? derivation.evaluate_with(shown) : value;
  const bool exact = digits == TapeDigits::kFull || tape_number(by_shown, digits) == result;
  items.push_back(maths_relation(exact ? "=" : "≈"));
  items.push_back(maths_number(result, -1, "", color));
  return equation;
}

std::vector<MathsItem> measured_equation(const Theme& theme, const NetModel& model, TensorId parameter, std::int64_t index, bool numbered) {
  constexpr int kErrorDigits = 13;  // of two errors that differ late, so that six digits of the slope can be recalculated
  const MeasuredSlope measured = model.measure_slope(parameter, index);
  const auto error = [&](double value) { return maths_number(with_minus_signs(significant_text(value, kErrorDigits)), -1, "", theme.colors.series[3]); };
  const TensorId gradient = model.program().gradient_of[static_cast<std::size_t>(parameter)];
  return {symbol_item(tape_symbol(model, gradient, index, numbered), tape_color(theme, model, gradient)),
          maths_relation("≈"),
          maths_text("("),
          error(measured.above),
          maths_operator("−"),
          error(measured.below),
          maths_text(") / "),
          maths_number(shortest_text(static_cast<float>(2.0 * measured.h)), -1, ""),
          maths_relation("≈"),
          maths_number(with_minus_signs(significant_text(measured.slope(), 6)), -1, "", tape_color(theme, model, gradient))};
}

}  // namespace chainrule
