#include "web/lesson_kit/program_explain.h"
#include "web/lessons/kernel/sheet_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {

SheetLesson::SheetLesson(LessonInfo info, std::vector<ParamSpec> params, std::vector<SheetStore> stores)
    : params_(std::move(params)), info_(std::move(info)), specs_(std::move(stores)) {
  for (const SheetStore& spec : specs_) stores_.emplace_back(static_cast<std::size_t>(spec.most.size()), 0.0f);
}

int SheetLesson::store_of(std::string_view tensor) const {
  const auto found = std::ranges::find(specs_, tensor, &SheetStore::name);
  return found == specs_.end() ? -1 : static_cast<int>(found - specs_.begin());
}

bool SheetLesson::can_set(std::string_view tensor) const { return store_of(tensor) >= 0; }

// ------------------------------------------------------------------------------------------------------------- actions

void SheetLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = 0;
  for (std::vector<float>& store : stores_) std::ranges::fill(store, 0.0f);
  start(params_, seed_, stores_);
  start_ = stores_;
  rebuild();
}

void SheetLesson::rebuild() {
  sheet_ = std::make_unique<Sheet>(plan(params_));
  const Program& program = sheet_->program();
  for (std::size_t id = 0; id < program.tensors.size(); ++id) {
    const TensorInfo& info = program.tensors[id];
    const int store = store_of(info.name);
    if (store < 0) continue;
    const std::span<float> values = sheet_->values(static_cast<TensorId>(id));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = stores_[static_cast<std::size_t>(store)][static_cast<std::size_t>(
          store_index(info.shape, specs_[static_cast<std::size_t>(store)].most, static_cast<std::int64_t>(i)))];
  }
  sheet_->run();
  place_in_order_.clear();
  for (const TensorInfo& info : program.tensors)
    place_in_order_.emplace_back(static_cast<std::size_t>(info.shape.size()), -1);
  for (std::size_t i = 0; i < order().size(); ++i)
    place_in_order_[static_cast<std::size_t>(order()[i].tensor)][static_cast<std::size_t>(order()[i].index)] =
        static_cast<std::int32_t>(i);
  ++version_;
}

Status SheetLesson::apply(const Action& action) {
  if (action.kind == Action::Kind::kCommand && action.name == "paint") return set_numbers(action.text, action.data);
  if (action.kind == Action::Kind::kEdit && action.data.size() == 1) {
    const TensorId id = sheet_->program().find(action.name);
    if (id != kNoTensor && sheet_->program().info(id).kind == TensorKind::kHyper)
      return apply(Action::set(action.name, static_cast<double>(action.data[0])));
    const float both[] = {static_cast<float>(action.number), action.data[0]};
    return set_numbers(action.name, both);
  }
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return Error{row.error()};
  params_.put(action.name, action.number);
  follow(action.name, params_);
  if (sheet_ == nullptr || !row.value()->changes_model) return Done{};
  if (row.value()->restarts)
    reset(seed_);
  else
    rebuild();
  return Done{};
}

Status SheetLesson::set_numbers(const std::string& tensor, std::span<const float> indices_and_values) {
  const TensorId id = sheet_->program().find(tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + tensor + "\" in this lesson."};
  const int store = store_of(tensor);
  if (store < 0) return Error{tensor + " is computed; it cannot be set."};
  const Shape& shape = sheet_->program().info(id).shape;
  if (indices_and_values.size() % 2 != 0) return Error{"A number of " + tensor + " needs its index."};
  for (std::size_t i = 0; i < indices_and_values.size(); i += 2) {
    const float index = indices_and_values[i], value = indices_and_values[i + 1];
    if (!(index >= 0 && index < static_cast<float>(shape.size()) && index == std::floor(index)))
      return Error{tensor + " has " + std::to_string(shape.size()) + " numbers; there is none at index " +
                   shortest_text(index) + "."};
    if (!std::isfinite(value)) return Error{"A number of " + tensor + " cannot be " + shortest_text(value) + "."};
  }
  const SheetStore& spec = specs_[static_cast<std::size_t>(store)];
  for (std::size_t i = 0; i < indices_and_values.size(); i += 2) {
    const auto index = static_cast<std::int64_t>(indices_and_values[i]);
    stores_[static_cast<std::size_t>(store)][static_cast<std::size_t>(store_index(shape, spec.most, index))] =
        indices_and_values[i + 1];
    sheet_->values(id)[static_cast<std::size_t>(index)] = indices_and_values[i + 1];
  }
  sheet_->run();
  ++version_;
  return Done{};
}

// A stroke is one action: what it paints later comes behind.
bool SheetLesson::merge(Action& last, const Action& next) const {
  if (last.kind != Action::Kind::kCommand || next.kind != Action::Kind::kCommand) return Lesson::merge(last, next);
  if (last.name != next.name || last.text != next.text) return false;
  last.data.insert(last.data.end(), next.data.begin(), next.data.end());
  return true;
}

