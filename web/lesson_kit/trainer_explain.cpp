#include "web/lesson_kit/trainer_explain.h"

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"

namespace chainrule {
namespace {

Error no_such(std::string_view name) {
  return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
}

bool has_values(const Trainer& trainer, const TensorInfo& info) {
  return is_learned(info) || info.kind == TensorKind::kHyper || info.kind == TensorKind::kConstant || trainer.step_shown();
}

/// What a click on an operand of a call of the present step asks for.
ElementRef trained_reference(const Trainer& trainer, TensorId operand, std::int64_t index) {
  const TensorInfo& info = trainer.program().info(operand);
  // A tensor that has a value after the update was read before it: it is the one that the step before made.
  return {info.name, index, info.after != kNoTensor ? trainer.step() - 1 : trainer.step()};
}

}  // namespace

bool is_learned(const TensorInfo& info) { return info.kind == TensorKind::kParameter || info.kind == TensorKind::kState; }

std::vector<TensorSummary> list_trained(const Trainer& trainer) {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : trainer.program().tensors)
    if (info.before == kNoTensor && has_values(trainer, info)) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> trained_tensor(const Trainer& trainer, std::string_view name) {
  const TensorId id = trainer.program().find(name);
  if (id == kNoTensor) return no_such(name);
  const TensorInfo& info = trainer.program().info(id);
  if (!has_values(trainer, info)) return Error{std::string(name) + " has no values yet: it is computed in a training step. Make a step first."};
  return TensorValues{info.shape, trainer.current(id), trainer.step()};
}

Result<Explanation> explain_trained(const Trainer& trainer, const ElementRef& element, bool by_hand, const LeafText& leaf) {
  const TensorId named = trainer.program().find(element.tensor);
  if (named == kNoTensor) return no_such(element.tensor);
  const TensorId id = trainer.current_tensor(named);
  const TensorInfo& info = trainer.program().info(id);
  if (const Status status = check_element(element, info.shape, trainer.step()); !status.ok()) return Error{status.error_message()};
  const bool computed = info.producer >= 0 && !by_hand && !(is_learned(info) && trainer.step() == 0);
  if ((computed && !trainer.step_shown()) || !has_values(trainer, info))
    return Error{"Step " + std::to_string(trainer.step()) + " has to be run again to show where " + element.tensor + " comes from."};
  if (computed)
    return explain_element(trainer.program(), trainer.buffers(), id, element,
                           [&](TensorId read, std::int64_t index) { return trained_reference(trainer, read, index); });
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = trainer.buffers()[id][static_cast<std::size_t>(element.index)];
  explanation.formula = leaf(info.before == kNoTensor ? info : trainer.program().info(info.before), element.index);
  return explanation;
}

Status set_trained(Trainer& trainer, const Action& action) {
  const TensorId tensor = trainer.program().find(action.name);
  if (tensor == kNoTensor) return no_such(action.name);
  const TensorInfo& info = trainer.program().info(tensor);
  if (!is_learned(info)) return Error{action.name + " is computed from other numbers; only parameters and optimizer state can be set."};
  std::vector<float> values = action.data;
  if (action.kind == Action::Kind::kEdit) {
    if (!(action.number >= 0 && action.number < static_cast<double>(info.shape.size())) || action.data.size() != 1)
      return Error{action.name + " has " + std::to_string(info.shape.size()) + " numbers; there is none at index " + shortest_text(action.number) + "."};
    const std::span<const float> now = trainer.current(tensor);
    values.assign(now.begin(), now.end());
    values[static_cast<std::size_t>(action.number)] = action.data[0];
  }
  if (static_cast<std::int64_t>(values.size()) != info.shape.size())
    return Error{action.name + " has " + std::to_string(info.shape.size()) + " numbers (" + info.shape.text() + "), not " + std::to_string(values.size()) + "."};
  if (trainer.mid_step()) trainer.restore(trainer.save(), trainer.step());  // the step under way began without this number
  trainer.assign(tensor, values);
  return Done{};
}

}  // namespace chainrule
