#include "web/lessons/kernel/sheet.h"

#include <algorithm>

#include "engine/graph/central_difference.h"
#include "web/lesson_kit/program_explain.h"

namespace chainrule {

TensorId SheetPlan::add(std::string name, const Shape& shape, TensorKind kind) {
  TensorInfo info;
  info.name = std::move(name);
  info.shape = shape;
  info.kind = kind;
  return program.add_tensor(std::move(info));
}

TensorId SheetPlan::setting(std::string name, double value) {
  const TensorId id = add(std::move(name), Shape{1}, TensorKind::kHyper);
  program.tensors.back().fill = static_cast<float>(value);
  return id;
}

TensorId SheetPlan::apply(OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string name,
                          TensorKind output, Phase phase) {
  return program.add_call(kind, attributes, std::move(inputs), std::move(name), output, phase);
}

void SheetPlan::show_all(TensorId tensor) {
  for (std::int64_t i = 0; i < program.info(tensor).shape.size(); ++i) order.push_back({tensor, i});
  end_part();
}

std::int64_t store_index(const Shape& shape, const Shape& most, std::int64_t index) {
  CHECK(shape.rank() == most.rank(), shape.text(), " in a store of ", most.text());
  std::int64_t result = 0, stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    CHECK(shape[axis] <= most[axis], shape.text(), " in a store of ", most.text());
    result += index % shape[axis] * stride;
    index /= shape[axis];
    stride *= most[axis];
  }
  return result;
}

std::span<const float> Sheet::values(std::string_view name) const {
  const TensorId id = program().find(name);
  return id == kNoTensor ? std::span<const float>() : buffers_[id];
}

const Shape& Sheet::shape(std::string_view name) const {
  const TensorId id = program().find(name);
  CHECK(id != kNoTensor, "the sheet has no ", name);
  return program().info(id).shape;
}

void Sheet::run() {
  for (const OpCall& call : program().calls) run_reference(call, buffers_);
}

TensorId Sheet::operand_tensor(TensorId tensor, int slot) const {
  return chainrule::operand_tensor(program().calls[static_cast<std::size_t>(program().info(tensor).producer)], slot);
}

double Sheet::central_difference(TensorId loss, TensorId tensor, std::int64_t index, double h) const {
  return measure_slope(program(), buffers_, loss, tensor, index, h).slope();
}

}  // namespace chainrule
