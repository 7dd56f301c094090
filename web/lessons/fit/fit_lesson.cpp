#include "web/lessons/fit/fit_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/data/batcher.h"
#include "engine/nn/initialize.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {

FitLesson::FitLesson(LessonInfo info, std::vector<ParamSpec> params)
    : params_(std::move(params)), info_(std::move(info)), program_(std::make_shared<Program>()) {}

void FitLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = pending_ = 0;
  before_.reset();
  by_hand_.clear();
  forget();
  points_ = start_points();
  program_ = std::make_shared<const Program>(make_program());
  now_ = Buffers<float>(program());
  initialize(program(), now_, seed_);
  // What was drawn is the value after no update, which is the one before the first.
  now_.trade_places();
  run();
}

std::vector<TensorId> FitLesson::carried() const {
  std::vector<TensorId> ids = program_->of_kind(TensorKind::kParameter);
  for (const TensorId id : program_->of_kind(TensorKind::kState)) ids.push_back(id);
  return ids;
}

void FitLesson::rebuild() {
  std::vector<std::vector<float>> kept;
  for (const TensorId id : carried()) kept.emplace_back(now_[id].begin(), now_[id].end());
  program_ = std::make_shared<const Program>(make_program());
  now_ = Buffers<float>(program());
  std::size_t i = 0;
  for (const TensorId id : carried()) std::ranges::copy(kept[i++], now_[id].begin());
  run();
}

void FitLesson::set_points(FitPoints points) {
  const bool alike = points.size() == points_.size();
  points_ = std::move(points);
  if (alike) run();
  else rebuild();
}

std::int64_t FitLesson::steps_per_epoch() const {
  return Batcher(static_cast<std::uint32_t>(points_.size()), static_cast<std::uint32_t>(batch_size()), seed_).steps_per_epoch();
}

std::vector<std::uint32_t> FitLesson::next_batch() const {
  const Batcher batcher(static_cast<std::uint32_t>(points_.size()), static_cast<std::uint32_t>(batch_size()), seed_);
  const std::span<const std::uint32_t> batch = batcher.batch_at(step_);
  return {batch.begin(), batch.end()};
}

void FitLesson::put(std::vector<float>& list, float value) const {
  list.resize(static_cast<std::size_t>(step_) + 1, std::nanf(""));
  list.back() = value;
}

void FitLesson::run() {
  batch_ = next_batch();
  std::ranges::sort(batch_);
  fill(now_);
  work_ = 0;
  for (const OpCall& call : program_->calls) {
    run_reference(call, now_);
    work_ += Program::work_of(call);
  }
  ++version_;
  remember();
}

bool FitLesson::advance(std::int64_t budget) {
  pending_ += std::max<std::int64_t>(budget, 1);
  if (pending_ < work_) return false;
  pending_ = 0;
  before_ = Before{program_, now_};
  now_.trade_places();
  by_hand_.clear();
  ++step_;
  run();
  return true;
}

Status FitLesson::apply(const Action& action) {
  if (action.kind == Action::Kind::kAssign && is_ready()) return set_weights(action.name, action.data);
  if (action.kind == Action::Kind::kEdit && is_ready()) {
    const TensorId id = program_->find(action.name);
    if (id == kNoTensor || program_->info(id).kind != TensorKind::kParameter) return Error{"Weights can be set; " + action.name + " cannot."};
    if (!(action.number >= 0 && action.number < static_cast<double>(now_[id].size())) || action.data.size() != 1)
      return Error{"There is no number " + shortest_text(action.number) + " in " + action.name + "."};
    std::vector<float> values(now_[id].begin(), now_[id].end());
    values[static_cast<std::size_t>(action.number)] = action.data[0];
    return set_weights(action.name, values);
  }
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  params_.put(action.name, action.number);
  if (!is_ready()) return Done{};
  if (row.value()->restarts) reset(seed_);
  else if (row.value()->changes_model) rebuild();
  return Done{};
}

Status FitLesson::set_weights(std::string_view tensor, std::span<const float> values) {
  const TensorId id = program_->find(tensor);
  const bool fits = id != kNoTensor && program_->info(id).kind == TensorKind::kParameter && values.size() == now_[id].size();
  if (!fits) return Error{"There are no " + std::to_string(values.size()) + " weights named " + std::string(tensor) + "."};
  for (const float value : values)
    if (!std::isfinite(value) || std::abs(value) > 1e6f) return Error{"A weight is between −1,000,000 and 1,000,000, not " + shortest_text(value) + "."};
  std::ranges::copy(values, now_[id].begin());
  if (std::ranges::count(by_hand_, tensor) == 0) by_hand_.emplace_back(tensor);
  run();
  return Done{};
}

