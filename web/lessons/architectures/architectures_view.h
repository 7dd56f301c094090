// The drawing of "Architectures": the table, what the slides say, the microscope.
#pragma once

#include <string>

#include "web/app/draw_context.h"
#include "web/lessons/architectures/architectures.h"
#include "web/widgets/ink.h"

namespace chainrule {

struct TableScene {
  const Architectures& lesson;
  DrawContext& context;
  const Theme& theme;

  const Architecture& model() const { return lesson.architecture(); }
  float unit() const { return theme.unit; }
  void explain(TensorId id) const { context.explain_request = ElementRef{model().program().info(id).name, 0, lesson.step()}; }
  /// Does the open derivation read it, or is it the number that it explains?
  bool is_lit(TensorId id) const;
};

/// Each draws within `box`, or longer than it, and returns the height used.
float draw_layer_table(const TableScene& scene, const Rect& box);
/// What a slide says of layer `layer`, or of the whole (−1), where it does not fit.
float draw_slide_notes(const TableScene& scene, int layer, const Rect& box);
float draw_connection_table(const TableScene& scene, const Rect& box);
float draw_microscope(const TableScene& scene, const Rect& box);

/// A number of the table in `box` that a click explains; `name` is what readers hear.
void draw_count(const TableScene& scene, TensorId id, const Rect& box, std::string_view text, const std::string& name);

}  // namespace chainrule
