// Layers: what they put on a graph, and their gradients in double against central differences, up to whole networks.
#include <gtest/gtest.h>

#include "engine/nn/models.h"
#include "tests/engine/support/gradient_check.h"

namespace chainrule::test {
namespace {

void fill_randomly(Buffers<double>& buffers, const Program& program, TensorKind kind, std::uint32_t seed, double scale) {
  for (const TensorId id : program.of_kind(kind)) {
    std::uint32_t i = 0;
    for (double& number : buffers[id]) number = scale * test_number(seed, i++);
    ++seed;
  }
}

/// Gradients of all parameters (and inputs) of `graph`'s scalar `loss`.
GradientReport check(const Graph& graph, TensorId loss, TensorId labels = kNoTensor, int samples = 1 << 30,
                     double scale = 0.7) {
  Program program = graph.program();
  append_backward(program, loss, labels == kNoTensor);
  Buffers<double> buffers(program);
  fill_randomly(buffers, program, TensorKind::kInput, 31, 1.0);
  fill_randomly(buffers, program, TensorKind::kParameter, 61, scale);
  std::vector<TensorId> checked = program.of_kind(TensorKind::kParameter);
  if (labels == kNoTensor) {
    for (const TensorId id : program.of_kind(TensorKind::kInput)) checked.push_back(id);
  } else {
    for (std::size_t n = 0; n < buffers[labels].size(); ++n) buffers[labels][n] = static_cast<double>((3 * n + 1) % 4);
  }
  return check_gradients(program, buffers, checked, samples);
}

void expect_passed(const GradientReport& report, const std::string& name) {
  EXPECT_TRUE(report.passed()) << name << ": " << report.worst << " at " << report.where;
  EXPECT_GT(report.smallest, 1e-3) << name << ": too small to check";
}

/// sum of (value ⊙ input "upstream")
TensorId weigh(Graph& graph, TensorId value) {
  const TensorId upstream = graph.input("upstream", graph.shape(value));
  const TensorId weighted = graph.apply(OpKind::kMultiply, {}, {value, upstream}, "weighted");
  return graph.apply(OpKind::kSum, {}, {weighted}, "loss");
}

TEST(LayerGradient, DenseWithEveryActivationWithAndWithoutBias) {
  for (std::size_t i = 0; i < kActivationNames.size(); ++i)
    for (const bool bias : {true, false}) {
      const auto activation = static_cast<Activation>(i);
      if (activation == Activation::kBinaryStep) continue;  // flat: ops/gradient_test.cpp
      Graph graph;
      const TensorId x = graph.input("x", Shape{3, 4});
      const TensorId y = dense(graph, "fc", x, 5, {.activation = activation, .bias = bias});
      const TensorId loss = weigh(graph, y);
      expect_passed(check(graph, loss), std::string(kActivationNames[i]) + (bias ? " with bias" : ""));
    }
}

TEST(LayerGradient, Convolution) {
  for (const auto& [stride, pad, dilation] : {std::tuple{1, 0, 1}, std::tuple{2, 1, 1}, std::tuple{1, 2, 2}}) {
    OpAttributes window;
    window.stride = stride;
    window.pad = pad;
    window.dilation = dilation;
    Graph graph;
    const TensorId x = graph.input("x", Shape{2, 2, 7, 6});
    const TensorId y = conv2d(graph, "conv", x, 3, 3, window, {.activation = Activation::kTanh});
    const TensorId loss = weigh(graph, y);
    expect_passed(check(graph, loss), "stride " + std::to_string(stride));
  }
}

TEST(LayerGradient, PoolsAndFlatten) {
  for (const bool largest : {true, false}) {
    Graph graph;
    const TensorId x = graph.input("x", Shape{2, 2, 6, 6});
    const TensorId pooled = largest ? max_pool(graph, "pool", x, 2) : average_pool(graph, "pool", x, 3);
    const TensorId loss = weigh(graph, dense(graph, "fc", pooled, 3, {.activation = Activation::kLogistic}));
    expect_passed(check(graph, loss), largest ? "max pool" : "average pool");
  }
}

TEST(LayerGradient, Classification) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{5, 6}), labels = graph.input("label", Shape{5});
  const TensorId hidden = dense(graph, "fc1", x, 7, {.activation = Activation::kRelu});
  const Classification head = classify(graph, dense(graph, "fc2", hidden, 4, {}), labels);
  expect_passed(check(graph, head.loss, labels), "classification");
}