std::optional<double> FitLesson::loss() const {
  if (!is_ready()) return std::nullopt;
  return static_cast<double>(values("J")[0]);
}

std::string FitLesson::divergence() const {
  if (!is_ready()) return "";
  std::vector<TensorId> ids = carried();
  ids.push_back(program_->find("J"));
  return divergence_text({program(), now_}, ids, step_);
}

// --------------------------------------------------------------------------------------------------------------- state

std::uint64_t FitLesson::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(std::span<const float>(points_.x));
  hasher.add(std::span<const float>(points_.y));
  for (const TensorId id : carried()) hasher.add(now_[id]);
  return hasher.value();
}

Snapshot FitLesson::save() const {
  SnapshotWriter writer = begin_run(seed_, step_, params_.values());
  writer.add(static_cast<float>(points_.size()));
  writer.add(std::span<const float>(points_.x));
  writer.add(std::span<const float>(points_.y));
  for (const TensorId id : carried()) writer.add(std::span<const float>(now_[id]));
  return writer.take();
}

void FitLesson::restore(const Snapshot& snapshot) {
  const std::optional<SavedRun> saved = read_run(snapshot, params().size());
  CHECK(saved.has_value() && !saved->numbers.empty(), "a snapshot of another lesson");
  params_.restore(saved->values);
  seed_ = saved->seed;
  step_ = saved->step;
  pending_ = 0;
  before_.reset();
  by_hand_.clear();
  auto from = saved->numbers.begin() + 1;
  const auto count = static_cast<std::ptrdiff_t>(saved->numbers[0]);
  points_.x.assign(from, from + count);
  points_.y.assign(from + count, from + 2 * count);
  from += 2 * count;
  program_ = std::make_shared<const Program>(make_program());
  now_ = Buffers<float>(program());
  for (const TensorId id : carried()) {
    std::copy_n(from, now_[id].size(), now_[id].begin());
    from += static_cast<std::ptrdiff_t>(now_[id].size());
  }
  run();
}

Status FitLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<SavedRun> saved = read_run(snapshot, params().size());
  if (!saved || saved->step < 0 || saved->numbers.empty()) return foreign;
  if (const Status values = params_.check(saved->values); !values.ok()) return values;
  const float count = saved->numbers[0];
  if (!(count >= 2.0f && count <= static_cast<float>(kMostPoints)) || count != std::floor(count)) return foreign;
  const auto points = static_cast<std::size_t>(count);
  if (saved->numbers.size() < 1 + 2 * points) return foreign;
  for (std::size_t i = 1; i <= 2 * points; ++i)
    if (!std::isfinite(saved->numbers[i])) return foreign;
  const std::unique_ptr<Lesson> other = sibling();
  auto& copy = static_cast<FitLesson&>(*other);
  copy.params_.restore(saved->values);
  copy.reset(saved->seed);
  if (!points_are_free() && points != copy.points_.size()) return foreign;
  std::size_t weights = 0;
  for (const TensorId id : copy.carried()) weights += copy.now_[id].size();
  if (saved->numbers.size() != 1 + 2 * points + weights) return foreign;
  return Done{};
}

// ---------------------------------------------------------------------------------------------------------- the numbers

std::vector<TensorSummary> FitLesson::tensors() const { return list_tensors(program()); }

Result<TensorValues> FitLesson::tensor(std::string_view name) const {
  const TensorId id = program_->find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this lesson; tensors() lists them all."};
  return TensorValues{program_->info(id).shape, now_[id], step_};
}

Result<Explanation> FitLesson::explain(const ElementRef& element) const {
  const std::optional<ProgramNumbers> before = before_ ? std::optional(ProgramNumbers{*before_->program, before_->buffers}) : std::nullopt;
  const bool by_hand = std::ranges::count(by_hand_, element.tensor) > 0;
  return explain_at_step({program(), now_}, before ? &*before : nullptr, step_, element, by_hand, [&](TensorId id, std::int64_t index) {
    const TensorInfo& info = program().info(id);
    return info.kind == TensorKind::kParameter ? "first weight, " + info.initializer.text() + ", seed " + std::to_string(seed_) : leaf_text(info.name, index);
  });
}

}  // namespace chainrule
