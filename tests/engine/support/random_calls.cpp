#include "tests/engine/support/random_calls.h"

#include <cmath>

#include "engine/math/rng.h"
#include "engine/ops/conv2d.h"
#include "engine/ops/max_pool.h"

namespace chainrule::test {
namespace {

std::vector<const float*> pointers(const std::vector<std::vector<float>>& buffers) {
  std::vector<const float*> all;
  for (const auto& buffer : buffers) all.push_back(buffer.data());
  return all;
}

/// Collects the variants of one op; each add_... draws fresh numbers.
class Samples {
 public:
  Samples(OpKind kind, std::uint64_t seed) : kind_(kind), rng_(seed, "samples", static_cast<std::uint64_t>(kind)) {}

  /// Standard normal operands, one in sixteen replaced by 0 and one in sixteen by the number before it.
  SampleCall& add(const OpAttributes& attributes, std::vector<Shape> shapes) {
    SampleCall call{kind_, attributes, std::move(shapes), {}, {}};
    call.out_shapes = op_info(kind_).infer(attributes, call.in_shapes);
    for (const Shape& shape : call.in_shapes) {
      std::vector<float>& buffer = call.in.emplace_back();
      for (std::int64_t i = 0; i < shape.size(); ++i) {
        const std::uint32_t dice = rng_.below(16);
        buffer.push_back(dice == 0 ? 0.0f : dice == 1 && i > 0 ? buffer.back() : rng_.normal());
      }
    }
    calls_.push_back(std::move(call));
    return calls_.back();
  }

  void set_labels(SampleCall& call, std::size_t slot, int classes) {
    for (float& label : call.in[slot]) label = static_cast<float>(rng_.below(static_cast<std::uint32_t>(classes)));
  }
  /// Uniform in (low, high).
  void set_between(SampleCall& call, std::size_t slot, float low, float high) {
    for (float& value : call.in[slot]) value = low + (high - low) * (0.5f * rng_.uniform() + 0.25f);
  }

  std::vector<SampleCall> take() { return std::move(calls_); }

