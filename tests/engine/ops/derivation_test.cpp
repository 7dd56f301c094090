// Every number of every op can say where it came from: what the window recorder leaves is the arithmetic that the
// kernel did, bit for bit, and so is the equation on display.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

#include "engine/trace/derivation.h"
#include "tests/engine/support/random_calls.h"
#include "tests/engine/support/text_evaluator.h"

namespace chainrule::test {
namespace {

constexpr std::uint64_t kSeeds[] = {1, 2, 3};

bool same_bits(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }

std::string text_of(const std::vector<Token>& tokens) {
  std::string text;
  for (const Token& token : tokens) text += token.text;
  return text;
}

/// One element of one output, with all that a failure message needs.
struct Element {
  const SampleCall& call;
  const std::vector<std::vector<float>>& outputs;
  float computed;
  Derivation derivation;
  std::string name;
};

/// Calls check(element) for every output element of every sample of `kind`; returns how many there were.
int for_each_element_of(OpKind kind, const std::function<void(const Element&)>& check) {
  int elements = 0;
  for (const std::uint64_t seed : kSeeds) {
    const std::vector<SampleCall> calls = sample_calls(kind, seed);
    for (std::size_t variant = 0; variant < calls.size(); ++variant) {
      const SampleCall& call = calls[variant];
      const auto outputs = run(call);
      for (std::size_t output = 0; output < outputs.size(); ++output)
        for (std::size_t i = 0; i < outputs[output].size(); ++i) {
          const auto index = static_cast<std::int64_t>(i);
          check({call, outputs, outputs[output][i],
                 Derivation(trace(call, static_cast<int>(output), index), op_info(kind).term_axes),
                 describe(call, variant) + " output " + std::to_string(output) + call.out_shapes[output].index_text(index) +
                     " seed " + std::to_string(seed)});
          ++elements;
        }
    }
  }
  return elements;
}

class EveryOp : public testing::TestWithParam<OpKind> {};

TEST_P(EveryOp, HasSamplesOfAllItsOutputs) {
  const auto calls = sample_calls(GetParam(), 1);
  ASSERT_FALSE(calls.empty());
  for (const SampleCall& call : calls) {
    EXPECT_EQ(call.out_shapes, op_info(GetParam()).infer(call.attributes, call.in_shapes));
    for (std::size_t slot = 0; slot < call.in.size(); ++slot)
      EXPECT_EQ(static_cast<std::int64_t>(call.in[slot].size()), call.in_shapes[slot].size());
  }
}

TEST_P(EveryOp, DerivationEvaluatesToTheComputedNumber) {
  const int elements = for_each_element_of(GetParam(), [](const Element& element) {
    ASSERT_FALSE(element.derivation.empty()) << element.name;
    ASSERT_FALSE(std::isnan(element.computed)) << element.name;
    EXPECT_TRUE(same_bits(element.derivation.value(), element.computed))
        << element.name << ": traced " << element.derivation.value() << ", computed " << element.computed;
    EXPECT_TRUE(same_bits(element.derivation.evaluate(), element.computed))
        << element.name << ": evaluated " << element.derivation.evaluate() << ", computed " << element.computed;
  });
  EXPECT_GT(elements, 5);
}

TEST_P(EveryOp, OperandsAreTheElementsTheyName) {
  for_each_element_of(GetParam(), [](const Element& element) {
    const auto operands = element.derivation.operands();
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const auto [slot, index] = operands[i];
      // Slots number inputs first, then outputs: filtering in place reads what it has written.
      const std::size_t at = static_cast<std::size_t>(slot), inputs = element.call.in.size();
      ASSERT_TRUE(slot >= 0 && at < inputs + element.outputs.size()) << element.name;
      const auto& buffer = at < inputs ? element.call.in[at] : element.outputs[at - inputs];
      ASSERT_TRUE(index >= 0 && static_cast<std::size_t>(index) < buffer.size()) << element.name;
      EXPECT_TRUE(same_bits(element.derivation.operand_value(static_cast<std::int32_t>(i)), buffer[static_cast<std::size_t>(index)]))
          << element.name << ": operand " << i;
      EXPECT_EQ(std::ranges::count(operands, operands[i]), 1) << element.name << ": operand " << i << " twice";
    }
    const auto below = element.derivation.operands_below(element.derivation.tape().root);
    ASSERT_EQ(static_cast<std::int32_t>(below.size()), element.derivation.first_deciding()) << element.name;
    for (std::size_t i = 0; i < below.size(); ++i) EXPECT_EQ(below[i], static_cast<std::int32_t>(i)) << element.name;
  });
}

TEST_P(EveryOp, RunningSumsEndAtTheSum) {
  for_each_element_of(GetParam(), [](const Element& element) {
    const Derivation& derivation = element.derivation;
    ASSERT_EQ(derivation.terms().empty(), derivation.sum_node() < 0) << element.name;
    if (derivation.terms().empty()) return;
    float sum = 0.0f;
    for (const Term& term : derivation.terms()) {
      EXPECT_TRUE(same_bits(term.value, derivation.tape().nodes[static_cast<std::size_t>(term.node)].value));
      sum = sum + term.value;
      EXPECT_EQ(term.running, sum) << element.name;
    }
    EXPECT_TRUE(same_bits(derivation.terms().back().running,
                          derivation.tape().nodes[static_cast<std::size_t>(derivation.sum_node())].value))
        << element.name;
  });
}

TEST_P(EveryOp, DisplayedTextGivesTheNumber) {
  for_each_element_of(GetParam(), [](const Element& element) {
    const auto tokens = element.derivation.substituted(0, static_cast<std::size_t>(-1));
    const std::string text = text_of(tokens);
    const std::optional<float> read = evaluate_text(text);
    ASSERT_TRUE(read.has_value()) << element.name << ": cannot read " << text;
    EXPECT_TRUE(same_bits(*read, element.computed) || (*read == 0.0f && element.computed == 0.0f))
        << element.name << ": " << text << " gives " << *read << ", computed " << element.computed;
    // Every operand of the expression can be clicked somewhere.
    std::vector<bool> shown(static_cast<std::size_t>(element.derivation.first_deciding()), false);
    for (const Token& token : tokens) {
      if (token.operand < 0) continue;
      EXPECT_EQ(token.text, number_text(element.derivation.operand_value(token.operand), 0)) << element.name;
      shown[static_cast<std::size_t>(token.operand)] = true;
    }
    EXPECT_EQ(std::ranges::count(shown, false), 0) << element.name << ": " << text;
  });
}

TEST_P(EveryOp, DisplayedTermsGiveTheTerms) {
  for_each_element_of(GetParam(), [](const Element& element) {
    for (const Term& term : element.derivation.terms()) {
      const std::string text = text_of(element.derivation.substituted_node(term.node, 0));
      const std::optional<float> read = evaluate_text(text);
      ASSERT_TRUE(read.has_value()) << element.name << ": cannot read " << text;
      EXPECT_EQ(*read, term.value) << element.name << ": " << text;
    }
  });
}

/// "=" is honest: the text with few digits, as a reader computes it, gives the value to the same digits.
TEST_P(EveryOp, EqualsSignIsHonest) {
  for_each_element_of(GetParam(), [](const Element& element) {
    for (const int digits : {2, 4}) {
      const std::string text = text_of(element.derivation.substituted(digits, static_cast<std::size_t>(-1)));
      const std::optional<float> read = evaluate_text(text);
      ASSERT_TRUE(read.has_value()) << element.name << ": cannot read " << text;
      const auto unsigned_zero = [&](float value) { return number_text(value == 0.0f ? 0.0f : value, digits); };
      EXPECT_EQ(element.derivation.digits_suffice(digits), unsigned_zero(*read) == unsigned_zero(element.computed))
          << element.name << ": " << text << " and " << element.computed;
    }
  });
}

std::string test_name(const testing::TestParamInfo<OpKind>& info) {
  constexpr std::string_view kNames[] = {
#define OP(Type, file) #Type,
#include "engine/ops/ops.def"
#undef OP
  };
  return std::string(kNames[static_cast<std::size_t>(info.param)]);
}

INSTANTIATE_TEST_SUITE_P(Ops, EveryOp, testing::ValuesIn(every_op()), test_name);

/// The tests above can fail: a tape that is wrong in one place gives another number.
TEST(CorruptedTape, IsNoticed) {
  for (const OpKind kind : {OpKind::kMatMul, OpKind::kConv2d, OpKind::kSoftmax, OpKind::kAdamStep}) {
    const SampleCall call = sample_calls(kind, 5).front();
    const Tape tape = trace(call, 0, 0);
    const float computed = run(call)[0][0];
    const auto evaluated = [&](const Tape& corrupted) { return Derivation(corrupted, {}).evaluate(); };
    ASSERT_TRUE(same_bits(evaluated(tape), computed));
    int noticed = 0;
    for (std::size_t at = 0; at < tape.nodes.size(); ++at) {
      Tape corrupted = tape;
      Node& node = corrupted.nodes[at];
      if (node.kind == NodeKind::kOperand) node.value += 1.0f;
      else if (node.kind == NodeKind::kAdd) node.kind = NodeKind::kSubtract;
      else if (node.kind == NodeKind::kMultiply) node.kind = NodeKind::kAdd;
      else if (node.kind == NodeKind::kDivide) std::swap(node.a, node.b);
      else continue;
      noticed += same_bits(evaluated(corrupted), computed) ? 0 : 1;
    }
    EXPECT_GT(noticed, 2) << op_info(kind).name;
  }
}

}  // namespace
}  // namespace chainrule::test
