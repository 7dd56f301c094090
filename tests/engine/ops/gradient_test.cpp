// Gradients of every op, in double, against central differences with random upstream gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/engine/support/gradient_check.h"

namespace chainrule::test {
namespace {

enum class Fill {
  kPlain,      // in ±1, none near 0: away from the kinks of the activations
  kApart,      // all different by at least 0.01, so that a step of 1e-5 changes no maximum
  kLabels,     // 0, 1, 2, 0, ...
  kPositive,   // between 0.02 and 1
};

struct Case {
  std::string name;
  OpKind kind;
  OpAttributes attributes;
  std::vector<Shape> shapes;
  std::vector<int> differentiable;
  std::vector<Fill> fills;
  bool flat = false;  // the gradient is 0 everywhere: the binary step
};

Case plain(std::string name, OpKind kind, std::vector<Shape> shapes, OpAttributes attributes = {}) {
  Case made{std::move(name), kind, attributes, std::move(shapes), {}, {}, false};
  for (std::size_t slot = 0; slot < made.shapes.size(); ++slot) {
    made.differentiable.push_back(static_cast<int>(slot));
    made.fills.push_back(Fill::kPlain);
  }
  return made;
}

void add_matmuls(std::vector<Case>& cases) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true}) {
      OpAttributes attributes;
      attributes.transpose_a = ta;
      attributes.transpose_b = tb;
      cases.push_back(plain(std::string("matmul") + (ta ? " aT" : "") + (tb ? " bT" : ""), OpKind::kMatMul,
                            {ta ? Shape{4, 3} : Shape{3, 4}, tb ? Shape{5, 4} : Shape{4, 5}}, attributes));
    }
}

void add_convolutions(std::vector<Case>& cases) {
  struct Window {
    int stride, pad, dilation, H, W, R, S;
  };
  for (const Window v : {Window{1, 0, 1, 5, 6, 3, 2}, Window{2, 0, 1, 7, 6, 3, 3}, Window{1, 2, 1, 4, 4, 3, 3},
                         Window{1, 0, 2, 7, 7, 3, 2}, Window{2, 1, 2, 8, 9, 3, 3}, Window{3, 2, 1, 7, 8, 2, 3},
                         Window{1, 0, 1, 3, 3, 1, 1}, Window{2, 1, 1, 6, 6, 2, 2}}) {
    OpAttributes attributes;
    attributes.stride = v.stride;
    attributes.pad = v.pad;
    attributes.dilation = v.dilation;
    cases.push_back(plain("conv2d stride " + std::to_string(v.stride) + " pad " + std::to_string(v.pad) + " dilation " +
                              std::to_string(v.dilation),
                          OpKind::kConv2d, {Shape{2, 2, v.H, v.W}, Shape{3, 2, v.R, v.S}}, attributes));
  }
}

void add_pools(std::vector<Case>& cases) {
  for (const OpKind kind : {OpKind::kMaxPool, OpKind::kAveragePool})
    for (const auto& [window, stride] : {std::pair{2, 2}, std::pair{3, 2}, std::pair{3, 1}, std::pair{2, 3}, std::pair{1, 1}}) {
      OpAttributes attributes;
      attributes.window = window;
      attributes.window_stride = stride;
      Case made = plain(std::string(op_info(kind).name) + " " + std::to_string(window) + "/" + std::to_string(stride), kind,
                        {Shape{2, 2, 6, 7}}, attributes);
      made.fills = {Fill::kApart};
      cases.push_back(std::move(made));
    }
}

void add_activations(std::vector<Case>& cases) {
  for (std::size_t i = 0; i < kActivationNames.size(); ++i) {
    OpAttributes attributes;
    attributes.activation = static_cast<Activation>(i);
    attributes.slope = 0.125f;
    Case made = plain(std::string(kActivationNames[i]), OpKind::kActivate, {Shape{3, 7}}, attributes);
    made.flat = attributes.activation == Activation::kBinaryStep;
    cases.push_back(std::move(made));
  }
}

