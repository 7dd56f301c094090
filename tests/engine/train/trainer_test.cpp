#include "engine/train/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/data/batcher.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

class Digits final : public BatchSource {
 public:
  Digits(int count, int batch, std::uint64_t seed)
      : images_(test::synthetic_digits(count, seed)),
        batcher_(static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(batch), seed) {}
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    gather(images_, batcher_.batch_at(step), x, target);
  }

 private:
  ImageSet images_;
  Batcher batcher_;
};

std::unique_ptr<Trainer> make_trainer(DigitModel model, OptimizerKind optimizer, int batch, std::uint64_t seed) {
  DigitModelOptions options;
  options.model = model;
  options.batch = batch;
  const DigitClassifier built = build_digit_model(options);
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, optimizer);
  append_changes(program);
  auto trainer = std::make_unique<Trainer>(std::move(program), built.x, built.labels);
  trainer->start(seed);
  return trainer;
}

constexpr std::int64_t kWholeStep = std::int64_t{1} << 60;

void run_steps(Trainer& trainer, Digits& digits, int steps) {
  for (int i = 0; i < steps; ++i) ASSERT_TRUE(trainer.advance(kWholeStep, digits));
}

// The same constants natively (gcc, clang, sanitizers) and in wasm: training is bit-identical everywhere.
// And for any number of threads.
class Determinism : public testing::TestWithParam<int> {};

TEST_P(Determinism, GoldenHashesOfShortTrainings) {
  ThreadPool pool(GetParam());
  struct Case {
    DigitModel model;
    OptimizerKind optimizer;
    int batch, steps;
    const char* hash;
  };
  for (const Case& c : {Case{DigitModel::kLenet, OptimizerKind::kMomentum, 8, 3, "f15cb2834f89bdff"},
                        Case{DigitModel::kMlp, OptimizerKind::kAdam, 16, 20, "35e45d732f7e0214"},
                        Case{DigitModel::kLinear, OptimizerKind::kSgd, 7, 50, "0ed7dff1dba72340"}}) {
    Digits digits(200, c.batch, 3);
    const auto trainer = make_trainer(c.model, c.optimizer, c.batch, 3);
    trainer->use_threads(&pool);
    run_steps(*trainer, digits, c.steps);
    EXPECT_EQ(hash_text(trainer->state_hash()), c.hash) << kDigitModelNames[static_cast<std::size_t>(c.model)];
  }
}

