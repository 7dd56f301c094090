// FieldView: a digit and, beside it, the gradient of one unit with respect to its pixels, both with the frame of what the unit
// can see: the receptive field as it is wired, and as it is used.
#pragma once

#include <optional>
#include <string>

#include "web/app/draw_context.h"
#include "web/lessons/sight.h"
#include "web/lessons/unit_probe.h"
#include "web/widgets/ink.h"

namespace chainrule {

struct FieldView {
  const UnitProbe& probe;
  std::string prefix;   // of the probe's tensors, for clicks
  std::string picture;  // "test digit 7"
  Sight sight;
  std::int64_t step = 0;  // of the numbers
  bool before = false;  // of the weighted sum, before the activation
  /// Shows the field before the activation, or after it again; nothing: there is no choice.
  std::optional<Action> other;
};

/// Draws at the top of `box`, as large as its width and height allow; returns the height used. Where a ReLU that is off leaves no
/// gradient, a sentence says so, with a button for the field before it.
float draw_field(DrawContext& context, const Rect& box, const FieldView& field);

/// The frame of `sight` over a picture of 28×28 pixels at `at`, `scale` logical pixels each.
void frame_sight(const Theme& theme, ImVec2 at, float scale, const Sight& sight);

}  // namespace chainrule