/// conv - pool - conv - pool - dense - softmax, small enough to check every weight.
void expect_small_network(Activation activation, bool largest) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 1, 12, 12}), labels = graph.input("label", Shape{2});
  const auto pool = [&](const char* name, TensorId value) {
    return largest ? max_pool(graph, name, value, 2) : average_pool(graph, name, value, 2);
  };
  TensorId value = pool("pool1", conv2d(graph, "conv1", x, 2, 3, {}, {.activation = activation}));
  value = pool("pool2", conv2d(graph, "conv2", value, 3, 2, {}, {.activation = activation}));
  value = dense(graph, "fc1", value, 6, {.activation = activation});
  const Classification head = classify(graph, dense(graph, "fc2", value, 4, {}), labels);
  expect_passed(check(graph, head.loss, labels), std::string(kActivationNames[static_cast<std::size_t>(activation)]));
}
TEST(NetworkGradient, EveryWeightOfASmallConvolutionalNetwork) {
  expect_small_network(Activation::kTanh, true);
  expect_small_network(Activation::kRelu, true);
  expect_small_network(Activation::kSoftplus, false);
}

// A residual block, two branches joined, and the joined value used twice.
TEST(NetworkGradient, BranchingNetwork) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 2, 6, 6}), labels = graph.input("label", Shape{2});
  OpAttributes same;
  same.pad = 1;
  const TensorId f = conv2d(graph, "conv1", x, 2, 3, same, {.activation = Activation::kTanh});
  const TensorId block = graph.apply(OpKind::kAdd, {}, {x, f}, "block");
  const TensorId left = conv2d(graph, "left", block, 2, 3, same, {.activation = Activation::kSoftsign});
  const TensorId joined = graph.apply(OpKind::kConcat, {}, {left, block}, "joined");
  const TensorId pooled = average_pool(graph, "pool", joined, 2);
  const TensorId hidden = dense(graph, "fc1", pooled, 5, {.activation = Activation::kArctan});
  const TensorId twice = graph.apply(OpKind::kMultiply, {}, {hidden, hidden}, "twice");
  const Classification head = classify(graph, dense(graph, "fc2", twice, 4, {}), labels);
  expect_passed(check(graph, head.loss, labels), "branching network");
  EXPECT_FALSE(graph.shape(joined) == graph.shape(block));
}

// The models of the app: a few weights of each tensor.
TEST(NetworkGradient, DigitModels) {
  for (std::size_t i = 0; i < kDigitModelNames.size(); ++i) {
    DigitModelOptions options;
    options.model = static_cast<DigitModel>(i);
    options.batch = 1;
    const DigitClassifier built = build_digit_model(options);
    const bool lenet = options.model == DigitModel::kLenet;
    const GradientReport report = check(built.graph, built.head.loss, built.labels, lenet ? 3 : 12, lenet ? 0.15 : 0.1);
    EXPECT_TRUE(report.passed()) << kDigitModelNames[i] << ": " << report.worst << " at " << report.where;
    EXPECT_GT(report.smallest, 1e-5) << kDigitModelNames[i] << ": too small to check";
    std::printf("%s: error of the gradient %.3g over %d weights\n", std::string(kDigitModelNames[i]).c_str(), report.worst,
                report.elements);
  }
}

