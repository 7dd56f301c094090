#include "engine/train/ahead.h"

#include <gtest/gtest.h>

#include <thread>

#include "engine/data/batcher.h"
#include "engine/math/rng.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

constexpr std::int64_t kWholeStep = std::int64_t{1} << 60;
constexpr int kBatch = 4;

class Digits final : public BatchSource {
 public:
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    gather(images_, batcher_.batch_at(step), x, target);
  }

 private:
  ImageSet images_ = test::synthetic_digits(60, 1);
  Batcher batcher_{60, kBatch, 1};
};

std::unique_ptr<Trainer> make_trainer() {
  DigitModelOptions options;
  options.model = DigitModel::kMlp;
  options.batch = kBatch;
  const DigitClassifier built = build_digit_model(options);
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, OptimizerKind::kAdam);
  auto trainer = std::make_unique<Trainer>(std::move(program), built.x, built.labels);
  trainer->start(1);
  return trainer;
}

struct StepsSeen {
  std::vector<std::int64_t> steps;
  std::vector<float> losses;
  void add(const Trainer& trainer) {
    steps.push_back(trainer.step());
    losses.push_back(*trainer.loss());
  }
  bool full() const { return steps.size() >= 20; }
};

/// With so many threads in the background.
class Ahead : public ::testing::TestWithParam<int> {
 protected:
  Ahead() : ahead_(std::make_unique<TrainingAhead<StepsSeen>>(make_trainer(), make_trainer(), std::make_unique<Digits>())) {
    allow_background(GetParam());
  }
  ~Ahead() override { allow_background(0); }

  /// Waits for a newer step, at most for some seconds.
  std::optional<StepsSeen> take() {
    for (int i = 0; i < 20'000; ++i) {
      if (std::optional<StepsSeen> notes = ahead_->take(shown_)) return notes;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "no step came";
    return std::nullopt;
  }

  std::unique_ptr<Trainer> shown_ = make_trainer();
  std::unique_ptr<TrainingAhead<StepsSeen>> ahead_;
};

TEST_P(Ahead, MakesTheStepsThatTheCallerWouldMake) {
  ASSERT_TRUE(ahead_->run(*shown_, 50));
  StepsSeen all;
  while (shown_->step() < 50) {
    const std::optional<StepsSeen> notes = take();
    ASSERT_TRUE(notes);
    all.steps.insert(all.steps.end(), notes->steps.begin(), notes->steps.end());
    all.losses.insert(all.losses.end(), notes->losses.begin(), notes->losses.end());
    EXPECT_EQ(all.steps.back(), shown_->step());
    EXPECT_TRUE(shown_->step_shown());
  }
  EXPECT_FALSE(ahead_->running());
  const auto direct = make_trainer();
  Digits digits;
  for (std::int64_t step = 1; step <= 50; ++step) {
    direct->advance(kWholeStep, digits);
    ASSERT_EQ(all.steps[static_cast<std::size_t>(step - 1)], step);
    ASSERT_EQ(all.losses[static_cast<std::size_t>(step - 1)], *direct->loss());
  }
  EXPECT_EQ(shown_->state_hash(), direct->state_hash());
  for (std::size_t id = 0; id < direct->program().tensors.size(); ++id)
    EXPECT_TRUE(std::ranges::equal(shown_->buffers()[static_cast<TensorId>(id)], direct->buffers()[static_cast<TensorId>(id)]))
        << direct->program().tensors[id].name;
}

// A person changes the rate at steps that only the race of the threads decides: a replay with the same changes at the same
// steps gives the same bits.
TEST_P(Ahead, ChangesCountFromTheStepThatIsShown) {
  std::vector<std::pair<std::int64_t, float>> changes;
  Rng rng(7, "data");
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(ahead_->run(*shown_, kWholeStep));
    if (rng.below(3) != 0) {
      ASSERT_TRUE(take());
    }
    if (rng.below(4) == 0) {
      ahead_->cancel();
      EXPECT_FALSE(ahead_->take(shown_)) << "what was cancelled is not shown";
      const float lr = 0.0005f * static_cast<float>(1 + rng.below(4));
      shown_->set_hyper("lr", lr);
      changes.emplace_back(shown_->step(), lr);
    }
  }
  ahead_->cancel();
  const auto direct = make_trainer();
  Digits digits;
  std::size_t next = 0;
  for (;;) {
    while (next < changes.size() && changes[next].first == direct->step()) direct->set_hyper("lr", changes[next++].second);
    if (direct->step() == shown_->step()) break;
    direct->advance(kWholeStep, digits);
  }
  EXPECT_EQ(shown_->state_hash(), direct->state_hash());
}

TEST_P(Ahead, WaitsForWhoTakesNothing) {
  ASSERT_TRUE(ahead_->run(*shown_, kWholeStep));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  ASSERT_TRUE(take());
  const std::int64_t first = shown_->step();
  ASSERT_TRUE(take());
  EXPECT_LE(shown_->step(), first + 20);
}

TEST_P(Ahead, StopsAtTheStepThatDiverges) {
  shown_->set_hyper("lr", 3e38f);
  ASSERT_TRUE(ahead_->run(*shown_, kWholeStep));
  while (!shown_->divergence()) ASSERT_TRUE(take());
  EXPECT_FALSE(ahead_->running());
  const auto direct = make_trainer();
  direct->set_hyper("lr", 3e38f);
  Digits digits;
  while (!direct->divergence()) direct->advance(kWholeStep, digits);
  EXPECT_EQ(shown_->step(), direct->step());
}

TEST_P(Ahead, EndsWithItsOwner) {
  for (int i = 0; i < 20; ++i) {
    TrainingAhead<StepsSeen> brief(make_trainer(), make_trainer(), std::make_unique<Digits>());
    ASSERT_TRUE(brief.run(*shown_, kWholeStep));
  }
  ASSERT_TRUE(ahead_->run(*shown_, kWholeStep));
  EXPECT_TRUE(take());
}

TEST_P(Ahead, WithoutAThreadTheCallerIsTold) {
  allow_background(0);
  EXPECT_FALSE(ahead_->run(*shown_, 10));
  EXPECT_FALSE(ahead_->running());
}

INSTANTIATE_TEST_SUITE_P(Threads, Ahead, testing::Values(1, 3));

}  // namespace
}  // namespace chainrule