// Every number of the step, and not only the weights; the number of threads changes on the way.
TEST_P(Determinism, AllTensorsOfAStep) {
  Digits digits(100, 32, 5), same(100, 32, 5);
  const auto alone = make_trainer(DigitModel::kLenet, OptimizerKind::kAdam, 32, 5);
  const auto shared = make_trainer(DigitModel::kLenet, OptimizerKind::kAdam, 32, 5);
  ThreadPool pool(2);
  shared->use_threads(&pool);
  run_steps(*alone, digits, 2);
  run_steps(*shared, same, 1);
  pool.set_threads(GetParam());
  run_steps(*shared, same, 1);
  for (std::size_t id = 0; id < alone->program().tensors.size(); ++id) {
    const auto tensor = static_cast<TensorId>(id);
    EXPECT_TRUE(std::ranges::equal(alone->buffers()[tensor], shared->buffers()[tensor])) << alone->program().info(tensor).name;
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, Determinism, testing::Values(1, 2, 3, 8));

TEST(Trainer, LearnsTheBars) {
  Digits digits(500, 20, 1);
  const auto trainer = make_trainer(DigitModel::kMlp, OptimizerKind::kMomentum, 20, 1);
  run_steps(*trainer, digits, 1);
  const float first = *trainer->loss();
  EXPECT_GT(first, 1.5f);  // ln 10 = 2.3 for a network that knows nothing
  run_steps(*trainer, digits, 99);
  EXPECT_LT(*trainer->loss(), 0.2f * first);
}

TEST(Trainer, SlicesGiveTheSameBits) {
  Digits digits(100, 4, 5);
  const auto whole = make_trainer(DigitModel::kLenet, OptimizerKind::kMomentum, 4, 5);
  const auto sliced = make_trainer(DigitModel::kLenet, OptimizerKind::kMomentum, 4, 5);
  run_steps(*whole, digits, 2);
  int calls = 0;
  while (sliced->step() < 2) {
    ++calls;
    sliced->advance(1, digits);
  }
  EXPECT_EQ(calls, 2 * static_cast<int>(sliced->program().calls.size()));  // a budget of 1 runs one call
  EXPECT_EQ(whole->state_hash(), sliced->state_hash());
}

TEST(Trainer, SaveAndRestoreLeadToTheSameRun) {
  Digits digits(100, 4, 5);
  const auto trainer = make_trainer(DigitModel::kMlp, OptimizerKind::kAdam, 4, 5);
  run_steps(*trainer, digits, 3);
  const std::vector<float> saved = trainer->save();
  const std::uint64_t hash_at_3 = trainer->state_hash();
  run_steps(*trainer, digits, 4);
  const std::uint64_t hash_at_7 = trainer->state_hash();
  EXPECT_NE(hash_at_3, hash_at_7);
  trainer->restore(saved, 3);
  EXPECT_EQ(trainer->state_hash(), hash_at_3);
  EXPECT_FALSE(trainer->step_shown());
  run_steps(*trainer, digits, 4);
  EXPECT_EQ(trainer->state_hash(), hash_at_7);
}

TEST(Trainer, SavesWithinAStepAreTheStepBefore) {
  Digits digits(100, 4, 5);
  const auto trainer = make_trainer(DigitModel::kMlp, OptimizerKind::kMomentum, 4, 5);
  run_steps(*trainer, digits, 2);
  const std::uint64_t before = trainer->state_hash();
  const std::vector<float> saved = trainer->save();
  trainer->advance(1, digits);
  ASSERT_TRUE(trainer->mid_step());
  EXPECT_EQ(trainer->phase(), Phase::kForward);
  EXPECT_EQ(trainer->state_hash(), before);
  EXPECT_EQ(trainer->save(), saved);
  trainer->restore(saved, 2);
  EXPECT_EQ(trainer->state_hash(), before);
}

TEST(Trainer, ParametersFromBeforeTheUpdateAreKept) {
  Digits digits(100, 4, 5);
  const auto trainer = make_trainer(DigitModel::kLinear, OptimizerKind::kSgd, 4, 5);
  const TensorId w = trainer->program().find("fc1.w");
  const std::vector<float> initial(trainer->current(w).begin(), trainer->current(w).end());
  run_steps(*trainer, digits, 1);
  const std::span<const float> before = trainer->buffers()[w], after = trainer->current(w);
  const std::span<const float> gradient = trainer->buffers()[trainer->program().find("fc1.w.grad")];
  const std::span<const float> change = trainer->buffers()[trainer->program().find("fc1.w.change")];
  int moved = 0;
  for (std::size_t i = 0; i < initial.size(); ++i) {
    ASSERT_EQ(before[i], initial[i]);
    ASSERT_EQ(after[i], before[i] - 0.01f * gradient[i]);
    ASSERT_EQ(change[i], after[i] - before[i]);
    moved += after[i] != before[i];
  }
  EXPECT_GT(moved, 1000);
}

TEST(Trainer, DivergenceNamesStepTensorAndElement) {
  Digits digits(100, 4, 5);
  const auto trainer = make_trainer(DigitModel::kLinear, OptimizerKind::kSgd, 4, 5);
  run_steps(*trainer, digits, 1);
  EXPECT_FALSE(trainer->divergence());
  trainer->set_hyper("lr", 3e38f);
  run_steps(*trainer, digits, 2);
  ASSERT_TRUE(trainer->divergence());
  const Divergence& divergence = *trainer->divergence();
  const TensorId culprit = trainer->program().find(divergence.tensor);
  ASSERT_NE(culprit, kNoTensor);
  EXPECT_FALSE(std::isfinite(divergence.value));
  EXPECT_NE(divergence.text().find(divergence.tensor), std::string::npos);
  EXPECT_NE(divergence.text().find("step " + std::to_string(trainer->step())), std::string::npos);
}

TEST(Trainer, EachParameterDrawsFromItsOwnStream) {
  const auto lenet = make_trainer(DigitModel::kLenet, OptimizerKind::kSgd, 1, 9);
  const auto again = make_trainer(DigitModel::kLenet, OptimizerKind::kSgd, 5, 9);
  const auto other = make_trainer(DigitModel::kLenet, OptimizerKind::kSgd, 1, 10);
  EXPECT_EQ(lenet->state_hash(), again->state_hash());  // the batch size moves no weight
  EXPECT_NE(lenet->state_hash(), other->state_hash());
}

// Training goes ahead in two more trainers; the pictures are bytes.
TEST(Trainer, LenetWithAllOfMnistTakesLessThan300Megabytes) {
  const auto trainer = make_trainer(DigitModel::kLenet, OptimizerKind::kAdam, 32, 1);
  const std::int64_t pictures = 70'000 * (28 * 28 + 1);
  EXPECT_GT(trainer->bytes(), 4 * 431'080 * 4) << "weights and Adam's two moments, before and after, at least";
  EXPECT_LT(3 * trainer->bytes() + pictures, 300'000'000);
}

}  // namespace
}  // namespace chainrule
