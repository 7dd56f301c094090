// What the numbers of the tape are called, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
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
  return list_tensors(model_->program());
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
  return explain_element(program, model.buffers(), tensor, element, [&](TensorId id, std::int64_t index) -> ElementRef {
    const TensorInfo& info = program.info(id);
    if (info.kind != TensorKind::kParameter) return {info.name, index, element.step};
    // Operands are weights before the update.
    return &model == model_.get() ? reference_before(id, index) : ElementRef{info.name, index, update * length()};
  });
}

Result<Explanation> TapeLesson::explain(const ElementRef& element) const {
  const Program& program = model_->program();
  const TensorId tensor = program.find(element.tensor);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = program.info(tensor);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  if (info.after != kNoTensor) {
    if (turned_ && by_hand(tensor, element.index) == nullptr) return explain_entry(*previous_, update() - 1, info.after, element);
    if (is_written(info.after, element.index)) return explain_entry(*model_, update(), info.after, element);
  }
  Explanation explanation = explain_entry(*model_, update(), tensor, element);
  if (info.producer < 0) explanation.formula = leaf_text(tensor, element);
  return explanation;
}

}  // namespace chainrule
