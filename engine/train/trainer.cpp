#include "engine/train/trainer.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/nn/initialize.h"

namespace chainrule {
namespace {

bool finite(float value) { return (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u; }

/// One pass without branches, because it runs over every parameter at every step.
bool all_finite(std::span<const float> values, const Workspace& workspace) {
  std::atomic<bool> fine = true;
  const Grain grain{4 * kNumbersWorthAPart, 16};
  workspace.split(static_cast<std::ptrdiff_t>(values.size()), grain, [&](std::ptrdiff_t begin, std::ptrdiff_t end, int) {
    std::uint32_t bad = 0;
    for (const float* value = values.data() + begin; value != values.data() + end; ++value)
      bad |= static_cast<std::uint32_t>(!finite(*value));
    if (bad != 0) fine.store(false, std::memory_order_relaxed);
  });
  return fine.load(std::memory_order_relaxed);
}

}  // namespace

std::string Divergence::text() const {
  return "Training diverged at step " + grouped_text(step) + ": element " + grouped_text(index) + " of " + tensor + " is " +
         shortest_text(value) + ". Step back, or lower the learning rate and reset.";
}

Trainer::Trainer(Program program, TensorId x, TensorId target)
    : program_(std::move(program)), backend_(program_), x_(x), target_(target) {
  CHECK(program_.loss != kNoTensor, "the program has no loss");
  CHECK(program_.info(x).kind == TensorKind::kInput && program_.info(target).kind == TensorKind::kInput, "inputs ", x,
        " and ", target);
  for (const OpCall& call : program_.calls) work_per_step_ += work_.emplace_back(Program::work_of(call));
  for (const TensorKind kind : {TensorKind::kParameter, TensorKind::kState}) std::ranges::copy(program_.of_kind(kind), std::back_inserter(saved_));
}

std::int64_t Trainer::bytes() const {
  std::int64_t floats = 0;
  for (const TensorInfo& info : program_.tensors) floats += info.shape.size();
  return floats * static_cast<std::int64_t>(sizeof(float));
}

void Trainer::start(std::uint64_t seed) {
  initialize(program_, backend_.buffers(), seed);
  step_ = 0;
  next_call_ = 0;
  shown_ = false;
  loss_.reset();
  divergence_.reset();
}

void Trainer::begin_step(BatchSource& source) {
  backend_.begin_step();
  source.fill(step_, backend_.buffers()[x_], backend_.buffers()[target_]);
}

bool Trainer::advance(std::int64_t budget, BatchSource& source) {
  if (next_call_ == 0) begin_step(source);
  while (next_call_ < program_.calls.size()) {
    backend_.enqueue(next_call_);
    budget -= work_[next_call_];
    ++next_call_;
    if (budget <= 0) break;
  }
  if (next_call_ < program_.calls.size()) return false;
  finish_step();
  return true;
}

void Trainer::run(std::int64_t steps, BatchSource& source) {
  for (; steps > 0; --steps) {
    if (next_call_ == 0) begin_step(source);
    backend_.enqueue_from(next_call_);
    finish_step();
  }
}

void Trainer::finish_step() {
  next_call_ = 0;
  ++step_;
  shown_ = true;
  loss_ = buffers()[program_.loss][0];
  divergence_.reset();
  bool fine = finite(*loss_);
  const Workspace workspace = backend_.workspace();
  for_each_saved([&](std::span<const float> values) { fine = fine && all_finite(values, workspace); });
  if (!fine) divergence_ = find_divergence();
}

std::optional<Divergence> Trainer::find_divergence() const {
  for (const OpCall& call : program_.calls)
    for (const TensorId output : call.outputs) {
      const std::span<const float> values = buffers()[output];
      const auto bad = std::ranges::find_if_not(values, finite);
      if (bad != values.end()) return Divergence{step_, program_.info(output).name, bad - values.begin(), *bad};
    }
  return std::nullopt;
}

Phase Trainer::phase() const { return program_.calls[next_call_].phase; }

TensorId Trainer::current_tensor(TensorId tensor) const {
  const TensorId after = program_.info(tensor).after;
  // Mid-step the after-tensor is being written, and the before-tensor holds the value of step().
  return after == kNoTensor || mid_step() ? tensor : after;
}

std::span<const float> Trainer::current(TensorId tensor) const { return buffers()[current_tensor(tensor)]; }

void Trainer::assign(TensorId tensor, std::span<const float> values) {
  CHECK(!mid_step(), "assign of ", program_.info(tensor).name, " within a step");
  backend_.upload(current_tensor(tensor), values);
  shown_ = false;
}

void Trainer::set_hyper(std::string_view name, float value) {
  const TensorId id = program_.find(name);
  CHECK(id != kNoTensor && program_.info(id).kind == TensorKind::kHyper, "no hyper tensor is named ", name);
  backend_.upload(id, std::span(&value, 1));
}

std::vector<float> Trainer::hypers() const {
  std::vector<float> values;
  for (const TensorId id : program_.of_kind(TensorKind::kHyper)) values.push_back(buffers()[id][0]);
  return values;
}

void Trainer::set_hypers(std::span<const float> values) {
  for (const TensorId id : program_.of_kind(TensorKind::kHyper)) {
    backend_.upload(id, values.first(1));
    values = values.subspan(1);
  }
}

template <class Visit>
void Trainer::for_each_saved(Visit visit) const {
  for (const TensorId id : saved_) visit(current(id));
}

std::vector<float> Trainer::parameters() const {
  std::vector<float> values;
  for (const TensorId id : program_.of_kind(TensorKind::kParameter)) {
    const std::span<const float> numbers = current(id);
    values.insert(values.end(), numbers.begin(), numbers.end());
  }
  return values;
}

std::vector<float> Trainer::save() const {
  std::vector<float> saved;
  for_each_saved([&](std::span<const float> values) { saved.insert(saved.end(), values.begin(), values.end()); });
  return saved;
}

void Trainer::restore(std::span<const float> values, std::int64_t step) {
  next_call_ = 0;
  for_each_saved([&](std::span<const float> current) {
    CHECK(values.size() >= current.size(), "a save of another program");
    std::ranges::copy(values.first(current.size()), const_cast<float*>(current.data()));
    values = values.subspan(current.size());
  });
  CHECK(values.empty(), "a save of another program");
  step_ = step;
  shown_ = false;
  loss_.reset();
  divergence_.reset();
}

void Trainer::go_on_from(const Trainer& other) {
  CHECK(!mid_step() && !other.mid_step() && program_.tensors.size() == other.program_.tensors.size(), "a trainer of another program");
  for (std::size_t i = 0; i < program_.tensors.size(); ++i) {
    const auto id = static_cast<TensorId>(i);
    const TensorInfo& info = program_.info(id);
    const bool carried = info.kind == TensorKind::kParameter || info.kind == TensorKind::kState;
    if (info.kind == TensorKind::kHyper || (carried && info.before == kNoTensor)) backend_.upload(current_tensor(id), other.current(id));
  }
  step_ = other.step_;
  shown_ = false;
  loss_.reset();
  divergence_.reset();
}

std::uint64_t Trainer::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  for_each_saved([&](std::span<const float> values) { hasher.add(values); });
  return hasher.value();
}

}  // namespace chainrule
