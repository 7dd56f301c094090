// UnitQuiz: one unit with 25 weights on a picture of 5×5 pixels. What does it detect?
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "web/lessons/kernel/sheet_lesson.h"

namespace chainrule {

/// A unit of the quiz: what it detects, why, and the picture to which it answers most.
struct QuizUnit {
  std::string_view name;      // in links
  std::string_view answer;    // "a horizontal line in the top row"
  std::string_view why;
  std::string_view weights;   // 25 signs, row by row: + strong, − negative, · none
  float bias;
};
std::span<const QuizUnit> quiz_units();

class UnitQuiz final : public SheetLesson {
 public:
  static constexpr int kSide = 5;

  UnitQuiz();
  std::unique_ptr<Lesson> sibling() const override { return std::make_unique<UnitQuiz>(); }
  /// Never asked: it is a part of "Inside a trained LeNet", which draws it.
  void draw(DrawContext&) const override {}

  int unit() const { return params_.whole("unit"); }
  /// The answer that was chosen, and nothing before.
  std::optional<int> answer() const;
  /// Are the weights those of the unit that the question is about?
  bool is_asked() const;
  /// The picture to which the unit of the question answers most: ink where its weights are positive.
  static std::vector<float> best_input(int unit);
  static std::vector<float> weights_of(int unit);

 protected:
  SheetPlan plan(const ParamValues& params) const override;
  void start(const ParamValues& params, std::uint64_t seed, std::vector<std::vector<float>>& stores) const override;
  std::string source_text(const std::string& tensor) const override;
};

}  // namespace chainrule
