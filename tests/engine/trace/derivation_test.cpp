// Derivations of tapes written by hand: operands, terms, factors, "=" or "≈".
#include "engine/trace/derivation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/trace/recorder.h"

namespace chainrule {
namespace {

constexpr std::array<std::string_view, Mark::kAxes> kNoAxes{};

/// Runs `rule(recorder)` and derives what it returns.
template <class Rule>
Derivation derived(Rule rule) {
  WindowRecorder recorder(0, 0);
  recorder.write(0, nullptr, 0, rule(recorder));
  return Derivation(recorder.take(), kNoAxes);
}

template <class Rule>
std::string text(Rule rule, int digits = 0, std::size_t most_terms = 100) {
  std::string all;
  for (const Token& token : derived(rule).substituted(digits, most_terms)) all += token.text;
  return all;
}

// Slot 0 holds x, slot 1 w.
constexpr float kX[] = {2.0f, -0.5f, 0.25f, 3.0f};
constexpr float kW[] = {0.1f, 4.0f, -8.0f, 1.0f};
Traced x(WindowRecorder& r, int i) { return r.read(0, kX, i); }
Traced w(WindowRecorder& r, int i) { return r.read(1, kW, i); }

Traced dot(WindowRecorder& r, int count) {
  Traced sum = r.constant(0.0f);
  for (int i = 0; i < count; ++i) {
    r.mark(i, 10 * i);
    const Traced a = x(r, i), b = w(r, i);
    sum += a * b;
  }
  return sum;
}

TEST(Derivation, OfNothingIsEmpty) {
  const Derivation derivation;
  EXPECT_TRUE(derivation.empty());
  EXPECT_TRUE(derivation.terms().empty());
  EXPECT_TRUE(derivation.substituted(0, 8).empty());
}

// 2 · 0.1 = 0.2;  + (−0.5 · 4 = −2) = −1.8;  + (0.25 · −8 = −2) = −3.8
TEST(Derivation, OfADotProduct) {
  const Derivation d = derived([](WindowRecorder& r) { return dot(r, 3); });
  EXPECT_FLOAT_EQ(d.value(), -3.8f);
  EXPECT_EQ(d.evaluate(), d.value());
  ASSERT_EQ(d.terms().size(), 3u);
  EXPECT_EQ(d.sum_node(), d.tape().root);
  EXPECT_EQ(d.terms()[0].value, 0.2f);
  EXPECT_EQ(d.terms()[0].running, 0.2f);
  EXPECT_EQ(d.terms()[1].value, -2.0f);
  EXPECT_EQ(d.terms()[1].running, 0.2f - 2.0f);
  EXPECT_EQ(d.terms()[2].running, 0.2f - 2.0f - 2.0f);
  EXPECT_EQ(d.terms()[2].position, (std::array<std::int32_t, 3>{2, 20, 0}));
  const std::vector<OperandRef> expected = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0, 2}, {1, 2}};
  EXPECT_TRUE(std::equal(d.operands().begin(), d.operands().end(), expected.begin(), expected.end()));
  EXPECT_EQ(d.operands_below(d.terms()[1].node), (std::vector<std::int32_t>{2, 3}));
  EXPECT_EQ(d.factor_of(d.terms()[1].node, 2), 4.0f);
  EXPECT_EQ(d.factor_of(d.terms()[1].node, 3), -0.5f);
  EXPECT_TRUE(std::isnan(d.factor_of(d.terms()[1].node, 0)));
  EXPECT_TRUE(std::isnan(d.factor_of(d.tape().root, 2)));
}

TEST(Derivation, OfAnEmptySumIsZeroWithoutTerms) {
  const Derivation d = derived([](WindowRecorder& r) { return dot(r, 0); });
  EXPECT_EQ(d.value(), 0.0f);
  EXPECT_TRUE(d.terms().empty());
  EXPECT_EQ(d.sum_node(), -1);
}

TEST(Derivation, ReadsAnElementTwiceButNamesItOnce) {
  const Derivation d = derived([](WindowRecorder& r) {
    const Traced a = x(r, 3), b = x(r, 3);
    return a * b;
  });
  EXPECT_EQ(d.value(), 9.0f);
  EXPECT_EQ(d.operands().size(), 1u);
  EXPECT_TRUE(std::isnan(d.factor_of(d.tape().root, 0))) << "d x²/dx is 2x, not the other factor";
}