void add_losses(std::vector<Case>& cases) {
  Case cross = plain("softmax cross-entropy", OpKind::kSoftmaxCrossEntropy, {Shape{4, 3}, Shape{4}});
  cross.differentiable = {0};
  cross.fills = {Fill::kApart, Fill::kLabels};
  cases.push_back(cross);
  for (const SquaredErrorForm form : {SquaredErrorForm::kHalfSum, SquaredErrorForm::kMean}) {
    OpAttributes attributes;
    attributes.form = form;
    Case squared = plain(form == SquaredErrorForm::kMean ? "squared error, mean" : "squared error, half sum",
                         OpKind::kSquaredError, {Shape{3, 4}, Shape{3, 4}}, attributes);
    cases.push_back(squared);
    squared.differentiable = {0};
    squared.name += ", targets fixed";
    cases.push_back(squared);
  }
}

void add_functions(std::vector<Case>& cases) {
  const Shape shape{3, 4};
  cases.push_back(plain("divide", OpKind::kDivide, {shape, shape}));
  Case power = plain("power", OpKind::kPower, {shape, shape});
  power.fills[0] = Fill::kPositive;
  cases.push_back(std::move(power));
  for (std::size_t i = 0; i < kFunctionNames.size(); ++i) {
    OpAttributes attributes;
    attributes.function = static_cast<Function>(i);
    Case made = plain(std::string(kFunctionNames[i]), OpKind::kElementary, {shape}, attributes);
    made.fills = {Fill::kPositive};
    cases.push_back(made);
    if (attributes.function == Function::kLog || attributes.function == Function::kSqrt) continue;
    made.name += ", either sign";
    made.fills = {Fill::kPlain};
    cases.push_back(std::move(made));
  }
  for (const bool smaller : {false, true}) {
    OpAttributes attributes;
    attributes.smaller = smaller;
    const Case made = plain(smaller ? "min" : "max", OpKind::kExtreme, {shape, shape}, attributes);
    cases.push_back(made);
  }
}

void add_rest(std::vector<Case>& cases) {
  cases.push_back(plain("bias N×C", OpKind::kBias, {Shape{3, 4}, Shape{4}}));
  cases.push_back(plain("bias N×C×H×W", OpKind::kBias, {Shape{2, 3, 4, 5}, Shape{3}}));
  Case softmax = plain("softmax", OpKind::kSoftmax, {Shape{3, 5}});
  softmax.fills = {Fill::kApart};
  cases.push_back(softmax);
  for (const OpKind kind : {OpKind::kAdd, OpKind::kSubtract, OpKind::kMultiply})
    cases.push_back(plain(std::string(op_info(kind).name), kind, {Shape{2, 3}, Shape{2, 3}}));
  cases.push_back(plain("negate", OpKind::kNegate, {Shape{2, 3}}));
  OpAttributes flat;
  flat.shape = Shape{2, 12};
  cases.push_back(plain("reshape", OpKind::kReshape, {Shape{2, 3, 2, 2}}, flat));
  cases.push_back(plain("concat N×C", OpKind::kConcat, {Shape{3, 2}, Shape{3, 4}}));
  cases.push_back(plain("concat N×C×H×W", OpKind::kConcat, {Shape{2, 1, 3, 2}, Shape{2, 3, 3, 2}}));
  cases.push_back(plain("sum", OpKind::kSum, {Shape{2, 3, 2, 2}}));
  cases.push_back(plain("mean", OpKind::kMean, {Shape{7}}));
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  add_matmuls(cases);
  add_convolutions(cases);
  add_pools(cases);
  add_activations(cases);
  add_losses(cases);
  add_functions(cases);
  add_rest(cases);
  return cases;
}

void fill(std::span<double> values, Fill how, std::uint32_t seed) {
  const auto size = static_cast<std::uint32_t>(values.size());
  for (std::uint32_t i = 0; i < size; ++i) {
    switch (how) {
      case Fill::kPlain: values[i] = test_number(seed, i); break;
      // A permutation of 0, 0.01, 0.02, ... (1009 is a prime beyond any size here).
      case Fill::kApart: values[i] = (static_cast<double>((i * 373u + seed) % 1009u) - 500.0) * 0.01; break;
      case Fill::kPositive: values[i] = std::abs(test_number(seed, i)); break;
      case Fill::kLabels: values[i] = static_cast<double>(i % 3u); break;
    }
  }
}

struct Prepared {
  SingleOpProgram single;
  Buffers<double> buffers;
  std::vector<TensorId> checked;
};

