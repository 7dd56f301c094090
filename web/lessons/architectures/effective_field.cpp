#include "web/lessons/architectures/effective_field.h"

#include <algorithm>

#include "engine/nn/models.h"
#include "engine/train/weights_file.h"

namespace chainrule {

Result<std::unique_ptr<EffectiveField>> EffectiveField::make(int layer, const Blob& weights) {
  constexpr std::string_view kValues[] = {"conv1.out", "pool1", "conv2.out", "pool2", "fc1.out", "fc2.net"};
  DigitModelOptions options;
  options.batch = 1;
  DigitClassifier built = build_digit_model(options);
  const Result<std::vector<float>> numbers = read_weights(built.graph.program(), *weights.bytes, weights.name);
  if (!numbers.ok()) return numbers.error();
  std::unique_ptr<EffectiveField> made(new EffectiveField);
  made->x_ = built.x;
  made->values_ = built.graph.program().find(kValues[layer]);
  const Shape shape = built.graph.shape(made->values_);
  // The unit is a sum in which only it counts, so that backpropagation begins there.
  made->pick_ = built.graph.input("pick", shape);
  const TensorId picked = built.graph.apply(OpKind::kMultiply, {}, {made->values_, made->pick_}, "picked");
  const TensorId unit = built.graph.apply(OpKind::kSum, {}, {picked}, "unit");
  made->program_ = built.graph.program();
  append_backward(made->program_, unit, true);
  made->backend_ = std::make_unique<CpuBackend>(made->program_);
  std::size_t at = 0;
  for (const TensorId id : made->program_.of_kind(TensorKind::kParameter)) {
    const auto size = static_cast<std::size_t>(made->program_.info(id).shape.size());
    made->backend_->upload(id, std::span(numbers.value()).subspan(at, size));
    at += size;
  }
  return made;
}

void EffectiveField::run(std::span<const float> pixels, int map, int row, int column) {
  const Shape& shape = program_.info(values_).shape;
  const bool flat = shape.rank() == 2;
  unit_ = std::min(map, shape[1] - 1);
  if (!flat) unit_ = (unit_ * shape[2] + std::min(row, shape[2] - 1)) * shape[3] + std::min(column, shape[3] - 1);
  std::vector<float> pick(static_cast<std::size_t>(shape.size()));
  pick[static_cast<std::size_t>(unit_)] = 1.0f;
  backend_->upload(x_, pixels);
  backend_->upload(pick_, pick);
  for (std::size_t call = 0; call < program_.calls.size(); ++call) backend_->enqueue(call);
}

}  // namespace chainrule