// Read, but the formula does not use it.
TEST(Derivation, LeavesOutWhatWasNotUsed) {
  const Derivation d = derived([](WindowRecorder& r) {
    x(r, 0);
    return r.constant(0.0f);
  });
  EXPECT_EQ(d.value(), 0.0f);
  EXPECT_TRUE(d.operands().empty());
}

// A blocked gradient is 0, and the number that blocked it can be clicked.
TEST(Derivation, KeepsWhatDecided) {
  const Derivation d = derived([](WindowRecorder& r) { return r.choose(r.constant(0.0f), x(r, 0)); });
  EXPECT_EQ(d.value(), 0.0f);
  EXPECT_EQ(d.evaluate(), 0.0f);
  ASSERT_EQ(d.operands().size(), 1u);
  EXPECT_EQ(d.operands()[0], (OperandRef{0, 0}));
  EXPECT_EQ(d.first_deciding(), 0);  // no number of the expression can be clicked, but this one
}

// Of 1 + x0 (inside) and the sum of three, the longer one is the main sum; it is divided by 4.
TEST(Derivation, MainSumIsTheLongest) {
  const Derivation d = derived([](WindowRecorder& r) {
    const Traced inner = r.constant(1.0f) + x(r, 0);
    return (dot(r, 3) + inner) / r.constant(4.0f);
  });
  ASSERT_EQ(d.terms().size(), 4u);
  EXPECT_EQ(d.terms()[3].value, 3.0f);
  EXPECT_EQ(d.tape().nodes[static_cast<std::size_t>(d.tape().root)].a, d.sum_node());
}

// A sum that starts with something else than 0 has that as its first term, before any mark.
TEST(Derivation, FirstTermWithoutInitialZero) {
  const Derivation d = derived([](WindowRecorder& r) {
    const Traced first = x(r, 0) * w(r, 1);
    return first + x(r, 3);
  });
  ASSERT_EQ(d.terms().size(), 2u);
  EXPECT_EQ(d.terms()[0].value, 8.0f);
  EXPECT_EQ(d.terms()[0].running, 8.0f);
  EXPECT_EQ(d.terms()[1].running, 11.0f);
}

TEST(Derivation, FactorsThroughSignsAndDivisors) {
  const Derivation d = derived([](WindowRecorder& r) {
    const Traced product = x(r, 0) * w(r, 1) * -x(r, 3);
    return product / r.constant(4.0f);
  });
  EXPECT_EQ(d.value(), -6.0f);
  EXPECT_EQ(d.factor_of(d.tape().root, 0), 4.0f * -3.0f / 4.0f);
  EXPECT_EQ(d.factor_of(d.tape().root, 1), 2.0f * -3.0f / 4.0f);
  EXPECT_EQ(d.factor_of(d.tape().root, 2), -1.0f * 8.0f / 4.0f);
}

TEST(Derivation, FactorIsNoneInsideAFunctionOrADivisor) {
  const Derivation d = derived([](WindowRecorder& r) {
    const Traced power = exp(x(r, 0)), quotient = power / w(r, 1);
    return quotient;
  });
  EXPECT_TRUE(std::isnan(d.factor_of(d.tape().root, 0)));
  EXPECT_TRUE(std::isnan(d.factor_of(d.tape().root, 1)));
}

Derivation product_of(float a, float b) {
  WindowRecorder recorder(0, 0);
  const Traced left = recorder.read(0, &a, 0), right = recorder.read(1, &b, 0);
  recorder.write(0, nullptr, 0, left * right);
  return Derivation(recorder.take(), kNoAxes);
}

TEST(DigitsSuffice, WhereTheShownDigitsGiveTheShownResult) {
  EXPECT_TRUE(product_of(0.1f, 0.2f).digits_suffice(2));  // 0.1 · 0.2 = 0.02
  EXPECT_TRUE(product_of(2.0f, 3.0f).digits_suffice(1));  // 2 · 3 = 6
  // 1/3 is shown as 0.33 and 0.33 · 3 = 0.99, but the result is shown as 1.
  EXPECT_FALSE(product_of(1.0f / 3.0f, 3.0f).digits_suffice(2));
  // 1.449 · 1.449 = 2.0996 is shown as 2.1, but 1.4 · 1.4 = 1.96 as 2.
  EXPECT_FALSE(product_of(1.449f, 1.449f).digits_suffice(2));
  EXPECT_TRUE(product_of(1.449f, 1.449f).digits_suffice(4));
}

