// What the numbers of the networks are, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
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
    for (const TensorInfo& info : track.now->program().tensors)
      if (info.before == kNoTensor) list.push_back({track.prefix + info.name, info.shape, std::string(kind_name(info.kind))});
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
  if (element.index < 0 || element.index >= info.shape.size())
    return Error{element.tensor + " has " + std::to_string(info.shape.size()) + " elements (" + info.shape.text() +
                 "); there is no element " + std::to_string(element.index) + "."};
  if (element.step != step_)
    return Error{"The numbers of step " + std::to_string(element.step) + " are not in memory; the present step is " +
                 std::to_string(step_) + "."};
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = std::as_const(*place.track->now).buffers()[place.tensor][static_cast<std::size_t>(element.index)];
  const bool updated = info.after != kNoTensor && step_ > 0 && by_hand(tracks_[0].now->program().find(info.name), element.index) == nullptr;
  if (updated && place.track->before == nullptr) return Error{"The update that made " + element.tensor + " is not in memory; step once and back."};
  const NetModel& model = updated ? *place.track->before : *place.track->now;
  const TensorId made = updated ? info.after : place.tensor;
  if (program.info(made).producer < 0) {
    explanation.formula = leaf_text(place, element);
    return explanation;
  }
  const OpCall& call = program.calls[static_cast<std::size_t>(program.info(made).producer)];
  explanation.op = op_info(call.kind).name;
  explanation.formula = program.info(made).producer_output == 0 ? call.formula : op_info(call.kind).formula(call.attributes, program.info(made).producer_output);
  explanation.derivation = derive(program, model.buffers(), made, element.index);
  for (const OperandRef& operand : explanation.derivation.operands())
    explanation.operands.push_back({place.track->prefix + program.info(call.inputs[static_cast<std::size_t>(operand.slot)]).name, operand.index,
                                    updated ? step_ - 1 : step_});
  return explanation;
}

}  // namespace chainrule
