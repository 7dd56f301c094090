#include "web/lessons/digit_scores.h"

#include <algorithm>

namespace chainrule {
namespace {

constexpr int kEvaluationBatch = 25;
constexpr std::int64_t kMostStepsBetweenCounts = 100;
constexpr float kSmoothing = 0.95f;

std::unique_ptr<Evaluator> make_evaluator(DigitModelOptions model) {
  model.batch = kEvaluationBatch;
  const DigitClassifier built = build_digit_model(model);
  return std::make_unique<Evaluator>(built.graph.program(), built.x, built.labels, built.head.probabilities);
}

ScorePoint point_of(const ConfusionMatrix& confusion, std::int64_t step, float images_seen) {
  const Interval interval = wilson_interval(confusion.correct(), confusion.total());
  return {step, images_seen, static_cast<float>(*confusion.accuracy()), static_cast<float>(interval.low),
          static_cast<float>(interval.high)};
}

/// Points are kept in the order of steps, one a step.
void insert(std::vector<ScorePoint>& points, const ScorePoint& point) {
  const auto at = std::ranges::lower_bound(points, point.step, {}, &ScorePoint::step);
  if (at != points.end() && at->step == point.step)
    *at = point;
  else
    points.insert(at, point);
}

float images_seen_at(const DigitTrainer& trainer) {
  return static_cast<float>(trainer.trainer().step() * trainer.batch());
}

}  // namespace

std::span<const float> DigitScores::upto(const std::vector<float>& values, std::int64_t step) {
  return std::span(values).first(std::min(values.size(), static_cast<std::size_t>(step)));
}

void DigitScores::record(const DigitStep& step, int batch) {
  const auto at = static_cast<std::size_t>(step.step - 1);
  const float accuracy = static_cast<float>(step.correct) / static_cast<float>(batch);
  for (std::vector<float>* curve : {&images_seen_, &losses_, &smooth_, &accuracies_})
    if (curve->size() <= at) curve->resize(at + 1);
  // Running means that forget; sooner at the start, where there is more to forget.
  const float keep = std::min(kSmoothing, static_cast<float>(at) / static_cast<float>(at + 5));
  images_seen_[at] = (at == 0 ? 0.0f : images_seen_[at - 1]) + static_cast<float>(batch);
  losses_[at] = step.loss;
  smooth_[at] = at == 0 ? step.loss : keep * smooth_[at - 1] + (1.0f - keep) * step.loss;
  accuracies_[at] = at == 0 ? accuracy : keep * accuracies_[at - 1] + (1.0f - keep) * accuracy;
}

void DigitScores::branch(std::int64_t step) {
  const auto kept = [&](std::vector<float>& values) { values.resize(std::min(values.size(), static_cast<std::size_t>(step))); };
  kept(images_seen_), kept(losses_), kept(smooth_), kept(accuracies_);
  const auto later = [&](const ScorePoint& point) { return point.step > step; };
  std::erase_if(fixed_points_, later);
  std::erase_if(full_points_, later);
  epoch_tested_ = 0;
}

void DigitScores::forget_counts(std::int64_t step) {
  branch(step);
  const auto now = [&](const ScorePoint& point) { return point.step == step; };
  std::erase_if(fixed_points_, now);
  std::erase_if(full_points_, now);
  give_up(fixed_);
  give_up(full_);
  mistakes_.clear();
  fixed_step_ = full_step_ = -1;
  ++version_;
}

bool DigitScores::fixed_due(const Trainer& trainer) const {
  const std::int64_t step = trainer.step();
  if (fixed_step_ == step) return false;
  // A run that pauses is counted at once; one that goes on now and then, more often while it learns fast.
  const bool pauses = step == last_seen_step_ && !trainer.mid_step();
  return pauses || step < fixed_step_ || step - fixed_step_ >= std::min(kMostStepsBetweenCounts, 10 + step / 4);
}

void DigitScores::begin(Count& count, const DigitTrainer& trainer, int digits) {
  if (count.evaluator == nullptr) count.evaluator = make_evaluator(trainer.setup().model);
  Evaluator& evaluator = *count.evaluator;
  evaluator.start(trainer.digits().test, digits);
  for (const TensorId id : trainer.program().of_kind(TensorKind::kParameter))
    evaluator.set_parameter(trainer.program().info(id).name, trainer.trainer().current(id));
  count.running = true;
  count.thread.start([evaluator = count.evaluator, digits_stay = trainer.shared_digits()] { return evaluator->advance(1); });
}

bool DigitScores::advance(Count& count, std::int64_t budget) {
  const bool done = count.thread.started() ? count.thread.done() : count.evaluator->advance(budget);
  if (!done) return false;
  count.thread.cancel();
  count.running = false;
  return true;
}

// A thread may still be at it: the next count has an evaluator of its own.
void DigitScores::give_up(Count& count) {
  count.thread.cancel();
  count.evaluator.reset();
  count.running = false;
}

bool DigitScores::work(const DigitTrainer& trainer, std::int64_t budget) {
  const std::int64_t step = trainer.trainer().step();
  const int test_count = trainer.digits().test.count;
  const int fixed_count = std::min(kFixedDigits, test_count);
  if (!fixed_.running && fixed_due(trainer.trainer())) {
    begin(fixed_, trainer, fixed_count);
    fixed_started_ = step;
    fixed_images_ = images_seen_at(trainer);
  }
  last_seen_step_ = step;
  if (fixed_.running) {
    if (advance(fixed_, budget)) finish_fixed(trainer);
    return true;
  }
  const std::int64_t epoch = step / trainer.steps_per_epoch();
  const bool epoch_ended = epoch > epoch_tested_ && step % trainer.steps_per_epoch() == 0;
  if (!full_.running && test_count > fixed_count && (full_requested_ || epoch_ended)) {
    begin(full_, trainer, test_count);
    full_started_ = step;
    full_images_ = images_seen_at(trainer);
    epoch_tested_ = std::max(epoch_tested_, epoch);
  }
  full_requested_ = false;
  if (full_.running && advance(full_, budget)) finish_full();
  return full_.running || fixed_due(trainer.trainer());
}

void DigitScores::finish_fixed(const DigitTrainer& trainer) {
  fixed_confusion_ = fixed_.evaluator->confusion();
  fixed_step_ = fixed_started_;
  insert(fixed_points_, point_of(fixed_confusion_, fixed_step_, fixed_images_));
  mistakes_.clear();
  for (int i = 0; i < fixed_.evaluator->count(); ++i) {
    const int truth = trainer.digits().test.labels[static_cast<std::size_t>(i)];
    if (fixed_.evaluator->predicted(i) != truth) mistakes_.push_back({i, truth, fixed_.evaluator->predicted(i), fixed_.evaluator->confidence(i), fixed_.evaluator->truth_probability(i)});
  }
  std::ranges::stable_sort(mistakes_, std::ranges::greater{}, &Mistake::confidence);
  ++version_;
}

void DigitScores::finish_full() {
  full_confusion_ = full_.evaluator->confusion();
  full_step_ = full_started_;
  insert(full_points_, point_of(full_confusion_, full_step_, full_images_));
  ++version_;
}

float DigitScores::full_progress() const {
  return full_.running ? static_cast<float>(full_.evaluator->done()) / static_cast<float>(full_.evaluator->count()) : -1.0f;
}

}  // namespace chainrule
