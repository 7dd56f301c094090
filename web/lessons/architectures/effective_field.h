// EffectiveField: what of a digit a unit of the trained LeNet really depends on: the gradient of the unit with respect to
// the picture, by the engine's backward pass.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "engine/backend/cpu/cpu_backend.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

class EffectiveField {
 public:
  /// `layer` of deck 002's LeNet, 0 to 5; `weights` as write_weights wrote them. Errors: those of read_weights.
  static Result<std::unique_ptr<EffectiveField>> make(int layer, const Blob& weights);
  EffectiveField(const EffectiveField&) = delete;
  EffectiveField& operator=(const EffectiveField&) = delete;

  /// The digit forward, then ∂unit/∂x back. Pixels from 0 to 1. `map` is brought into range.
  void run(std::span<const float> pixels, int map, int row, int column);

  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return backend_->buffers(); }
  int maps() const { return program_.info(values_).shape[1]; }
  TensorId x() const { return x_; }
  /// The layer's values, and where among them the unit is.
  TensorId values() const { return values_; }
  std::int64_t unit() const { return unit_; }

 private:
  EffectiveField() = default;

  Program program_;
  std::unique_ptr<CpuBackend> backend_;
  TensorId x_ = kNoTensor, values_ = kNoTensor, pick_ = kNoTensor;
  std::int64_t unit_ = 0;
};

}  // namespace chainrule