bool SheetLesson::advance(std::int64_t) {
  ++step_;
  return true;
}

// --------------------------------------------------------------------------------------------------------- time, state

std::int64_t SheetLesson::shown() const {
  const auto size = static_cast<std::int64_t>(order().size());
  return step_ == 0 || size == 0 ? 0 : (step_ - 1) % size + 1;
}

std::optional<SheetCell> SheetLesson::present() const {
  if (shown() == 0) return std::nullopt;
  return order()[static_cast<std::size_t>(shown() - 1)];
}

bool SheetLesson::is_shown(TensorId tensor, std::int64_t index) const {
  return place_in_order_[static_cast<std::size_t>(tensor)][static_cast<std::size_t>(index)] < shown();
}

std::optional<std::int64_t> SheetLesson::phase_end() const {
  const auto size = static_cast<std::int64_t>(order().size());
  if (size == 0) return std::nullopt;
  const std::int64_t at = shown() == size ? 0 : shown(), round = step_ - (shown() == size ? 0 : shown());
  for (const std::int64_t end : sheet_->plan().ends)
    if (end > at) return round + end;
  return round + size;
}

std::optional<std::int64_t> SheetLesson::update_end() const {
  const auto size = static_cast<std::int64_t>(order().size());
  if (size == 0) return std::nullopt;
  return step_ + size - (shown() == size ? 0 : shown());
}

std::vector<Metric> SheetLesson::metrics() const {
  return {{"shown", static_cast<double>(shown())}, {"cells", static_cast<double>(order().size())}};
}

std::uint64_t SheetLesson::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  for (std::size_t i = 0; i < params().size(); ++i)
    if (params()[i].changes_model) hasher.add(std::bit_cast<std::uint64_t>(params_.values()[i]));
  for (const std::vector<float>& store : stores_) hasher.add(std::span<const float>(store));
  return hasher.value();
}

Snapshot SheetLesson::save() const {
  SnapshotWriter writer = begin_run(seed_, step_, params_.values());
  for (const std::vector<float>& store : stores_) writer.add(std::span<const float>(store));
  return writer.take();
}

void SheetLesson::restore(const Snapshot& snapshot) {
  const std::optional<SavedRun> saved = read_run(snapshot, params().size());
  CHECK(saved.has_value(), "a snapshot of another lesson");
  params_.restore(saved->values);
  reset(saved->seed);  // what the numbers started as is no part of the snapshot
  step_ = saved->step;
  auto from = saved->numbers.begin();
  for (std::vector<float>& store : stores_) {
    std::copy_n(from, store.size(), store.begin());
    from += static_cast<std::ptrdiff_t>(store.size());
  }
  rebuild();
}

Status SheetLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) +
                      " bytes, which is not a state of this lesson."};
  const std::optional<SavedRun> saved = read_run(snapshot, params().size());
  if (!saved) return foreign;
  if (const Status fits = params_.check(saved->values); !fits.ok()) return fits;
  std::size_t numbers = 0;
  for (const std::vector<float>& store : stores_) numbers += store.size();
  const bool finite = std::ranges::all_of(saved->numbers, [](float value) { return std::isfinite(value); });
  if (saved->step < 0 || saved->numbers.size() != numbers || !finite) return foreign;
  return Done{};
}

// ------------------------------------------------------------------------------------------------------------- tensors

std::vector<TensorSummary> SheetLesson::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : sheet_->program().tensors)
    list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> SheetLesson::tensor(std::string_view name) const {
  const TensorId id = sheet_->program().find(name);
  if (id == kNoTensor)
    return Error{"There is no tensor \"" + std::string(name) + "\" in this lesson; tensors() lists them all."};
  return TensorValues{sheet_->program().info(id).shape, sheet().values(id), step_};
}

Result<Explanation> SheetLesson::explain(const ElementRef& element) const {
  const Program& program = sheet_->program();
  const TensorId tensor = program.find(element.tensor);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this lesson."};
  const TensorInfo& info = program.info(tensor);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  Explanation explanation = explain_element(program, sheet_->buffers(), tensor, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{program.info(read).name, index, step_};
  });
  if (info.producer < 0) {
    const int store = store_of(info.name);
    if (store < 0) {
      explanation.formula = "a setting of the lesson";
      return explanation;
    }
    const auto at =
        static_cast<std::size_t>(store_index(info.shape, specs_[static_cast<std::size_t>(store)].most, element.index));
    const bool by_hand = stores_[static_cast<std::size_t>(store)][at] != start_[static_cast<std::size_t>(store)][at];
    explanation.formula = by_hand ? "set by hand" : source_text(info.name);
    return explanation;
  }
  return explanation;
}

}  // namespace chainrule
