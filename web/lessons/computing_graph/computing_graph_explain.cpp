// Where each number of the computing graph comes from.
#include <algorithm>

#include "web/lesson_kit/program_explain.h"
#include "web/lessons/computing_graph/computing_graph_lesson.h"

namespace chainrule {

const ComputingGraph::ByHand* ComputingGraph::by_hand(TensorId tensor, std::int64_t index) const {
  const auto found = std::ranges::find_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == index; });
  return found == by_hand_.end() ? nullptr : &*found;
}

TensorId ComputingGraph::current(TensorId tensor) const {
  const TensorId after = model_->program().info(tensor).after;
  return after != kNoTensor && is_written(after) ? after : tensor;
}

ElementRef ComputingGraph::reference(TensorId tensor, std::int64_t index) const {
  const TensorInfo& info = model_->program().info(tensor);
  const bool before_update = info.after != kNoTensor && !is_written(info.after);
  return before_update ? reference_before(tensor, index) : ElementRef{info.name, index, step_};
}

ElementRef ComputingGraph::reference_before(TensorId tensor, std::int64_t index) const {
  const ByHand* set = by_hand(tensor, index);
  return {model_->program().info(tensor).name, index, set != nullptr ? set->step : update() * length()};
}

std::vector<TensorSummary> ComputingGraph::tensors() const {
  return list_tensors(model_->program());
}

Result<TensorValues> ComputingGraph::tensor(std::string_view name) const {
  const TensorId id = model_->program().find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this program; tensors() lists them all."};
  return TensorValues{model_->program().info(id).shape, model_->buffers()[current(id)], step_};
}

std::string ComputingGraph::leaf_text(TensorId tensor, const ElementRef& element) const {
  const GraphProgram& made = model_->made();
  const TensorInfo& info = made.program.info(tensor);
  if (const ByHand* set = by_hand(tensor, element.index)) return "set by hand at step " + std::to_string(set->step);
  const bool given = std::ranges::any_of(made.first, [&](const auto& first) { return first.first == tensor; });
  if (tensor == made.rate) return "learning rate, a setting";
  if (info.kind == TensorKind::kConstant) return info.name.ends_with(".one") || info.name.ends_with(".grad") ? "1: where a derivative begins" : "a constant of the program";
  if (info.kind == TensorKind::kInput) return given ? "input, " + made.source : "input, drawn at random";
  if (update() > 0) return "as update " + std::to_string(update()) + " has left it";
  return given ? "first value, " + made.source : "first weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
}

Explanation ComputingGraph::explain_call(const Buffers<float>& buffers, std::int64_t update, TensorId tensor, const ElementRef& element) const {
  const Program& program = model_->program();
  return explain_element(program, buffers, tensor, element, [&](TensorId id, std::int64_t index) -> ElementRef {
    const TensorInfo& info = program.info(id);
    if (info.kind != TensorKind::kParameter) return {info.name, index, element.step};
    // Operands are parameters before the update.
    return &buffers == &model_->buffers() ? reference_before(id, index) : ElementRef{info.name, index, update * length()};
  });
}

Result<Explanation> ComputingGraph::explain(const ElementRef& element) const {
  const Program& program = model_->program();
  const TensorId tensor = program.find(element.tensor);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this program."};
  const TensorInfo& info = program.info(tensor);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  if (info.after != kNoTensor) {
    if (turned() && by_hand(tensor, element.index) == nullptr) return explain_call(*previous_, update() - 1, info.after, element);
    if (is_written(info.after)) return explain_call(model_->buffers(), update(), info.after, element);
  }
  Explanation explanation = explain_call(model_->buffers(), update(), tensor, element);
  if (info.producer < 0) explanation.formula = leaf_text(tensor, element);
  return explanation;
}

}  // namespace chainrule
