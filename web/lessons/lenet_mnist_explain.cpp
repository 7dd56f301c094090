// What the numbers of "LeNet learns to read" are called, and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lesson_kit/trainer_explain.h"
#include "web/lessons/lenet_mnist.h"

namespace chainrule {
namespace {

constexpr std::string_view kProbePrefix = "digit/", kFieldPrefix = "field/";
constexpr std::int64_t kPixels = 28 * 28;

Error still_loading() { return Error{"The digits are still loading; there are no numbers yet."}; }

std::string pixel_text(std::int64_t pixel) {
  return "row " + std::to_string(pixel % kPixels / 28) + ", column " + std::to_string(pixel % kPixels % 28);
}

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

/// A tensor of the shown digit's program. Errors: there is none of that name.
Result<TensorId> LenetMnist::find_of_digit(std::string_view name) const {
  const TensorId id = probe().program().find(name.substr(kProbePrefix.size()));
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return id;
}

const UnitProbe& LenetMnist::field(const std::string& tensor, std::int64_t index) const {
  static_cast<void>(probe());  // the shown digit
  if (field_ == nullptr || field_tensor_ != tensor) {
    field_ = std::make_unique<UnitProbe>(trainer_->setup().model, tensor, trainer_->parameters());
    field_tensor_ = tensor;
    field_version_ = 0;
  }
  if (field_version_ == probe_version_ && field_->unit() == index) return *field_;
  std::vector<float> pixels(shown_.pixels.begin(), shown_.pixels.end());
  for (float& pixel : pixels) pixel /= 255.0f;
  field_->set_parameters(trainer_->parameters());
  field_->run(pixels, index, shown_.label);
  field_version_ = probe_version_;
  return *field_;
}

// The names tell the unit, so that any step can make its numbers again.
Result<LenetMnist::FieldTensor> LenetMnist::find_field(std::string_view name) const {
  const std::string_view rest = name.substr(kFieldPrefix.size());
  const std::size_t first = rest.find('/'), second = first == rest.npos ? first : rest.find('/', first + 1);
  const Error none{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  if (second == rest.npos) return none;
  const std::string tensor(rest.substr(0, first));
  const Result<long long> index = parse_integer(rest.substr(first + 1, second - first - 1));
  const TensorId id = probe().program().find(tensor);
  if (id == kNoTensor || !index.ok() || index.value() < 0 || !unit_place(trainer_->setup().model.model, tensor, probe().program().info(id).shape, 0) ||
      index.value() >= probe().program().info(id).shape.size())
    return none;
  const UnitProbe& unit = field(tensor, index.value());
  const FieldTensor found{&unit, std::string(name.substr(0, kFieldPrefix.size() + second + 1)), unit.program().find(rest.substr(second + 1))};
  if (found.id == kNoTensor) return none;
  return found;
}

std::vector<TensorSummary> LenetMnist::tensors() const {
  if (trainer_ == nullptr) return {};
  std::vector<TensorSummary> list = list_trained(trainer_->trainer());
  for (const TensorInfo& info : probe().program().tensors)
    if (!is_learned(info)) list.push_back({std::string(kProbePrefix) + info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> LenetMnist::tensor(std::string_view name) const {
  if (trainer_ == nullptr) return still_loading();
  if (name.starts_with(kFieldPrefix)) {
    const Result<FieldTensor> found = find_field(name);
    if (!found.ok()) return found.error();
    const UnitProbe& unit = *found.value().probe;
    return TensorValues{unit.program().info(found.value().id).shape, unit.buffers()[found.value().id], step()};
  }
  if (!name.starts_with(kProbePrefix)) return trained_tensor(trainer_->trainer(), name);
  const Result<TensorId> id = find_of_digit(name);
  if (!id.ok()) return id.error();
  return TensorValues{probe().program().info(id.value()).shape, probe().buffers()[id.value()], step()};
}

bool LenetMnist::set_by_hand(const ElementRef& element) const {
  return std::ranges::any_of(by_hand_, [&](const ByHand& set) {
    return set.tensor == element.tensor && (set.index < 0 || set.index == element.index);
  });
}

std::string LenetMnist::leaf_text(const TensorInfo& info, const ElementRef& element) const {
  if (set_by_hand(element)) return "set by hand at step " + std::to_string(step());
  switch (info.kind) {
    case TensorKind::kParameter:
      if (step() > 0) return "kept from the step before";
      if (param("start") == 1) return "trained before, read from " + library_->weights(trainer_->setup().model.model)->name;
      return "initial weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
    case TensorKind::kState: return "state of the optimizer before the first step";
    case TensorKind::kHyper: return info.name + ", a setting";
    case TensorKind::kConstant: return "∂L/∂L = 1: where backpropagation begins";
    default: break;
  }
  const bool label = info.name == "label";
  const auto n = static_cast<int>(label ? element.index : element.index / kPixels);
  const bool of_digit = element.tensor.starts_with(kProbePrefix);
  const std::string digit = of_digit ? shown_.name : "training digit " + std::to_string(trainer_->training_digit(step(), n));
  return label ? "the true class of " + digit : "pixel of " + digit + ", " + pixel_text(element.index) + ": its byte / 255";
}

Result<Explanation> LenetMnist::explain_of_digit(const ElementRef& element) const {
  const Result<TensorId> id = find_of_digit(element.tensor);
  if (!id.ok()) return id.error();
  const Program& program = probe().program();
  const TensorInfo& info = program.info(id.value());
  if (const Status status = check_element(element, info.shape, step()); !status.ok()) return Error{status.error_message()};
  Explanation explanation = explain_element(program, probe().buffers(), id.value(), element, [&](TensorId read, std::int64_t index) {
    const TensorInfo& operand = program.info(read);
    return ElementRef{(is_learned(operand) ? "" : std::string(kProbePrefix)) + operand.name, index, step()};
  });
  if (info.producer < 0) explanation.formula = leaf_text(info, element);
  return explanation;
}

Result<Explanation> LenetMnist::explain_field(const ElementRef& element) const {
  const Result<FieldTensor> found = find_field(element.tensor);
  if (!found.ok()) return found.error();
  const auto& [probe, prefix, id] = found.value();
  const TensorInfo& info = probe->program().info(id);
  if (const Status status = check_element(element, info.shape, step()); !status.ok()) return Error{status.error_message()};
  Explanation explanation = explain_element(probe->program(), probe->buffers(), id, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{(found.value().probe->is_parameter(read) ? "" : found.value().prefix) + found.value().probe->program().info(read).name, index, step()};
  });
  if (info.producer < 0) explanation.formula = probe_leaf_text(*probe, element, id, "a weight of the present step", shown_.name);
  return explanation;
}

Result<Explanation> LenetMnist::explain(const ElementRef& element) const {
  if (trainer_ == nullptr) return still_loading();
  if (element.tensor.starts_with(kProbePrefix)) return explain_of_digit(element);
  if (element.tensor.starts_with(kFieldPrefix)) return explain_field(element);
  return explain_trained(trainer_->trainer(), element, set_by_hand(element),
                         [&](const TensorInfo& info, std::int64_t) { return leaf_text(info, element); });
}

}  // namespace chainrule
