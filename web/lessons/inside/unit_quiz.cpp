#include "web/lessons/inside/unit_quiz.h"

#include <algorithm>

namespace chainrule {
namespace {

constexpr int kPixels = UnitQuiz::kSide * UnitQuiz::kSide;
constexpr float kStrong = 2.0f, kAgainst = -1.0f;

constexpr QuizUnit kUnits[] = {
    {"top-row", "a horizontal line in the top row",
     "Pixels 1 to 5 have strong positive weights, all others none: ink in the top row alone counts, whatever stands below.",
     "+++++"
     "....."
     "....."
     "....."
     ".....",
     -7.0f},
    {"corner", "a dark top left corner",
     "Strong positive weights lie on pixels 1, 2, 6 and 7 alone: ink in the top left corner drives the unit, the rest of the picture does not matter.",
     "++..."
     "++..."
     "....."
     "....."
     ".....",
     -5.0f},
    {"upright", "an upright line in the middle, light on both sides",
     "Column 3 counts for the unit, columns 2 and 4 against it: a dark area there, with ink on both sides, leaves it silent.",
     ".-+-."
     ".-+-."
     ".-+-."
     ".-+-."
     ".-+-.",
     -7.0f},
    {"dot", "a dark dot in the middle, light all round",
     "Only pixel 13 is positive; its eight neighbours are negative. A dark area gives 2 − 8 and stays far below 0.",
     "....."
     ".---."
     ".-+-."
     ".---."
     ".....",
     -1.0f},
    {"diagonal", "a diagonal from the top left",
     "Pixels 1, 7, 13, 19 and 25 are positive, what lies beside them negative: the line has to run just so.",
     "+-..."
     "-+-.."
     ".-+-."
     "..-+-"
     "...-+",
     -7.0f},
};

std::vector<ParamSpec> make_params() {
  ParamTable table;
  std::vector<std::string_view> names;
  for (const QuizUnit& unit : kUnits) names.push_back(unit.name);
  table.choice("unit", "Unit", "Whose weights the question is about. Starts over.", names, 0).restarts = true;
  table.choice("activation", "Activation of the unit", "What the weighted sum goes through.", kActivationNames, static_cast<double>(Activation::kLogistic));
  table.number("answer", "Answer", "0: none yet; else the number of the answer.", ParamType::kInteger, 0, std::size(kUnits), 0).changes_model = false;
  table.number("brush", "Brush", "What a stroke paints.", ParamType::kReal, -5, 5, 1).changes_model = false;
  return table.take();
}

std::vector<SheetStore> make_stores() {
  const Shape square{UnitQuiz::kSide, UnitQuiz::kSide};
  return {{"x", square}, {"w", square}, {"b", Shape{1}}};
}

LessonInfo make_info() { return {.slug = "unit-quiz", .title = "What does this unit detect?", .summary = "", .topic = "", .decks = "000, 001"}; }

}  // namespace

std::span<const QuizUnit> quiz_units() { return kUnits; }

UnitQuiz::UnitQuiz() : SheetLesson(make_info(), make_params(), make_stores()) {}

std::optional<int> UnitQuiz::answer() const {
  const int chosen = params_.whole("answer");
  return chosen == 0 ? std::nullopt : std::optional(chosen - 1);
}

std::vector<float> UnitQuiz::weights_of(int unit) {
  std::vector<float> weights;
  for (const char sign : kUnits[unit].weights) weights.push_back(sign == '+' ? kStrong : sign == '-' ? kAgainst : 0.0f);
  return weights;
}

std::vector<float> UnitQuiz::best_input(int unit) {
  std::vector<float> pixels = weights_of(unit);
  for (float& pixel : pixels) pixel = pixel > 0.0f ? 1.0f : 0.0f;
  return pixels;
}

bool UnitQuiz::is_asked() const { return std::ranges::equal(sheet().values("w"), weights_of(unit())) && sheet().at("b", 0) == kUnits[unit()].bias; }

SheetPlan UnitQuiz::plan(const ParamValues& params) const {
  SheetPlan plan;
  const Shape square{kSide, kSide};
  const TensorId x = plan.input("x", square), w = plan.parameter("w", square), b = plan.parameter("b", Shape{1});
  const TensorId p = plan.apply(OpKind::kMultiply, {}, {x, w}, "p");
  plan.show_all(p);
  const TensorId s = plan.apply(OpKind::kSum, {}, {p}, "s");
  const TensorId z = plan.apply(OpKind::kAdd, {}, {s, b}, "z");
  OpAttributes attributes;
  attributes.activation = static_cast<Activation>(params.whole("activation"));
  const TensorId a = plan.apply(OpKind::kActivate, attributes, {z}, "a");
  for (const TensorId tensor : {s, z, a}) plan.show_all(tensor);
  return plan;
}

void UnitQuiz::start(const ParamValues& params, std::uint64_t, std::vector<std::vector<float>>& stores) const {
  const int unit = params.whole("unit");
  std::ranges::fill(stores[0], 0.0f);
  stores[1] = weights_of(unit);
  stores[2] = {kUnits[unit].bias};
  static_assert(kPixels == 25);
}

std::string UnitQuiz::source_text(const std::string& tensor) const { return tensor == "x" ? "pixel, an example" : tensor == "b" ? "bias, an example" : "weight, an example"; }

}  // namespace chainrule
