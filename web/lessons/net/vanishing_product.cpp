// The product of factors and the number of updates.
#include <algorithm>
#include <cmath>

#include "engine/base/text.h"
#include "web/lessons/net/vanishing_view.h"
#include "web/widgets/controls.h"
#include "web/widgets/value_text.h"

namespace chainrule {
namespace {

constexpr int kDigits = 3;

/// Of the product: three digits, or as many as the float has (0).
int digits_of(const VanishingScene& scene) { return scene.lesson.param("digits") != 0 ? 0 : kDigits; }

class ProductBuilder {
 public:
  explicit ProductBuilder(const VanishingScene& scene) : scene_(scene), digits_(digits_of(scene)) {}

  void symbol(MathsLetter letter, MathsLetter under = {}, ImU32 color = 0) { made_.items.push_back(maths_symbol(std::move(letter), std::move(under), color)); }
  void sign(const char* text) { made_.items.push_back(maths_operator(text)); }
  void relation(const char* text) { made_.items.push_back(maths_relation(text)); }
  void sum_over(const char* what) { made_.items.push_back(maths_sum(what, "")); }
  void text(const char* words) { made_.items.push_back(maths_text(words)); }
  void number(TensorId tensor, std::int64_t index, const std::string& name, ImU32 color) {
    const float value = scene_.value(tensor, index);
    std::string written = value_text(value, digits_);
    if (std::signbit(value) && !made_.items.empty() && made_.items.back().kind == MathsItem::Kind::kOperator) written = "(" + written + ")";
    made_.items.push_back(maths_number(written, static_cast<std::int32_t>(made_.elements.size()), name, color));
    made_.elements.push_back({tensor, index});
  }
  /// A number that is multiplied to what stands there.
  void factor(TensorId tensor, std::int64_t index, const std::string& name, ImU32 color) {
    if (factors_++ > 0) sign("·");
    number(tensor, index, name, color);
    product_ *= read_value_text(value_text(scene_.value(tensor, index), digits_));
  }
  double product() const { return product_; }
  int factors() const { return factors_; }
  NetEquation take() { return std::move(made_); }

