// What the numbers of "LeNet learns to read" are called, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
namespace {

constexpr std::string_view kProbePrefix = "digit/";
constexpr std::int64_t kPixels = 28 * 28;

std::string pixel_text(std::int64_t pixel) {
  return "row " + std::to_string(pixel % kPixels / 28) + ", column " + std::to_string(pixel % kPixels % 28);
}

bool is_learned(const TensorInfo& info) { return info.kind == TensorKind::kParameter || info.kind == TensorKind::kState; }

}  // namespace

LenetMnist::ShownDigit LenetMnist::choose_digit() const {
  const int source = static_cast<int>(param("show")), digit = static_cast<int>(param("digit"));
  if (source == 2) return {mnist_preprocess(canvas_.coverage()), -1, "your drawing"};
  const bool from_batch = source == 1 && step() > 0;
  const ImageSet& images = from_batch ? trainer_->digits().train : trainer_->digits().test;
  const int image = from_batch ? static_cast<int>(trainer_->training_digit(step(), std::min(digit, trainer_->batch() - 1)))
                               : std::min(digit, images.count - 1);
  ShownDigit shown;
  std::ranges::copy(image_view(images, image), shown.pixels.begin());
  shown.label = images.labels[static_cast<std::size_t>(image)];
  shown.name = (from_batch ? "training digit " : "test digit ") + std::to_string(image);
  return shown;
}

const DigitProbe& LenetMnist::probe() const {
  if (probe_ == nullptr) probe_ = std::make_unique<DigitProbe>(trainer_->setup().model);
  if (!probe_fresh_) {
    shown_ = choose_digit();
    std::vector<float> pixels(shown_.pixels.begin(), shown_.pixels.end());
    for (float& pixel : pixels) pixel /= 255.0f;
    probe_->run(*trainer_, pixels, shown_.label);
    probe_fresh_ = true;
    ++probe_version_;
  }
  return *probe_;
}

Result<LenetMnist::Found> LenetMnist::find(std::string_view name) const {
  if (trainer_ == nullptr) return Error{"The digits are still loading; there are no numbers yet."};
  Found found;
  found.of_probe = name.starts_with(kProbePrefix);
  if (found.of_probe) {
    const DigitProbe& p = probe();
    found = {&p.program(), &p.buffers(), p.program().find(name.substr(kProbePrefix.size())), true};
  } else {
    const Trainer& t = trainer_->trainer();
    found = {&t.program(), &t.buffers(), t.program().find(name), false};
    if (found.id != kNoTensor) found.id = t.current_tensor(found.id);
  }
  if (found.id == kNoTensor)
    return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return found;
}

/// The training program's activations and gradients exist only after a step that was run here.
bool LenetMnist::has_values(const Found& found) const {
  const TensorInfo& info = found.program->info(found.id);
  if (found.of_probe || is_learned(info) || info.kind == TensorKind::kHyper || info.kind == TensorKind::kConstant) return true;
  return trainer_->trainer().step_shown();
}

std::vector<TensorSummary> LenetMnist::tensors() const {
  std::vector<TensorSummary> list;
  if (trainer_ == nullptr) return list;
  const auto add = [&](const Program& program, const Buffers<float>& buffers, bool of_probe) {
    for (std::size_t id = 0; id < program.tensors.size(); ++id) {
      const TensorInfo& info = program.tensors[id];
      if (info.before != kNoTensor || (of_probe && is_learned(info))) continue;
      if (has_values({&program, &buffers, static_cast<TensorId>(id), of_probe}))
        list.push_back({(of_probe ? std::string(kProbePrefix) : "") + info.name, info.shape, std::string(kind_name(info.kind))});
    }
  };
  add(trainer_->program(), trainer_->trainer().buffers(), false);
  add(probe().program(), probe().buffers(), true);
  return list;
}

Result<TensorValues> LenetMnist::tensor(std::string_view name) const {
  const Result<Found> found = find(name);
  if (!found.ok()) return found.error();
  const Found& f = found.value();
  if (!has_values(f))
    return Error{std::string(name) + " has no values yet: it is computed in a training step. Make a step first."};
  return TensorValues{f.program->info(f.id).shape, (*f.buffers)[f.id], step()};
}

ElementRef LenetMnist::reference(const Found& found, TensorId operand, std::int64_t index) const {
  const TensorInfo& info = found.program->info(operand);
  if (found.of_probe) return {(is_learned(info) ? "" : std::string(kProbePrefix)) + info.name, index, step()};
  // A tensor that has a value after the update was read before it: it is the one that the step before made.
  return {info.name, index, info.after != kNoTensor ? step() - 1 : step()};
}

bool LenetMnist::set_by_hand(const ElementRef& element) const {
  return std::ranges::any_of(by_hand_, [&](const ByHand& set) {
    return set.tensor == element.tensor && (set.index < 0 || set.index == element.index);
  });
}

std::string LenetMnist::leaf_text(const Found& found, const ElementRef& element) const {
  const TensorInfo& info = found.program->info(found.id);
  if (set_by_hand(element)) return "set by hand at step " + std::to_string(step());
  switch (info.kind) {
    case TensorKind::kParameter: {
      if (step() > 0) return "kept from the step before";
      if (param("start") == 1) return "trained before, read from " + library_->weights(trainer_->setup().model.model)->name;
      const TensorInfo& first = info.before == kNoTensor ? info : found.program->info(info.before);
      return "initial weight, " + first.initializer.text() + ", seed " + std::to_string(seed_);
    }
    case TensorKind::kState: return "state of the optimizer before the first step";
    case TensorKind::kHyper: return info.name + ", a setting";
    case TensorKind::kConstant: return "∂L/∂L = 1: where backpropagation begins";
    default: break;
  }
  if (found.of_probe)
    return info.name == "label" ? "the true class of " + shown_.name
                                : "pixel of " + shown_.name + ", " + pixel_text(element.index) + ": its byte / 255";
  const bool label = info.name == "label";
  const auto n = static_cast<int>(label ? element.index : element.index / kPixels);
  const std::string digit = "training digit " + std::to_string(trainer_->training_digit(step(), n));
  return label ? "the true class of " + digit : "pixel of " + digit + ", " + pixel_text(element.index) + ": its byte / 255";
}

Result<Explanation> LenetMnist::explain(const ElementRef& element) const {
  const Result<Found> result = find(element.tensor);
  if (!result.ok()) return result.error();
  const Found& found = result.value();
  const TensorInfo& info = found.program->info(found.id);
  if (const Status status = check_element(element, info.shape, step()); !status.ok()) return Error{status.error_message()};
  const bool computed = info.producer >= 0 && !set_by_hand(element) && !(is_learned(info) && step() == 0);
  if ((computed && !found.of_probe && !trainer_->trainer().step_shown()) || !has_values(found))
    return Error{"Step " + std::to_string(step()) + " has to be run again to show where " + element.tensor + " comes from."};
  if (computed)
    return explain_element(*found.program, *found.buffers, found.id, element,
                           [&](TensorId id, std::int64_t index) { return reference(found, id, index); });
  Explanation leaf;
  leaf.element = element;
  leaf.shape = info.shape;
  leaf.value = (*found.buffers)[found.id][static_cast<std::size_t>(element.index)];
  leaf.formula = leaf_text(found, element);
  return leaf;
}

}  // namespace chainrule
