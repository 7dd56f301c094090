// The networks whose landscape is shown: a small one on points of the plane, and LeNet on digits.
#pragma once

#include <memory>
#include <string>

#include "engine/data/batcher.h"
#include "engine/data/toy2d.h"
#include "engine/landscape/evaluation_set.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "web/lessons/digit_library.h"

namespace chainrule {

/// All that decides a run, besides what people change on the way.
struct PlaneSetup {
  bool lenet = false;
  Toy2d points = Toy2d::kCircles;
  int layers = 2, units = 8;  // hidden
  Activation activation = Activation::kTanh;
  int batch = 10;
  OptimizerKind optimizer = OptimizerKind::kSgd;
  std::uint64_t seed = 1;
};

/// Forward and loss on `batch` samples: tensors x, target, the layers h1, h2, ..., o (or LeNet's), loss.each, loss.
/// Points have one tanh unit as output, targets 1 and −1, and half the squared error; digits the softmax's cross-entropy.
ForwardPass plane_forward(const PlaneSetup& setup, int batch);

/// The data of a run, its training program, and the samples that the landscape is measured on.
class PlaneTraining final : public BatchSource {
 public:
  static constexpr int kPoints = 500, kDigits = 256;

  /// Requires: `digits` for LeNet. A batch larger than the training set is cut to it.
  PlaneTraining(const PlaneSetup& setup, std::shared_ptr<const DigitSet> digits);

  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override;
  bool advance(std::int64_t budget) { return trainer_->advance(budget, *this); }

  const PlaneSetup& setup() const { return setup_; }
  Trainer& trainer() { return *trainer_; }
  const Trainer& trainer() const { return *trainer_; }
  /// Which training sample is number `n` of the batch of update `step` (from 1).
  std::uint32_t sample_of(std::int64_t step, int n) const { return batcher_.batch_at(step - 1)[static_cast<std::size_t>(n)]; }
  int batch() const { return static_cast<int>(batcher_.batch()); }
  const Points2d& points() const { return points_; }
  /// A new one each: measuring in one does not disturb another.
  std::unique_ptr<EvaluationSet> evaluation_set() const;
  /// Of what evaluation_set holds: "all 500 training points", "the first 256 test digits".
  std::string evaluation_name() const;
  std::vector<float> theta() const;

 private:
  PlaneSetup setup_;
  std::shared_ptr<const DigitSet> digits_;
  Points2d points_;
  Batcher batcher_;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace chainrule
