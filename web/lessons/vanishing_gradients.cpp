// "Vanishing and exploding gradients": decks 002 and 003.
#include <algorithm>
#include <cmath>

#include "engine/math/functions.h"
#include "web/lessons/net/vanishing_lesson.h"

namespace chainrule {
namespace {

LessonInfo lesson_info() {
  return {.slug = "vanishing-gradients",
          .title = "Vanishing and exploding gradients",
          .summary = "Why early layers of a deep network stand still: one product of many factors, each with its number.",
          .topic = "Backpropagation",
          .decks = "002, 003"};
}

// 2³³ · 1e−10: with the other first values the gradient of the first weight is deck 003's 0.0000000001.
constexpr float kInput = 0.8589934592f;

std::vector<ParamSpec> lesson_params() {
  ParamTable table;
  table.number("depth", "Depth", "Layers of weights, the output's included. Starts over.", ParamType::kInteger, 1, VanishingLesson::kMostDepth, 11);
  table.choice("activation", "Activation", "f of all layers; where f has no bounds the last layer has none. Starts over.", kActivationNames,
               static_cast<double>(Activation::kLogistic));
  table.choice("weights", "First weights", "All alike, or drawn at random by a rule. Starts over.", {"all alike", "glorot", "he", "lecun"}, 0);
  table.number("w", "Weight w", "Every first weight, where they are all alike. Starts over.", ParamType::kReal, -6, 6, 0.5);
  table.number("width", "Units in a layer", "1 is the chain of the decks. Starts over.", ParamType::kInteger, 1, VanishingLesson::kMostWidth, 1);
  table.number("x", "Input x", "The one input. Starts over.", ParamType::kReal, -2, 2, static_cast<double>(kInput));
  table.number("target", "Target t", "What the output should be. Starts over.", ParamType::kReal, -1, 1, 0);
  table.all_restart();
  table.number("lr", "Learning rate η", "How far one update goes against the gradient.", ParamType::kReal, 1e-4, 1000, 1).logarithmic = true;
  table.number("distance", "Distance to go", "How far the weight has to move: deck 003 asks for 0.7, from 0.5 to −0.2.", ParamType::kReal, 0.01, 10, 0.7)
      .logarithmic = true;
  table.number("layer", "Weight of layer", "Whose product of factors is shown.", ParamType::kInteger, 1, VanishingLesson::kMostDepth, 1).changes_model = false;
  table.choice("bars", "Bars", "Which gradients the bars show.", {"of the weights", "of the net inputs"}, 0).changes_model = false;
  table.choice("digits", "Digits", "How numbers are written. What is computed does not change.", {"three", "all"}, 0).changes_model = false;
  return table.take();
}

bool is_bounded(Activation f) {
  return f == Activation::kLogistic || f == Activation::kTanh || f == Activation::kArctan || f == Activation::kSoftsign;
}

// f(0), where it is not 0: such units get the bias that holds their net input at 0, where the logistic function is steepest.
float value_at_zero(Activation f) {
  if (f == Activation::kLogistic) return math::logistic(0.0f);
  if (f == Activation::kSoftplus) return math::softplus(0.0f);
  return 0.0f;
}

}  // namespace

VanishingLesson::VanishingLesson() : NetLesson(lesson_info(), lesson_params()) {}

std::vector<NetLesson::Network> VanishingLesson::networks_of(const ParamValues& params) const {
  Network network;
  NetSpec& spec = network.spec;
  const int depth = params.whole("depth"), width = params.whole("width");
  spec.inputs = 1;
  spec.units.assign(static_cast<std::size_t>(depth), width);
  spec.units.back() = 1;
  spec.hidden = static_cast<Activation>(params.whole("activation"));
  spec.output = is_bounded(spec.hidden) ? spec.hidden : Activation::kIdentity;
  spec.measured = true;
  constexpr InitializerKind kKinds[] = {InitializerKind::kConstant, InitializerKind::kGlorotUniform, InitializerKind::kHeNormal, InitializerKind::kLecunUniform};
  spec.initializer = kKinds[params.whole("weights")];
  NetExample& example = network.example;
  example.x = {static_cast<float>(params["x"])};
  example.target = {static_cast<float>(params["target"])};
  if (spec.initializer != InitializerKind::kConstant) return {network};
  const auto w = static_cast<float>(params["w"]);
  const float resting = value_at_zero(spec.hidden);
  for (int layer = 0; layer < depth; ++layer) {
    const int inputs = spec.inputs_of(layer), units = spec.units[static_cast<std::size_t>(layer)];
    float sum = 0.0f;  // in the order of the engine's, so that the net input is exactly 0
    for (int i = 0; i < inputs; ++i) sum += (layer == 0 ? example.x[0] : resting) * w;
    example.weights.emplace_back(static_cast<std::size_t>(inputs * units), w);
    example.biases.emplace_back(static_cast<std::size_t>(units), resting != 0.0f ? -sum : 0.0f);
  }
  return {network};
}

void VanishingLesson::put_settings(NetModel& model) const {
  model.values(model.program().find("distance"))[0] = static_cast<float>(param("distance"));
}

int VanishingLesson::layer() const { return std::min(static_cast<int>(param("layer")), depth()) - 1; }

TensorId VanishingLesson::find(int layer, const char* part) const {
  return model(0).program().find(model(0).spec().layer_name(layer) + part);
}

std::unique_ptr<Lesson> make_vanishing_gradients() { return std::make_unique<VanishingLesson>(); }

}  // namespace chainrule
