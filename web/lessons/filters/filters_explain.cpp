// What the numbers of "Filters on pictures" are called and where each comes from.
#include "engine/base/text.h"
#include "web/lesson_kit/program_explain.h"
#include "web/lessons/filters/filters.h"
#include "web/lessons/filters/pictures.h"

namespace chainrule {

std::vector<TensorSummary> Filters::tensors() const {
  std::vector<TensorSummary> list;
  for (const TensorInfo& info : program_.tensors) list.push_back({info.name, info.shape, std::string(kind_name(info.kind))});
  return list;
}

Result<TensorValues> Filters::tensor(std::string_view name) const {
  const TensorId id = program_.find(name);
  if (id == kNoTensor) return Error{"There is no tensor \"" + std::string(name) + "\" here; tensors() lists them all."};
  return TensorValues{program_.info(id).shape, buffers_[id], step_};
}

std::string Filters::leaf_text(TensorId id, std::int64_t index) const {
  const std::string& name = program_.info(id).name;
  if (name == "divisor" || name == "offset") return name + ", a setting";
  const auto filter = static_cast<std::size_t>(params_.whole("filter"));
  if (name == "w") return filter < known_filters().size() ? "weight of the filter, of deck " + std::string(known_filters()[filter].source) : "weight of your own filter";
  const std::int64_t pixel = index % (std::int64_t{width()} * height());
  return "pixel of the picture, row " + std::to_string(pixel / width()) + ", column " + std::to_string(pixel % width());
}

Result<Explanation> Filters::explain(const ElementRef& element) const {
  const TensorId id = program_.find(element.tensor);
  if (id == kNoTensor) return Error{"There is no tensor \"" + element.tensor + "\" here."};
  const TensorInfo& info = program_.info(id);
  if (const Status status = check_element(element, info.shape, step_); !status.ok()) return Error{status.error_message()};
  Explanation explanation = explain_element(program_, buffers_, id, element, [&](TensorId read, std::int64_t index) {
    return ElementRef{program_.info(read).name, index, step_};
  });
  if (info.producer < 0) explanation.formula = leaf_text(id, element.index);
  return explanation;
}

}  // namespace chainrule
