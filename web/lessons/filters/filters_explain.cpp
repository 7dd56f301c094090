// What the numbers of "Filters on pictures" are called and where each comes from.
#include "engine/base/text.h"
#include "web/lessons/filters/filters.h"
#include "web/lessons/filters/pictures.h"

namespace chainrule {

std::vector<TensorSummary> Filters::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : program_.tensors) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> Filters::tensor(std::string_view name) const {
  const TensorId id = program_.find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" here; tensors() lists them all."};
  return TensorValues{program_.info(id).shape, buffers_[id], step_};
}

std::string Filters::leaf_text(TensorId id, std::int64_t index) const {
  const std::string& name = program_.info(id).name;
  if (name == "divisor" || name == "offset") return name + ", a setting";
  const auto filter = static_cast<std::size_t>(params_.whole("filter"));
  if (name == "w") return filter < known_filters().size() ? "weight of the filter, of deck " + std::string(known_filters()[filter].source) : "weight of your own filter";
  const std::int64_t pixel = index % (std::int64_t{width()} * height());
  return "pixel of the picture, row " + std::to_string(pixel / width()) + ", column " + std::to_string(pixel % width());
}

Result<Explanation> Filters::explain(const ElementRef& element) const {
  const TensorId id = program_.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" here."};
  const TensorInfo& info = program_.info(id);
  if (element.index < 0 || element.index >= info.shape.size())
    return Error{element.tensor + " has " + std::to_string(info.shape.size()) + " elements; there is no element " + std::to_string(element.index) + "."};
  if (element.step != step_)
    return Error{"The numbers of step " + std::to_string(element.step) + " are not in memory; the present step is " + std::to_string(step_) + "."};
  Explanation explanation;
  explanation.element = element;
  explanation.shape = info.shape;
  explanation.value = buffers_[id][static_cast<std::size_t>(element.index)];
  if (info.producer < 0) {
    explanation.formula = leaf_text(id, element.index);
    return explanation;
  }
  const OpCall& call = program_.calls[static_cast<std::size_t>(info.producer)];
  explanation.op = op_info(call.kind).name;
  explanation.formula = call.formula;
  explanation.derivation = derive(program_, buffers_, id, element.index);
  for (const OperandRef& operand : explanation.derivation.operands())
    explanation.operands.push_back({program_.info(call.inputs[static_cast<std::size_t>(operand.slot)]).name, operand.index, step_});
  return explanation;
}

}  // namespace chainrule