 private:
  OpKind kind_;
  Rng rng_;
  std::vector<SampleCall> calls_;
};

OpAttributes with_shape(Shape shape, OpAttributes attributes = {}) {
  attributes.shape = shape;
  return attributes;
}

/// Output `output` of `kind` on the first operands of `call`: what the forward op left for the gradient op.
std::vector<float> forward_output(OpKind kind, const SampleCall& call, std::size_t operands, std::size_t output) {
  SampleCall forward{kind, call.attributes, {}, {}, {}};
  forward.in_shapes.assign(call.in_shapes.begin(), call.in_shapes.begin() + static_cast<std::ptrdiff_t>(operands));
  forward.in.assign(call.in.begin(), call.in.begin() + static_cast<std::ptrdiff_t>(operands));
  forward.out_shapes = op_info(kind).infer(call.attributes, forward.in_shapes);
  return run(forward)[output];
}

void add_matmuls(Samples& samples) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      for (const auto& [M, K, N] : {std::array{2, 3, 4}, std::array{3, 1, 2}, std::array{1, 37, 1}}) {
        OpAttributes attributes;
        attributes.transpose_a = ta;
        attributes.transpose_b = tb;
        samples.add(attributes, {ta ? Shape{K, M} : Shape{M, K}, tb ? Shape{N, K} : Shape{K, N}});
      }
}

struct Window {
  int stride, pad, dilation, H, W, R, S;
};

void add_convolutions(Samples& samples, OpKind kind) {
  for (const Window& v : {Window{1, 0, 1, 5, 6, 3, 2}, Window{2, 0, 1, 7, 6, 3, 3}, Window{1, 2, 1, 4, 4, 3, 3},
                          Window{2, 1, 2, 8, 9, 3, 3}, Window{3, 0, 1, 7, 8, 2, 2}, Window{1, 0, 1, 3, 3, 1, 1}}) {
    OpAttributes attributes;
    attributes.stride = v.stride;
    attributes.pad = v.pad;
    attributes.dilation = v.dilation;
    const Shape x{2, 2, v.H, v.W}, w{3, 2, v.R, v.S};
    const Conv2dSizes d = conv2d_sizes(attributes, x, w);
    const Shape dy{d.N, d.K, d.P, d.Q};
    if (kind == OpKind::kConv2d) samples.add(attributes, {x, w});
    if (kind == OpKind::kConv2dInputGrad) samples.add(with_shape(x, attributes), {dy, w});
    if (kind == OpKind::kConv2dKernelGrad) samples.add(with_shape(w, attributes), {dy, x});
  }
}

void add_filters(Samples& samples) {
  struct Variant {
    int stride, pad, dilation, R, S;
    Padding padding;
    bool flip, in_place;
    Scan scan;
    bool divided, shifted, rounded;
  };
  using enum Padding;
  using enum Scan;
  for (const Variant& v : {Variant{1, 0, 1, 3, 3, kZero, false, false, kRows, false, false, false},
                           Variant{2, 1, 1, 3, 2, kZero, true, false, kRows, true, false, false},
                           Variant{1, 2, 2, 3, 3, kReflect, false, false, kRows, true, true, false},
                           Variant{3, 3, 1, 2, 4, kReplicate, true, false, kRows, false, true, true},
                           Variant{1, 0, 1, 3, 3, kZero, false, true, kRows, true, false, true},
                           Variant{1, 1, 1, 3, 3, kReflect, false, true, kRowsBackward, true, true, false},
                           Variant{1, 1, 2, 3, 2, kReplicate, true, true, kColumns, false, false, true},
                           Variant{1, 0, 1, 2, 4, kZero, false, true, kColumnsBackward, true, false, false}}) {
    OpAttributes attributes;
    attributes.stride = v.stride, attributes.pad = v.pad, attributes.dilation = v.dilation;
    attributes.padding = v.padding, attributes.flip = v.flip, attributes.in_place = v.in_place, attributes.scan = v.scan;
    attributes.divided = v.divided, attributes.shifted = v.shifted, attributes.rounded = v.rounded;
    std::vector<Shape> shapes{Shape{2, 2, 5, 6}, Shape{v.R, v.S}};
    shapes.insert(shapes.end(), (v.divided ? 1u : 0u) + (v.shifted ? 1u : 0u), Shape{1});
    SampleCall& call = samples.add(attributes, shapes);
    if (v.divided) samples.set_between(call, 2, 1.0f, 12.0f);
  }
}

void add_pools(Samples& samples, OpKind kind) {
  for (const auto& [window, stride] : {std::array{2, 2}, std::array{3, 2}, std::array{3, 1}, std::array{2, 3}, std::array{1, 1}}) {
    OpAttributes attributes;
    attributes.window = window;
    attributes.window_stride = stride;
    const Shape x{2, 2, 6, 7};
    const PoolSizes d = pool_sizes(attributes, x);
    const Shape dy{d.N, d.C, d.P, d.Q};
    if (kind == OpKind::kMaxPool || kind == OpKind::kAveragePool) samples.add(attributes, {x});
    if (kind == OpKind::kMaxPoolGrad) samples.add(attributes, {x, dy});
    if (kind == OpKind::kAveragePoolGrad) samples.add(with_shape(x, attributes), {dy});
  }
}

void add_activations(Samples& samples, OpKind kind) {
  for (std::size_t i = 0; i < kActivationNames.size(); ++i) {
    OpAttributes attributes;
    attributes.activation = static_cast<Activation>(i);
    const Shape x{3, 7};
    SampleCall& call = samples.add(attributes, kind == OpKind::kActivate ? std::vector{x} : std::vector{x, x, x});
    call.in[0][0] = 0.0f;    // the kink
    call.in[0][1] = 30.0f;   // saturated
    call.in[0][2] = -30.0f;
    if (kind == OpKind::kActivateGrad) call.in[1] = forward_output(OpKind::kActivate, call, 1, 0);
  }
}

void add_softmax(Samples& samples, OpKind kind) {
  for (const auto& [N, C] : {std::array{3, 5}, std::array{2, 1}, std::array{1, 10}}) {
    const Shape z{N, C}, per_sample{N};
    if (kind == OpKind::kSoftmax) samples.add({}, {z});
    if (kind == OpKind::kSoftmaxGrad) {
      SampleCall& call = samples.add({}, {z, z});
      call.in[0] = forward_output(OpKind::kSoftmax, call, 1, 0);
    }
    if (kind == OpKind::kSoftmaxCrossEntropy) samples.set_labels(samples.add({}, {z, per_sample}), 1, C);
    if (kind == OpKind::kSoftmaxCrossEntropyGrad) {
      SampleCall& call = samples.add({}, {z, per_sample, per_sample});
      samples.set_labels(call, 1, C);
      call.in[0] = forward_output(OpKind::kSoftmaxCrossEntropy, call, 2, 1);
    }
  }
}

void add_squared_errors(Samples& samples, bool gradient) {
  for (const SquaredErrorForm form : {SquaredErrorForm::kHalfSum, SquaredErrorForm::kMean})
    for (const int C : {1, 4}) {
      OpAttributes attributes;
      attributes.form = form;
      const Shape y{3, C};
      samples.add(attributes, gradient ? std::vector{y, y, Shape{3}} : std::vector{y, y});
    }
}

void add_elementwise(Samples& samples, std::size_t operands) {
  for (const Shape& shape : {Shape{2, 3}, Shape{1}, Shape{2, 1, 3, 2}})
    samples.add({}, std::vector<Shape>(operands, shape));
}

/// Numbers where logarithms, roots and powers are finite, and 0.
void add_functions(Samples& samples, OpKind kind) {
  for (std::size_t i = 0; i < kFunctionNames.size(); ++i) {
    OpAttributes attributes;
    attributes.function = static_cast<Function>(i);
    const Shape x{3, 7};
    SampleCall& call = samples.add(attributes, kind == OpKind::kElementary ? std::vector{x} : std::vector{x, x, x});
    const bool positive = attributes.function == Function::kLog || attributes.function == Function::kSqrt;
    if (positive) samples.set_between(call, 0, 0.0f, 4.0f);
    call.in[0][0] = positive ? 1.0f : 0.0f;
    if (kind == OpKind::kElementaryGrad) call.in[1] = forward_output(OpKind::kElementary, call, 1, 0);
  }
}

void add_powers(Samples& samples, OpKind kind) {
  for (const bool whole : {false, true}) {
    const Shape shape{3, 7};
    SampleCall& call = samples.add({}, std::vector<Shape>(kind == OpKind::kPower ? 2 : 3, shape));
    for (std::size_t i = 0; i < call.in[0].size(); ++i) {
      if (!whole || kind == OpKind::kPowerExponentGrad) call.in[0][i] = std::abs(call.in[0][i]);
      if (whole && kind != OpKind::kPowerExponentGrad) call.in[1][i] = static_cast<float>(static_cast<int>(i % 5));
    }
  }
}

void add_extremes(Samples& samples, OpKind kind) {
  for (const int variant : {0, 1, 2, 3}) {
    OpAttributes attributes;
    attributes.smaller = variant % 2 == 1;
    attributes.second = variant > 1;
    SampleCall& call = samples.add(attributes, std::vector<Shape>(kind == OpKind::kExtreme ? 2 : 3, Shape{3, 4}));
    call.in[1][0] = call.in[0][0];  // a tie
  }
}

/// Operands: θ or a moment, g, then `scalars` single numbers between 0 and 1.
void add_steps(Samples& samples, std::size_t tensors, std::size_t scalars) {
  for (const Shape& shape : {Shape{3, 4}, Shape{1}}) {
    std::vector<Shape> shapes(tensors, shape);
    shapes.insert(shapes.end(), scalars, Shape{1});
    SampleCall& call = samples.add({}, shapes);
    for (std::size_t slot = tensors; slot < shapes.size(); ++slot) samples.set_between(call, slot, 0.0f, 1.0f);
  }
}

void add_adam_steps(Samples& samples) {
  for (const Shape& shape : {Shape{3, 4}, Shape{1}}) {
    const Shape one{1};
    SampleCall& call = samples.add({}, {shape, shape, shape, one, one, one, one});
    for (float& v : call.in[2]) v = v * v;  // a mean of squares; some are 0
    for (const std::size_t slot : {3u, 4u, 5u}) samples.set_between(call, slot, 0.0f, 1.0f);
    call.in[6][0] = 1e-8f;
  }
}

void add_scaled_by_root(Samples& samples) {
  for (const Shape& shape : {Shape{3, 4}, Shape{1}}) {
    SampleCall& call = samples.add({}, {shape, shape, Shape{1}});
    for (float& v : call.in[1]) v = v * v;
    call.in[2][0] = 1e-3f;
  }
}

/// Before, at and after the end of the warm-up or the decay, whose part or factor is between 0 and 1.
void add_schedules(Samples& samples, OpKind kind) {
  for (const float t : {0.0f, 1.0f, 7.0f, 10.0f, 23.0f}) {
    SampleCall& call = samples.add({}, std::vector<Shape>(kind == OpKind::kTimeAfter ? 2 : 3, Shape{1}));
    call.in[0][0] = t;
    call.in[1][0] = 10.0f;
    if (call.in.size() > 2) samples.set_between(call, 2, 0.0f, 1.0f);
  }
}

/// All four cases: with a better loss or without, with patience left or not.
void add_plateaus(Samples& samples, OpKind kind) {
  for (const float loss : {0.25f, 0.75f})
    for (const float waited : {2.0f, 5.0f}) {
      std::vector<std::vector<float>> in = {{0.5f}, {loss}, {0.01f}};                                    // L*, L, h
      if (kind != OpKind::kPlateauBest) in.insert(in.begin(), {waited}), in.push_back({5.0f});           // n, ..., p
      if (kind == OpKind::kPlateauFactor) in.insert(in.begin(), {0.7f}), in.push_back({0.3f});           // d, ..., γ
      SampleCall& call = samples.add({}, std::vector<Shape>(in.size(), Shape{1}));
      call.in = in;
    }
}

void add_shape_changes(Samples& samples, OpKind kind) {
  if (kind == OpKind::kReshape) samples.add(with_shape(Shape{2, 12}), {Shape{2, 3, 2, 2}});
  if (kind == OpKind::kConcat) {
    samples.add({}, {Shape{3, 2}, Shape{3, 4}});
    samples.add({}, {Shape{2, 1, 3, 2}, Shape{2, 3, 3, 2}});
  }
  if (kind == OpKind::kSlice)
    for (const int begin : {0, 1, 2}) {
      OpAttributes attributes = with_shape(begin == 1 ? Shape{2, 3, 3, 2} : Shape{3, 2});
      attributes.begin = begin;
      samples.add(attributes, {begin == 1 ? Shape{2, 4, 3, 2} : Shape{3, 4}});
    }
  if (kind == OpKind::kSpread)
    for (const int divisor : {1, 6}) {
      OpAttributes attributes = with_shape(Shape{2, 3});
      attributes.divisor = divisor;
      samples.add(attributes, {Shape{1}});
    }
}

/// Whole numbers, as layers have them; the groups, kernel and stride among them are not 0.
void add_layer_arithmetic(Samples& samples) {
  using enum LayerRule;
  for (const auto& [rule, operands] : {std::pair{kOutput, 4u}, {kPairs, 3u}, {kWeights, 3u}, {kMacs, 3u}, {kLinks, 4u}, {kField, 3u},
                                       {kJump, 2u}, {kStart, 3u}, {kFirst, 3u}, {kLast, 2u}, {kTotal, 1u}, {kTotal, 16u}}) {
    OpAttributes attributes;
    attributes.rule = rule;
    SampleCall& call = samples.add(attributes, std::vector<Shape>(operands, Shape{1}));
    for (std::size_t slot = 0; slot < operands; ++slot) {
      samples.set_between(call, slot, 0.0f, 40.0f);
      call.in[slot][0] = std::floor(call.in[slot][0]) + 1.0f;
    }
  }
}

void add_statistics(Samples& samples, OpKind kind) {
  for (const int count : {1, 5}) {
    if (kind == OpKind::kRowsMean) samples.set_labels(samples.add({}, {Shape{7, 2}, Shape{4, count}}), 1, 7);
    if (kind == OpKind::kCovariance) samples.add({}, {Shape{count, 3}, Shape{3}});
    if (kind == OpKind::kSolve2) samples.add({}, {Shape{2, 2}, Shape{2, 1}});
    if (kind == OpKind::kEigenvalues2) samples.add({}, {Shape{2, 2}});
    if (kind == OpKind::kAngle) samples.add({}, {Shape{2}, Shape{1, 2}});
  }
}

void add_bias_gradients(Samples& samples) {
  samples.add(with_shape(Shape{4}), {Shape{3, 4}});
  samples.add(with_shape(Shape{3}), {Shape{2, 3, 4, 5}});
}

}  // namespace

