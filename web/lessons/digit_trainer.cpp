#include "web/lessons/digit_trainer.h"

#include <algorithm>

#include "engine/data/confusion.h"

namespace chainrule {
namespace {

/// The trainer's last step. Requires: its numbers are in the buffers.
DigitStep step_of(const Trainer& trainer) {
  const Program& program = trainer.program();
  const auto numbers = [&](std::string_view name) { return trainer.buffers()[program.find(name)]; };
  return {trainer.step(), *trainer.loss(), count_correct(numbers("softmax.p"), numbers("label"))};
}

DigitSetup fitted(DigitSetup setup, const DigitSet& digits) {
  setup.model.batch = std::min(setup.model.batch, digits.train.count);
  return setup;
}

}  // namespace

DigitTrainer::DigitTrainer(const DigitSetup& setup, std::shared_ptr<const DigitSet> digits) : setup_(fitted(setup, *digits)) {
  DigitClassifier built = build_digit_model(setup_.model);
  x_ = built.x;
  labels_ = built.labels;
  probabilities_ = built.head.probabilities;
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, setup_.optimizer);
  append_changes(program);
  auto trainer = std::make_unique<Trainer>(std::move(program), x_, labels_);
  trainer->start(setup_.seed);
  run_ = std::make_unique<TrainingRun<Notes, DigitBatches>>(std::move(trainer), DigitBatches(std::move(digits), setup_.model.batch, setup.seed));
  set_rates(setup_.lr, setup_.momentum);
}

void DigitTrainer::Notes::add(const Trainer& trainer) { steps.push_back(step_of(trainer)); }

DigitStep DigitTrainer::last_step() const { return step_of(trainer()); }

std::unique_ptr<GpuAhead> DigitTrainer::make_gpu_ahead(gpu::Pipelines& pipelines, std::function<double()> clock,
                                                       const GpuAhead::Settings& settings) const {
  auto batches = std::make_unique<DigitBatches>(run_->source());
  const ImageSet& train = batches->digits->train;
  const auto order = [batcher = batches->batcher](std::int64_t step) { return batcher.batch_at(step); };
  return std::make_unique<GpuAhead>(pipelines, trainer().twin(), std::move(batches),
                                    GpuAhead::Pictures{x_, labels_, probabilities_, train.pixels, train.labels}, order, std::move(clock), settings);
}

DigitTrainer::Ahead DigitTrainer::take_ahead(std::int64_t last) {
  const auto make = [this](gpu::Pipelines& pipelines, std::function<double()> clock, const GpuAhead::Settings& settings) {
    return make_gpu_ahead(pipelines, std::move(clock), settings);
  };
  if (auto notes = on_gpu_.take(run_->shown(), last, make)) {
    run_->stop_ahead();
    return {true, std::move(*notes)};
  }
  auto ahead = run_->take_ahead(last);
  return {ahead.threaded, ahead.notes ? std::move(ahead.notes->steps) : std::vector<DigitStep>{}};
}

std::uint32_t DigitTrainer::training_digit(std::int64_t step, int n) const {
  return run_->source().batcher.batch_at(step - 1)[static_cast<std::size_t>(n)];
}

void DigitTrainer::set_rates(float lr, float momentum) {
  setup_.lr = lr;
  setup_.momentum = momentum;
  change().set_hyper("lr", lr);
  if (program().find("momentum") != kNoTensor) change().set_hyper("momentum", momentum);
}

std::int64_t DigitTrainer::parameter_count() const {
  std::int64_t count = 0;
  for (const TensorId id : program().of_kind(TensorKind::kParameter)) count += program().info(id).shape.size();
  return count;
}

void DigitTrainer::set_parameters(std::span<const float> values) {
  for (const TensorId id : program().of_kind(TensorKind::kParameter)) {
    const auto size = static_cast<std::size_t>(program().info(id).shape.size());
    change().assign(id, values.first(size));
    values = values.subspan(size);
  }
}

}  // namespace chainrule