// A deliberately wrong network: σ' left out in one layer of several.
TEST(NetworkGradient, HarnessCatchesOneWrongLayer) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{2, 3});
  const TensorId hidden = dense(graph, "fc1", x, 4, {.activation = Activation::kTanh});
  const TensorId loss = weigh(graph, dense(graph, "fc2", hidden, 2, {.activation = Activation::kLogistic}));
  Program program = graph.program();
  append_backward(program, loss);
  Buffers<double> buffers(program);
  fill_randomly(buffers, program, TensorKind::kInput, 31, 1.0);
  fill_randomly(buffers, program, TensorKind::kParameter, 61, 0.7);
  const auto parameters = program.of_kind(TensorKind::kParameter);
  ASSERT_TRUE(check_gradients(program, buffers, parameters).passed());
  for (OpCall& call : program.calls)
    if (call.kind == OpKind::kActivateGrad && call.attributes.activation == Activation::kTanh)
      call.attributes.activation = Activation::kIdentity;
  const GradientReport report = check_gradients(program, buffers, parameters);
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(report.where.substr(0, 4), "fc1.") << "it also says where: " << report.where;
}

TEST(Layers, NamesAndShapes) {
  const DigitClassifier lenet = build_digit_model({.batch = 4});
  const Program& program = lenet.graph.program();
  const auto shape = [&](const char* name) {
    const TensorId id = program.find(name);
    return id == kNoTensor ? std::string("none") : program.info(id).shape.text();
  };
  EXPECT_EQ(shape("x"), "4×1×28×28");
  EXPECT_EQ(shape("conv1.w"), "20×1×5×5");
  EXPECT_EQ(shape("conv1.b"), "20");
  EXPECT_EQ(shape("conv1.net"), "4×20×24×24");
  EXPECT_EQ(shape("conv1.out"), "4×20×24×24");
  EXPECT_EQ(shape("pool1"), "4×20×12×12");
  EXPECT_EQ(shape("conv2.out"), "4×50×8×8");
  EXPECT_EQ(shape("pool2"), "4×50×4×4");
  EXPECT_EQ(shape("fc1.x"), "4×800");
  EXPECT_EQ(shape("fc1.w"), "500×800");
  EXPECT_EQ(shape("fc2.net"), "4×10");
  EXPECT_EQ(shape("fc2.out"), "none") << "the logits have no activation";
  EXPECT_EQ(shape("softmax.p"), "4×10");
  EXPECT_EQ(shape("loss.each"), "4");
  EXPECT_EQ(shape("loss"), "1");
}

// NUMBERS.md, N4: 520 + 25,050 + 400,500 + 5,010 = 431,080; 100,480 + 1,290 = 101,770; 7,850.
TEST(Layers, ParameterCounts) {
  const std::array<std::int64_t, 3> wanted = {431080, 101770, 7850};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const DigitClassifier built = build_digit_model({.model = static_cast<DigitModel>(i), .batch = 1});
    std::int64_t count = 0;
    for (const TensorId id : built.graph.program().of_kind(TensorKind::kParameter))
      count += built.graph.program().info(id).shape.size();
    EXPECT_EQ(count, wanted[i]) << kDigitModelNames[i];
  }
}

// N4 again: 288,000 + 1,600,000 + 400,000 + 5,000 multiply-adds for one image.
TEST(Layers, MultiplyAddsOfLenet) {
  const DigitClassifier lenet = build_digit_model({.batch = 1});
  std::int64_t work = 0;
  for (const OpCall& call : lenet.graph.program().calls)
    if (call.kind == OpKind::kConv2d || call.kind == OpKind::kMatMul) work += Program::work_of(call);
  EXPECT_EQ(work, 2293000);
}

TEST(Layers, Errors) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{1, 1, 4, 4});
  EXPECT_DEATH_IF_SUPPORTED(conv2d(graph, "c", x, 2, 5, {}, {}), "kernels 2×1×5×5 do not fit into 1×1×4×4");
  EXPECT_DEATH_IF_SUPPORTED(max_pool(graph, "p", x, 5), "window 5");
  EXPECT_DEATH_IF_SUPPORTED({ dense(graph, "d", x, 2, {}); dense(graph, "d", x, 2, {}); }, "two tensors are named d.w");
}

}  // namespace
}  // namespace chainrule::test
