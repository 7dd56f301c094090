// What the numbers of the networks are, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/net/net_lesson.h"

namespace chainrule {

NetLesson::Place NetLesson::place_of(std::string_view name) const {
  // The longest prefix that fits: the first network's may be empty.
  Place found;
  std::size_t longest = 0;
  for (const Track& track : tracks_) {
    if (!name.starts_with(track.prefix) || (found.track != nullptr && track.prefix.size() < longest)) continue;
    const TensorId tensor = track.now->program().find(name.substr(track.prefix.size()));
    if (tensor == kNoTensor) continue;
    found = {&track, tensor};
    longest = track.prefix.size();
  }
  return found;
}

const NetLesson::ByHand* NetLesson::by_hand(TensorId tensor, std::int64_t index) const {
  const auto found = std::ranges::find_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == index; });
  return found == by_hand_.end() ? nullptr : &*found;
}

ElementRef NetLesson::reference(std::size_t network, TensorId tensor, std::int64_t index) const {
  return {tracks_[network].prefix + model(network).program().info(tensor).name, index, step_};
}

std::vector<TensorSummary> NetLesson::tensors() const {
  std::vector<TensorSummary> list;
  for (const Track& track : tracks_)
    for (TensorSummary& summary : list_tensors(track.now->program(), track.prefix)) list.push_back(std::move(summary));
  return list;
}

Result<TensorValues> NetLesson::tensor(std::string_view name) const {
  const Place place = place_of(name);
  if (place.track == nullptr) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  const NetModel& model = *place.track->now;
  return TensorValues{model.program().info(place.tensor).shape, model.buffers()[place.tensor], step_};
}

std::string NetLesson::leaf_text(const Place& place, const ElementRef& element) const {
  const NetModel& model = *place.track->now;
  const TensorInfo& info = model.program().info(place.tensor);
  const TensorId shared = tracks_[0].now->program().find(info.name);
  if (const ByHand* set = by_hand(shared, element.index)) return "set by hand at step " + std::to_string(set->step);
  if (place.tensor == model.x()) return "input";
  if (place.tensor == model.target()) return "target";
  if (info.name.ends_with(".start")) return "first weight, to compare with";
  if (info.kind == TensorKind::kHyper) return place.tensor == model.rate() ? "learning rate, a setting" : "distance, a setting";
  if (info.kind == TensorKind::kConstant) return "1: where a derivative begins";
  return "first weight";
}

Result<Explanation> NetLesson::explain(const ElementRef& element) const {
  const Place place = place_of(element.tensor);
  if (place.track == nullptr) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const Program& program = place.track->now->program();
  const TensorInfo& info = program.info(place.tensor);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  const bool updated = info.after != kNoTensor && step_ > 0 && by_hand(tracks_[0].now->program().find(info.name), element.index) == nullptr;
  if (updated && place.track->before == nullptr) return Error{"The update that made " + element.tensor + " is not in memory; step once and back."};
  const NetModel& model = updated ? *place.track->before : *place.track->now;
  const TensorId made = updated ? info.after : place.tensor;
  Explanation explanation = explain_element(program, model.buffers(), made, element, [&](TensorId id, std::int64_t index) {
    return ElementRef{place.track->prefix + program.info(id).name, index, updated ? step_ - 1 : step_};
  });
  if (program.info(made).producer < 0) explanation.formula = leaf_text(place, element);
  return explanation;
}

}  // namespace chainrule
