#include "web/lessons/digit_drawing.h"

#include "engine/base/text.h"
#include "web/lessons/lenet_mnist_view.h"

namespace chainrule {

Status add_stroke(StrokeCanvas& canvas, std::vector<Action>& strokes, const Action& action) {
  const std::vector<float>& points = action.data;
  if (points.size() < 2 || points.size() % 2 != 0) return Error{"A stroke needs points of two numbers each."};
  for (const float v : points)
    if (!(v >= -1.0f && v <= 2.0f)) return Error{"The stroke's point " + shortest_text(v) + " is outside of the drawing, 0 to 1."};
  const bool begins = action.number != 0 || strokes.empty();
  if (begins) {
    canvas.begin(points[0], points[1]);
    strokes.push_back(Action::command(digit_command::kStroke, 1.0));
  }
  for (std::size_t i = begins ? 2 : 0; i + 1 < points.size(); i += 2) canvas.extend(points[i], points[i + 1]);
  std::vector<float>& whole = strokes.back().data;
  whole.insert(whole.end(), points.begin(), points.end());
  return Done{};
}

}  // namespace chainrule
