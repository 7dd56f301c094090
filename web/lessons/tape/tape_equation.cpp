#include "web/lessons/tape/tape_equation.h"

#include <cmath>

#include "engine/base/text.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr std::size_t kMostTerms = 9;      // a weighted sum of eight units and its bias stand in full
constexpr std::size_t kLeastForSigma = 4;  // terms; fewer are as quickly read one by one

double cut(double value, double scale) { return std::trunc(value * scale) / scale; }

MathsLetter letter_of(const TapeSymbol::Letter& letter) { return {letter.base, letter.sub, letter.sup}; }

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
  return static_cast<float>(read_value_text(tape_number(value, digits)));
}

MathsNumber tape_maths(const TapeSymbol& symbol, float value, TapeDigits digits, ImU32 color) {
  return {letter_of(symbol.letter), letter_of(symbol.under), symbol.text(), tape_number(value, digits), shown_value(value, digits), color};
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
  std::vector<MathsNumber> operands;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(derivation.operands().size()); ++i) {
    const OperandRef& operand = derivation.operands()[static_cast<std::size_t>(i)];
    const TensorId tensor = call.inputs[static_cast<std::size_t>(operand.slot)];
    operands.push_back(tape_maths(tape_symbol(model, tensor, operand.index, numbered), derivation.operand_value(i), digits, tape_color(theme, model, tensor)));
    // A weight that this update has replaced already is meant as it was before.
    ElementRef reference = lesson.reference(tensor, operand.index);
    const TensorId after = program.info(tensor).after;
    if (after != kNoTensor && lesson.is_written(after, operand.index)) reference = lesson.reference_before(tensor, operand.index);
    equation.operands.push_back(std::move(reference));
  }
  const MathsNumber result = tape_maths(tape_symbol(model, entry.tensor, entry.index, numbered), value, digits, tape_color(theme, model, entry.tensor));
  equation.items = derivation_maths(derivation, result, operands, {.most = kMostTerms, .sigma_from = kLeastForSigma},
                                    [&](float shown) { return tape_number(shown, digits); });
  return equation;
}

std::vector<MathsItem> measured_equation(const Theme& theme, const NetModel& model, TensorId parameter, std::int64_t index, bool numbered) {
  constexpr int kErrorDigits = 13;  // of two errors that differ late, so that six digits of the slope can be recalculated
  const MeasuredSlope measured = model.measure_slope(parameter, index);
  const auto error = [&](double value) { return maths_number(with_minus_signs(significant_text(value, kErrorDigits)), -1, "", theme.colors.series[3]); };
  const TensorId gradient = model.program().gradient_of[static_cast<std::size_t>(parameter)];
  const TapeSymbol symbol = tape_symbol(model, gradient, index, numbered);
  return {maths_symbol(letter_of(symbol.letter), letter_of(symbol.under), tape_color(theme, model, gradient)),
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
