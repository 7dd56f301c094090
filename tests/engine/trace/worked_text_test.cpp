// Equations of real ops on numbers worked by hand, as they stand on the page.
#include <gtest/gtest.h>

#include "engine/trace/derivation.h"
#include "tests/engine/support/random_calls.h"

namespace chainrule::test {
namespace {

SampleCall call_of(OpKind kind, const OpAttributes& attributes, std::vector<Shape> shapes, std::vector<std::vector<float>> in) {
  SampleCall call{kind, attributes, std::move(shapes), {}, std::move(in)};
  call.out_shapes = op_info(kind).infer(attributes, call.in_shapes);
  return call;
}

Derivation derived(const SampleCall& call, int output, std::int64_t index) {
  return Derivation(trace(call, output, index), op_info(call.kind).term_axes);
}

std::string text(const SampleCall& call, std::int64_t index, int digits = 0, int output = 0) {
  std::string all;
  for (const Token& token : derived(call, output, index).substituted(digits, 100)) all += token.text;
  return all;
}

// y = 0.5 · 0.3 + (−2) · 0.25 = 0.15 − 0.5 = −0.35
TEST(WorkedText, MatMul) {
  const SampleCall call = call_of(OpKind::kMatMul, {}, {Shape{1, 2}, Shape{2, 1}}, {{0.5f, -2.0f}, {0.3f, 0.25f}});
  EXPECT_EQ(text(call, 0), "0.5 · 0.3 + (−2) · 0.25");
  EXPECT_FLOAT_EQ(derived(call, 0, 0).value(), -0.35f);
  EXPECT_TRUE(derived(call, 0, 0).digits_suffice(3));
}

// x = 1 2 3, padded to 0 1 2 3 0; w = 4 −5: y[0] = 0 · 4 + 1 · −5 = −5 (the padding is a term like any other)
TEST(WorkedText, Conv2dWithPadding) {
  OpAttributes attributes;
  attributes.pad = 1;
  const SampleCall call = call_of(OpKind::kConv2d, attributes, {Shape{1, 1, 1, 3}, Shape{1, 1, 3, 2}},
                                  {{1, 2, 3}, {9, 9, 4, -5, 9, 9}});
  EXPECT_EQ(text(call, 0), "0 · 9 + 0 · 9 + 0 · 4 + 1 · (−5) + 0 · 9 + 0 · 9");
  const Derivation derivation = derived(call, 0, 0);
  EXPECT_EQ(derivation.value(), -5.0f);
  ASSERT_EQ(derivation.terms().size(), 6u);
  EXPECT_EQ(derivation.terms()[3].position, (std::array<std::int32_t, 3>{0, 1, 1}));
  // The term "0 · w" has one operand, the weight, and that with factor 0.
  const auto below = derivation.operands_below(derivation.terms()[0].node);
  ASSERT_EQ(below.size(), 1u);
  EXPECT_EQ(derivation.operands()[static_cast<std::size_t>(below[0])], (OperandRef{1, 0}));
  EXPECT_EQ(derivation.factor_of(derivation.terms()[0].node, below[0]), 0.0f);
}

TEST(WorkedText, MaxPool) {
  const SampleCall call = call_of(OpKind::kMaxPool, {}, {Shape{1, 1, 2, 2}}, {{0.5f, -1, 2, 0}});
  EXPECT_EQ(text(call, 0), "max(0.5, −1, 2, 0)");
  EXPECT_EQ(derived(call, 0, 0).value(), 2.0f);
}

TEST(WorkedText, MaxPoolGradient) {
  const SampleCall call = call_of(OpKind::kMaxPoolGrad, {}, {Shape{1, 1, 2, 2}, Shape{1, 1, 1, 1}}, {{0.5f, -1, 2, 0}, {0.75f}});
  EXPECT_EQ(text(call, 2), "0.75");
  EXPECT_EQ(text(call, 1), "0");
}

TEST(WorkedText, AveragePool) {
  const SampleCall call = call_of(OpKind::kAveragePool, {}, {Shape{1, 1, 2, 2}}, {{0.5f, -1, 2, 0}});
  EXPECT_EQ(text(call, 0), "(0.5 + (−1) + 2 + 0) / 4");
  EXPECT_EQ(derived(call, 0, 0).value(), 0.375f);
}

TEST(WorkedText, Softmax) {
  const SampleCall call = call_of(OpKind::kSoftmax, {}, {Shape{1, 2}}, {{1, -2}});
  EXPECT_EQ(text(call, 1), "exp(−2 − max(1, −2)) / (exp(1 − max(1, −2)) + exp(−2 − max(1, −2)))");
  EXPECT_EQ(derived(call, 0, 1).terms().size(), 2u);
}

TEST(WorkedText, SoftmaxCrossEntropy) {
  const SampleCall call = call_of(OpKind::kSoftmaxCrossEntropy, {}, {Shape{1, 2}, Shape{1}}, {{1, -2}, {1}});
  EXPECT_EQ(text(call, 0), "ln(exp(1 − max(1, −2)) + exp(−2 − max(1, −2))) − (−2 − max(1, −2))");
}

TEST(WorkedText, SquaredError) {
  OpAttributes attributes;
  const std::vector<std::vector<float>> in = {{0.75f, 0.25f}, {1, 0}};
  EXPECT_EQ(text(call_of(OpKind::kSquaredError, attributes, {Shape{1, 2}, Shape{1, 2}}, in), 0),
            "0.5 · ((0.75 − 1) · (0.75 − 1) + (0.25 − 0) · (0.25 − 0))");
  attributes.form = SquaredErrorForm::kMean;
  EXPECT_EQ(text(call_of(OpKind::kSquaredError, attributes, {Shape{1, 2}, Shape{1, 2}}, in), 0),
            "((0.75 − 1) · (0.75 − 1) + (0.25 − 0) · (0.25 − 0)) / 2");
}

TEST(WorkedText, Activations) {
  const auto of = [](Activation activation, float x) {
    OpAttributes attributes;
    attributes.activation = activation;
    return text(call_of(OpKind::kActivate, attributes, {Shape{1, 1}}, {{x}}), 0);
  };
  EXPECT_EQ(of(Activation::kLogistic, 0.5f), "σ(0.5)");
  EXPECT_EQ(of(Activation::kRelu, -0.5f), "max(−0.5, 0)");
  EXPECT_EQ(of(Activation::kLeakyRelu, -0.5f), "0.01 · (−0.5)");
  EXPECT_EQ(of(Activation::kSoftsign, -0.5f), "−0.5 / (1 + |−0.5|)");
  EXPECT_EQ(of(Activation::kSoftplus, 2.0f), "softplus(2)");
}

TEST(WorkedText, Steps) {
  const Shape one{1};
  EXPECT_EQ(text(call_of(OpKind::kSgdStep, {}, {one, one, one}, {{0.4f}, {-0.2f}, {0.5f}}), 0), "0.4 − 0.5 · (−0.2)");
  EXPECT_EQ(text(call_of(OpKind::kMovingAverage, {}, {one, one, one}, {{0.4f}, {-0.2f}, {0.9f}}), 0),
            "0.9 · 0.4 + (1 − 0.9) · (−0.2)");
  const SampleCall adam = call_of(OpKind::kAdamStep, {}, {one, one, one, one, one, one, one},
                                  {{0.4f}, {-0.2f}, {0.04f}, {0.001f}, {0.9f}, {0.999f}, {1e-8f}});
  EXPECT_EQ(text(adam, 0), "0.4 − 0.001 · (−0.2 / (1 − 0.9)) / (√(0.04 / (1 − 0.999)) + 1e−8)");
  // Operands as the equation names them: θ, lr, m, b1, v, b2, ε.
  std::vector<int> slots;
  const Derivation derivation = derived(adam, 0, 0);
  for (const OperandRef& operand : derivation.operands()) slots.push_back(operand.slot);
  EXPECT_EQ(slots, (std::vector<int>{0, 3, 1, 4, 2, 5, 6}));
}

}  // namespace
}  // namespace chainrule::test