TEST(DigitsSuffice, AlwaysAtFullPrecision) {
  EXPECT_TRUE(product_of(1.0f / 3.0f, 3.0f).digits_suffice(0));
  EXPECT_TRUE(product_of(1.0f / 3.0f, 3.0f).digits_suffice(9));
  EXPECT_TRUE(product_of(0.1f, 0.7f).digits_suffice(12));
}

TEST(DigitsSuffice, AnswersAlikeWhenAskedAgain) {
  const Derivation d = product_of(1.0f / 3.0f, 3.0f);
  for (int times = 0; times < 2; ++times) {
    EXPECT_FALSE(d.digits_suffice(2));
    EXPECT_TRUE(d.digits_suffice(9));
  }
}

TEST(DigitsSuffice, OfNumbersThatAreNone) {
  EXPECT_TRUE(product_of(INFINITY, 2.5f).digits_suffice(2));
  EXPECT_TRUE(product_of(INFINITY, 0.0f).digits_suffice(2));  // ∞ · 0 = NaN
}

TEST(NumberText, IsWrittenForPeople) {
  EXPECT_EQ(number_text(0.1f, 0), "0.1");
  EXPECT_EQ(number_text(-0.5f, 0), "−0.5");
  EXPECT_EQ(number_text(-0.0f, 0), "−0");
  EXPECT_EQ(number_text(1.0f / 3.0f, 0), "0.33333334");
  EXPECT_EQ(number_text(1.0f / 3.0f, 3), "0.333");
  EXPECT_EQ(number_text(-1.25e-7f, 0), "−1.25e−7");
  EXPECT_EQ(number_text(1e-20f, 3), "1e−20");
  EXPECT_EQ(number_text(3e20f, 2), "3e20");
  EXPECT_EQ(number_text(123456.0f, 2), "123456");
  EXPECT_EQ(number_text(NAN, 3), "NaN");
  EXPECT_EQ(number_text(INFINITY, 3), "∞");
  EXPECT_EQ(number_text(-INFINITY, 0), "−∞");
}

TEST(Text, PutsParenthesesWhereTheOrderNeedsThem) {
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) + x(r, 3) + w(r, 3); }), "2 + 3 + 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) + (x(r, 3) + w(r, 3)); }), "2 + (3 + 1)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) - (x(r, 3) - w(r, 3)); }), "2 − (3 − 1)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) - x(r, 3) * w(r, 3); }), "2 − 3 · 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) * (x(r, 3) * w(r, 3)); }), "2 · (3 · 1)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) * x(r, 3) / w(r, 3); }), "2 · 3 / 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) / (x(r, 3) / w(r, 3)); }), "2 / (3 / 1)");
  EXPECT_EQ(text([](WindowRecorder& r) { return (x(r, 0) + x(r, 3)) * w(r, 3); }), "(2 + 3) · 1");
}

TEST(Text, PutsNegativeNumbersInParenthesesInsideAGroup) {
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 1) * w(r, 2); }), "−0.5 · (−8)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) + x(r, 1) * w(r, 1); }), "2 + (−0.5) · 4");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) - x(r, 1); }), "2 − (−0.5)");
  EXPECT_EQ(text([](WindowRecorder& r) { return -x(r, 0); }), "−2");
  EXPECT_EQ(text([](WindowRecorder& r) { return -x(r, 1); }), "−(−0.5)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) * -(x(r, 3) + x(r, 1)); }), "2 · (−(3 + (−0.5)))");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) * (x(r, 1) + x(r, 3)); }), "2 · (−0.5 + 3)");
}

TEST(Text, DropsTheInitialZeroOfASum) {
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 1); }), "2 · 0.1");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 3) * dot(r, 1); }), "3 · (2 · 0.1)");
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 3) * dot(r, 2); }), "3 · (2 · 0.1 + (−0.5) · 4)");
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 0); }), "0");
}