std::vector<SampleCall> sample_calls(OpKind kind, std::uint64_t seed) {
  Samples samples(kind, seed);
  switch (kind) {  // without a default: the compiler names the op that is missing
    case OpKind::kMatMul: add_matmuls(samples); break;
    case OpKind::kBias:
      samples.add({}, {Shape{3, 4}, Shape{4}});
      samples.add({}, {Shape{2, 3, 2, 3}, Shape{3}});
      break;
    case OpKind::kBiasGrad: add_bias_gradients(samples); break;
    case OpKind::kConv2d:
    case OpKind::kConv2dInputGrad:
    case OpKind::kConv2dKernelGrad: add_convolutions(samples, kind); break;
    case OpKind::kFilter: add_filters(samples); break;
    case OpKind::kMaxPool:
    case OpKind::kMaxPoolGrad:
    case OpKind::kAveragePool:
    case OpKind::kAveragePoolGrad: add_pools(samples, kind); break;
    case OpKind::kActivate:
    case OpKind::kActivateGrad: add_activations(samples, kind); break;
    case OpKind::kSoftmax:
    case OpKind::kSoftmaxGrad:
    case OpKind::kSoftmaxCrossEntropy:
    case OpKind::kSoftmaxCrossEntropyGrad: add_softmax(samples, kind); break;
    case OpKind::kSquaredError: add_squared_errors(samples, false); break;
    case OpKind::kSquaredErrorGrad: add_squared_errors(samples, true); break;
    case OpKind::kAdd:
    case OpKind::kSubtract:
    case OpKind::kFloatGap:
    case OpKind::kMultiply: add_elementwise(samples, 2); break;
    case OpKind::kDivide: add_elementwise(samples, 2); break;
    case OpKind::kDivisorGrad: samples.set_between(samples.add({}, std::vector<Shape>(3, Shape{3, 4})), 0, 0.5f, 2.0f); break;
    case OpKind::kPower:
    case OpKind::kPowerBaseGrad:
    case OpKind::kPowerExponentGrad: add_powers(samples, kind); break;
    case OpKind::kElementary:
    case OpKind::kElementaryGrad: add_functions(samples, kind); break;
    case OpKind::kExtreme:
    case OpKind::kExtremeGrad: add_extremes(samples, kind); break;
    case OpKind::kNegate:
    case OpKind::kSum:
    case OpKind::kMeanMagnitude:
    case OpKind::kMean: add_elementwise(samples, 1); break;
    case OpKind::kScale:
      samples.add({}, {Shape{1}, Shape{3, 4}});
      samples.add({}, {Shape{3}, Shape{3, 4}});
      break;
    case OpKind::kNormLimit: samples.add({}, {Shape{3, 4}, Shape{1}}); break;
    case OpKind::kRepeats: samples.add({}, {Shape{1}, Shape{3, 4}}); break;
    case OpKind::kReshape:
    case OpKind::kConcat:
    case OpKind::kSlice:
    case OpKind::kSpread: add_shape_changes(samples, kind); break;
    case OpKind::kRowsMean:
    case OpKind::kCovariance:
    case OpKind::kSolve2:
    case OpKind::kEigenvalues2:
    case OpKind::kAngle: add_statistics(samples, kind); break;
    case OpKind::kLayerArithmetic: add_layer_arithmetic(samples); break;
    case OpKind::kSgdStep:
    case OpKind::kMovingAverage:
    case OpKind::kMovingAverageOfSquares:
    case OpKind::kMomentumSum:
    case OpKind::kDecayedGradient: add_steps(samples, 2, 1); break;
    case OpKind::kSumOfSquares:
    case OpKind::kCentredSquares: add_steps(samples, 2, 0); break;
    case OpKind::kCorrectedMoment:
    case OpKind::kMultipliedMoment: add_steps(samples, 1, 1); break;
    case OpKind::kNesterovStep: add_steps(samples, 3, 2); break;
    case OpKind::kScaledByRoot: add_scaled_by_root(samples); break;
    case OpKind::kVelocity: add_steps(samples, 2, 2); break;
    case OpKind::kAdamStep: add_adam_steps(samples); break;
    case OpKind::kTimeAfter:
    case OpKind::kWarmUp:
    case OpKind::kStepDecay:
    case OpKind::kExponentialDecay:
    case OpKind::kCosineDecay: add_schedules(samples, kind); break;
    case OpKind::kPlateauBest:
    case OpKind::kPlateauWait:
    case OpKind::kPlateauFactor: add_plateaus(samples, kind); break;
  }
  return samples.take();
}