Prepared prepare(const Case& test) {
  Prepared made{single_op_program(test.kind, test.attributes, test.shapes, test.differentiable), {}, {}};
  made.buffers = Buffers<double>(made.single.program);
  for (std::size_t slot = 0; slot < test.shapes.size(); ++slot)
    fill(made.buffers[made.single.inputs[slot]], test.fills[slot], 17u + static_cast<std::uint32_t>(slot));
  fill(made.buffers[made.single.upstream], Fill::kPlain, 91u);
  for (const int slot : test.differentiable) made.checked.push_back(made.single.inputs[static_cast<std::size_t>(slot)]);
  return made;
}

TEST(OpGradient, EveryCaseAgreesWithCentralDifferences) {
  double worst = 0.0;
  for (const Case& test : all_cases()) {
    Prepared prepared = prepare(test);
    const GradientReport report = check_gradients(prepared.single.program, prepared.buffers, prepared.checked);
    EXPECT_TRUE(report.passed()) << test.name << ": error " << report.worst << " at " << report.where;
    if (test.flat)
      EXPECT_EQ(report.smallest, 0.0) << test.name;
    else
      EXPECT_GT(report.smallest, 1e-2) << test.name << ": the gradient is too small to check";
    worst = std::max(worst, report.worst);
  }
  RecordProperty("worst_error", std::to_string(worst));
  std::printf("largest error of an op's gradient: %.3g\n", worst);
}

// A gradient off in one element by a ten-thousandth of the largest must fail: the harness sees every element.
TEST(OpGradient, HarnessCatchesAnySingleWrongElement) {
  for (const Case& test : all_cases()) {
    if (test.flat) continue;
    Prepared prepared = prepare(test);
    Program& program = prepared.single.program;
    for (const TensorId checked : prepared.checked) {
      const TensorId gradient = program.gradient_of[static_cast<std::size_t>(checked)];
      run_all(program, prepared.buffers);
      double largest = 0.0;
      for (const double value : prepared.buffers[gradient]) largest = std::max(largest, std::abs(value));
      // gradient + a tensor that is 0 but for one element, in place of the gradient.
      TensorInfo info;
      info.name = "blunder";
      info.shape = program.info(gradient).shape;
      Program wrong = program;
      const TensorId blunder = wrong.add_tensor(info);
      wrong.gradient_of[static_cast<std::size_t>(checked)] =
          wrong.add_call(OpKind::kAdd, {}, {gradient, blunder}, "wrong", TensorKind::kGradient, Phase::kBackward);
      Buffers<double> buffers(wrong);
      for (std::size_t id = 0; id < program.tensors.size(); ++id)
        std::ranges::copy(prepared.buffers[static_cast<TensorId>(id)], buffers[static_cast<TensorId>(id)].begin());
      buffers[blunder].back() = 1e-4 * largest;
      EXPECT_FALSE(check_gradients(wrong, buffers, prepared.checked).passed()) << test.name;
    }
  }
}

/// Changes the first call of `kind` in the backward calls.
template <class Change>
bool corrupt(Program& program, OpKind kind, Change change) {
  for (OpCall& call : program.calls)
    if (call.kind == kind && call.phase == Phase::kBackward) {
      change(call);
      return true;
    }
  return false;
}

/// The program of the case of that name, its backward call of `kind` changed, must fail.
template <class Change>
void expect_caught(const std::string& name, OpKind kind, Change change) {
  for (const Case& test : all_cases()) {
    if (test.name != name) continue;
    Prepared prepared = prepare(test);
    ASSERT_TRUE(check_gradients(prepared.single.program, prepared.buffers, prepared.checked).passed()) << name;
    ASSERT_TRUE(corrupt(prepared.single.program, kind, change)) << name;
    const GradientReport report = check_gradients(prepared.single.program, prepared.buffers, prepared.checked);
    EXPECT_FALSE(report.passed()) << name;
    EXPECT_GT(report.worst, 100 * kGradientTolerance) << name;
    return;
  }
  FAIL() << "no case " << name;
}