TEST(Text, NamesFunctions) {
  const auto of = [](auto function) { return text([&](WindowRecorder& r) { return function(x(r, 1)); }); };
  EXPECT_EQ(of([](Traced a) { return exp(a); }), "exp(−0.5)");
  EXPECT_EQ(of([](Traced a) { return log(a); }), "ln(−0.5)");
  EXPECT_EQ(of([](Traced a) { return log1p(a); }), "log1p(−0.5)");
  EXPECT_EQ(of([](Traced a) { return sqrt(a); }), "√(−0.5)");
  EXPECT_EQ(of([](Traced a) { return tanh(a); }), "tanh(−0.5)");
  EXPECT_EQ(of([](Traced a) { return atan(a); }), "arctan(−0.5)");
  EXPECT_EQ(of([](Traced a) { return logistic(a); }), "σ(−0.5)");
  EXPECT_EQ(of([](Traced a) { return softplus(a); }), "softplus(−0.5)");
  EXPECT_EQ(of([](Traced a) { return abs(a); }), "|−0.5|");
  EXPECT_EQ(of([](Traced a) { return exp(a + a) * a; }), "exp(−0.5 + (−0.5)) · (−0.5)");
}

TEST(Text, FlattensMaximaAndShowsTheChosenBranch) {
  EXPECT_EQ(text([](WindowRecorder& r) { return maximum(maximum(x(r, 0), x(r, 1)), x(r, 2)); }), "max(2, −0.5, 0.25)");
  EXPECT_EQ(text([](WindowRecorder& r) { return r.choose(x(r, 0) + x(r, 3), x(r, 0)) * w(r, 3); }), "(2 + 3) · 1");
}

TEST(Text, LeavesOutTheMiddleOfALongSum) {
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 4); }, 0, 4), "2 · 0.1 + (−0.5) · 4 + 0.25 · (−8) + 3 · 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 4); }, 0, 3), "2 · 0.1 + (−0.5) · 4 + … + 3 · 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 4); }, 0, 2), "2 · 0.1 + … + 3 · 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 4); }, 0, 0), "2 · 0.1 + … + 3 · 1");
  EXPECT_EQ(text([](WindowRecorder& r) { return dot(r, 2); }, 0, 0), "2 · 0.1 + (−0.5) · 4");
}

TEST(Text, KeepsConstantsInFull) {
  EXPECT_EQ(text([](WindowRecorder& r) { return x(r, 0) / r.constant(784.0f); }, 2), "2 / 784");
}

TEST(Text, MarksOperandsAsTokens) {
  const auto tokens = derived([](WindowRecorder& r) { return x(r, 0) * w(r, 2); }).substituted(0, 8);
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[0].operand, 0);
  EXPECT_EQ(tokens[1].text, " · (");
  EXPECT_EQ(tokens[1].operand, -1);
  EXPECT_EQ(tokens[2].text, "−8");
  EXPECT_EQ(tokens[2].operand, 1);
  EXPECT_EQ(tokens[3].text, ")");
}

TEST(Text, NamesNumbersThatAreNone) {
  const float huge[] = {INFINITY, -INFINITY};
  const auto of_difference = [&](WindowRecorder& r) { return r.read(0, huge, 0) + r.read(0, huge, 1); };
  EXPECT_EQ(text(of_difference), "∞ + (−∞)");
  EXPECT_TRUE(std::isnan(derived(of_difference).evaluate()));
}

// 200,000 additions deep: neither building nor writing recurses over the terms.
TEST(Derivation, OfAVeryLongSumNeedsNoDeepStack) {
  const Derivation d = derived([](WindowRecorder& r) {
    Traced sum = r.constant(0.0f), largest = x(r, 0);
    for (int i = 0; i < 200000; ++i) {
      sum += x(r, i % 4);
      largest = maximum(largest, x(r, i % 4));
    }
    return sum * largest;
  });
  EXPECT_EQ(d.terms().size(), 200000u);
  EXPECT_EQ(d.operands().size(), 4u);
  EXPECT_EQ(d.evaluate(), d.value());
  EXPECT_LT(d.substituted(3, 8).size(), 40u);
  EXPECT_GT(d.substituted(3, static_cast<std::size_t>(-1)).size(), 400000u);
}

}  // namespace
}  // namespace chainrule
