// The dense networks: every weight is a vector of the four points' weights, and two samples go through a layer together,
// four units at a time, so that each weight that is loaded serves twice and each value four times.
#include "engine/landscape/plane_losses.h"

#include <algorithm>

#include "engine/ops/simd_functions.h"

namespace chainrule {

using simd::f32x4;

void AnyPlaneLosses::begin(const Plane& plane, std::span<const PlaceInPlane> places) {
  CHECK(places.size() == 1, places.size(), " points at once");
  for (std::size_t k = 0; k < theta_.size(); ++k) theta_[k] = plane.at(k, places[0].a, places[0].b);
  set_.begin(theta_);
}

std::optional<std::span<const float>> AnyPlaneLosses::advance(std::int64_t& budget) {
  const bool done = set_.advance(budget);
  budget -= set_.work();
  if (!done) return std::nullopt;
  loss_ = set_.loss();
  return std::span<const float>(&loss_, 1);
}

// ------------------------------------------------------------------------------------------------- dense networks

std::unique_ptr<DensePlaneLosses> DensePlaneLosses::of(const EvaluationSet& set) {
  const ForwardPass& pass = set.pass();
  std::unique_ptr<DensePlaneLosses> losses(new DensePlaneLosses(set));
  TensorId value = pass.x;
  bool ends = false;
  for (const OpCall& call : pass.program.calls) {
    if (ends && call.kind == OpKind::kMean) continue;  // of the pass's own batch
    if (ends || call.inputs[0] != value) return nullptr;
    if (call.kind == OpKind::kSquaredError) {
      ends = call.inputs[1] == pass.target && call.outputs[0] == pass.each;
      losses->half_sum_ = call.attributes.form == SquaredErrorForm::kHalfSum;
    } else if (!losses->add_call(call, value)) {
      return nullptr;
    }
  }
  if (!ends || losses->layers_.empty()) return nullptr;
  int widest = losses->layers_[0].inputs;
  for (const Layer& layer : losses->layers_) widest = std::max({widest, layer.units});
  losses->theta_.resize(set.layout().size());
  for (auto& values : losses->values_) values.resize(4 * static_cast<std::size_t>(widest));
  losses->work_ = set.work() * static_cast<std::int64_t>(kMost);
  return losses;
}

/// Appends what the call does to `value`; false: it is none of what a dense network consists of.
bool DensePlaneLosses::add_call(const OpCall& call, TensorId& value) {
  const Program& program = set_.pass().program;
  const auto place = [&](TensorId id) -> std::optional<std::size_t> {
    for (const ParameterLayout::Block& block : set_.layout().blocks())
      if (block.name == program.info(id).name) return block.begin;
    return std::nullopt;
  };
  value = call.outputs[0];
  if (call.kind == OpKind::kMatMul) {
    const auto w = place(call.inputs[1]);
    if (!w || !call.attributes.transpose_b || call.attributes.transpose_a) return false;
    layers_.push_back({.inputs = call.in_shapes[1][1], .units = call.in_shapes[1][0], .w = *w});
    return true;
  }
  if (layers_.empty() || layers_.back().activation != Activation::kIdentity) return false;
  if (call.kind == OpKind::kBias) {
    const auto b = place(call.inputs[1]);
    if (!b || layers_.back().has_bias) return false;
    layers_.back().b = *b;
    layers_.back().has_bias = true;
    return true;
  }
  if (call.kind != OpKind::kActivate) return false;
  layers_.back().activation = call.attributes.activation;
  layers_.back().slope = call.attributes.slope;
  switch (call.attributes.activation) {
    case Activation::kIdentity:
    case Activation::kRelu:
    case Activation::kLeakyRelu:
    case Activation::kTanh:
    case Activation::kLogistic: return true;
    default: return false;
  }
}

void DensePlaneLosses::begin(const Plane& plane, std::span<const PlaceInPlane> places) {
  f32x4 a, b;
  for (std::size_t lane = 0; lane < kMost; ++lane) {
    const PlaceInPlane& place = places[std::min(lane, places.size() - 1)];
    a[lane] = place.a;
    b[lane] = place.b;
  }
  for (std::size_t k = 0; k < theta_.size(); ++k)
    theta_[k] = simd::splat(plane.centre[k]) + (a * simd::splat(plane.u[k]) + b * simd::splat(plane.v[k]));
}

std::optional<std::span<const float>> DensePlaneLosses::advance(std::int64_t& budget) {
  simd::store(losses_.data(), run());
  budget -= work_;
  return losses_;
}

namespace {

f32x4 activate(Activation activation, float slope, f32x4 x) {
  const f32x4 zero = simd::splat(0.0f);
  switch (activation) {
    case Activation::kRelu: return zero > x ? zero : x;
    case Activation::kLeakyRelu: return x > zero ? x : simd::splat(slope) * x;
    case Activation::kTanh: return simd::tanh(x);
    case Activation::kLogistic: return simd::logistic(x);
    default: return x;
  }
}

/// sums[unit][sample] += w[unit, k] · x[sample][k] over k, for `Units` rows of w and two samples.
template <int Units>
void multiply(const f32x4* w, int inputs, const f32x4* x0, const f32x4* x1, f32x4 (&sums)[Units][2]) {
  for (int unit = 0; unit < Units; ++unit) sums[unit][0] = sums[unit][1] = simd::splat(0.0f);
  for (int k = 0; k < inputs; ++k)
    for (int unit = 0; unit < Units; ++unit) {
      const f32x4 weight = w[unit * inputs + k];
      sums[unit][0] += x0[k] * weight;
      sums[unit][1] += x1[k] * weight;
    }
}

}  // namespace

/// Adds the losses of samples `sample` and, where it is there, the next one to `sum`.
void DensePlaneLosses::run_pair(int sample, f32x4& sum) {
  const int second = std::min(sample + 1, set_.samples() - 1);
  const auto inputs = static_cast<std::size_t>(layers_[0].inputs), half = values_[0].size() / 2;
  for (std::size_t k = 0; k < inputs; ++k) {
    values_[0][k] = simd::splat(set_.x()[static_cast<std::size_t>(sample) * inputs + k]);
    values_[0][half + k] = simd::splat(set_.x()[static_cast<std::size_t>(second) * inputs + k]);
  }
  std::size_t from = 0;
  for (const Layer& layer : layers_) {
    const f32x4 *x0 = values_[from].data(), *x1 = x0 + half;
    f32x4 *y0 = values_[1 - from].data(), *y1 = y0 + half;
    const auto finish = [&](int unit, const f32x4(&sums)[2]) {
      f32x4 net0 = sums[0], net1 = sums[1];
      if (layer.has_bias) {
        const f32x4 bias = theta_[layer.b + static_cast<std::size_t>(unit)];
        net0 += bias;
        net1 += bias;
      }
      y0[unit] = activate(layer.activation, layer.slope, net0);
      y1[unit] = activate(layer.activation, layer.slope, net1);
    };
    int unit = 0;
    for (; unit + 4 <= layer.units; unit += 4) {
      f32x4 sums[4][2];
      multiply<4>(&theta_[layer.w + static_cast<std::size_t>(unit * layer.inputs)], layer.inputs, x0, x1, sums);
      for (int i = 0; i < 4; ++i) finish(unit + i, sums[i]);
    }
    for (; unit < layer.units; ++unit) {
      f32x4 sums[1][2];
      multiply<1>(&theta_[layer.w + static_cast<std::size_t>(unit * layer.inputs)], layer.inputs, x0, x1, sums);
      finish(unit, sums[0]);
    }
    from = 1 - from;
  }
  const int outputs = layers_.back().units;
  for (int n = sample; n <= second; ++n) {
    const f32x4* y = values_[from].data() + (n == sample ? 0 : half);
    f32x4 square = simd::splat(0.0f);
    for (int j = 0; j < outputs; ++j) {
      const f32x4 error = y[j] - simd::splat(set_.target()[static_cast<std::size_t>(n * outputs + j)]);
      square += error * error;
    }
    sum += half_sum_ ? simd::splat(0.5f) * square : square / simd::splat(static_cast<float>(outputs));
    if (second == sample) break;
  }
}

f32x4 DensePlaneLosses::run() {
  f32x4 sum = simd::splat(0.0f);
  for (int sample = 0; sample < set_.samples(); sample += 2) run_pair(sample, sum);
  return sum / simd::splat(static_cast<float>(set_.samples()));
}

}  // namespace chainrule
