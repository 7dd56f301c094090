// Hand-worked values: softmax, cross-entropy, squared error (NUMBERS.md, N5).
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/support/run_op.h"

namespace chainrule::test {
namespace {

using Numbers = std::vector<float>;
const Values<float> kLogits{Shape{1, 3}, {2.0f, 1.0f, 0.1f}};
const Numbers kProbabilities = {0.659001f, 0.242433f, 0.098566f};

void expect_near(const Numbers& got, const Numbers& wanted, float tolerance) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << i;
}

// e^2 = 7.389056, e^1 = 2.718282, e^0.1 = 1.105171, sum 11.212509: 0.659001, 0.242433, 0.098566.
TEST(SoftmaxUnit, ByHand) { expect_near(first_output(OpKind::kSoftmax, {}, {kLogits}), kProbabilities, 1e-6f); }

// The maximum cancels: 1000 more on each logit is the same softmax, and nothing overflows.
TEST(SoftmaxUnit, LargeLogits) {
  EXPECT_EQ(first_output(OpKind::kSoftmax, {}, {{Shape{1, 2}, {1001, 1000}}}), first_output(OpKind::kSoftmax, {}, {{Shape{1, 2}, {1, 0}}}));
  EXPECT_EQ(first_output(OpKind::kSoftmax, {}, {{Shape{1, 2}, {0, -1000}}}), (Numbers{1, 0}));
  EXPECT_EQ(first_output(OpKind::kSoftmax, {}, {{Shape{2, 2}, {3, 3, -7, -7}}}), (Numbers{0.5f, 0.5f, 0.5f, 0.5f}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSoftmax, {}, {{Shape{2}, {0, 0}}}), "softmax of 2 needs N×C");
}

// p = (1/2, 1/4, 1/4), dp = (4, 0, 8): inner = 2 + 0 + 2 = 4; dz = (1/2·(4−4), 1/4·(0−4), 1/4·(8−4)) = (0, −1, 1).
TEST(SoftmaxUnit, Gradient) {
  const Values<float> p{Shape{1, 3}, {0.5f, 0.25f, 0.25f}}, dp{Shape{1, 3}, {4, 0, 8}};
  EXPECT_EQ(first_output(OpKind::kSoftmaxGrad, {}, {p, dp}), (Numbers{0, -1, 1}));
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSoftmaxGrad, {}, {p, {Shape{1, 2}, {1, 1}}}), "1×3 and 1×2");
}

// −ln 0.659001 = 0.417030; for class 2, −ln 0.098566 = 2.317030 (1.9 more, the difference of the logits).
TEST(CrossEntropyUnit, LossAndProbabilities) {
  const auto outputs = run_op<float>(OpKind::kSoftmaxCrossEntropy, {}, {kLogits, {Shape{1}, {0}}});
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_NEAR(outputs[0].numbers[0], 0.417030f, 1e-6f);
  expect_near(outputs[1].numbers, kProbabilities, 1e-6f);
  EXPECT_NEAR(first_output(OpKind::kSoftmaxCrossEntropy, {}, {kLogits, {Shape{1}, {2}}})[0], 2.317030f, 2e-6f);
}

// All classes equal: ln C. A probability that underflowed to 0 still has a finite loss: the difference of the logits.
TEST(CrossEntropyUnit, EdgeCases) {
  EXPECT_NEAR(first_output(OpKind::kSoftmaxCrossEntropy, {}, {{Shape{1, 10}, Numbers(10, 0.3f)}, {Shape{1}, {4}}})[0],
              2.302585093f, 3e-7f);
  EXPECT_EQ(first_output(OpKind::kSoftmaxCrossEntropy, {}, {{Shape{1, 2}, {0, 1000}}, {Shape{1}, {0}}})[0], 1000.0f);
  EXPECT_EQ(first_output(OpKind::kSoftmaxCrossEntropy, {}, {{Shape{1, 2}, {0, 1000}}, {Shape{1}, {1}}})[0], 0.0f);
}

// p − y: (0.659001 − 1, 0.242433, 0.098566), times dl.
TEST(CrossEntropyUnit, Gradient) {
  const Values<float> p{Shape{1, 3}, kProbabilities}, label{Shape{1}, {0}};
  expect_near(first_output(OpKind::kSoftmaxCrossEntropyGrad, {}, {p, label, {Shape{1}, {1}}}),
              {-0.340999f, 0.242433f, 0.098566f}, 1e-6f);
  expect_near(first_output(OpKind::kSoftmaxCrossEntropyGrad, {}, {p, label, {Shape{1}, {-2}}}),
              {0.681998f, -0.484866f, -0.197132f}, 1e-6f);
}

TEST(CrossEntropyUnit, Errors) {
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSoftmaxCrossEntropy, {}, {kLogits, {Shape{1}, {3}}}), "label 3 of 3 classes");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSoftmaxCrossEntropy, {}, {kLogits, {Shape{1}, {-1}}}), "label -1 of 3 classes");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSoftmaxCrossEntropy, {}, {kLogits, {Shape{2}, {0, 0}}}), "logits 1×3, labels 2");
  EXPECT_DEATH_IF_SUPPORTED(
      first_output(OpKind::kSoftmaxCrossEntropyGrad, {}, {kLogits, {Shape{1}, {0}}, {Shape{2}, {0, 0}}}), "1×3, 1, 2");
}

// y = (1, 2; 0, 5), t = (0, 4; 0, 2): errors (1, −2), (0, 3). Half sum: (1+4)/2, (0+9)/2. Mean: 5/2, 9/2: C = 2, so alike;
// with a third, equal output the mean divides by 3.
TEST(SquaredErrorUnit, BothForms) {
  const Values<float> y{Shape{2, 2}, {1, 2, 0, 5}}, t{Shape{2, 2}, {0, 4, 0, 2}};
  OpAttributes mean;
  mean.form = SquaredErrorForm::kMean;
  EXPECT_EQ(first_output(OpKind::kSquaredError, {}, {y, t}), (Numbers{2.5f, 4.5f}));
  EXPECT_EQ(first_output(OpKind::kSquaredError, mean, {y, t}), (Numbers{2.5f, 4.5f}));
  const Values<float> y3{Shape{1, 3}, {1, 2, 3}}, t3{Shape{1, 3}, {0, 4, 1}};  // 1 + 4 + 4 = 9
  EXPECT_EQ(first_output(OpKind::kSquaredError, {}, {y3, t3}), (Numbers{4.5f}));
  EXPECT_EQ(first_output(OpKind::kSquaredError, mean, {y3, t3}), (Numbers{3.0f}));
  // Gradients with dl = 3: half sum (y−t)·3 = (3, −6, 6); mean 2·(y−t)/3·3 = (2, −4, 4).
  EXPECT_EQ(first_output(OpKind::kSquaredErrorGrad, {}, {y3, t3, {Shape{1}, {3}}}), (Numbers{3, -6, 6}));
  expect_near(first_output(OpKind::kSquaredErrorGrad, mean, {y3, t3, {Shape{1}, {3}}}), {2, -4, 4}, 1e-6f);
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSquaredError, {}, {y, t3}), "outputs 2×2, targets 1×3");
  EXPECT_DEATH_IF_SUPPORTED(first_output(OpKind::kSquaredErrorGrad, {}, {y, t, {Shape{1}, {1}}}), "2×2, 2×2, 1");
}

}  // namespace
}  // namespace chainrule::test
