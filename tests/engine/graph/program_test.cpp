// Graph and Program: names, kinds, phases, pairs, buffers.
#include <gtest/gtest.h>

#include "engine/graph/buffers.h"
#include "engine/graph/graph.h"

namespace chainrule {
namespace {

TEST(Program, ValuesHaveNamesShapesAndProducers) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 3}), w = graph.parameter("w", Shape{4, 3}, {});
  OpAttributes attributes;
  attributes.transpose_b = true;
  const TensorId y = graph.apply(OpKind::kMatMul, attributes, {x, w}, "y");
  graph.begin_loss();
  const TensorId labels = graph.input("label", Shape{2});
  const TensorId each = graph.apply(OpKind::kSoftmaxCrossEntropy, {}, {y, labels}, "each");
  const Program& program = graph.program();
  EXPECT_EQ(program.find("y"), y);
  EXPECT_EQ(program.find("none"), kNoTensor);
  EXPECT_EQ(program.find("y.grad"), kNoTensor) << "no backward yet";
  EXPECT_EQ(graph.shape(y), (Shape{2, 4}));
  EXPECT_EQ(program.info(x).producer, -1);
  EXPECT_EQ(program.info(y).producer, 0);
  EXPECT_EQ(program.info(y).kind, TensorKind::kActivation);
  EXPECT_EQ(program.info(each).kind, TensorKind::kLoss);
  EXPECT_EQ(program.calls[0].phase, Phase::kForward);
  EXPECT_EQ(program.calls[1].phase, Phase::kLoss);
  EXPECT_EQ(graph.output(each, 1), program.find("each.1"));
  EXPECT_EQ(program.info(graph.output(each, 1)).producer_output, 1);
  EXPECT_EQ(program.calls[0].formula, "y[n,j] = Σ_i x[n,i] · w[j,i]");
  EXPECT_EQ(program.of_kind(TensorKind::kInput), (std::vector<TensorId>{x, labels}));
}

TEST(Program, Errors) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 3});
  EXPECT_DEATH_IF_SUPPORTED(graph.input("x", Shape{1}), "two tensors are named x");
  EXPECT_DEATH_IF_SUPPORTED(graph.apply(OpKind::kNegate, {}, {99}, "y"), "input 99 of y");
  EXPECT_DEATH_IF_SUPPORTED(graph.apply(OpKind::kAdd, {}, {x, kNoTensor}, "y"), "input -1 of y");
  Program program = graph.program();
  TensorInfo other;
  other.shape = Shape{3};
  const TensorId other_id = program.add_tensor(other);
  EXPECT_DEATH_IF_SUPPORTED(program.pair(x, other_id), "2×3 and 3");
  EXPECT_DEATH_IF_SUPPORTED(Shape({2, 0}), "cannot append 0");
  EXPECT_DEATH_IF_SUPPORTED(Shape({1, 1, 1, 1, 1}), "rank 5");
}

TEST(Buffers, StartAtTheFillValueAndTradePlaces) {
  Program program;
  TensorInfo before;
  before.name = "state";
  before.shape = Shape{2};
  before.kind = TensorKind::kState;
  before.fill = 1.0f;
  const TensorId state = program.add_tensor(before);
  const TensorId next = program.add_call(OpKind::kAdd, {}, {state, state}, "state", TensorKind::kState, Phase::kUpdate);
  program.pair(state, next);
  EXPECT_EQ(program.find("state"), state);
  EXPECT_EQ(program.of_kind(TensorKind::kState), std::vector<TensorId>{state});

  Buffers<float> buffers(program);
  // 1, 2, 4, 8: each step doubles what the last one left.
  for (const float wanted : {2.0f, 4.0f, 8.0f}) {
    run_reference(program.calls[0], buffers);
    EXPECT_EQ(buffers[next][0], wanted);
    EXPECT_EQ(buffers[state][0], wanted / 2) << "the old value is still there";
    buffers.trade_places();
    EXPECT_EQ(buffers[state][1], wanted);
  }
}

// Every op has a name of its own, and every call a formula.
TEST(Ops, NamesAreUniqueAndFormulasSpeak) {
  for (std::size_t i = 0; i < op_count(); ++i) {
    const OpInfo& info = op_info(static_cast<OpKind>(i));
    EXPECT_FALSE(info.name.empty());
    EXPECT_NE(info.formula({}, 0).find('='), std::string::npos) << info.name;
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(info.name, op_info(static_cast<OpKind>(j)).name);
  }
  for (std::size_t i = 0; i < kActivationNames.size(); ++i) {
    OpAttributes attributes;
    attributes.activation = static_cast<Activation>(i);
    EXPECT_FALSE(op_info(OpKind::kActivate).formula(attributes, 0).empty()) << kActivationNames[i];
    EXPECT_FALSE(op_info(OpKind::kActivateGrad).formula(attributes, 0).empty()) << kActivationNames[i];
  }
}

}  // namespace
}  // namespace chainrule
