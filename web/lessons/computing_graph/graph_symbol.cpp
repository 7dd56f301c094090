#include "web/lessons/computing_graph/graph_symbol.h"

namespace chainrule {
namespace {

using Letter = TapeSymbol::Letter;
constexpr std::string_view kGradient = ".grad", kLocal = ".by.";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Of a value: "net_h1(2)" is net, h1 below, (2) above; "fc1.w" is w with fc1 below; "w5" is w with 5 below.
Letter letter_of(std::string_view name) {
  Letter letter;
  if (const std::size_t mark = name.find('('); mark != name.npos && mark > 0 && name.ends_with(')')) {
    letter.sup = name.substr(mark);
    name = name.substr(0, mark);
  }
  if (const std::size_t point = name.rfind('.'); point != name.npos) {
    letter.base = name.substr(point + 1);
    letter.sub = name.substr(0, point);
  } else if (const std::size_t line = name.find('_'); line != name.npos && line > 0) {
    letter.base = name.substr(0, line);
    letter.sub = name.substr(line + 1);
  } else {
    std::size_t digits = name.size();
    while (digits > 1 && is_digit(name[digits - 1]) && !is_digit(name[0])) --digits;
    letter.base = name.substr(0, digits);
    letter.sub = name.substr(digits);
  }
  return letter;
}

/// "[2,1]", counted from 1; axes of one element say nothing.
std::string place_of(const Shape& shape, std::int64_t index) {
  std::string text;
  for (int axis = shape.rank(); axis-- > 0;) {
    if (shape[axis] > 1) text = std::to_string(index % shape[axis] + 1) + (text.empty() ? "" : ",") + text;
    index /= shape[axis];
  }
  return text.empty() ? "" : "[" + text + "]";
}

std::string formula_of(const Letter& letter) {
  return letter.base + (letter.sub.empty() ? "" : "_{" + letter.sub + "}") + (letter.sup.empty() ? "" : letter.sup == "′" ? letter.sup : "^{" + letter.sup + "}");
}

}  // namespace

std::string graph_formula(const Program& program, TensorId tensor) {
  const TapeSymbol symbol = graph_symbol(program, tensor);
  return symbol.is_derivative() ? "∂" + formula_of(symbol.letter) + "/∂" + formula_of(symbol.under) : formula_of(symbol.letter);
}

TapeSymbol graph_symbol(const Program& program, TensorId tensor, std::int64_t index) {
  const TensorInfo& info = program.info(tensor);
  const std::string_view name = info.name;
  const std::string place = index < 0 ? "" : place_of(info.shape, index);
  if (name.ends_with(".one")) return {{"1", "", ""}, {}};
  TapeSymbol symbol;
  if (const std::size_t by = name.find(kLocal); by != name.npos) {
    std::string_view input = name.substr(by + kLocal.size());
    if (const std::size_t second = input.find('#'); second != input.npos) input = input.substr(0, second);
    symbol = {letter_of(name.substr(0, by)), letter_of(input)};
    symbol.under.sub += place;
    return symbol;
  }
  if (const std::size_t gradient = name.find(kGradient); gradient != name.npos) {
    symbol = {letter_of(program.info(program.loss).name), letter_of(name.substr(0, gradient))};
    symbol.under.sub += place;
    // A gradient that arrives over several paths: which of them, or the sum so far.
    const std::string_view rest = name.substr(gradient + kGradient.size());
    if (rest.starts_with(".path")) symbol.letter.sup = "(" + std::string(rest.substr(5)) + ")";
    else if (rest.starts_with(".sum")) symbol.letter.sup = "(1…" + std::string(rest.substr(4)) + ")";
    return symbol;
  }
  symbol.letter = letter_of(name);
  symbol.letter.sub += place;
  if (info.before != kNoTensor) symbol.letter.sup += "′";
  return symbol;
}

}  // namespace chainrule
