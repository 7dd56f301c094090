// Evaluator: the accuracy of a classifier on a set of digits, in slices, apart from training.
#pragma once

#include <atomic>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/data/confusion.h"
#include "engine/data/dataset.h"

namespace chainrule {

/// Runs a forward program over images in order. It has its own copy of the parameters, so that training neither waits
/// nor changes. Source of the error bar: engine/data/confusion.h.
class Evaluator {
 public:
  /// `forward` has the inputs x [B,...] and labels [B], and output `probabilities` [B,classes].
  Evaluator(Program forward, TensorId x, TensorId labels, TensorId probabilities);
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  const Program& program() const { return program_; }
  /// Begins anew over the first `count` images. Requires: `images` outlives the evaluation.
  void start(const ImageSet& images, int count);
  /// Copies a parameter of the trained program, by name. To be called for each after start.
  void set_parameter(std::string_view name, std::span<const float> values);
  /// Works for about `budget` multiply-adds, at least one batch; true when all images are done.
  bool advance(std::int64_t budget);

  bool running() const { return images_ != nullptr && done_ < count_; }
  int done() const { return done_; }
  int count() const { return count_; }
  const ConfusionMatrix& confusion() const { return confusion_; }
  double mean_loss() const { return done_ == 0 ? 0.0 : loss_sum_ / done_; }
  /// Of image i < done(): the class with the largest probability, and that probability.
  int predicted(int image) const { return predicted_[static_cast<std::size_t>(image)]; }
  float confidence(int image) const { return confidence_[static_cast<std::size_t>(image)]; }
  /// The probability of its true class.
  float truth_probability(int image) const { return truth_probability_[static_cast<std::size_t>(image)]; }

 private:
  void run_batch();

  Program program_;
  CpuBackend backend_;
  TensorId x_, labels_, probabilities_;
  const ImageSet* images_ = nullptr;
  int count_ = 0;
  std::atomic<int> done_ = 0;  // others may look how far it is
  std::int64_t work_ = 0;  // of one batch
  double loss_sum_ = 0.0;
  ConfusionMatrix confusion_;
  std::vector<std::uint8_t> predicted_;
  std::vector<float> confidence_, truth_probability_;
  std::vector<std::uint32_t> indices_;
};

}  // namespace chainrule
