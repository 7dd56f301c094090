// DigitTrainer: a digit classifier in training: its program, its trainer and its batches.
#pragma once

#include <memory>
#include <string>

#include "engine/data/batcher.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "web/lessons/digit_library.h"

namespace chainrule {

/// All that decides a training run, besides what people change on the way.
struct DigitSetup {
  DigitModelOptions model;
  OptimizerKind optimizer = OptimizerKind::kMomentum;
  float lr = 0.02f, momentum = 0.9f;
  std::uint64_t seed = 1;
};

class DigitTrainer final : public BatchSource {
 public:
  /// Starts at step 0 with the weights of the seed. Requires: digits is not null. Batches larger than the training set
  /// are cut to it.
  DigitTrainer(const DigitSetup& setup, std::shared_ptr<const DigitSet> digits);

  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override;
  bool advance(std::int64_t budget) { return trainer_->advance(budget, *this); }

  const DigitSetup& setup() const { return setup_; }
  const DigitSet& digits() const { return *digits_; }
  Trainer& trainer() { return *trainer_; }
  const Trainer& trainer() const { return *trainer_; }
  const Program& program() const { return trainer_->program(); }
  TensorId x() const { return x_; }
  TensorId labels() const { return labels_; }
  TensorId probabilities() const { return probabilities_; }
  std::int64_t steps_per_epoch() const { return batcher_.steps_per_epoch(); }
  int batch() const { return static_cast<int>(batcher_.batch()); }
  /// Which training digit sample `n` of the batch of step `step` is (steps count from 1).
  std::uint32_t training_digit(std::int64_t step, int n) const;
  void set_rates(float lr, float momentum);
  std::int64_t parameter_count() const;
  /// All current parameters, concatenated.
  std::vector<float> parameters() const;
  void set_parameters(std::span<const float> values);

 private:
  DigitSetup setup_;
  std::shared_ptr<const DigitSet> digits_;
  Batcher batcher_;
  TensorId x_ = kNoTensor, labels_ = kNoTensor, probabilities_ = kNoTensor;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace chainrule
