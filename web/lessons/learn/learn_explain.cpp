// What the numbers of "Can we learn the kernel?" are called and where each comes from.
#include <algorithm>

#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/filters/pictures.h"
#include "web/lessons/learn/learn_a_kernel.h"

namespace chainrule {

std::vector<TensorSummary> LearnAKernel::tensors() const { return list_tensors(program()); }

Result<TensorValues> LearnAKernel::tensor(std::string_view name) const {
  const TensorId id = program().find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return TensorValues{program().info(id).shape, run_.buffers()[id], step()};
}

std::string LearnAKernel::leaf_text(TensorId id) const {
  const TensorInfo& info = program().info(id);
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
  const bool by_hand = std::ranges::count(by_hand_, element.tensor + " " + std::to_string(element.index)) > 0;
  return run_.explain(element, by_hand, [&](TensorId id, std::int64_t) { return leaf_text(id); });
}

}  // namespace chainrule
