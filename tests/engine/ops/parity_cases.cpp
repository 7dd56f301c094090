#include "tests/engine/ops/parity_cases.h"

#include "engine/math/rng.h"
#include "engine/ops/average_pool.h"
#include "engine/ops/conv2d.h"

namespace chainrule::test {
namespace {

using Cases = std::vector<ParityCase>;

// Vectors have 4 lanes, tiles 5 rows and 8 columns.
constexpr int kSizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17};

void add_matmul(Cases& cases, int M, int N, int K) {
  for (const bool transpose_a : {false, true})
    for (const bool transpose_b : {false, true}) {
      OpAttributes attributes;
      attributes.transpose_a = transpose_a;
      attributes.transpose_b = transpose_b;
      const Shape a = transpose_a ? Shape{K, M} : Shape{M, K}, b = transpose_b ? Shape{N, K} : Shape{K, N};
      cases.push_back({OpKind::kMatMul, attributes, {a, b}});
    }
}

Cases matmul_cases() {
  Cases cases;
  for (const int M : kSizes)
    for (const int N : kSizes)
      for (const int K : kSizes) add_matmul(cases, M, N, K);
  for (const int K : {255, 256, 257, 513})
    for (const int M : {1, 7})
      for (const int N : {3, 8, 19}) add_matmul(cases, M, N, K);
  for (const int M : {511, 512, 513, 1030}) add_matmul(cases, M, 11, 6);
  // LeNet's dense layers: y = x·Wᵀ, dx = dy·W, dW = dyᵀ·x.
  cases.push_back({OpKind::kMatMul, {.transpose_b = true}, {{32, 800}, {500, 800}}});
  cases.push_back({OpKind::kMatMul, {}, {{32, 500}, {500, 800}}});
  cases.push_back({OpKind::kMatMul, {.transpose_a = true}, {{32, 500}, {32, 800}}});
  add_matmul(cases, 32, 10, 500);
  return cases;
}

void add_conv2d(Cases& cases, OpKind kind, const OpAttributes& given, const Shape& x, const Shape& w) {
  OpAttributes attributes = given;
  const Conv2dSizes d = conv2d_sizes(attributes, x, w);
  const Shape y{d.N, d.K, d.P, d.Q};
  if (kind == OpKind::kConv2d) return cases.push_back({kind, attributes, {x, w}});
  attributes.shape = kind == OpKind::kConv2dInputGrad ? x : w;
  cases.push_back({kind, attributes, {y, kind == OpKind::kConv2dInputGrad ? w : x}});
}

Cases conv2d_cases(OpKind kind) {
  Cases cases;
  // LeNet; padded to keep the size; 1×1 kernels; a kernel as large as its image; padding wider than the kernel.
  add_conv2d(cases, kind, {}, {2, 1, 28, 28}, {20, 1, 5, 5});
  add_conv2d(cases, kind, {}, {2, 20, 12, 12}, {50, 20, 5, 5});
  add_conv2d(cases, kind, {}, {32, 3, 12, 12}, {7, 3, 5, 5});
  add_conv2d(cases, kind, {.pad = 2}, {1, 3, 28, 28}, {6, 3, 5, 5});
  add_conv2d(cases, kind, {}, {3, 9, 4, 5}, {11, 9, 1, 1});
  add_conv2d(cases, kind, {}, {2, 3, 5, 7}, {4, 3, 5, 7});
  add_conv2d(cases, kind, {.pad = 4}, {2, 2, 6, 3}, {3, 2, 2, 3});
  add_conv2d(cases, kind, {.pad = 3}, {1, 1, 1, 1}, {1, 1, 1, 1});
  Rng rng(1, "parity");
  const auto draw = [&](int low, int high) {
    return low + static_cast<int>(rng.below(static_cast<unsigned>(high - low + 1)));
  };
  while (cases.size() < 400) {
    const OpAttributes attributes{.stride = draw(1, 3), .pad = draw(0, 4), .dilation = draw(1, 3)};
    const Shape x{draw(1, 3), draw(1, 4), draw(1, 14), draw(1, 14)}, w{draw(1, 11), x[1], draw(1, 5), draw(1, 5)};
    const int reach_h = attributes.dilation * (w[2] - 1), reach_w = attributes.dilation * (w[3] - 1);
    if (x[2] + 2 * attributes.pad <= reach_h || x[3] + 2 * attributes.pad <= reach_w) continue;
    add_conv2d(cases, kind, attributes, x, w);
  }
  return cases;
}

Cases pool_cases(OpKind kind) {
  Cases cases;
  for (const int window : {1, 2, 3, 5})
    for (const int stride : {1, 2, 3, 4})
      for (const int H : {5, 6, 12})
        for (const int W : {5, 7, 8, 9, 10, 16, 17, 24}) {
          const Shape x{2, 3, H, W};
          OpAttributes attributes{.window = window, .window_stride = stride};
          const PoolSizes d = pool_sizes(attributes, x);
          const Shape y{d.N, d.C, d.P, d.Q};
          if (kind == OpKind::kAveragePoolGrad) attributes.shape = x;
          if (kind == OpKind::kMaxPoolGrad)
            cases.push_back({kind, attributes, {x, y}});
          else
            cases.push_back({kind, attributes, {kind == OpKind::kAveragePoolGrad ? y : x}});
        }
  return cases;
}

Cases bias_cases(OpKind kind) {
  Cases cases;
  const auto add = [&](const Shape& x) {
    OpAttributes attributes;
    if (kind == OpKind::kBiasGrad) attributes.shape = Shape{x[1]};
    cases.push_back({kind, attributes, kind == OpKind::kBias ? std::vector{x, Shape{x[1]}} : std::vector{x}});
  };
  for (const int N : {1, 3, 32})
    for (const int C : kSizes) {
      add({N, C});
      for (const int W : {1, 3, 4, 7, 8}) add({N, C, 3, W});
    }
  add({32, 20, 24, 24});
  add({32, 500});
  return cases;
}

Cases activation_cases(OpKind kind) {
  Cases cases;
  for (std::size_t i = 0; i < kActivationNames.size(); ++i)
    for (const int size : kSizes) {
      OpAttributes attributes;
      attributes.activation = static_cast<Activation>(i);
      const std::size_t operands = kind == OpKind::kActivate ? 1 : 3;
      cases.push_back({kind, attributes, std::vector<Shape>(operands, Shape{size, 3})});
    }
  return cases;
}

/// `alike` operands of one shape, then `single` ones of one element.
Cases element_cases(OpKind kind, int alike, int single) {
  Cases cases;
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{16}, Shape{33, 3}, Shape{50, 20, 5, 5}}) {
    std::vector<Shape> in(static_cast<std::size_t>(alike), shape);
    in.resize(static_cast<std::size_t>(alike + single), Shape{1});
    cases.push_back({kind, {}, in});
  }
  return cases;
}

