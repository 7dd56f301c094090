// WrongLesson: the same network trained twice, once with the right gradients and once with mistakes in backpropagation;
// and the gradient check, which tells them apart. A step is one update of both.
#pragma once

#include "web/lessons/net/net_lesson.h"

namespace chainrule {

/// One gradient beside the slope that was measured.
struct CheckedGradient {
  TensorId weight = kNoTensor, gradient = kNoTensor;
  std::int64_t index = 0;
  int layer = 0;
  double computed = 0.0, measured = 0.0;
  double relative = 0.0;  // |computed − measured| / the larger of the two
  bool right = true;
};

/// All gradients of `model`, from the output back as backpropagation comes to them. Right is what is within 1e-4 of the
/// tensor's largest slope: float32 leaves more digits than that.
std::vector<CheckedGradient> check_gradients(const NetModel& model);

class WrongLesson final : public NetLesson {
 public:
  static constexpr std::size_t kChecked = 0, kRight = 1;  // networks

  WrongLesson();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<WrongLesson>(); }
  void draw(DrawContext& context) const override;

 protected:
  std::vector<Network> networks_of(const ParamValues& params) const override;
};

}  // namespace chainrule
