// What the numbers of "Learning rate and schedules" are called and where each comes from.
#include "engine/base/text.h"
#include "web/lessons/schedules/schedules.h"

namespace chainrule {

std::vector<TensorSummary> SchedulesLesson::tensors() const { return list_tensors(run_.program()); }

Result<TensorValues> SchedulesLesson::tensor(std::string_view name) const {
  const TensorId id = run_.program().find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" in this network; tensors() lists them all."};
  return TensorValues{run_.program().info(id).shape, run_.buffers()[id], step()};
}

std::string SchedulesLesson::leaf_text(TensorId id, std::int64_t index) const {
  const TensorInfo& info = run_.program().info(id);
  const auto in_batch = [&](std::int64_t n) { return std::to_string(batcher_->batch_at(step())[static_cast<std::size_t>(n)]); };
  const auto coordinate = [](std::int64_t i) { return std::string(i % 2 == 0 ? "x1" : "x2"); };
  if (info.name == "x") return coordinate(index) + " of point " + in_batch(index / 2);
  if (info.name == "labels") return "class of point " + in_batch(index);
  if (info.name == "points") return coordinate(index) + " of point " + std::to_string(index / 2);
  if (info.name == "classes") return "class of point " + std::to_string(index);
  if (info.kind == TensorKind::kParameter) return "first weight, " + info.initializer.text() + ", seed " + std::to_string(seed_);
  if (info.name.starts_with("schedule.")) return "updates before this one";
  if (info.kind == TensorKind::kState) return "state before the first step";
  if (info.kind == TensorKind::kHyper) return info.name + ", a setting";
  return "1: where a derivative begins";
}

Result<Explanation> SchedulesLesson::explain(const ElementRef& element) const {
  return run_.explain(element, by_hand(element.tensor, element.index), [&](TensorId id, std::int64_t index) { return leaf_text(id, index); });
}

}  // namespace chainrule
