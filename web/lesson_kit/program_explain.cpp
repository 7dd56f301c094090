#include "web/lesson_kit/program_explain.h"

#include <cmath>
#include <string>

#include "engine/base/text.h"

namespace chainrule {

std::vector<TensorSummary> list_tensors(const Program& program, std::string_view prefix) {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : program.tensors)
    if (info.before == kNoTensor) list.push_back({std::string(prefix) + info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Status check_element(const ElementRef& element, const Shape& shape, std::int64_t present_step) {
  if (element.index < 0 || element.index >= shape.size())
    return Error{element.tensor + " has " + std::to_string(shape.size()) + " elements (" + shape.text() + "); there is no element " +
                 std::to_string(element.index) + "."};
  if (element.step != present_step)
    return Error{"The numbers of step " + std::to_string(element.step) + " are not in memory; the present step is " +
                 std::to_string(present_step) + "."};
  return Done{};
}

TensorId operand_tensor(const OpCall& call, int slot) {
  const auto at = static_cast<std::size_t>(slot);
  return at < call.inputs.size() ? call.inputs[at] : call.outputs[at - call.inputs.size()];
}

Explanation explain_element(const Program& program, const Buffers<float>& buffers, TensorId tensor, const ElementRef& element,
                            const OperandPlace& place) {
  const TensorInfo& info = program.info(tensor);
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = buffers[tensor][static_cast<std::size_t>(element.index)];
  if (info.producer < 0) return explanation;
  const OpCall& call = program.calls[static_cast<std::size_t>(info.producer)];
  explanation.op = op_info(call.kind).name;
  explanation.formula = info.producer_output == 0 ? call.formula : op_info(call.kind).formula(call.attributes, info.producer_output);
  explanation.derivation = derive(program, buffers, tensor, element.index);
  for (const OperandRef& operand : explanation.derivation.operands())
    explanation.operands.push_back(place(operand_tensor(call, operand.slot), operand.index));
  return explanation;
}

Result<Explanation> explain_at_step(const ProgramNumbers& now, const ProgramNumbers* before, std::int64_t step, const ElementRef& element,
                                    bool by_hand, const LeafOfProgram& leaf) {
  const TensorId id = now.program.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = now.program.info(id);
  if (const Status status = check_element(element, info.shape, step); !status.ok()) return Error{status.error_message()};
  const bool updated = info.after != kNoTensor && step > 0 && !by_hand;
  if (updated && before == nullptr) return Error{"Step " + std::to_string(step) + " has to be run again to show where " + element.tensor + " comes from."};
  const ProgramNumbers& made_by = updated ? *before : now;
  const TensorId computed = updated ? made_by.program.info(made_by.program.find(element.tensor)).after : id;
  Explanation explanation = explain_element(made_by.program, made_by.buffers, computed, element, [&](TensorId read, std::int64_t index) {
    // What an update has just made belongs to this step, all else to the one whose update it was.
    const bool fresh = made_by.program.info(read).before != kNoTensor;
    return ElementRef{made_by.program.info(read).name, index, updated && !fresh ? step - 1 : step};
  });
  if (made_by.program.info(computed).producer < 0) explanation.formula = by_hand ? "set by hand" : leaf(id, element.index);
  return explanation;
}

std::string divergence_text(const ProgramNumbers& now, std::span<const TensorId> tensors, std::int64_t step) {
  for (const TensorId id : tensors) {
    const std::span<const float> numbers = now.buffers[id];
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (!std::isfinite(numbers[i]))
        return "At step " + grouped_text(step) + ", number " + std::to_string(i) + " of " + now.program.info(id).name + " is " +
               shortest_text(numbers[i]) + ". Step back, or lower the learning rate and reset.";
  }
  return "";
}

}  // namespace chainrule
