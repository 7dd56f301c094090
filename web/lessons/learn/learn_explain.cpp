// What the numbers of "Can we learn the kernel?" are called and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lessons/filters/pictures.h"
#include "web/lessons/learn/learn_a_kernel.h"

namespace chainrule {

std::vector<TensorSummary> LearnAKernel::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : program_.tensors)
    if (info.before == kNoTensor) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> LearnAKernel::tensor(std::string_view name) const {
  const TensorId id = program_.find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return TensorValues{program_.info(id).shape, now_[id], step_};
}

std::string LearnAKernel::leaf_text(TensorId id) const {
  const TensorInfo& info = program_.info(id);
  if (info.name == "x") return "grey level / 255" + std::string(params_.on("centred") ? " − 0.5" : "") + " of the picture";
  if (info.name == "hidden") {
    const KnownFilter& filter = known_filters()[static_cast<std::size_t>(params_.whole("hidden"))];
    return "hidden filter, of deck " + std::string(filter.source);
  }
  if (info.name == "w") return "first weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
  if (info.kind == TensorKind::kState) return "state of the optimizer before the first step";
  if (info.kind == TensorKind::kHyper) return info.name + ", a setting";
  return "1: where a derivative begins";
}

Result<Explanation> LearnAKernel::explain(const ElementRef& element) const {
  const TensorId id = program_.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = program_.info(id);
  if (element.index < 0 || element.index >= info.shape.size())
    return Error{element.tensor + " has " + std::to_string(info.shape.size()) + " elements; there is no element " + std::to_string(element.index) + "."};
  if (element.step != step_)
    return Error{"The numbers of step " + std::to_string(element.step) + " are not in memory; the present step is " + std::to_string(step_) + "."};
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = now_[id][static_cast<std::size_t>(element.index)];
  const bool by_hand = std::ranges::count(by_hand_, element.tensor + " " + std::to_string(element.index)) > 0;
  const bool updated = is_carried(id) && step_ > 0 && !by_hand;
  if (updated && !before_) return Error{"Step " + std::to_string(step_) + " has to be run again to show where " + element.tensor + " comes from."};
  const TensorId computed = updated ? info.after : id;
  const TensorInfo& made = program_.info(computed);
  if (made.producer < 0) {
    explanation.formula = by_hand ? "set by hand" : leaf_text(id);
    return explanation;
  }
  const OpCall& call = program_.calls[static_cast<std::size_t>(made.producer)];
  explanation.op = op_info(call.kind).name;
  explanation.formula = call.formula;
  explanation.derivation = derive(program_, updated ? *before_ : now_, computed, element.index);
  for (const OperandRef& operand : explanation.derivation.operands()) {
    const TensorId read = call.inputs[static_cast<std::size_t>(operand.slot)];
    // What an update has just made belongs to this step, all else to the one whose update it was.
    const bool fresh = program_.info(read).before != kNoTensor;
    explanation.operands.push_back({program_.info(read).name, operand.index, updated && !fresh ? step_ - 1 : step_});
  }
  return explanation;
}

}  // namespace chainrule
