#include "engine/train/evaluator.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/nn/initialize.h"
#include "engine/nn/models.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

struct Linear {
  explicit Linear(int batch) {
    DigitModelOptions options;
    options.model = DigitModel::kLinear;
    options.batch = batch;
    const DigitClassifier built = build_digit_model(options);
    evaluator = std::make_unique<Evaluator>(built.graph.program(), built.x, built.labels, built.head.probabilities);
  }
  std::unique_ptr<Evaluator> evaluator;
};

TEST(Evaluator, PerfectWeightsAreAlwaysRight) {
  const ImageSet digits = test::synthetic_digits(103, 4);
  Linear setup(10);
  // Class c's weights are 1 on its own bar and 0 elsewhere.
  std::vector<float> w(10 * 784, 0.0f);
  for (std::size_t c = 0; c < 10; ++c)
    for (std::size_t row = 2 * c + 4; row < 2 * c + 6; ++row)
      for (std::size_t column = 4; column < 24; ++column) w[c * 784 + row * 28 + column] = 1.0f;
  setup.evaluator->start(digits, digits.count);
  setup.evaluator->set_parameter("fc1.w", w);
  setup.evaluator->set_parameter("fc1.b", std::vector<float>(10, 0.0f));
  int slices = 0;
  while (!setup.evaluator->advance(1)) ++slices;
  EXPECT_EQ(slices, 10);  // eleven batches of ten, the last one with three digits that count
  EXPECT_EQ(setup.evaluator->done(), 103);
  EXPECT_EQ(setup.evaluator->confusion().total(), 103);
  EXPECT_EQ(setup.evaluator->confusion().correct(), 103);
  for (int i = 0; i < 103; ++i) {
    EXPECT_EQ(setup.evaluator->predicted(i), digits.labels[static_cast<std::size_t>(i)]);
    EXPECT_EQ(setup.evaluator->confidence(i), setup.evaluator->truth_probability(i));
  }
}

TEST(Evaluator, AllZeroWeightsAreRightForClassZeroAlone) {
  const ImageSet digits = test::synthetic_digits(50, 4);
  Linear setup(7);
  setup.evaluator->start(digits, 40);
  setup.evaluator->set_parameter("fc1.w", std::vector<float>(7840, 0.0f));
  setup.evaluator->set_parameter("fc1.b", std::vector<float>(10, 0.0f));
  while (!setup.evaluator->advance(1'000'000)) {
  }
  EXPECT_EQ(setup.evaluator->confusion().correct(), setup.evaluator->confusion().row_total(0));
  EXPECT_NEAR(setup.evaluator->mean_loss(), 2.302585, 1e-5);  // ln 10
}

}  // namespace
}  // namespace chainrule
