// What the numbers of "Can we learn the kernel?" are called and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/filters/pictures.h"
#include "web/lessons/learn/learn_a_kernel.h"

namespace chainrule {

std::vector<TensorSummary> LearnAKernel::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : program_.tensors)
    if (info.before == kNoTensor) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> LearnAKernel::tensor(std::string_view name) const {
  const TensorId id = program_.find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return TensorValues{program_.info(id).shape, now_[id], step_};
}

std::string LearnAKernel::leaf_text(TensorId id) const {
  const TensorInfo& info = program_.info(id);
  if (info.name == "x") return "grey level / 255" + std::string(params_.on("centred") ? " − 0.5" : "") + " of the picture";
  if (info.name == "hidden") {
    const KnownFilter& filter = known_filters()[static_cast<std::size_t>(params_.whole("hidden"))];
    return "hidden filter, of deck " + std::string(filter.source);
  }
  if (info.name == "w") return "first weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
  if (info.kind == TensorKind::kState) return "state of the optimizer before the first step";
  if (info.kind == TensorKind::kHyper) return info.name + ", a setting";
  return "1: where a derivative begins";
}

Result<Explanation> LearnAKernel::explain(const ElementRef& element) const {
  const TensorId id = program_.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" in this network."};
  const TensorInfo& info = program_.info(id);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  const bool by_hand = std::ranges::count(by_hand_, element.tensor + " " + std::to_string(element.index)) > 0;
  const bool updated = is_carried(id) && step_ > 0 && !by_hand;
  if (updated && !before_) return Error{"Step " + std::to_string(step_) + " has to be run again to show where " + element.tensor + " comes from."};
  const TensorId computed = updated ? info.after : id;
  Explanation explanation = explain_element(program_, updated ? *before_ : now_, computed, element, [&](TensorId read, std::int64_t index) {
    // What an update has just made belongs to this step, all else to the one whose update it was.
    const bool fresh = program_.info(read).before != kNoTensor;
    return ElementRef{program_.info(read).name, index, updated && !fresh ? step_ - 1 : step_};
  });
  if (program_.info(computed).producer < 0) explanation.formula = by_hand ? "set by hand" : leaf_text(id);
  return explanation;
}

}  // namespace chainrule
