// What the numbers of the tape are called, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lessons/tape/tape_lesson.h"

namespace chainrule {

const TapeLesson::ByHand* TapeLesson::by_hand(TensorId tensor, std::int64_t index) const {
  const auto found = std::ranges::find_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == index; });
  return found == by_hand_.end() ? nullptr : &*found;
}

bool TapeLesson::is_written(TensorId tensor, std::int64_t index) const {
  return model_->entry_of(tensor, index) < written_;
}

float TapeLesson::current(TensorId tensor, std::int64_t index) const {
  const TensorId after = model_->program().info(tensor).after;
  const bool updated = after != kNoTensor && is_written(after, index);
  return model_->buffers()[updated ? after : tensor][static_cast<std::size_t>(index)];
}

ElementRef TapeLesson::reference(TensorId tensor, std::int64_t index) const {
  const TensorInfo& info = model_->program().info(tensor);
  const bool before_update = info.after != kNoTensor && !is_written(info.after, index);
  return before_update ? reference_before(tensor, index) : ElementRef{info.name, index, step_};
}

ElementRef TapeLesson::reference_before(TensorId tensor, std::int64_t index) const {
  const ByHand* set = by_hand(tensor, index);
  return {model_->program().info(tensor).name, index, set != nullptr ? set->step : update() * length()};
}

std::vector<TensorSummary> TapeLesson::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : model_->program().tensors)
    if (info.before == kNoTensor) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> TapeLesson::tensor(std::string_view name) const {
  const TensorId id = model_->program().find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  const TensorInfo& info = model_->program().info(id);
  if (info.after == kNoTensor) return TensorValues{info.shape, model_->buffers()[id], step_};
  std::vector<float>& shown = parameters_shown_[id];  // some may be updated already
  shown.resize(static_cast<std::size_t>(info.shape.size()));
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = current(id, static_cast<std::int64_t>(i));
  return TensorValues{info.shape, shown, step_};
}

std::string TapeLesson::leaf_text(TensorId tensor, const ElementRef& element) const {
  const TensorInfo& info = model_->program().info(tensor);
  if (const ByHand* set = by_hand(tensor, element.index)) return "set by hand at step " + std::to_string(set->step);
  const NetExample& example = net_examples()[static_cast<std::size_t>(
      setup_.fixed ? net_example(setup_.example) : static_cast<int>(param("example")))];
  const std::string source = example.name == "own" ? "" : ", of the example " + std::string(example.name);
  if (tensor == model_->x()) return "input" + source;
  if (tensor == model_->target()) return (model_->spec().loss == NetLoss::kCrossEntropy ? "true class" : "target") + source;
  if (tensor == model_->rate()) return "learning rate, a setting";
  if (info.kind == TensorKind::kConstant) return "1: where a derivative begins";
  if (update() > 0) return "as update " + std::to_string(update()) + " has left it";
  return "first weight" + (source.empty() ? ", " + info.initializer.text() + ", seed " + std::to_string(seed_) : source);
}

Explanation TapeLesson::explain_entry(const NetModel& model, std::int64_t update, TensorId tensor, const ElementRef& element) const {
  const Program& program = model.program();
  const TensorInfo& info = program.info(tensor);
  const OpCall& call = program.calls[static_cast<std::size_t>(info.producer)];
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = model.buffers()[tensor][static_cast<std::size_t>(element.index)];
  explanation.op = op_info(call.kind).name;
  explanation.formula = info.producer_output == 0 ? call.formula : op_info(call.kind).formula(call.attributes, info.producer_output);
  explanation.derivation = derive(program, model.buffers(), tensor, element.index);
  for (const OperandRef& operand : explanation.derivation.operands()) {
    const TensorId id = call.inputs[static_cast<std::size_t>(operand.slot)];
    ElementRef reference{program.info(id).name, operand.index, element.step};
    if (program.info(id).kind == TensorKind::kParameter)  // operands are weights before the update
      reference = &model == model_.get() ? reference_before(id, operand.index) : ElementRef{reference.tensor, reference.index, update * length()};
    explanation.operands.push_back(std::move(reference));
  }
  return explanation;
}

Result<Explanation> TapeLesson::explain(const ElementRef& element) const {
  const Program& program = model_->program();
  const TensorId tensor = program.find(element.tensor);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = program.info(tensor);
  if (element.index < 0 || element.index >= info.shape.size())
    return Error{element.tensor + " has " + std::to_string(info.shape.size()) + " elements (" + info.shape.text() +
                 "); there is no element " + std::to_string(element.index) + "."};
  if (element.step != step_)
    return Error{"The numbers of step " + std::to_string(element.step) + " are not in memory; the present step is " +
                 std::to_string(step_) + "."};
  if (info.after != kNoTensor) {
    if (turned_ && by_hand(tensor, element.index) == nullptr) return explain_entry(*previous_, update() - 1, info.after, element);
    if (is_written(info.after, element.index)) return explain_entry(*model_, update(), info.after, element);
  }
  if (info.producer >= 0) return explain_entry(*model_, update(), tensor, element);
  Explanation leaf;
  leaf.element = element;
  leaf.shape = info.shape;
  leaf.value = model_->buffers()[tensor][static_cast<std::size_t>(element.index)];
  leaf.formula = leaf_text(tensor, element);
  return leaf;
}

}  // namespace chainrule
