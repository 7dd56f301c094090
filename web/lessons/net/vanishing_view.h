// The drawing of VanishingLesson: the product of factors, the number of updates, the bars.
#pragma once

#include <string>
#include <vector>

#include "web/app/draw_context.h"
#include "web/lessons/net/vanishing_lesson.h"
#include "web/widgets/maths.h"

namespace chainrule {

struct VanishingScene {
  const VanishingLesson& lesson;
  DrawContext& context;
  const Theme& theme;

  float unit() const { return theme.unit; }
  const NetModel& model() const { return lesson.model(0); }
  float value(TensorId tensor, std::int64_t index = 0) const { return model().buffers()[tensor][static_cast<std::size_t>(index)]; }
  void explain(TensorId tensor, std::int64_t index = 0) const { context.explain_request = lesson.reference(0, tensor, index); }
};

/// An equation whose numbers are elements of tensors: by the ids of its items.
struct NetEquation {
  struct Element {
    TensorId tensor;
    std::int64_t index;
  };
  std::vector<MathsItem> items;
  std::vector<Element> elements;
};

/// ∂E/∂w of the chosen layer, in symbols and then factor by factor. In a network wider than one unit: one of its paths.
NetEquation gradient_product(const VanishingScene& scene);
/// The weight of a layer that is looked at: of the unit with the largest gradient the one with the largest gradient. In a
/// chain the only one. Unit, and the unit that its input comes from.
struct ChosenWeight {
  std::int64_t unit = 0, input = 0;
  std::int64_t index = 0;  // in the layer's weights
};
ChosenWeight chosen_weight(const VanishingScene& scene, int layer);
/// How many paths lead from the output to the chosen weight; infinity where floats end.
double path_count(const VanishingScene& scene);

/// Each draws into the width of `box` and returns the height used.
float draw_vanishing_controls(const VanishingScene& scene, const Rect& box);
float draw_product(const VanishingScene& scene, const Rect& box);
float draw_patience(const VanishingScene& scene, const Rect& box);
/// Fills `box`.
void draw_layer_bars(const VanishingScene& scene, const Rect& box);

}  // namespace chainrule
