#include "web/lesson_kit/program_explain.h"

#include <string>

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

}  // namespace chainrule
