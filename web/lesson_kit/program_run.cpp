#include "web/lesson_kit/program_run.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "engine/nn/initialize.h"

namespace chainrule {

void ProgramRun::begin(Program program, std::uint64_t seed) {
  program_ = std::move(program);
  work_ = 0;
  for (const OpCall& call : program_.calls) work_ += Program::work_of(call);
  now_ = Buffers<float>(program_);
  before_.reset();
  step_ = 0;
  initialize(program_, now_, seed);
  // What was drawn is the value after no update, which is the one before the first.
  now_.trade_places(program_);
}

void ProgramRun::compute() {
  for (const OpCall& call : program_.calls) run_reference(call, now_);
}

void ProgramRun::advance() {
  before_ = now_;
  now_.trade_places(program_);
  ++step_;
}

void ProgramRun::restore(std::span<const float> carried_numbers, std::int64_t step) {
  CHECK(carried_numbers.size() == carried_size(), "a save of another program");
  for (const TensorId id : carried()) {
    std::ranges::copy(carried_numbers.first(now_[id].size()), now_[id].begin());
    carried_numbers = carried_numbers.subspan(now_[id].size());
  }
  before_.reset();
  step_ = step;
}

std::vector<TensorId> ProgramRun::carried() const {
  std::vector<TensorId> ids;
  for (const TensorKind kind : {TensorKind::kParameter, TensorKind::kState})
    for (const TensorId id : program_.of_kind(kind)) ids.push_back(id);
  return ids;
}

std::size_t ProgramRun::carried_size() const {
  std::size_t numbers = 0;
  for (const TensorId id : carried()) numbers += now_[id].size();
  return numbers;
}

std::string ProgramRun::divergence(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto numbers = values(name);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (!std::isfinite(numbers[i]))
        return "At step " + grouped_text(step_) + ", number " + std::to_string(i) + " of " + std::string(name) + " is " + shortest_text(numbers[i]) +
               ". Step back, or lower the learning rate and reset.";
  }
  return "";
}

Result<Explanation> ProgramRun::explain(const ElementRef& element, const std::function<std::string(TensorId, std::int64_t)>& leaf) const {
  const TensorId id = program_.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = program_.info(id);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  const bool updated = info.after != kNoTensor && step_ > 0;
  if (updated && !before_) return Error{"Step " + std::to_string(step_) + " has to be run again to show where " + element.tensor + " comes from."};
  const TensorId computed = updated ? info.after : id;
  Explanation explanation = explain_element(program_, updated ? *before_ : now_, computed, element, [&](TensorId read, std::int64_t index) {
    // What an update has just made belongs to this step, all else to the one whose update it was.
    const bool fresh = program_.info(read).before != kNoTensor;
    return ElementRef{program_.info(read).name, index, updated && !fresh ? step_ - 1 : step_};
  });
  if (program_.info(computed).producer < 0) explanation.formula = leaf(id, element.index);
  return explanation;
}

}  // namespace chainrule