/// Operands of N rows: of `columns` numbers, or one.
Cases row_cases(OpKind kind, std::vector<bool> wide, bool labels) {
  Cases cases;
  for (const int N : {1, 2, 5, 9, 32})
    for (const int C : {1, 2, 10})
      for (const SquaredErrorForm form : {SquaredErrorForm::kHalfSum, SquaredErrorForm::kMean}) {
        std::vector<Shape> in;
        for (const bool rows : wide) in.push_back(rows ? Shape{N, C} : Shape{N});
        cases.push_back({kind, {.form = form}, in, labels});
      }
  return cases;
}

}  // namespace

std::string ParityCase::text() const {
  const OpAttributes& a = attributes;
  std::string text(op_info(kind).name);
  for (const Shape& shape : in) text += " " + shape.text();
  if (a.transpose_a) text += " transpose_a";
  if (a.transpose_b) text += " transpose_b";
  text += " stride " + std::to_string(a.stride) + " pad " + std::to_string(a.pad) + " dilation " +
          std::to_string(a.dilation);
  text += " window " + std::to_string(a.window) + "/" + std::to_string(a.window_stride) + " ";
  return text.append(kActivationNames[static_cast<std::size_t>(a.activation)]);
}

std::vector<ParityCase> parity_cases(OpKind kind) {
  switch (kind) {
    case OpKind::kMatMul:
      return matmul_cases();
    case OpKind::kConv2d:
    case OpKind::kConv2dInputGrad:
    case OpKind::kConv2dKernelGrad:
      return conv2d_cases(kind);
    case OpKind::kMaxPool:
    case OpKind::kMaxPoolGrad:
    case OpKind::kAveragePool:
    case OpKind::kAveragePoolGrad:
      return pool_cases(kind);
    case OpKind::kBias:
    case OpKind::kBiasGrad:
      return bias_cases(kind);
    case OpKind::kActivate:
    case OpKind::kActivateGrad:
      return activation_cases(kind);
    case OpKind::kNegate:
      return element_cases(kind, 1, 0);
    case OpKind::kAdd:
    case OpKind::kSubtract:
    case OpKind::kMultiply:
    case OpKind::kSumOfSquares:
    case OpKind::kCentredSquares:
      return element_cases(kind, 2, 0);
    case OpKind::kCorrectedMoment:
    case OpKind::kMultipliedMoment:
      return element_cases(kind, 1, 1);
    case OpKind::kSgdStep:
    case OpKind::kMovingAverage:
    case OpKind::kMovingAverageOfSquares:
    case OpKind::kScaledByRoot:
    case OpKind::kMomentumSum:
    case OpKind::kDecayedGradient:
      return element_cases(kind, 2, 1);
    case OpKind::kVelocity:
      return element_cases(kind, 2, 2);
    case OpKind::kNesterovStep:
      return element_cases(kind, 3, 2);
    case OpKind::kAdamStep:
      return element_cases(kind, 3, 4);
    case OpKind::kSoftmax:
      return row_cases(kind, {true}, false);
    case OpKind::kSoftmaxGrad:
      return row_cases(kind, {true, true}, false);
    case OpKind::kSoftmaxCrossEntropy:
      return row_cases(kind, {true, false}, true);
    case OpKind::kSoftmaxCrossEntropyGrad:
      return row_cases(kind, {true, false, false}, true);
    case OpKind::kSquaredError:
      return row_cases(kind, {true, true}, false);
    case OpKind::kSquaredErrorGrad:
      return row_cases(kind, {true, true, false}, false);
    default:
      return {};
  }
}

}  // namespace chainrule::test
