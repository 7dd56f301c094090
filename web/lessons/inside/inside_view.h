// The drawing of "Inside a trained LeNet": what its parts share.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "web/lessons/field_view.h"
#include "web/lessons/inside/inside_lenet.h"
#include "web/lessons/lenet_mnist_view_parts.h"
#include "web/widgets/maths.h"

namespace chainrule {

struct InsideScene {
  const InsideLenet& lesson;
  DrawContext& context;
  const Theme& theme;
  bool narrow = false;

  float unit() const { return theme.unit; }
  void explain(std::string tensor, std::int64_t index) const { context.explain_request = ElementRef{std::move(tensor), index, lesson.step()}; }
  void set(const char* param, double value) const { context.actions.push_back(Action::set(param, value)); }
  ImDrawList& ink() const { return *ImGui::GetWindowDrawList(); }
};

/// The shown digit on its way through `probe`, as "LeNet learns to read" draws it.
class InsideDigit {
 public:
  InsideDigit(const InsideScene& scene, const UnitProbe& probe, const std::string& prefix);
  const DigitScene& scene() const { return scene_; }
  const LenetMnistView& view() const { return view_; }

 private:
  std::deque<std::string> texts_;
  std::vector<StageView> stages_;
  LenetMnistView view_;
  DigitScene scene_;
};

/// A picture of 28×28 numbers at `at` with its caption above; a click explains. Returns the height used, legend included.
struct InsidePicture {
  std::string tensor, caption;
  Shape shape;
  std::span<const float> values;
  std::int64_t first = 0;  // index in the tensor of values[0]
  bool signed_values = false;
  bool legend = false;
  bool explains = true;  // the tensor is one that can be asked for
};
float draw_inside_picture(const InsideScene& scene, ImVec2 at, float side, const InsidePicture& picture);

/// Where the shown digit is a drawing, the paper to draw on, with a button to clear it. Returns the height used; 0: a test digit.
float draw_inside_pad(const InsideScene& scene, const InsideDigit& digit, ImVec2 at, float side);

/// A line of an equation in a card: words and numbers, which are elements of `probe`'s tensors, to be clicked.
class InsideLines {
 public:
  InsideLines(const InsideScene& scene, const UnitProbe& probe, std::string prefix) : scene_(scene), probe_(probe), prefix_(std::move(prefix)) {}
  InsideLines& line() { return lines_.emplace_back(), *this; }
  InsideLines& text(std::string words) { return lines_.back().push_back(maths_text(std::move(words))), *this; }
  InsideLines& sign(const char* sign) { return lines_.back().push_back(maths_operator(sign)), *this; }
  InsideLines& relation(const char* sign) { return lines_.back().push_back(maths_relation(sign)), *this; }
  /// Element `index` of a tensor; `shown`: a running sum on the way to it.
  InsideLines& number(const std::string& tensor, std::int64_t index, std::optional<float> shown = {});
  /// Draws the card; returns its height.
  float draw(const Rect& box) const;

 private:
  const InsideScene& scene_;
  const UnitProbe& probe_;
  std::string prefix_;
  std::vector<std::vector<MathsItem>> lines_;
  std::vector<ElementRef> targets_;
};

/// A field for a whole number of a param, its words before it. Returns the width used.
float draw_inside_number(const InsideScene& scene, ImVec2 at, const char* label, const char* param, int most);
/// A row of choices of a param. Returns the width used.
float draw_inside_choice(const InsideScene& scene, ImVec2 at, float width, const char* name, const char* param, std::span<const std::string_view> words);

// The parts; each draws within `box`, or longer than it, and returns the height that it used.
float draw_inside_maps(const InsideScene& scene, const Rect& box);
float draw_inside_detects(const InsideScene& scene, const Rect& box);
float draw_inside_weights(const InsideScene& scene, const Rect& box);
float draw_inside_quiz(const InsideScene& scene, const Rect& box);
float draw_inside_shift(const InsideScene& scene, const Rect& box);

}  // namespace chainrule
