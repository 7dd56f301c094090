// The computing graph's numbers: deck 003's example op by op (N1, computed independently), gradients of its other programs
// against differences, and what happens to a parameter that is set by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "web/lessons/computing_graph/computing_graph_lesson.h"
#include "web/lessons/computing_graph/graph_symbol.h"
#include "web/lessons/tape/net_spec.h"

namespace chainrule {
namespace {

double value(const GraphModel& model, std::string_view tensor) {
  const TensorId id = model.program().find(tensor);
  EXPECT_NE(id, kNoTensor) << tensor;
  return id == kNoTensor ? 0.0 : static_cast<double>(model.buffers()[id][0]);
}

TEST(GraphModel, WorksDeck003sExampleOpByOp) {
  GraphModel model({GraphExample::kNetwork, net_example("deck-003"), true});
  model.start(1);
  model.run();
  const struct {
    const char* tensor;
    double exact;
  } kNumbers[] = {
      {"net_h1", 0.026}, {"out_h1", 0.506499633858}, {"net_h2", 0.041}, {"out_h2", 0.510248564387}, {"net_o1", 0.381374297605},
      {"out_o1", 0.594204523997}, {"E", 0.122119055770}, {"out_o1.grad", 0.494204523997}, {"out_o1.by.net_o1", 0.241125507658},
      {"net_o1.grad", 0.119165316736}, {"u5.by.w5", 0.506499633858}, {"u5.by.out_h1", 0.35}, {"w5.grad", 0.060357189295}, {"w6.grad", 0.060803931789},
      {"out_h1.grad", 0.041707860858}, {"out_h2.grad", 0.047666126694}, {"net_h1.grad", 0.010425203256}, {"net_h2.grad", 0.011911525154},
      {"w1.grad", 0.000521260163}, {"w2.grad", 0.001042520326}, {"w3.grad", 0.000595576258}, {"w4.grad", 0.001191152515},
  };
  for (const auto& [tensor, exact] : kNumbers) EXPECT_NEAR(value(model, tensor), exact, 1e-6 * exact) << tensor;
  model.next_update();
  const double updated[] = {0.139478739837, 0.188957479674, 0.239404423742, 0.288808847485, 0.289642810705, 0.339196068211};
  for (int w = 0; w < 6; ++w) EXPECT_NEAR(value(model, "w" + std::to_string(w + 1)), updated[w], 1e-6 * updated[w]);
  model.run();
  EXPECT_NEAR(value(model, "out_o1"), 0.579264842144, 1e-6);
  EXPECT_NEAR(value(model, "E"), 0.114847394458, 1e-6);
}

// e = (a + b) · (b + 1) with a = 2, b = 1: c = 3, d = 2, e = 6. ∂e/∂c = d = 2, ∂e/∂d = c = 3; b gets 2 · 1 + 3 · 1.
TEST(GraphModel, TwoPathsAddUp) {
  GraphModel model({GraphExample::kTwoPaths});
  model.start(1);
  model.run();
  EXPECT_EQ(value(model, "e"), 6.0);
  EXPECT_EQ(value(model, "a.grad"), 2.0);
  EXPECT_EQ(value(model, "b.grad"), 5.0);
}

double loss_at(const Program& program, Buffers<double>& buffers) {
  for (const OpCall& call : program.calls)
    if (call.phase == Phase::kForward || call.phase == Phase::kLoss) run_reference(call, buffers);
  return buffers[program.loss][0];
}

TEST(GraphModel, GradientsOfAllSmallProgramsAgreeWithDifferences) {
  std::vector<GraphChoice> choices;
  for (int example = 0; example <= static_cast<int>(GraphExample::kSharedWeight); ++example) choices.push_back({static_cast<GraphExample>(example)});
  for (int network = 0; network < static_cast<int>(net_examples().size()); ++network)
    for (const bool scalars : {false, true}) choices.push_back({GraphExample::kNetwork, network, scalars});
  for (const GraphChoice& choice : choices) {
    SCOPED_TRACE(std::string(kGraphExampleNames[static_cast<std::size_t>(choice.example)]) + " " + std::to_string(choice.network));
    GraphModel model(choice);
    model.start(5);
    model.run();
    const Program& program = model.program();
    Buffers<double> exact(program);
    for (const TensorId id : model.made().settable) std::ranges::copy(model.buffers()[id], exact[id].begin());
    for (const TensorId id : program.of_kind(TensorKind::kParameter)) {
      const std::span<const float> gradient = model.buffers()[program.gradient_of[static_cast<std::size_t>(id)]];
      double largest = 1e-6;
      for (const float g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        const double middle = exact[id][i];
        exact[id][i] = middle + 1e-5;
        const double above = loss_at(program, exact);
        exact[id][i] = middle - 1e-5;
        const double below = loss_at(program, exact);
        exact[id][i] = middle;
        EXPECT_NEAR(static_cast<double>(gradient[i]), (above - below) / 2e-5, 1e-4 * largest) << program.info(id).name << " " << i;
      }
    }
  }
}

TEST(GraphModel, EveryOpIsReadOnceAndAfterWhatItReads) {
  for (int example = 0; example < static_cast<int>(kGraphExampleNames.size()); ++example) {
    const GraphProgram made = make_graph_program({static_cast<GraphExample>(example), net_example("xor"), true});
    ASSERT_EQ(made.order.size(), made.program.calls.size());
    std::vector<bool> there(made.program.tensors.size(), false);
    for (std::size_t id = 0; id < there.size(); ++id) there[id] = made.program.tensors[id].producer < 0;
    for (const int number : made.order) {
      const OpCall& call = made.program.calls[static_cast<std::size_t>(number)];
      for (const TensorId in : call.inputs) EXPECT_TRUE(there[static_cast<std::size_t>(in)]) << made.program.info(in).name;
      for (const TensorId out : call.outputs) {
        EXPECT_FALSE(there[static_cast<std::size_t>(out)] && made.program.info(out).producer >= 0 && out != call.outputs[0]);
        there[static_cast<std::size_t>(out)] = true;
      }
    }
  }
}

TEST(ComputingGraph, AParameterThatIsSetAtTheEndBeginsTheNextUpdate) {
  ComputingGraph lesson;
  lesson.reset(1);
  while (lesson.written() < lesson.length()) lesson.advance(1);
  const std::int64_t step = lesson.step();
  ASSERT_TRUE(lesson.apply(Action::edit("w1", 0, 0.25f)).ok());
  EXPECT_EQ(lesson.step(), step);
  EXPECT_EQ(lesson.update(), 1);
  EXPECT_EQ(lesson.tensor("w1").value().data[0], 0.25f);
  EXPECT_EQ(lesson.explain({"w1", 0, step}).value().formula, "set by hand at step " + std::to_string(step));
  EXPECT_FALSE(lesson.explain({"w2", 0, step}).value().derivation.empty()) << "the update that is over explains the others";
  lesson.advance(1);
  EXPECT_EQ(lesson.written(), 1);
  EXPECT_EQ(lesson.tensor("w1").value().data[0], 0.25f);
}

TEST(ComputingGraph, RefusesWhatIsNoNumberOfItsOwn) {
  ComputingGraph lesson;
  lesson.reset(1);
  EXPECT_FALSE(lesson.apply(Action::edit("w1", 0, std::nanf(""))).ok());
  EXPECT_FALSE(lesson.apply(Action::edit("net", 0, 1.0f)).ok());
  EXPECT_FALSE(lesson.apply(Action::edit("w1", 1, 1.0f)).ok());
  EXPECT_FALSE(lesson.apply(Action::edit("w9", 0, 1.0f)).ok());
  while (lesson.written() + 1 < lesson.length()) lesson.advance(1);
  const Status late = lesson.apply(Action::edit("w1", 0, 1.0f));  // w1 is updated already, b is not
  EXPECT_FALSE(late.ok());
  EXPECT_TRUE(lesson.apply(Action::edit("x1", 0, 1.0f)).ok());
  EXPECT_EQ(lesson.tensor("u1").value().data[0], 0.8f);
}

TEST(GraphSymbol, IsWhatTheDecksWrite) {
  GraphModel model({GraphExample::kNetwork, net_example("deck-003"), true});
  const Program& program = model.program();
  const auto text = [&](std::string_view name) { return graph_symbol(program, program.find(name)).text(); };
  EXPECT_EQ(text("net_h1"), "net_h1");
  EXPECT_EQ(text("w5.grad"), "∂E/∂w5");
  EXPECT_EQ(text("out_o1.by.net_o1"), "∂out_o1/∂net_o1");
  EXPECT_EQ(graph_symbol(program, program.info(program.find("w5")).after).text(), "w5′");
  EXPECT_EQ(graph_formula(program, program.find("net_h1")), "net_{h1}");
  const GraphProgram decay = make_graph_program({GraphExample::kWeightDecay});
  EXPECT_EQ(graph_symbol(decay.program, decay.program.find("w"), 1).text(), "w_[2]");
  EXPECT_EQ(graph_symbol(decay.program, decay.program.find("w.grad.path1")).text(), "∂J^(1)/∂w");
}

}  // namespace
}  // namespace chainrule
