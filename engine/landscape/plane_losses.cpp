// The dense networks: every weight is a vector of the four points' weights, and two samples go through a layer together,
// four units at a time, so that each weight that is loaded serves twice and each value four times.
#include "engine/landscape/plane_losses.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/ops/simd_functions.h"

namespace chainrule {

using simd::f32x4;

void AnyPlaneLosses::begin(const Plane& plane, std::span<const PlaceInPlane> places) {
  CHECK(places.size() <= kMost, places.size(), " points at once");
  thread_.cancel();
  job_ = std::make_shared<Job>();
  job_->set = set_;
  job_->plane = plane;
  job_->places.assign(places.begin(), places.end());
  job_->theta.resize(plane.centre.size());
  thread_.start([job = job_] { return job->advance(std::numeric_limits<std::int64_t>::max()); });
}

bool AnyPlaneLosses::Job::advance(std::int64_t budget) {
  const std::lock_guard lock(set->mutex);
  EvaluationSet& evaluation = *set->evaluation;
  if (!std::exchange(begun, true)) {
    const PlaceInPlane& place = places[losses.size()];
    for (std::size_t k = 0; k < theta.size(); ++k) theta[k] = plane.at(k, place.a, place.b);
    evaluation.begin(theta);
  }
  if (!evaluation.advance(budget)) return false;
  losses.push_back(evaluation.loss());
  begun = false;
  return losses.size() == places.size();
}

std::span<const float> AnyPlaneLosses::advance(std::int64_t& budget) {
  bool done = thread_.done();
  if (!thread_.started()) {
    done = job_->advance(budget);
    budget -= set_->evaluation->work();
  } else if (!done) {
    budget = 0;
  }
  if (!done) return {};
  return job_->losses;
}

// ------------------------------------------------------------------------------------------------- dense networks

namespace {

bool has_vector_form(Activation activation) {
  switch (activation) {
    case Activation::kIdentity:
    case Activation::kRelu:
    case Activation::kLeakyRelu:
    case Activation::kTanh:
    case Activation::kLogistic: return true;
    default: return false;
  }
}

}  // namespace

std::unique_ptr<DensePlaneLosses> DensePlaneLosses::of(const EvaluationSet& set) {
  std::optional<DenseNetwork> network = dense_network_of(set);
  if (!network || !std::ranges::all_of(network->layers, has_vector_form, &DenseLayer::activation)) return nullptr;
  return std::unique_ptr<DensePlaneLosses>(new DensePlaneLosses(set, std::move(*network)));
}

DensePlaneLosses::DensePlaneLosses(const EvaluationSet& set, DenseNetwork network) : set_(set), network_(std::move(network)) {
  int widest = network_.layers[0].inputs;
  for (const DenseLayer& layer : network_.layers) widest = std::max(widest, layer.units);
  order_parameters();
  for (auto& values : values_) values.resize(4 * static_cast<std::size_t>(widest));
  work_ = set.work() * static_cast<std::int64_t>(kLanes);
}

/// As run_pair reads them: for four units at a time their weights of input 0, of input 1, ..., and then their biases.
void DensePlaneLosses::order_parameters() {
  for (const DenseLayer& layer : network_.layers) {
    for (int unit = 0, count = 4; unit < layer.units; unit += count) {
      if (unit + count > layer.units) count = 1;
      for (int k = 0; k < layer.inputs; ++k)
        for (int i = unit; i < unit + count; ++i) order_.push_back(layer.w + static_cast<std::size_t>(i * layer.inputs + k));
      for (int i = unit; layer.has_bias && i < unit + count; ++i) order_.push_back(layer.b + static_cast<std::size_t>(i));
    }
  }
  theta_.resize(order_.size());
}

void DensePlaneLosses::begin(const Plane& plane, std::span<const PlaceInPlane> places) {
  asked_ = places.size();
  f32x4 a, b;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const PlaceInPlane& place = places[std::min(lane, places.size() - 1)];
    a[lane] = place.a;
    b[lane] = place.b;
  }
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const std::size_t k = order_[i];
    theta_[i] = simd::splat(plane.centre[k]) + (a * simd::splat(plane.u[k]) + b * simd::splat(plane.v[k]));
  }
}

