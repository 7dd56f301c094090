// What the numbers of "The loss plane of a real network" are called and where each comes from.
#include <algorithm>
#include <charconv>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lesson_kit/trainer_explain.h"
#include "web/lessons/plane/loss_plane_lesson.h"

namespace chainrule {
namespace {

constexpr std::string_view kMean = "evaluation/", kPass = "evaluation.";

Error still_loading() { return Error{"The digits are still loading; there are no numbers yet."}; }

}  // namespace

std::optional<LossPlaneLesson::EvaluationTensor> LossPlaneLesson::evaluation_tensor(std::string_view name) const {
  if (training_ == nullptr || !name.starts_with(kPass)) return std::nullopt;
  const std::string_view rest = name.substr(kPass.size());
  EvaluationTensor found;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), found.batch);
  const EvaluationSet& set = measure_->present();
  const auto used = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc{} || found.batch < 0 || found.batch >= set.samples() / set.batch() || !rest.substr(used).starts_with('/')) return std::nullopt;
  found.id = set.pass().program.find(rest.substr(used + 1));
  if (found.id == kNoTensor || set.pass().program.info(found.id).kind == TensorKind::kParameter) return std::nullopt;
  return found;
}

std::vector<TensorSummary> LossPlaneLesson::tensors() const {
  if (training_ == nullptr) return {};
  std::vector<TensorSummary> list = list_trained(training_->trainer());
  const EvaluationSet& set = measure_->present();
  for (const TensorSummary& summary : list_tensors(set.mean_program(), kMean)) list.push_back(summary);
  for (int batch = 0; batch < set.samples() / set.batch(); ++batch)
    for (const TensorSummary& summary : list_tensors(set.pass().program, std::string(kPass) + std::to_string(batch) + "/"))
      if (summary.kind != kind_name(TensorKind::kParameter)) list.push_back(summary);
  return list;
}

Result<TensorValues> LossPlaneLesson::tensor(std::string_view name) const {
  if (training_ == nullptr) return still_loading();
  if (const auto of_pass = evaluation_tensor(name)) {
    EvaluationSet& set = measure_->present();
    return TensorValues{set.pass().program.info(of_pass->id).shape, set.buffers_of(of_pass->batch * set.batch())[of_pass->id], step()};
  }
  if (name.starts_with(kMean)) {
    const EvaluationSet& set = measure_->present();
    const TensorId id = set.mean_program().find(name.substr(kMean.size()));
    if (id != kNoTensor) return TensorValues{set.mean_program().info(id).shape, set.mean_buffers()[id], step()};
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

Result<Explanation> LossPlaneLesson::explain_mean(const ElementRef& element) const {
  EvaluationSet& set = measure_->present();
  const TensorId id = set.mean_program().find(element.tensor.substr(kMean.size()));
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this lesson; tensors() lists them all."};
  if (const Status status = check_element(element, set.mean_program().info(id).shape, step()); !status.ok()) return Error{status.error_message()};
  if (set.mean_program().info(id).producer < 0) {
    // The loss of one sample: computed by the pass on its batch.
    const auto sample = static_cast<int>(element.index);
    return explain_evaluation(element, {sample / set.batch(), set.pass().each});
  }
  return explain_element(set.mean_program(), set.mean_buffers(), id, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{std::string(kMean) + set.mean_program().info(read).name, index, step()};
  });
}

Result<Explanation> LossPlaneLesson::explain_evaluation(const ElementRef& element, const EvaluationTensor& tensor) const {
  EvaluationSet& set = measure_->present();
  const Program& program = set.pass().program;
  const std::string prefix = std::string(kPass) + std::to_string(tensor.batch) + "/";
  const bool of_all = element.tensor.starts_with(kMean);  // then it counts over all samples
  ElementRef in_batch = element;
  if (of_all) in_batch.index = element.index % set.batch();
  if (const Status status = check_element(in_batch, program.info(tensor.id).shape, step()); !status.ok()) return Error{status.error_message()};
  const Buffers<float>& buffers = set.buffers_of(tensor.batch * set.batch());
  Explanation explanation = explain_element(program, buffers, tensor.id, in_batch, [&](TensorId read, std::int64_t index) {
    const TensorInfo& info = program.info(read);
    return ElementRef{(info.kind == TensorKind::kParameter ? "" : prefix) + info.name, index, step()};
  });
  explanation.element = element;
  if (of_all) explanation.shape = Shape{set.samples()};
  const TensorInfo& info = program.info(tensor.id);
  if (info.producer < 0) {
    const std::int64_t sample = tensor.batch * set.batch() + in_batch.index / info.shape.inner_size();
    explanation.formula = (info.name == "x" ? "input of " : "target of ") +
                          std::string(training_->setup().lenet ? "test digit " : "training point ") + std::to_string(sample);
  }
  return explanation;
}

Result<Explanation> LossPlaneLesson::explain(const ElementRef& element) const {
  if (training_ == nullptr) return still_loading();
  if (element.tensor.starts_with(kMean)) return explain_mean(element);
  if (const auto of_pass = evaluation_tensor(element.tensor)) return explain_evaluation(element, *of_pass);
  const bool by_hand = std::ranges::any_of(by_hand_, [&](const ByHand& set) { return set.tensor == element.tensor && (set.index < 0 || set.index == element.index); });
  return explain_trained(training_->trainer(), element, by_hand,
                         [&](const TensorInfo& info, std::int64_t index) { return by_hand ? "set by hand at step " + std::to_string(step()) : leaf_text(info, index); });
}

}  // namespace chainrule
