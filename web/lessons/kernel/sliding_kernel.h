// "Sliding kernel": a kernel moves over a picture, one sum of products at each place.
#pragma once

#include "web/lessons/kernel/sheet_lesson.h"

namespace chainrule {

class SlidingKernel final : public SheetLesson {
 public:
  SlidingKernel();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<SlidingKernel>(); }
  double reading_time() const override;
  void draw(DrawContext& context) const override;

  /// What the params ask of the op.
  OpAttributes attributes() const { return attributes_of(params_); }
  int size() const { return params_.whole("size"); }
  int kernel() const { return params_.whole("kernel"); }
  bool works() const { return sheet().plan().trouble.empty(); }
  /// Position in the picture, padding included, of the corner of the window that y[index] comes of; and whether it
  /// comes of one: filtering in place keeps the border.
  struct Window {
    int row = 0, column = 0;
    bool exists = false;
  };
  Window window_of(std::int64_t index) const;

 protected:
  SheetPlan plan(const ParamValues& params) const override;
  void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const override;
  void follow(const std::string& param, ParamValues& params) const override;
  std::string source_text(const std::string& tensor) const override;

 private:
  static OpAttributes attributes_of(const ParamValues& params);
};

}  // namespace chainrule