 private:
  const VanishingScene& scene_;
  int digits_;
  NetEquation made_;
  double product_ = 1.0;
  int factors_ = 0;
};

std::string number_of(int layer) { return std::to_string(layer + 1); }

TensorId gradient_of(const VanishingScene& scene, TensorId tensor) {
  return scene.model().program().gradient_of[static_cast<std::size_t>(tensor)];
}

/// Where the largest magnitude is, of `count` numbers from `first` on.
std::int64_t largest(std::span<const float> numbers, std::int64_t first, std::int64_t count) {
  std::int64_t best = first;
  for (std::int64_t i = first; i < first + count; ++i)
    if (std::abs(numbers[static_cast<std::size_t>(i)]) > std::abs(numbers[static_cast<std::size_t>(best)])) best = i;
  return best;
}

/// Where the weight's input comes from: the unit before, or x.
TensorId input_of(const VanishingScene& scene, int layer) {
  if (layer == 0) return scene.model().x();
  const TensorId out = scene.lesson.find(layer - 1, ".out");
  return out != kNoTensor ? out : scene.lesson.find(layer - 1, ".net");
}

TensorId error_slope(const VanishingScene& scene) {
  const Program& program = scene.model().program();
  const TensorId out = scene.lesson.find(scene.lesson.depth() - 1, ".out");
  const TensorId output = out != kNoTensor ? out : scene.lesson.find(scene.lesson.depth() - 1, ".net");
  return program.gradient_of[static_cast<std::size_t>(output)];
}

// ∂E/∂w₁ = ∂E/∂o · f′(net₁₁) · Π w_k · f′(net_{k−1}) · x
// In wide layers the gradient is the sum of such products over all paths.
void add_symbols(ProductBuilder& builder, const VanishingScene& scene, bool one_path) {
  const Palette& colors = scene.theme.colors;
  const int layer = scene.lesson.layer(), last = scene.lesson.depth() - 1;
  builder.symbol({"E", "", ""}, {"w", number_of(layer), ""}, colors.series[1]);
  builder.relation("=");
  if (!one_path) builder.sum_over("paths");
  builder.symbol({"E", "", ""}, {"o", "", ""}, colors.series[3]);
  builder.sign("·");
  builder.symbol({"f′", number_of(last), ""}, {}, colors.series[1]);
  if (layer < last) {
    builder.sign("·");
    builder.symbol({"Π", "k=" + number_of(layer + 1), number_of(last)});
    builder.text("(");
    builder.symbol({"w", "k", ""}, {}, colors.series[2]);
    builder.sign("·");
    builder.symbol({"f′", "k−1", ""}, {}, colors.series[1]);
    builder.text(")");
  }
  builder.sign("·");
  builder.symbol(layer == 0 ? MathsLetter{"x", "", ""} : MathsLetter{"out", number_of(layer - 1), ""}, {}, colors.series[0]);
}

}  // namespace

ChosenWeight chosen_weight(const VanishingScene& scene, int layer) {
  const NetModel& model = scene.model();
  const std::int64_t inputs = model.spec().inputs_of(layer), units = model.spec().units[static_cast<std::size_t>(layer)];
  ChosenWeight chosen;
  chosen.unit = largest(model.buffers()[gradient_of(scene, scene.lesson.find(layer, ".net"))], 0, units);
  chosen.index = largest(model.buffers()[gradient_of(scene, scene.lesson.find(layer, ".w"))], chosen.unit * inputs, inputs);
  chosen.input = chosen.index % inputs;
  return chosen;
}

double path_count(const VanishingScene& scene) {
  const int between = scene.lesson.depth() - 1 - scene.lesson.layer() - 1;  // layers whose units are free to choose
  return between <= 0 || scene.lesson.width() == 1 ? 1.0 : std::pow(static_cast<double>(scene.lesson.width()), between);
}

NetEquation gradient_product(const VanishingScene& scene) {
  const Palette& colors = scene.theme.colors;
  const VanishingLesson& lesson = scene.lesson;
  const int layer = lesson.layer(), last = lesson.depth() - 1;
  const bool one_path = path_count(scene) == 1.0;
  ProductBuilder builder(scene);
  add_symbols(builder, scene, one_path);
  builder.relation(one_path ? "=" : "→");
  builder.factor(error_slope(scene), 0, "∂E/∂o", colors.series[3]);
  for (int k = last; k >= layer; --k) {
    const std::int64_t unit = chosen_weight(scene, k).unit;
    if (const TensorId slope = lesson.find(k, ".slope"); slope != kNoTensor) builder.factor(slope, unit, "f′ of layer " + number_of(k), colors.series[1]);
    if (k == layer) break;
    const std::int64_t from = chosen_weight(scene, k - 1).unit;
    builder.factor(lesson.find(k, ".w"), unit * scene.model().spec().inputs_of(k) + from, "w of layer " + number_of(k), colors.series[2]);
  }
  const ChosenWeight chosen = chosen_weight(scene, layer);
  builder.factor(input_of(scene, layer), chosen.input, "input of layer " + number_of(layer), colors.series[0]);
  if (!one_path) return builder.take();
  const TensorId gradient = gradient_of(scene, lesson.find(layer, ".w"));
  const float result = scene.value(gradient, chosen.index);
  const int digits = digits_of(scene);
  const bool exact = value_text(static_cast<float>(builder.product()), digits) == value_text(result, digits);
  builder.relation(exact ? "=" : "≈");
  builder.number(gradient, chosen.index, "∂E/∂w" + number_of(layer), colors.series[1]);
  return builder.take();
}

float draw_product(const VanishingScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const float pad = 2 * scene.unit(), width = box.width() - 2 * pad;
  const NetEquation equation = gradient_product(scene);
  const Face body = face_of(theme, TextSize::kBody);
  const bool roomy = width > 44 * scene.unit() && equation.elements.size() < 40;
  const TextSize size = roomy ? TextSize::kHeading : TextSize::kBody;
  const double paths = path_count(scene);
  const std::string factors = paths > 1.0 ? "One of " + (paths < 1e15 ? grouped_text(std::llround(paths)) : with_minus_signs(significant_text(paths, 2))) +
                                                " paths, through the unit with the largest gradient in each layer: " + std::to_string(equation.elements.size()) +
                                                " factors. ∂E/∂w is the sum over all paths."
                                          : std::to_string(equation.elements.size() - 1) + " factors";
  const std::string words =
      scene.model().spec().hidden == Activation::kLogistic
          ? "f′ is at most 0.25 for the logistic function. But each hop has a weight as well: with |w| above 4, at net = 0, the product grows instead of shrinking."
          : "Each hop has two factors: the slope f′ of the activation and the weight w. Below 1 the product shrinks with every layer, above 1 it grows.";
  const float tall = maths_height(theme, equation.items, width, size);
  const float title = body.size + scene.unit();
  const float wrapped = put_wrapped(nullptr, body, {}, width, 0, words), counted = put_wrapped(nullptr, body, {}, width, 0, factors);
  const float height = 2 * pad + title + counted + tall + wrapped + 2 * scene.unit();
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = box.min.y + pad;
  section_title(theme, {box.min.x + pad, y}, width, "The gradient is a product");
  y += title;
  put_wrapped(&list, body, {box.min.x + pad, y}, width, theme.colors.text_muted, factors);
  y += counted + scene.unit();
  ImGui::SetCursorScreenPos({box.min.x + pad, y});
  const MathsHit hit = draw_maths(theme, "product", equation.items, width, size);
  if (hit.clicked) {
    const NetEquation::Element& element = equation.elements[static_cast<std::size_t>(*hit.clicked)];
    scene.explain(element.tensor, element.index);
  }
  y += tall + scene.unit();
  put_wrapped(&list, body, {box.min.x + pad, y}, width, theme.colors.text_muted, words);
  mirror_text("product words", {{box.min.x + pad, y}, {box.max.x, y + wrapped}}, factors + "\n" + words);
  return height;
}

// ------------------------------------------------------------------------------------------------------ how many updates

namespace {

/// "7,000,000,000": three digits of the number, in full while that can be read.
std::string updates_text(float updates) {
  if (!std::isfinite(updates)) return "never";
  const double rounded = read_value_text(value_text(updates, kDigits));
  if (rounded >= 1e15) return value_text(updates, kDigits);
  return rounded >= 100.0 ? grouped_text(std::llround(rounded)) : value_text(updates, kDigits);
}

struct Answer {
  const char* title;
  TensorId tensor;
};

void draw_answer(const VanishingScene& scene, const Rect& box, const Answer& answer) {
  const Theme& theme = scene.theme;
  const std::int64_t index = chosen_weight(scene, scene.lesson.layer()).index;
  const float updates = scene.value(answer.tensor, index);
  const std::string text = updates_text(updates);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Face small = face_of(theme, TextSize::kCaption);
  Face large = face_of(theme, TextSize::kTitle, Weight::kNumber);
  if (text_width(large, text) > box.width()) large = face_of(theme, TextSize::kHeading, Weight::kNumber);
  if (text_width(large, text) > box.width()) large = face_of(theme, TextSize::kCaption, Weight::kNumber);
  put_text(list, small, {box.min, {box.max.x, box.min.y + small.size}}, {0, 0}, theme.colors.text_muted, answer.title);
  const Rect number{{box.min.x, box.min.y + small.size}, box.max};
  const Press press = press_area(theme, answer.title, number, {.name = std::string(answer.title) + ": " + text});
  const bool never = !std::isfinite(updates);
  put_text(list, large, number, {0, 0.5f}, press.hovered ? theme.colors.accent : never ? theme.colors.bad : theme.colors.text, text);
  if (press.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    value_tip(theme, value_text(updates, 0), "updates at the present gradient");
  }
  if (press.pressed) scene.explain(answer.tensor, index);
}

std::string verdict_of(const VanishingScene& scene) {
  const VanishingLesson& lesson = scene.lesson;
  const int layer = lesson.layer();
  const std::int64_t index = chosen_weight(scene, layer).index;
  const float exact = scene.value(lesson.find(layer, ".w.updates"), index), rounded = scene.value(lesson.find(layer, ".w.updates32"), index);
  if (!std::isfinite(exact)) return "The step is exactly 0: this weight does not move at all.";
  if (std::isfinite(rounded)) return "Each update moves the weight; float32 rounds where it ends.";
  return "The step is at most half of the gap to the next float: w − step is rounded back to w, and the weight never moves.";
}

// step, gap and the weight, which the sentence speaks of
NetEquation facts_of(const VanishingScene& scene) {
  const Palette& colors = scene.theme.colors;
  const VanishingLesson& lesson = scene.lesson;
  const int layer = lesson.layer();
  ProductBuilder builder(scene);
  const std::int64_t index = chosen_weight(scene, layer).index;
  builder.symbol({"w", number_of(layer), ""}, {}, colors.series[2]);
  builder.text(" = ");
  builder.number(lesson.find(layer, ".w"), index, "w" + number_of(layer), colors.series[2]);
  builder.text(";  ");
  builder.text("step");
  builder.text(" = ");
  builder.number(lesson.find(layer, ".w.step"), index, "step", colors.series[1]);
  builder.text(";  ");
  builder.text("gap to the next float");
  builder.text(" = ");
  builder.number(lesson.find(layer, ".w.gap"), index, "gap to the next float", 0);
  return builder.take();
}

}  // namespace

float draw_patience(const VanishingScene& scene, const Rect& box) {
  const Theme& theme = scene.theme;
  const VanishingLesson& lesson = scene.lesson;
  const float pad = 2 * scene.unit(), width = box.width() - 2 * pad;
  const Face body = face_of(theme, TextSize::kBody), large = face_of(theme, TextSize::kTitle);
  const std::string title = "How many updates until w" + number_of(lesson.layer()) + " has moved by " +
                            value_text(static_cast<float>(lesson.param("distance")), kDigits) + "?";
  const std::string verdict = verdict_of(scene);
  const NetEquation facts = facts_of(scene);
  const float titled = put_wrapped(nullptr, face_of(theme, TextSize::kBody, Weight::kStrong), {}, width, 0, title) + scene.unit();
  const float answers = face_of(theme, TextSize::kCaption).size + std::max(large.size * 1.3f, theme.touch ? 5.5f * scene.unit() : 0.0f);
  const float tall = maths_height(theme, facts.items, width, TextSize::kBody), wrapped = put_wrapped(nullptr, body, {}, width, 0, verdict);
  const float height = 2 * pad + titled + answers + tall + wrapped + 2 * scene.unit();
  card(theme, {box.min, {box.max.x, box.min.y + height}});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = box.min.y + pad;
  put_wrapped(&list, face_of(theme, TextSize::kBody, Weight::kStrong), {box.min.x + pad, y}, width, theme.colors.text, title);
  mirror_text("patience", {{box.min.x + pad, y}, {box.max.x, y + titled}}, title + "\n" + verdict);
  y += titled;
  const float half = (width - pad) / 2;
  draw_answer(scene, {{box.min.x + pad, y}, {box.min.x + pad + half, y + answers}}, {"in exact arithmetic", lesson.find(lesson.layer(), ".w.updates")});
  draw_answer(scene, {{box.max.x - pad - half, y}, {box.max.x - pad, y + answers}}, {"in float32", lesson.find(lesson.layer(), ".w.updates32")});
  y += answers + scene.unit();
  ImGui::SetCursorScreenPos({box.min.x + pad, y});
  const MathsHit hit = draw_maths(theme, "facts", facts.items, width, TextSize::kBody);
  if (hit.clicked) {
    const NetEquation::Element& element = facts.elements[static_cast<std::size_t>(*hit.clicked)];
    scene.explain(element.tensor, element.index);
  }
  y += tall + scene.unit();
  put_wrapped(&list, body, {box.min.x + pad, y}, width, theme.colors.text_muted, verdict);
  return height;
}

}  // namespace chainrule
