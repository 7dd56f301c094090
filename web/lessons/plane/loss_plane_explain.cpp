// What the numbers of "The loss plane of a real network" are called and where each comes from.
#include <algorithm>
#include <charconv>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lesson_kit/trainer_explain.h"
#include "web/lessons/plane/loss_plane_lesson.h"

namespace chainrule {
namespace {

constexpr std::string_view kPresent = "evaluation";

std::string pinned_name(const PlaneMeasure::Pinned& pinned) { return "plane@" + std::to_string(pinned.column) + "," + std::to_string(pinned.row); }

Error still_loading() { return Error{"The digits are still loading; there are no numbers yet."}; }

}  // namespace

ElementRef LossPlaneLesson::pinned_loss() const { return {pinned_name(*measure_->pinned()) + "/loss", 0, step()}; }

std::optional<LossPlaneLesson::Evaluated> LossPlaneLesson::evaluated(std::string_view name) const {
  if (training_ == nullptr) return std::nullopt;
  Evaluated found;
  if (name.starts_with(kPresent)) {
    found.prefix = kPresent;
    found.set = &measure_->present();
  } else if (const PlaneMeasure::Pinned* pinned = measure_->pinned()) {
    found.prefix = pinned_name(*pinned);
    found.set = pinned->set.get();
  }
  if (found.set == nullptr || !name.starts_with(found.prefix)) return std::nullopt;
  std::string_view rest = name.substr(found.prefix.size());
  const EvaluationSet& set = *found.set;
  if (rest.starts_with('/')) {
    found.id = set.mean_program().find(rest.substr(1));
    return found.id == kNoTensor ? std::nullopt : std::optional(found);
  }
  if (!rest.starts_with('.')) return std::nullopt;
  rest.remove_prefix(1);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), found.batch);
  const auto used = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc{} || found.batch < 0 || found.batch >= set.samples() / set.batch() || !rest.substr(used).starts_with('/')) return std::nullopt;
  found.id = set.pass().program.find(rest.substr(used + 1));
  if (found.id == kNoTensor) return std::nullopt;
  // The present weights are the trainer's.
  const bool of_trainer = found.prefix == kPresent && set.pass().program.info(found.id).kind == TensorKind::kParameter;
  return of_trainer ? std::nullopt : std::optional(found);
}

std::vector<TensorSummary> LossPlaneLesson::tensors() const {
  if (training_ == nullptr) return {};
  std::vector<TensorSummary> list = list_trained(training_->trainer());
  const EvaluationSet& set = measure_->present();
  for (const TensorSummary& summary : list_tensors(set.mean_program(), std::string(kPresent) + "/")) list.push_back(summary);
  for (int batch = 0; batch < set.samples() / set.batch(); ++batch)
    for (const TensorSummary& summary : list_tensors(set.pass().program, std::string(kPresent) + "." + std::to_string(batch) + "/"))
      if (summary.kind != kind_name(TensorKind::kParameter)) list.push_back(summary);
  return list;
}

Result<TensorValues> LossPlaneLesson::tensor(std::string_view name) const {
  if (training_ == nullptr) return still_loading();
  if (const auto tensor = evaluated(name)) {
    EvaluationSet& set = *tensor->set;
    if (tensor->batch < 0) return TensorValues{set.mean_program().info(tensor->id).shape, set.mean_buffers()[tensor->id], step()};
    return TensorValues{set.pass().program.info(tensor->id).shape, set.buffers_of(tensor->batch * set.batch())[tensor->id], step()};
  }
  return trained_tensor(training_->trainer(), name);
}

std::string LossPlaneLesson::leaf_text(const TensorInfo& info, std::int64_t index) const {
  switch (info.kind) {
    case TensorKind::kParameter:
      if (step() > 0) return "kept from the step before";
      return "initial weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
    case TensorKind::kState: return "state of the optimizer before the first step";
    case TensorKind::kHyper: return info.name + ", a setting";
    case TensorKind::kConstant: return "∂L/∂L = 1: where backpropagation begins";
    default: break;
  }
  const auto n = static_cast<int>(index / info.shape.inner_size());
  const std::string sample = (training_->setup().lenet ? "training digit " : "training point ") + std::to_string(training_->sample_of(step(), n));
  return (info.name == "x" ? "input of " : "target of ") + sample;
}

Result<Explanation> LossPlaneLesson::explain_mean(const ElementRef& element, const Evaluated& tensor) const {
  const EvaluationSet& set = *tensor.set;
  if (const Status status = check_element(element, set.mean_program().info(tensor.id).shape, step()); !status.ok()) return Error{status.error_message()};
  if (set.mean_program().info(tensor.id).producer < 0) {
    // The loss of one sample: computed by the pass on its batch.
    const auto sample = static_cast<int>(element.index);
    return explain_pass(element, {tensor.set, tensor.prefix, sample / set.batch(), set.pass().each});
  }
  return explain_element(set.mean_program(), set.mean_buffers(), tensor.id, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{tensor.prefix + "/" + set.mean_program().info(read).name, index, step()};
  });
}

Result<Explanation> LossPlaneLesson::explain_pass(const ElementRef& element, const Evaluated& tensor) const {
  EvaluationSet& set = *tensor.set;
  const Program& program = set.pass().program;
  const std::string prefix = tensor.prefix + "." + std::to_string(tensor.batch) + "/";
  const bool of_all = element.tensor.starts_with(tensor.prefix + "/");  // then it counts over all samples
  ElementRef in_batch = element;
  if (of_all) in_batch.index = element.index % set.batch();
  if (const Status status = check_element(in_batch, program.info(tensor.id).shape, step()); !status.ok()) return Error{status.error_message()};
  const Buffers<float>& buffers = set.buffers_of(tensor.batch * set.batch());
  Explanation explanation = explain_element(program, buffers, tensor.id, in_batch, [&](TensorId read, std::int64_t index) {
    const TensorInfo& info = program.info(read);
    const bool of_trainer = tensor.prefix == kPresent && info.kind == TensorKind::kParameter;
    return ElementRef{(of_trainer ? "" : prefix) + info.name, index, step()};
  });
  explanation.element = element;
  if (of_all) explanation.shape = Shape{set.samples()};
  const TensorInfo& info = program.info(tensor.id);
  if (info.kind == TensorKind::kParameter) {
    explanation.formula = "weight at this point of the plane: centre + (a · u + b · v)";
  } else if (info.producer < 0) {
    const std::int64_t sample = tensor.batch * set.batch() + in_batch.index / info.shape.inner_size();
    explanation.formula = (info.name == "x" ? "input of " : "target of ") +
                          std::string(training_->setup().lenet ? "test digit " : "training point ") + std::to_string(sample);
  }
  return explanation;
}

Result<Explanation> LossPlaneLesson::explain(const ElementRef& element) const {
  if (training_ == nullptr) return still_loading();
  if (const auto tensor = evaluated(element.tensor)) return tensor->batch < 0 ? explain_mean(element, *tensor) : explain_pass(element, *tensor);
  const bool by_hand = std::ranges::any_of(by_hand_, [&](const ByHand& set) { return set.tensor == element.tensor && (set.index < 0 || set.index == element.index); });
  return explain_trained(training_->trainer(), element, by_hand,
                         [&](const TensorInfo& info, std::int64_t index) { return by_hand ? "set by hand at step " + std::to_string(step()) : leaf_text(info, index); });
}

}  // namespace chainrule
