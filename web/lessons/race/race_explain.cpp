// What the numbers of the race are, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/race/race_lesson.h"

namespace chainrule {
namespace {

constexpr std::string_view kFacts = "quadratic.";

// What a tensor has after the update to come: "x.m′" beside "x.m".
constexpr std::string_view kNext = "\u2032";

std::string name_of(const Program& program, TensorId id) {
  const TensorInfo& info = program.info(id);
  return info.name + (info.before == kNoTensor ? "" : std::string(kNext));
}

TensorId find_tensor(const Program& program, std::string_view name) {
  if (!name.ends_with(kNext)) return program.find(name);
  const TensorId before = program.find(name.substr(0, name.size() - kNext.size()));
  return before == kNoTensor ? kNoTensor : program.info(before).after;
}

std::string prefix_of(const Racer& racer) { return std::string(racer.kind().id) + "."; }

}  // namespace

RaceLesson::Place RaceLesson::place_of(std::string_view name) const {
  if (facts_ && name.starts_with(kFacts)) return {-1, facts_->program().find(name.substr(kFacts.size()))};
  for (int racer = 0; racer < static_cast<int>(racers_.size()); ++racer) {
    const std::string prefix = prefix_of(racers_[static_cast<std::size_t>(racer)]);
    if (name.starts_with(prefix)) return {racer, find_tensor(racers_[static_cast<std::size_t>(racer)].program(), name.substr(prefix.size()))};
  }
  return {};
}

const RaceLesson::ByHand* RaceLesson::by_hand(int racer, TensorId tensor) const {
  const auto found = std::ranges::find_if(by_hand_, [&](const ByHand& set) { return set.racer == racer && set.tensor == tensor; });
  return found == by_hand_.end() ? nullptr : &*found;
}

ElementRef RaceLesson::reference(int racer, TensorId tensor) const {
  const Racer& one = racers_[static_cast<std::size_t>(racer)];
  return {prefix_of(one) + name_of(one.program(), tensor), 0, one.stopped() < 0 ? step_ : one.stopped()};
}

std::vector<TensorSummary> RaceLesson::tensors() const {
  std::vector<TensorSummary> list;
  for (const Racer& racer : racers_)
    for (TensorSummary& summary : list_tensors(racer.program(), prefix_of(racer))) list.push_back(std::move(summary));
  if (facts_)
    for (TensorSummary& summary : list_tensors(facts_->program(), kFacts)) list.push_back(std::move(summary));
  return list;
}

Result<TensorValues> RaceLesson::tensor(std::string_view name) const {
  const Place place = place_of(name);
  if (place.tensor == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this race; tensors() lists them all."};
  const Buffers<float>& buffers = place.racer < 0 ? facts_->buffers() : racers_[static_cast<std::size_t>(place.racer)].now();
  const Program& program = place.racer < 0 ? facts_->program() : racers_[static_cast<std::size_t>(place.racer)].program();
  return TensorValues{program.info(place.tensor).shape, buffers[place.tensor], step_};
}

std::string RaceLesson::fact_text(const TensorInfo& info) const {
  if (info.kind == TensorKind::kConstant) return "2, as the formula has it";
  if (info.name == "h.xx") return "∂²f/∂x², read from the formula of f";
  if (info.name == "h.yy") return "∂²f/∂y², read from the formula of f";
  return "∂²f/∂x∂y, read from the formula of f";
}

std::string RaceLesson::leaf_text(const Place& place) const {
  if (place.racer < 0) return fact_text(facts_->program().info(place.tensor));
  const Racer& racer = racers_[static_cast<std::size_t>(place.racer)];
  const TensorInfo& info = racer.program().info(place.tensor);
  if (const ByHand* set = by_hand(place.racer, place.tensor)) return "set by hand at step " + std::to_string(set->step);
  if (racer.stopped() >= 0 && racer.stopped() < step_)
    return "the way ended at step " + std::to_string(racer.stopped()) + ", where numbers are no longer finite; go there to see how this one came to be";
  if (info.kind == TensorKind::kParameter) return "start";
  if (info.kind == TensorKind::kHyper) return info.name == "lr" ? "learning rate, a setting" : "a setting of the optimizer";
  if (info.kind == TensorKind::kState) return "what the optimizer remembers before its first step";
  if (info.name.ends_with(".grad")) return racer.program().info(racer.f()).name + ".grad" == info.name ? "1: where a derivative begins" : "0: the formula does not contain it";
  return "a number of the formula";
}

Result<Explanation> RaceLesson::explain(const ElementRef& element) const {
  const Place place = place_of(element.tensor);
  if (place.tensor == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this race."};
  const bool fact = place.racer < 0;
  const Racer* racer = fact ? nullptr : &racers_[static_cast<std::size_t>(place.racer)];
  const Program& program = fact ? facts_->program() : racer->program();
  const TensorInfo& info = program.info(place.tensor);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  const bool over = !fact && racer->stopped() >= 0 && racer->stopped() < step_;
  const bool updated = !fact && !over && info.after != kNoTensor && step_ > 0 && by_hand(place.racer, place.tensor) == nullptr;
  if (updated && racer->before() == nullptr) return Error{"The update that made " + element.tensor + " is not in memory; step once and back."};
  const Buffers<float>& buffers = fact ? facts_->buffers() : updated ? *racer->before() : racer->now();
  const TensorId made = updated ? info.after : place.tensor;
  const std::string prefix = fact ? std::string(kFacts) : prefix_of(*racer);
  Explanation explanation = explain_element(program, buffers, made, element, [&](TensorId id, std::int64_t index) {
    return ElementRef{prefix + name_of(program, id), index, updated ? step_ - 1 : step_};
  });
  if (program.info(made).producer < 0) explanation.formula = leaf_text(place);
  return explanation;
}

}  // namespace chainrule
