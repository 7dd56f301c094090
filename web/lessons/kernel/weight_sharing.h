// "Weight sharing": one layer, wired in three ways, and what a shifted input makes of it.
#pragma once

#include "web/lessons/kernel/sheet_lesson.h"

namespace chainrule {

enum class Wiring : std::uint8_t { kFull, kLocal, kShared };

class WeightSharing final : public SheetLesson {
 public:
  WeightSharing();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<WeightSharing>(); }
  double reading_time() const override { return 1.5; }
  void draw(DrawContext& context) const override;

  Wiring wiring() const { return static_cast<Wiring>(params_.whole("wiring")); }
  int inputs() const { return params_.whole("inputs"); }
  int window() const { return std::min(params_.whole("window"), inputs()); }
  int units() const { return inputs() - window() + 1; }
  int shift() const { return params_.whole("shift"); }
  /// Names of the weights and the bias of unit i: all units' where they are shared.
  std::string weights_of(int unit) const { return weights_name(params_, unit); }
  std::string bias_of(int unit) const { return bias_name(params_, unit); }
  /// Which of its weights unit's window puts on the input at its `place`: true convolution turns the window.
  int weight_at(int place) const { return turned() ? window() - 1 - place : place; }
  bool turned() const { return wiring() != Wiring::kFull && params_.whole("operation") == 1; }
  /// Parameters of each wiring at the present sizes, as the sheet counts them.
  int parameters(Wiring wiring) const;
  /// Units whose whole window was in the picture before and after the shift: there y'[i + shift] can be compared with
  /// y[i].
  int comparable() const { return std::max(units() - shift(), 0); }
  /// Of those, the ones with another output.
  int different() const;

 protected:
  SheetPlan plan(const ParamValues& params) const override;
  void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const override;
  std::string source_text(const std::string& tensor) const override;

 private:
  static std::string weights_name(const ParamValues& params, int unit);
  static std::string bias_name(const ParamValues& params, int unit);
};

}  // namespace chainrule
