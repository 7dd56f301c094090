// The parts of the drawing of "LeNet learns to read", some of which "Inside a trained LeNet" shows as well.
#pragma once

#include <string>
#include <vector>

#include "web/app/draw_context.h"
#include "web/lessons/lenet_mnist_view.h"
#include "web/widgets/ink.h"
#include "web/widgets/mosaic.h"

namespace chainrule {

/// What every part needs: the data, the canvas, and the two ways out of it.
struct DigitScene {
  const LenetMnistView& view;
  DrawContext& context;
  const Theme& theme;
  LenetMnistViewState& state;
  bool narrow;

  float unit() const { return theme.unit; }
  /// Asks for the derivation of an element.
  void explain(std::string_view tensor, std::int64_t index) const;
  void command(const char* name, double number = 0.0, std::vector<float> data = {}) const;
  /// Elements of `tensor` that the open derivation reads, and the explained one.
  std::vector<std::int64_t> lit(std::string_view tensor) const;
};

/// Source, previous, number, next; the verdict at the right. Returns the height used.
float draw_digit_bar(const DigitScene& scene, ImVec2 at, float width);
/// The paper for a digit; its strokes become commands.
void draw_digit_pad(const DigitScene& scene, ImVec2 at, float side);

/// The chosen digit's way through the network, in a card; on a phone as high as it needs. Returns its height.
float draw_digit_flow(const DigitScene& scene, Rect box);
/// `wanted`, or more where ten bars need it. Not for phones.
float digit_flow_height(const DigitScene& scene, float wanted);

// The panels under the tabs; each draws within `box`, or longer than it on a phone, and returns the height it used.
float draw_curves_panel(const DigitScene& scene, Rect box);
float draw_kernels_panel(const DigitScene& scene, Rect box);
float draw_stage_panel(const DigitScene& scene, Rect box);
/// What the unit sees whose derivation is open, and the way into all of the network.
float draw_unit_part(const DigitScene& scene, const Rect& box);
float draw_mistakes_panel(const DigitScene& scene, Rect box);
float draw_drawing_panel(const DigitScene& scene, Rect box);
float draw_data_panel(const DigitScene& scene, Rect box);

/// A stage's or layer's numbers as a mosaic; images of 28×28 weights where a dense layer reads the picture itself.
struct Tiling {
  int count = 0, height = 1, width = 1;
};
Tiling tiling_of_values(const Shape& shape);
Tiling tiling_of_weights(const Shape& shape, const Shape& input);

/// "20×24×24" without the batch of one.
std::string stage_shape_text(const Shape& shape);

}  // namespace chainrule
