#include "web/lesson_kit/script_explain.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/math/functions.h"

namespace chainrule {
namespace {

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

JsonObject operand_json(const Explanation& explanation, std::int32_t operand) {
  const ElementRef& element = explanation.operands[static_cast<std::size_t>(operand)];
  JsonObject json;
  json.add("name", element.tensor).add("index", element.index).add("step", element.step);
  json.add("value", explanation.derivation.operand_value(operand));
  return json;
}

JsonText factors_json(const Explanation& explanation, const std::vector<std::int32_t>& operands) {
  JsonArray factors;
  for (const std::int32_t operand : operands) factors.add(operand_json(explanation, operand).done());
  return factors.done();
}

// The factor beside `value` in `product`, if float32(value * factor) is the product bit for bit; NaN otherwise.
float exact_factor(float value, float factor, float product) {
  return bits(value * factor) == bits(product) ? factor : NAN;
}

JsonText factor_json(float factor) { return std::isnan(factor) ? kJsonNull : JsonText{json_number(factor)}; }

JsonText term_json(const Explanation& explanation, const Term& term) {
  const Derivation& derivation = explanation.derivation;
  const std::vector<std::int32_t> operands = derivation.operands_below(term.node);
  if (operands.empty()) {  // a constant of the formula
    JsonObject json;
    json.add("name", kJsonNull)
        .add("index", kJsonNull)
        .add("step", kJsonNull)
        .add("value", term.value)
        .add("factor", 1);
    return json.add("product", term.value).add("running", term.running).add("factors", JsonText{"[]"}).done();
  }
  const float value = derivation.operand_value(operands[0]);
  const float factor = exact_factor(value, derivation.factor_of(term.node, operands[0]), term.value);
  JsonObject json = operand_json(explanation, operands[0]);
  json.add("factor", factor_json(factor)).add("product", term.value).add("running", term.running);
  return json.add("factors", factors_json(explanation, operands)).done();
}

// The operand that the number is a copy of, as in max pooling or ReLU's branches: its node, or -1.
std::int32_t chosen_node(const Tape& tape) {
  for (std::int32_t at = tape.root; at >= 0;) {
    const Node& node = tape.nodes[static_cast<std::size_t>(at)];
    if (node.kind == NodeKind::kOperand) return at;
    if (node.kind == NodeKind::kChoose) {
      at = node.a;
    } else if (node.kind == NodeKind::kMax) {
      const float a = tape.nodes[static_cast<std::size_t>(node.a)].value;
      at = tape.nodes[static_cast<std::size_t>(node.b)].value > a ? node.b : node.a;
    } else {
      return -1;
    }
  }
  return -1;
}

float chosen_factor(const Derivation& derivation, std::int32_t operand) {
  const std::int32_t chosen = chosen_node(derivation.tape());
  if (chosen < 0) {
    const float value = derivation.operand_value(operand);
    return exact_factor(value, derivation.factor_of(derivation.tape().root, operand), derivation.value());
  }
  const Node& node = derivation.tape().nodes[static_cast<std::size_t>(chosen)];
  return derivation.operands()[static_cast<std::size_t>(operand)] == OperandRef{node.slot, node.index} ? 1.0f : 0.0f;
}

JsonText lone_operand_json(const Explanation& explanation, std::int32_t operand) {
  JsonObject json = operand_json(explanation, operand);
  json.add("factor", factor_json(chosen_factor(explanation.derivation, operand)));
  json.add("product", kJsonNull).add("running", kJsonNull);
  return json.add("factors", factors_json(explanation, {operand})).done();
}

// Is the number a sum, perhaps scaled by constants (a mean), whose summands tell the whole story?
bool is_sum(const Derivation& derivation) {
  if (derivation.terms().empty()) return false;
  const Tape& tape = derivation.tape();
  for (std::int32_t at = tape.root; at != derivation.sum_node();) {
    const Node& node = tape.nodes[static_cast<std::size_t>(at)];
    const auto constant = [&](std::int32_t child) {
      return child >= 0 && tape.nodes[static_cast<std::size_t>(child)].kind == NodeKind::kConstant;
    };
    const bool scaled = node.kind == NodeKind::kMultiply || node.kind == NodeKind::kDivide;
    if (node.kind == NodeKind::kChoose || (scaled && constant(node.b))) {
      at = node.a;
    } else if (node.kind == NodeKind::kMultiply && constant(node.a)) {
      at = node.b;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

JsonText explanation_json(const Explanation& explanation, std::int64_t offset, std::int64_t limit) {
  const Derivation& derivation = explanation.derivation;
  const bool leaf = derivation.empty();
  const bool sum = !leaf && is_sum(derivation);
  const std::size_t total = leaf ? 0 : sum ? derivation.terms().size() : derivation.operands().size();
  const std::size_t first = std::min(total, static_cast<std::size_t>(offset));
  const std::size_t end = first + std::min(total - first, static_cast<std::size_t>(limit));

  JsonArray terms;
  for (std::size_t i = first; i < end; ++i)
    terms.add(sum ? term_json(explanation, derivation.terms()[i])
                  : lone_operand_json(explanation, static_cast<std::int32_t>(i)));
  std::string text;
  if (!leaf)
    for (const Token& token : derivation.substituted(0, kScriptTextTerms)) text += token.text;

  JsonObject json;
  json.add("name", explanation.element.tensor)
      .add("index", explanation.element.index)
      .add("step", explanation.element.step);
  json.add("value", explanation.value).add("op", explanation.op).add("formula", explanation.formula).add("leaf", leaf);
  json.add("text", text);
  json.add("sum", sum ? JsonText{json_number(derivation.terms().back().running)} : kJsonNull);
  json.add("offset", static_cast<std::int64_t>(first)).add("total", static_cast<std::int64_t>(total));
  return json.add("terms", terms.done()).done();
}

}  // namespace chainrule