std::vector<OpKind> every_op() {
  return {
#define OP(Type, file) OpKind::k##Type,
#include "engine/ops/ops.def"
#undef OP
  };
}

std::string describe(const SampleCall& call, std::size_t variant) {
  std::string text(op_info(call.kind).name);
  for (std::size_t slot = 0; slot < call.in_shapes.size(); ++slot)
    text += (slot == 0 ? " of " : ", ") + call.in_shapes[slot].text();
  return text + " (variant " + std::to_string(variant) + ")";
}

std::vector<std::vector<float>> run(const SampleCall& call) {
  std::vector<std::vector<float>> out;
  for (const Shape& shape : call.out_shapes) out.emplace_back(static_cast<std::size_t>(shape.size()), std::nanf(""));
  std::vector<float*> out_pointers;
  for (auto& buffer : out) out_pointers.push_back(buffer.data());
  const auto in = pointers(call.in);
  op_info(call.kind).run_float(call.attributes, {call.in_shapes, call.out_shapes, in, out_pointers});
  return out;
}

Tape trace(const SampleCall& call, int output, std::int64_t index) {
  std::vector<std::vector<float>> out = run(call);  // a filter in place reads them
  std::vector<float*> out_pointers;
  for (auto& buffer : out) out_pointers.push_back(buffer.data());
  const auto in = pointers(call.in);
  return op_info(call.kind).trace(call.attributes, {call.in_shapes, call.out_shapes, in, out_pointers}, output, index);
}

}  // namespace chainrule::test