// The classic mistakes.
TEST(OpGradient, HarnessCatchesDeliberatelyWrongGradients) {
  // σ' left out: dx = dy.
  for (const char* name : {"logistic", "tanh", "arctan", "softsign", "ReLU", "leaky ReLU", "softplus"})
    expect_caught(name, OpKind::kActivateGrad, [](OpCall& call) { call.attributes.activation = Activation::kIdentity; });
  // tanh's derivative for the logistic function's.
  expect_caught("logistic", OpKind::kActivateGrad, [](OpCall& call) { call.attributes.activation = Activation::kTanh; });
  // e^x for the derivative of ln x; the wrong one of two is the max.
  expect_caught("log", OpKind::kElementaryGrad, [](OpCall& call) { call.attributes.function = Function::kExp; });
  expect_caught("max", OpKind::kExtremeGrad, [](OpCall& call) { call.attributes.second = !call.attributes.second; });
  // The sign of the right-hand side of a difference.
  expect_caught("subtract", OpKind::kNegate, [](OpCall& call) {
    call.kind = OpKind::kReshape;
    call.attributes.shape = call.out_shapes[0];
  });
  // Divided by one too many.
  expect_caught("mean", OpKind::kSpread, [](OpCall& call) { ++call.attributes.divisor; });
  // Half sum and mean mixed up.
  expect_caught("squared error, mean", OpKind::kSquaredErrorGrad,
                [](OpCall& call) { call.attributes.form = SquaredErrorForm::kHalfSum; });
  // The wrong half of a concat.
  expect_caught("concat N×C", OpKind::kSlice, [](OpCall& call) { call.attributes.begin = 1 - call.attributes.begin; });
  // da = dy · a.
  expect_caught("multiply", OpKind::kMultiply, [](OpCall& call) { std::swap(call.inputs[0], call.inputs[1]),
                                                                  call.inputs[0] = call.inputs[1]; });
}

// The harness counts NaN as wrong, and a gradient that backward forgot.
TEST(OpGradient, HarnessCatchesNanAndMissingGradients) {
  const Case test = plain("negate", OpKind::kNegate, {Shape{2, 3}});
  Prepared prepared = prepare(test);
  prepared.buffers[prepared.single.upstream][2] = std::nan("");
  EXPECT_FALSE(check_gradients(prepared.single.program, prepared.buffers, prepared.checked).passed());
  Prepared forgotten = prepare(test);
  forgotten.single.program.gradient_of[static_cast<std::size_t>(forgotten.checked[0])] = kNoTensor;
  EXPECT_FALSE(check_gradients(forgotten.single.program, forgotten.buffers, forgotten.checked).passed());
  EXPECT_FALSE(check_gradients(forgotten.single.program, forgotten.buffers, {}).passed()) << "nothing checked";
}

// ops.def, line by line: an op with a backward has a case, one without is a gradient or an update, and every gradient op is
// reached by some case.
TEST(OpGradient, EveryLineOfOpsDefIsCovered) {
  // Updates of parameters, what edits pictures, what counts: they are no part of a network's forward pass.
  std::set<OpKind> untrained = {OpKind::kFilter, OpKind::kLayerArithmetic};
  for (const std::string_view updates : {"optimizer_steps", "schedule_steps"}) {
#define OP(Type, file) \
  if (updates == #file) untrained.insert(OpKind::k##Type);
#include "engine/ops/ops.def"
#undef OP
  }
  // What lessons measure beside the training, and the wrong rules that they show.
  const std::set<OpKind> measures = {OpKind::kMeanMagnitude, OpKind::kScale, OpKind::kNormLimit, OpKind::kRepeats, OpKind::kFloatGap, OpKind::kRowsMean, OpKind::kCovariance,
                                    OpKind::kSolve2, OpKind::kEigenvalues2, OpKind::kAngle};
  std::set<OpKind> with_case, reached;
  for (const Case& test : all_cases()) {
    with_case.insert(test.kind);
    for (const OpCall& call : prepare(test).single.program.calls)
      if (call.phase == Phase::kBackward) reached.insert(call.kind);
  }
  for (std::size_t i = 0; i < op_count(); ++i) {
    const auto kind = static_cast<OpKind>(i);
    const OpInfo& info = op_info(kind);
    if (info.backward != nullptr)
      EXPECT_TRUE(with_case.contains(kind)) << info.name << " has no gradient test";
    else
      EXPECT_TRUE(reached.contains(kind) || untrained.contains(kind) || measures.contains(kind))
          << info.name << " has no backward, and no backward of another op uses it";
  }
}

}  // namespace
}  // namespace chainrule::test
