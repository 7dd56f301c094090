#include "web/lessons/inside/ascent.h"

#include "engine/math/rng.h"

namespace chainrule {
namespace {

Program update_program(const Shape& shape) {
  Graph graph;
  const TensorId x = graph.input("x", shape), g = graph.input("g", shape);
  const TensorId rate = graph.input("rate", Shape{1}), norm = graph.input("norm", Shape{1});
  const TensorId push = graph.apply(OpKind::kScale, {}, {rate, g}, "push");
  const TensorId moved = graph.apply(OpKind::kAdd, {}, {x, push}, "moved");
  graph.apply(OpKind::kNormLimit, {}, {moved, norm}, "next");
  for (const TensorId id : {rate, norm}) graph.set_kind(id, TensorKind::kHyper);
  return graph.program();
}

}  // namespace

Ascent::Ascent(const DigitModelOptions& model, std::span<const float> parameters, std::string_view layer, int map)
    : probe_(model, std::string(layer) + ".net", parameters), update_(update_program(probe_.program().info(probe_.x()).shape)) {
  const Shape& shape = probe_.program().info(probe_.values()).shape;
  const bool flat = shape.rank() == 2;
  unit_ = unit_index(shape, map, flat ? 0 : shape[2] / 2, flat ? 0 : shape[3] / 2);
  backend_ = std::make_unique<CpuBackend>(update_);
}

void Ascent::start(AscentStart start, std::uint64_t seed) {
  std::vector<float> picture(static_cast<std::size_t>(probe_.program().info(probe_.x()).shape.size()));
  Rng rng(seed, "init");
  if (start == AscentStart::kNoise)
    for (float& pixel : picture) pixel = rng.uniform(-0.1f, 0.1f);
  restore(picture);
}

void Ascent::restore(std::span<const float> picture) {
  run(picture);
  shown_ = false;
}

void Ascent::set_rates(float rate, float norm) {
  backend_->upload(update_.find("rate"), std::span(&rate, 1));
  backend_->upload(update_.find("norm"), std::span(&norm, 1));
}

void Ascent::run(std::span<const float> picture) { probe_.run(picture, unit_); }

void Ascent::advance() {
  backend_->upload(update_.find("x"), picture());
  backend_->upload(update_.find("g"), probe_.buffers()[probe_.gradient()]);
  for (std::size_t call = 0; call < update_.calls.size(); ++call) backend_->enqueue(call);
  const std::span<const float> next = backend_->buffers()[update_.find("next")];
  run(next);
  shown_ = true;
}

}  // namespace chainrule
