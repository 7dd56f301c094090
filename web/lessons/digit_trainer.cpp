#include "web/lessons/digit_trainer.h"

#include <algorithm>

namespace chainrule {
namespace {

DigitSetup fitted(DigitSetup setup, const DigitSet& digits) {
  setup.model.batch = std::min(setup.model.batch, digits.train.count);
  return setup;
}

}  // namespace

DigitTrainer::DigitTrainer(const DigitSetup& setup, std::shared_ptr<const DigitSet> digits)
    : setup_(fitted(setup, *digits)),
      digits_(std::move(digits)),
      batcher_(static_cast<std::uint32_t>(digits_->train.count), static_cast<std::uint32_t>(setup_.model.batch), setup.seed) {
  DigitClassifier built = build_digit_model(setup_.model);
  x_ = built.x;
  labels_ = built.labels;
  probabilities_ = built.head.probabilities;
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, setup_.optimizer);
  append_changes(program);
  trainer_ = std::make_unique<Trainer>(std::move(program), x_, labels_);
  trainer_->start(setup_.seed);
  set_rates(setup_.lr, setup_.momentum);
}

void DigitTrainer::fill(std::int64_t step, std::span<float> x, std::span<float> target) {
  gather(digits_->train, batcher_.batch_at(step), x, target);
}

std::uint32_t DigitTrainer::training_digit(std::int64_t step, int n) const {
  return batcher_.batch_at(step - 1)[static_cast<std::size_t>(n)];
}

void DigitTrainer::set_rates(float lr, float momentum) {
  setup_.lr = lr;
  setup_.momentum = momentum;
  trainer_->set_hyper("lr", lr);
  if (program().find("momentum") != kNoTensor) trainer_->set_hyper("momentum", momentum);
}

std::int64_t DigitTrainer::parameter_count() const {
  std::int64_t count = 0;
  for (const TensorId id : program().of_kind(TensorKind::kParameter)) count += program().info(id).shape.size();
  return count;
}

std::vector<float> DigitTrainer::parameters() const {
  std::vector<float> values;
  for (const TensorId id : program().of_kind(TensorKind::kParameter)) {
    const std::span<const float> current = trainer_->current(id);
    values.insert(values.end(), current.begin(), current.end());
  }
  return values;
}

void DigitTrainer::set_parameters(std::span<const float> values) {
  for (const TensorId id : program().of_kind(TensorKind::kParameter)) {
    const auto size = static_cast<std::size_t>(program().info(id).shape.size());
    trainer_->assign(id, values.first(size));
    values = values.subspan(size);
  }
}

}  // namespace chainrule
