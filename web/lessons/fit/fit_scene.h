// What the drawings of lessons on fits share: numbers that explain themselves, and the learning rate with its limit.
#pragma once

#include <string>
#include <vector>

#include "web/app/draw_context.h"
#include "web/lessons/fit/fit_lesson.h"
#include "web/widgets/number_list.h"

namespace chainrule {

/// One number of a list: where it stands in a tensor, and what people call it.
struct FitNumber {
  std::string label;
  std::string tensor;
  std::int64_t index = 0;
  int color = -1;
};

struct FitScene {
  const FitLesson& lesson;
  DrawContext& context;
  const Theme& theme;
  float unit() const { return theme.unit; }
};

/// A section's title and its numbers, at `at`; a press opens the derivation. Returns the height used.
float draw_numbers(const FitScene& scene, const char* id, ImVec2 at, float width, std::string_view title, const std::vector<FitNumber>& numbers);

/// The learning rate on a line, with the best and the greatest stable rate on it. Requires: the program has lr.limit and lr.best. Returns
/// the height used.
float draw_rate(const FitScene& scene, ImVec2 at, float width, std::string_view limit_text);

/// A line of words, read out too; returns the height used.
float draw_head(const FitScene& scene, ImVec2 at, float width, const std::string& text);

}  // namespace chainrule
