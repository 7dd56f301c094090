#include "engine/graph/program.h"

#include <algorithm>

namespace chainrule {

std::string_view kind_name(TensorKind kind) {
  switch (kind) {
    case TensorKind::kInput:
    case TensorKind::kHyper:
    case TensorKind::kConstant: return "input";
    case TensorKind::kParameter: return "parameter";
    case TensorKind::kState: return "state";
    case TensorKind::kActivation: return "activation";
    case TensorKind::kLoss: return "loss";
    case TensorKind::kGradient: return "gradient";
  }
  return "";
}

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::kForward: return "forward";
    case Phase::kLoss: return "loss";
    case Phase::kBackward: return "backward";
    case Phase::kUpdate: return "update";
  }
  return "";
}

TensorId Program::add_tensor(TensorInfo info) {
  tensors.push_back(std::move(info));
  gradient_of.push_back(kNoTensor);
  return static_cast<TensorId>(tensors.size()) - 1;
}

TensorId Program::add_call(OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name,
                           TensorKind output_kind, Phase phase, std::string formula) {
  OpCall call{kind, attributes, phase, std::move(inputs), {}, {}, {}, std::move(formula)};
  for (const TensorId input : call.inputs) {
    CHECK(input >= 0 && static_cast<std::size_t>(input) < tensors.size(), "input ", input, " of ", name);
    call.in_shapes.push_back(info(input).shape);
  }
  call.out_shapes = op_info(kind).infer(attributes, call.in_shapes);
  if (call.formula.empty()) call.formula = op_info(kind).formula(attributes, 0);
  for (std::size_t slot = 0; slot < call.out_shapes.size(); ++slot) {
    TensorInfo output;
    output.name = slot == 0 ? name : name + "." + std::to_string(slot);
    output.shape = call.out_shapes[slot];
    output.kind = output_kind;
    output.producer = static_cast<int>(calls.size());
    output.producer_output = static_cast<int>(slot);
    call.outputs.push_back(add_tensor(std::move(output)));
  }
  calls.push_back(std::move(call));
  return calls.back().outputs.front();
}

void Program::pair(TensorId before, TensorId after) {
  TensorInfo& old_value = tensors[static_cast<std::size_t>(before)];
  TensorInfo& new_value = tensors[static_cast<std::size_t>(after)];
  CHECK(old_value.shape == new_value.shape, old_value.shape.text(), " and ", new_value.shape.text());
  old_value.after = after;
  new_value.before = before;
  new_value.name = old_value.name;
  new_value.kind = old_value.kind;
}

TensorId Program::find(std::string_view name) const {
  for (std::size_t id = 0; id < tensors.size(); ++id)
    if (tensors[id].name == name && tensors[id].before == kNoTensor) return static_cast<TensorId>(id);
  constexpr std::string_view kSuffix = ".grad";
  if (!name.ends_with(kSuffix)) return kNoTensor;
  const TensorId base = find(name.substr(0, name.size() - kSuffix.size()));
  return base == kNoTensor ? kNoTensor : gradient_of[static_cast<std::size_t>(base)];
}

std::vector<TensorId> Program::of_kind(TensorKind kind) const {
  std::vector<TensorId> found;
  for (std::size_t id = 0; id < tensors.size(); ++id)
    if (tensors[id].kind == kind && tensors[id].before == kNoTensor) found.push_back(static_cast<TensorId>(id));
  return found;
}

std::int64_t Program::work_of(const OpCall& call) {
  const auto output = call.out_shapes[0].size();
  switch (call.kind) {
    case OpKind::kMatMul: return output * (call.in_shapes[0].size() / (call.attributes.transpose_a ? call.in_shapes[0][1] : call.in_shapes[0][0]));
    case OpKind::kConv2d: return output * call.in_shapes[1].inner_size();
    case OpKind::kFilter: return output * call.in_shapes[1].size();
    case OpKind::kConv2dInputGrad: return call.in_shapes[0].size() * call.in_shapes[1].inner_size();
    case OpKind::kConv2dKernelGrad: return call.in_shapes[0].size() * call.out_shapes[0].inner_size();
    default: break;
  }
  std::int64_t largest = output;
  for (const Shape& shape : call.in_shapes) largest = std::max(largest, shape.size());
  return largest;
}

}  // namespace chainrule
