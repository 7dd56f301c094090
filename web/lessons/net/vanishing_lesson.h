// VanishingLesson: a chain of layers, and what becomes of the gradient on its way back through them.
//
// A step is a real update of all weights, not one factor of the product: the product is always there in full, factor by
// factor, and what only time shows is that the early layers stand still while the late ones learn.
#pragma once

#include "web/lessons/net/net_lesson.h"

namespace chainrule {

class VanishingLesson final : public NetLesson {
 public:
  static constexpr int kMostDepth = 30, kMostWidth = 8;

  VanishingLesson();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<VanishingLesson>(); }
  void draw(DrawContext& context) const override;

  // ---------------------------------------------------------------------------------------------- for its drawing
  int depth() const { return model(0).spec().layers(); }
  int width() const { return model(0).spec().units[0]; }
  bool all_alike() const { return param("weights") == 0; }
  /// The layer whose first weight is looked at, from 0 on.
  int layer() const;
  /// "h3.w", of a layer.
  TensorId find(int layer, const char* part) const;

 protected:
  std::vector<Network> networks_of(const ParamValues& params) const override;
  void put_settings(NetModel& model) const override;
};

}  // namespace chainrule
