// The networks whose landscape is shown: a small one on points of the plane, and LeNet on digits.
#pragma once

#include <memory>
#include <string>

#include "engine/data/batcher.h"
#include "engine/data/toy2d.h"
#include "engine/landscape/evaluation_set.h"
#include "engine/optim/optimizer.h"
#include "web/gpu/gpu_training_run.h"
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

/// The mini-batches of a run: of digits, or of points.
struct PlaneBatches final : BatchSource {
  PlaneBatches(const PlaneSetup& setup, std::shared_ptr<const DigitSet> digits);
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override;
  gpu::Samples samples() const;
  std::shared_ptr<const DigitSet> digits;  // null: points
  Points2d points;
  std::vector<float> targets;  // of the points: 1 and −1
  Batcher batcher;
};

/// The data of a run, its training program, and the samples that the landscape is measured on.
class PlaneTraining {
 public:
  static constexpr int kPoints = 500, kDigits = 256;

  /// Requires: `digits` for LeNet. A batch larger than the training set is cut to it.
  PlaneTraining(const PlaneSetup& setup, std::shared_ptr<const DigitSet> digits);

  bool advance(std::int64_t budget) { return run_->advance(budget); }
  /// θ after a step.
  struct Place {
    std::int64_t step = 0;
    std::vector<float> theta;
  };
  /// See GpuTrainingRun::take_ahead; the places of every stride-th of the steps that were taken. A GPU tells only the place that
  /// is shown, whatever its step.
  struct Ahead {
    bool threaded = false;
    bool stepped = false;
    bool on_gpu = false;
    std::vector<Place> places;
  };
  Ahead take_ahead(std::int64_t last, std::int64_t stride);
  void stop_ahead() { run_->stop_ahead(); }
  /// Has a GPU made steps that the shown one follows from?
  bool approximate() const { return run_->approximate(); }

  const PlaneSetup& setup() const { return setup_; }
  const Trainer& trainer() const { return run_->trainer(); }
  /// To change it.
  Trainer& change() { return run_->change(); }
  /// Which training sample is number `n` of the batch of update `step` (from 1).
  std::uint32_t sample_of(std::int64_t step, int n) const { return run_->source().batcher.batch_at(step - 1)[static_cast<std::size_t>(n)]; }
  int batch() const { return static_cast<int>(run_->source().batcher.batch()); }
  const Points2d& points() const { return run_->source().points; }
  /// A new one each: measuring in one does not disturb another.
  std::unique_ptr<EvaluationSet> evaluation_set() const;
  /// Of what evaluation_set holds: "all 500 training points", "the first 256 test digits".
  std::string evaluation_name() const;
  std::vector<float> theta() const { return trainer().parameters(); }

 private:
  struct Notes {
    std::int64_t stride = 1;
    std::vector<Place> places;
    void add(const Trainer& trainer);
    bool full() const;
  };
  using Run = GpuTrainingRun<Notes, PlaneBatches>;
  static std::unique_ptr<Run> make_run(const PlaneSetup& setup, PlaneBatches batches);

  PlaneSetup setup_;
  std::unique_ptr<Run> run_;
};

}  // namespace chainrule
