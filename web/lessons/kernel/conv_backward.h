// "Backward by sliding": the gradients of a convolution are convolutions themselves; max pooling sends its gradient
// home.
#pragma once

#include "web/lessons/kernel/sheet_lesson.h"

namespace chainrule {

class ConvBackward final : public SheetLesson {
 public:
  ConvBackward();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<ConvBackward>(); }
  std::optional<double> loss() const override;
  double reading_time() const override;
  void draw(DrawContext& context) const override;

  bool pools() const { return params_.whole("layer") == 1; }
  OpAttributes attributes() const { return attributes_of(params_); }

  /// dL/d element measured by central differences in double, for "w" and "x".
  double measured(std::string_view tensor, std::int64_t index) const;
  /// Of all elements of both gradients, the largest |backward − measured|.
  double worst_difference() const;

 protected:
  SheetPlan plan(const ParamValues& params) const override;
  void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const override;
  std::string source_text(const std::string& tensor) const override;

 private:
  static OpAttributes attributes_of(const ParamValues& params);
  static void plan_convolution(const ParamValues& params, SheetPlan& plan);
  static void plan_pooling(const ParamValues& params, SheetPlan& plan);
  mutable std::uint64_t worst_version_ = 0;  // of the numbers that worst_ is of
  mutable double worst_ = 0.0;
};

}  // namespace chainrule
