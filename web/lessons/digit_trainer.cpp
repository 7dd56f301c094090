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
  run_ = std::make_unique<GpuTrainingRun<Notes, DigitBatches>>(std::move(trainer), DigitBatches(std::move(digits), setup_.model.batch, setup.seed),
                                                               GpuTrainingRun<Notes, DigitBatches>::Tensors{x_, labels_, probabilities_});
  set_rates(setup_.lr, setup_.momentum);
}

void DigitTrainer::Notes::add(const Trainer& trainer) { steps.push_back(step_of(trainer)); }

DigitStep DigitTrainer::last_step() const { return step_of(trainer()); }

DigitTrainer::Ahead DigitTrainer::take_ahead(std::int64_t last) {
  auto ahead = run_->take_ahead(last);
  if (ahead.gpu_notes) return {true, std::move(*ahead.gpu_notes)};
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
