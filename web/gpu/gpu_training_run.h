// GpuTrainingRun: a TrainingRun whose steps ahead a GPU makes where one was chosen and does, and a thread where not.
#pragma once

#include "engine/train/training_run.h"
#include "web/gpu/training.h"

namespace chainrule {

/// `Source` is a copyable BatchSource with a `batcher` and `samples()`: what the GPU gathers its batches from, which the source
/// keeps; of the tensors only their numbers. `Notes` as TrainingAhead has them.
template <class Notes, class Source>
class GpuTrainingRun {
 public:
  /// The inputs of the program, and with `probabilities` what right answers are counted from.
  struct Tensors {
    TensorId x = kNoTensor, target = kNoTensor, probabilities = kNoTensor;
  };

  GpuTrainingRun(std::unique_ptr<Trainer> trainer, Source source, const Tensors& tensors)
      : run_(std::move(trainer), std::move(source)), tensors_(tensors) {}

  const Trainer& trainer() const { return run_.trainer(); }
  /// To change it: what was computed ahead counts no more.
  Trainer& change() {
    on_gpu_.cancel();
    return run_.change();
  }
  const Source& source() const { return run_.source(); }
  bool advance(std::int64_t budget) {
    on_gpu_.cancel();
    on_gpu_.goes_on_from(trainer().step());
    return run_.advance(budget);
  }
  void stop_ahead() {
    on_gpu_.cancel();
    run_.stop_ahead();
  }

  /// See TrainingRun::take_ahead. A GPU tells less of the steps on the way than a thread does.
  struct Ahead {
    bool threaded = false;
    std::optional<Notes> notes;                           // of a thread
    std::optional<std::vector<GpuAhead::Note>> gpu_notes; // of a GPU, where it is at work
  };
  Ahead take_ahead(std::int64_t last, const Notes& blank = {}) {
    const auto make = [this](gpu::Pipelines& pipelines, std::function<double()> clock, const GpuAhead::Settings& settings) {
      return make_gpu_ahead(pipelines, std::move(clock), settings);
    };
    if (auto notes = on_gpu_.take(run_.shown(), last, make)) {
      run_.stop_ahead();
      return {true, std::nullopt, std::move(notes)};
    }
    auto ahead = run_.take_ahead(last, blank);
    return {ahead.threaded, std::move(ahead.notes), std::nullopt};
  }
  /// Has a GPU made steps that the shown one follows from?
  bool approximate() const { return on_gpu_.approximate(trainer().step()); }

 private:
  std::unique_ptr<GpuAhead> make_gpu_ahead(gpu::Pipelines& pipelines, std::function<double()> clock, const GpuAhead::Settings& settings) const {
    auto batches = std::make_unique<Source>(run_.source());  // GpuAhead keeps it, and with it the samples
    GpuAhead::Samples samples{batches->samples(), tensors_.probabilities};
    samples.x = tensors_.x;
    samples.target = tensors_.target;
    const auto order = [batcher = batches->batcher](std::int64_t step) { return batcher.batch_at(step); };
    return std::make_unique<GpuAhead>(pipelines, trainer().twin(), std::move(batches), samples, order, std::move(clock), settings);
  }

  TrainingRun<Notes, Source> run_;
  Tensors tensors_;
  gpu::TrainingOnGpu on_gpu_;
};

}  // namespace chainrule
