// The numbers of the small networks' tape, against deck 003's example (N1, computed independently) and against differences.
#include "web/lessons/tape/net_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/rng.h"

namespace chainrule {
namespace {

NetModel model_of(std::string_view name) {
  const NetExample& example = net_examples()[static_cast<std::size_t>(net_example(name))];
  NetModel model(example.spec);
  model.start(example, 1);
  model.run();
  return model;
}

float value(const NetModel& model, std::string_view tensor, std::size_t index) {
  return model.buffers()[model.program().find(tensor)][index];
}

void expect_near(double got, double exact, std::string_view what) {
  EXPECT_NEAR(got, exact, 1e-6 * std::abs(exact)) << what;
}

TEST(NetModel, WorksDeck003sExample) {
  NetModel model = model_of("deck-003");
  const struct {
    const char* tensor;
    std::size_t index;
    double exact;
  } kNumbers[] = {
      {"h.net", 0, 0.026},              {"h.out", 0, 0.506499633858},     {"h.net", 1, 0.041},
      {"h.out", 1, 0.510248564387},     {"o.net", 0, 0.381374297605},     {"o.out", 0, 0.594204523997},
      {"E", 0, 0.122119055770},         {"o.out.grad", 0, 0.494204523997}, {"o.slope", 0, 0.241125507658},
      {"o.net.grad", 0, 0.119165316736}, {"o.w.grad", 0, 0.060357189295}, {"o.w.grad", 1, 0.060803931789},
      {"h.out.grad", 0, 0.041707860858}, {"h.out.grad", 1, 0.047666126694}, {"h.net.grad", 0, 0.010425203256},
      {"h.net.grad", 1, 0.011911525154}, {"h.w.grad", 0, 0.000521260163}, {"h.w.grad", 1, 0.001042520326},
      {"h.w.grad", 2, 0.000595576258},  {"h.w.grad", 3, 0.001191152515},
  };
  for (const auto& [tensor, index, exact] : kNumbers) expect_near(static_cast<double>(value(model, tensor, index)), exact, tensor);
  model.next_update();
  const double updated[] = {0.139478739837, 0.188957479674, 0.239404423742, 0.288808847485, 0.289642810705, 0.339196068211};
  for (std::size_t i = 0; i < 6; ++i) expect_near(static_cast<double>(value(model, i < 4 ? "h.w" : "o.w", i % 4)), updated[i], "weight");
  model.run();
  expect_near(static_cast<double>(value(model, "o.out", 0)), 0.579264842144, "new output");
  expect_near(static_cast<double>(value(model, "E", 0)), 0.114847394458, "new error");
}

TEST(NetModel, TheTapeHasEveryNumberOnceAndOnlyAfterItsOperands) {
  for (const NetExample& example : net_examples()) {
    SCOPED_TRACE(example.name);
    const NetModel model = model_of(example.name);
    std::size_t numbers = 0;
    for (const OpCall& call : model.program().calls)
      for (const TensorId out : call.outputs) numbers += static_cast<std::size_t>(model.program().info(out).shape.size());
    EXPECT_EQ(model.tape().size(), numbers);
    for (std::size_t e = 0; e < model.tape().size(); ++e) {
      const TapeEntry& entry = model.tape()[e];
      EXPECT_EQ(model.entry_of(entry.tensor, entry.index), static_cast<std::int64_t>(e));
      const OpCall& call = model.program().calls[static_cast<std::size_t>(model.program().info(entry.tensor).producer)];
      const Derivation derivation = derive(model.program(), model.buffers(), entry.tensor, entry.index);
      for (const OperandRef& operand : derivation.operands()) {
        const TensorId tensor = call.inputs[static_cast<std::size_t>(operand.slot)];
        EXPECT_LT(model.entry_of(tensor, operand.index), static_cast<std::int64_t>(e))
            << model.program().info(entry.tensor).name << " reads " << model.program().info(tensor).name;
      }
      if (e > 0) {
        EXPECT_LE(model.tape()[e - 1].phase, entry.phase);
      }
    }
  }
}

// Points within h of a kink are drawn again.
TEST(NetModel, GradientsOfRandomNetworksAgreeWithDifferences) {
  Rng rng(7, "data");
  int checked = 0;
  for (int network = 0; checked < 200; ++network) {
    ASSERT_LT(network, 400) << "too many of them lie on kinks";
    NetSpec spec;
    spec.inputs = 1 + static_cast<int>(rng.below(4));
    spec.units.clear();
    for (std::uint32_t layer = 0; layer <= rng.below(4); ++layer) spec.units.push_back(1 + static_cast<int>(rng.below(5)));
    spec.hidden = static_cast<Activation>(rng.below(static_cast<std::uint32_t>(kActivationNames.size())));
    spec.output = rng.below(2) == 0 ? Activation::kLogistic : Activation::kIdentity;
    spec.biases = rng.below(2) == 0;
    spec.loss = rng.below(3) == 0 ? NetLoss::kCrossEntropy : NetLoss::kSquaredError;
    spec.samples = 1 + static_cast<int>(rng.below(3));
    NetModel model(spec);
    model.start(NetExample{}, static_cast<std::uint64_t>(network) + 1);
    model.run();
    bool near_kink = spec.hidden == Activation::kBinaryStep;
    for (int layer = 0; layer < spec.layers(); ++layer)
      for (const float net : model.buffers()[model.program().find(spec.layer_name(layer) + ".net")]) near_kink |= std::abs(net) < 1e-3f;
    if (near_kink) continue;
    ++checked;
    for (const TensorId parameter : model.program().of_kind(TensorKind::kParameter)) {
      const std::span<const float> gradient = model.buffers()[model.program().gradient_of[static_cast<std::size_t>(parameter)]];
      double largest = 1e-12;
      for (const float g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        const auto index = static_cast<std::int64_t>(i);
        const double difference = model.central_difference(parameter, index);
        EXPECT_NEAR(static_cast<double>(gradient[i]), difference, 1e-4 * largest + 1e-9) << network;
        EXPECT_NEAR(model.double_gradient(parameter, index), difference, 1e-6 * largest + 1e-10) << network;
      }
    }
  }
}

}  // namespace
}  // namespace chainrule
