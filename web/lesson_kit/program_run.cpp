#include "web/lesson_kit/program_run.h"

#include <algorithm>

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
  now_.trade_places();
}

void ProgramRun::compute() {
  for (const OpCall& call : program_.calls) run_reference(call, now_);
}

void ProgramRun::advance() {
  before_ = now_;
  now_.trade_places();
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
  std::vector<TensorId> tensors;
  for (const std::string_view name : names) tensors.push_back(program_.find(name));
  return divergence_text({program_, now_}, tensors, step_);
}

Result<Explanation> ProgramRun::explain(const ElementRef& element, bool by_hand, const LeafOfProgram& leaf) const {
  const std::optional<ProgramNumbers> before = before_ ? std::optional(ProgramNumbers{program_, *before_}) : std::nullopt;
  return explain_at_step({program_, now_}, before ? &*before : nullptr, step_, element, by_hand, leaf);
}

}  // namespace chainrule
