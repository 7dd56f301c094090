// DigitTrainer: a digit classifier in training: its program, its trainer and its batches.
#pragma once

#include <memory>
#include <string>

#include "engine/data/batcher.h"
#include "engine/optim/optimizer.h"
#include "web/gpu/gpu_training_run.h"
#include "web/lessons/digit_library.h"

namespace chainrule {

/// All that decides a training run, besides what people change on the way.
struct DigitSetup {
  DigitModelOptions model;
  OptimizerKind optimizer = OptimizerKind::kMomentum;
  float lr = 0.02f, momentum = 0.9f;
  std::uint64_t seed = 1;
};

/// The mini-batches of a run.
struct DigitBatches final : BatchSource {
  DigitBatches(std::shared_ptr<const DigitSet> of, int batch, std::uint64_t seed)
      : digits(std::move(of)), batcher(static_cast<std::uint32_t>(digits->train.count), static_cast<std::uint32_t>(batch), seed) {}
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    gather(digits->train, batcher.batch_at(step), x, target);
  }
  gpu::Samples samples() const { return {.pixels = digits->train.pixels, .labels = digits->train.labels}; }
  std::shared_ptr<const DigitSet> digits;
  Batcher batcher;
};

/// What is known of every step of a run.
using DigitStep = GpuAhead::Note;

class DigitTrainer {
 public:
  /// Starts at step 0 with the weights of the seed. Requires: digits is not null. Batches larger than the training set
  /// are cut to it.
  DigitTrainer(const DigitSetup& setup, std::shared_ptr<const DigitSet> digits);

  bool advance(std::int64_t budget) { return run_->advance(budget); }
  /// See GpuTrainingRun::take_ahead; the steps that were taken.
  struct Ahead {
    bool threaded = false;
    std::vector<DigitStep> steps;
  };
  Ahead take_ahead(std::int64_t last);
  void stop_ahead() { run_->stop_ahead(); }
  /// Has a GPU made steps that the shown one follows from?
  bool approximate() const { return run_->approximate(); }
  /// The step that was just completed.
  DigitStep last_step() const;

  const DigitSetup& setup() const { return setup_; }
  const DigitSet& digits() const { return *run_->source().digits; }
  std::shared_ptr<const DigitSet> shared_digits() const { return run_->source().digits; }
  const Trainer& trainer() const { return run_->trainer(); }
  /// To change it.
  Trainer& change() { return run_->change(); }
  const Program& program() const { return trainer().program(); }
  TensorId x() const { return x_; }
  TensorId labels() const { return labels_; }
  TensorId probabilities() const { return probabilities_; }
  std::int64_t steps_per_epoch() const { return run_->source().batcher.steps_per_epoch(); }
  int batch() const { return static_cast<int>(run_->source().batcher.batch()); }
  /// Which training digit sample `n` of the batch of step `step` is (steps count from 1).
  std::uint32_t training_digit(std::int64_t step, int n) const;
  void set_rates(float lr, float momentum);
  std::int64_t parameter_count() const;
  /// All current parameters, concatenated.
  std::vector<float> parameters() const { return trainer().parameters(); }
  void set_parameters(std::span<const float> values);

 private:
  /// Of every step, also of those that are not shown.
  struct Notes {
    std::vector<DigitStep> steps;
    void add(const Trainer& trainer);
    bool full() const { return steps.size() >= 4096; }
  };

  DigitSetup setup_;
  TensorId x_ = kNoTensor, labels_ = kNoTensor, probabilities_ = kNoTensor;
  std::unique_ptr<GpuTrainingRun<Notes, DigitBatches>> run_;
};

}  // namespace chainrule
