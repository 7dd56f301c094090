// DigitScores: how well the network does, over the run: losses, accuracies, mistakes. Records only, no part of the model.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/background.h"
#include "engine/train/evaluator.h"
#include "web/lessons/digit_trainer.h"

namespace chainrule {

/// One accuracy with its 95 % interval.
struct ScorePoint {
  std::int64_t step = 0;
  float images_seen = 0.0f;
  float accuracy = 0.0f, low = 0.0f, high = 0.0f;
};

class DigitScores {
 public:
  static constexpr int kFixedDigits = 1000;

  /// Records a step with `batch` samples. Later records are dropped if the run branched.
  void record(const DigitStep& step, int batch);
  /// The run was changed at `step`: what came after it is no longer true.
  void branch(std::int64_t step);
  /// The network itself was changed at `step`: what was counted there is not true either.
  void forget_counts(std::int64_t step);

  /// Counts test digits in slices: a fixed thousand now and then, all of them after an epoch or when asked.
  /// True while there is more to do.
  bool work(const DigitTrainer& trainer, std::int64_t budget);
  void request_full_test() { full_requested_ = true; }

  /// Curves by step: entry i is step i + 1. Only the first `step` entries are the present run's.
  std::span<const float> images_seen(std::int64_t step) const { return upto(images_seen_, step); }
  std::span<const float> losses(std::int64_t step) const { return upto(losses_, step); }
  std::span<const float> smooth_losses(std::int64_t step) const { return upto(smooth_, step); }
  std::span<const float> accuracies(std::int64_t step) const { return upto(accuracies_, step); }
  const std::vector<ScorePoint>& fixed_points() const { return fixed_points_; }
  const std::vector<ScorePoint>& full_points() const { return full_points_; }

  /// Of the last complete count; null before there is one.
  const ConfusionMatrix* fixed_confusion() const { return fixed_step_ < 0 ? nullptr : &fixed_confusion_; }
  const ConfusionMatrix* full_confusion() const { return full_step_ < 0 ? nullptr : &full_confusion_; }
  std::int64_t fixed_step() const { return fixed_step_; }
  std::int64_t full_step() const { return full_step_; }
  /// Progress of the count of all test digits, 0..1; negative when none is under way.
  float full_progress() const;

  struct Mistake {
    int index = 0, truth = 0, predicted = 0;
    float confidence = 0.0f, truth_probability = 0.0f;
  };
  /// On the fixed digits, the surest first.
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  std::uint64_t version() const { return version_; }

 private:
  /// A count of test digits, on the measuring thread where there is one.
  struct Count {
    std::shared_ptr<Evaluator> evaluator;  // null before the first
    BackgroundWork thread;
    bool running = false;
  };
  static std::span<const float> upto(const std::vector<float>& values, std::int64_t step);
  bool fixed_due(const Trainer& trainer) const;
  /// Makes the evaluator on first use and begins a count with the present weights.
  static void begin(Count& count, const DigitTrainer& trainer, int digits);
  /// True when all are counted.
  static bool advance(Count& count, std::int64_t budget);
  static void give_up(Count& count);
  void finish_fixed(const DigitTrainer& trainer);
  void finish_full();

  std::vector<float> images_seen_, losses_, smooth_, accuracies_;
  std::vector<ScorePoint> fixed_points_, full_points_;
  Count fixed_, full_;
  ConfusionMatrix fixed_confusion_{10}, full_confusion_{10};
  std::vector<Mistake> mistakes_;
  std::int64_t fixed_step_ = -1, full_step_ = -1;      // of the last complete counts
  std::int64_t fixed_started_ = -1, full_started_ = -1;  // of the counts under way
  float fixed_images_ = 0.0f, full_images_ = 0.0f;
  std::int64_t last_seen_step_ = -1;
  std::int64_t epoch_tested_ = 0;
  bool full_requested_ = false;
  std::uint64_t version_ = 0;
};

}  // namespace chainrule