std::span<const float> DensePlaneLosses::advance(std::int64_t& budget) {
  simd::store(losses_.data(), run());
  budget -= work_;
  return std::span(losses_).first(asked_);
}

namespace {

void activate(Activation activation, float slope, int units, f32x4* values) {
  const f32x4 zero = simd::splat(0.0f), steep = simd::splat(slope);
  const auto run = [&](auto rule) {
    for (int unit = 0; unit < units; ++unit) values[unit] = rule(values[unit]);
  };
  switch (activation) {
    case Activation::kRelu: return run([=](f32x4 x) { return zero > x ? zero : x; });
    case Activation::kLeakyRelu: return run([=](f32x4 x) { return x > zero ? x : steep * x; });
    case Activation::kTanh: return run([](f32x4 x) { return simd::tanh(x); });
    case Activation::kLogistic: return run([](f32x4 x) { return simd::logistic(x); });
    default: return;
  }
}

/// y[unit] = Σ_k w[unit, k] · x[k] + b[unit] for `Units` units and two samples. Returns where the parameters go on.
template <int Units>
const f32x4* run_units(const f32x4* theta, int inputs, bool has_bias, const f32x4* const (&x)[2], f32x4* const (&y)[2]) {
  f32x4 sums[Units][2];
  for (int unit = 0; unit < Units; ++unit) sums[unit][0] = sums[unit][1] = simd::splat(0.0f);
  for (int k = 0; k < inputs; ++k, theta += Units) {
    const f32x4 x0 = x[0][k], x1 = x[1][k];
    for (int unit = 0; unit < Units; ++unit) {
      sums[unit][0] += x0 * theta[unit];
      sums[unit][1] += x1 * theta[unit];
    }
  }
  for (int unit = 0; unit < Units; ++unit)
    for (int n = 0; n < 2; ++n) y[n][unit] = has_bias ? sums[unit][n] + theta[unit] : sums[unit][n];
  return has_bias ? theta + Units : theta;
}

}  // namespace

/// Adds the losses of samples `sample` and, where it is there, the next one to `sum`.
void DensePlaneLosses::run_pair(int sample, f32x4& sum) {
  const int second = std::min(sample + 1, set_.samples() - 1);
  const auto inputs = static_cast<std::size_t>(network_.layers[0].inputs), half = values_[0].size() / 2;
  for (std::size_t k = 0; k < inputs; ++k) {
    values_[0][k] = simd::splat(set_.x()[static_cast<std::size_t>(sample) * inputs + k]);
    values_[0][half + k] = simd::splat(set_.x()[static_cast<std::size_t>(second) * inputs + k]);
  }
  std::size_t from = 0;
  const f32x4* theta = theta_.data();
  for (const DenseLayer& layer : network_.layers) {
    const f32x4* const x[2] = {values_[from].data(), values_[from].data() + half};
    f32x4* const y[2] = {values_[1 - from].data(), values_[1 - from].data() + half};
    int unit = 0;
    for (; unit + 4 <= layer.units; unit += 4) theta = run_units<4>(theta, layer.inputs, layer.has_bias, x, {y[0] + unit, y[1] + unit});
    for (; unit < layer.units; ++unit) theta = run_units<1>(theta, layer.inputs, layer.has_bias, x, {y[0] + unit, y[1] + unit});
    for (f32x4* values : y) activate(layer.activation, layer.slope, layer.units, values);
    from = 1 - from;
  }
  const int outputs = network_.layers.back().units;
  for (int n = sample; n <= second; ++n) {
    const f32x4* y = values_[from].data() + (n == sample ? 0 : half);
    f32x4 square = simd::splat(0.0f);
    for (int j = 0; j < outputs; ++j) {
      const f32x4 error = y[j] - simd::splat(set_.target()[static_cast<std::size_t>(n * outputs + j)]);
      square += error * error;
    }
    sum += network_.half_sum ? simd::splat(0.5f) * square : square / simd::splat(static_cast<float>(outputs));
    if (second == sample) break;
  }
}

f32x4 DensePlaneLosses::run() {
  f32x4 sum = simd::splat(0.0f);
  for (int sample = 0; sample < set_.samples(); sample += 2) run_pair(sample, sum);
  return sum / simd::splat(static_cast<float>(set_.samples()));
}

}  // namespace chainrule
