#include "web/bench/works.h"

#include <algorithm>

#include "engine/base/check.h"
#include "web/network/kernels.h"
#include "web/network/network.h"

namespace chainrule {
namespace {

using module::Kernels;
using module::LayerKind;
using module::LayerSpec;
using module::LossKind;
using module::Network;

class Peak final : public RunningWork {
 public:
  double run() override {
    sum_ += module::multiply_add_rounds(kRounds);
    return kRounds * static_cast<double>(module::kOperationsPerRound) / 1e9;
  }

 private:
  static constexpr std::int64_t kRounds = 1'000'000;
  float sum_ = 0.0f;
};

LayerSpec dense_layer(int units, Activation activation) {
  LayerSpec layer{.kind = LayerKind::kDense, .size = units};
  layer.options.activation = activation;
  layer.options.initializer = activation == Activation::kTanh ? InitializerKind::kGlorotUniform : InitializerKind::kHeNormal;
  return layer;
}

LayerSpec conv_layer(int maps) {
  LayerSpec layer = dense_layer(maps, Activation::kRelu);
  layer.kind = LayerKind::kConv;
  layer.kernel = 5;
  return layer;
}

/// Builds a network; what is wrong with one of the descriptions below is a mistake in this file.
void build(Network& network, std::vector<int> input, const std::vector<LayerSpec>& layers, LossKind loss, int batch) {
  Status status = network.plan.set_input(std::move(input));
  for (const LayerSpec& layer : layers)
    if (status.ok()) status = network.plan.add(layer);
  if (status.ok()) status = network.plan.set_loss(loss);
  if (status.ok()) status = network.build(batch, OptimizerKind::kSgd, {}, 1);
  CHECK(status.ok(), status.ok() ? "" : status.error_message());
}

void build_lenet(Network& network) {
  const LayerSpec pool{.kind = LayerKind::kMaxPool, .size = 2};
  build(network, {1, 28, 28},
        {conv_layer(20), pool, conv_layer(50), pool, dense_layer(500, Activation::kRelu), dense_layer(10, Activation::kIdentity)},
        LossKind::kCrossEntropy, 32);
}

void build_mlp(Network& network) {
  build(network, {784}, {dense_layer(128, Activation::kRelu), dense_layer(10, Activation::kIdentity)}, LossKind::kCrossEntropy, 32);
}

void build_small(Network& network, int batch) {
  build(network, {2}, {dense_layer(4, Activation::kTanh), dense_layer(2, Activation::kTanh), dense_layer(1, Activation::kTanh)},
        LossKind::kSquaredError, batch);
}

/// Numbers in [0, 1) by a formula; what they are does not matter to the speed.
std::vector<float> numbers(std::size_t count, int seed) {
  std::vector<float> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<float>((i * 31 + static_cast<std::size_t>(seed) * 17) % 255) / 255.0f;
  return all;
}

class Training final : public RunningWork {
 public:
  Training(std::string_view id, ThreadPool* pool) : network_(pool) {
    if (id == "lenet") build_lenet(network_), steps_ = 1;
    if (id == "mlp") build_mlp(network_), steps_ = 16;
    if (id == "small-10") build_small(network_, 10), steps_ = 2000;
    if (id == "small-500") build_small(network_, 500), steps_ = 100;
    count_ = 2 * network_.batch();
    x_ = numbers(static_cast<std::size_t>(count_ * network_.plan.inputs()), 1);
    for (int n = 0; n < count_; ++n) targets_.push_back(network_.plan.loss() == LossKind::kCrossEntropy ? static_cast<float>(n % 10) : n % 3 == 0 ? 1.0f : -1.0f);
    losses_.resize(static_cast<std::size_t>(steps_));
  }
  double run() override {
    const Result<int> done = network_.train(x_.data(), targets_.data(), count_, steps_, false, losses_.data());
    CHECK(done.ok() && done.value() == steps_, "a training of the bench stopped");
    return static_cast<double>(steps_) * network_.batch();
  }

 private:
  Network network_;
  int steps_ = 1, count_ = 0;
  std::vector<float> x_, targets_, losses_;
};

class Forward final : public RunningWork {
 public:
  explicit Forward(ThreadPool* pool) : network_(pool), x_(numbers(784, 1)) { build_lenet(network_); }
  double run() override {
    constexpr int kTimes = 10;
    for (int i = 0; i < kTimes; ++i) CHECK(network_.predict(x_.data(), 1, out_).ok(), "a forward pass of the bench stopped");
    return kTimes;
  }

 private:
  Network network_;
  std::vector<float> x_;
  float out_[10] = {};
};

/// One op on arrays of its own.
class Product final : public RunningWork {
 public:
  Product(OpKind kind, const OpAttributes& attributes, Shape a, Shape b, double operations, ThreadPool* pool)
      : kind_(kind), attributes_(attributes), shapes_{a, b}, a_(numbers(static_cast<std::size_t>(a.size()), 1)),
        b_(numbers(static_cast<std::size_t>(b.size()), 2)), operations_(operations) {
    kernels_.use_threads(pool);
    out_.resize(static_cast<std::size_t>(op_info(kind).infer(attributes, shapes_)[0].size()));
  }
  double run() override {
    kernels_.run(kind_, attributes_, shapes_, {a_.data(), b_.data()}, out_.data());
    return operations_ / 1e9;
  }

 private:
  OpKind kind_;
  OpAttributes attributes_;
  std::vector<Shape> shapes_;
  std::vector<float> a_, b_, out_;
  double operations_;
  Kernels kernels_;
};

std::unique_ptr<RunningWork> convolution(int channels, int side, int maps, int kernel, int pad, ThreadPool* pool) {
  constexpr int kBatch = 32;
  OpAttributes attributes;
  attributes.pad = pad;
  const double positions = side + 2 * pad - kernel + 1;
  return std::make_unique<Product>(OpKind::kConv2d, attributes, Shape{kBatch, channels, side, side}, Shape{maps, channels, kernel, kernel},
                                   2.0 * kBatch * maps * positions * positions * channels * kernel * kernel, pool);
}

}  // namespace

const std::vector<WorkInfo>& bench_works() {
  constexpr double kGiga = 1e9;
  // A training step does a layer's products three times (forward, of the weights, of the inputs), but the first layer's twice.
  constexpr double kLenetForward = 2.0 * 2'293'000, kLenetTraining = 3.0 * kLenetForward - 2.0 * 288'000;
  constexpr double kMlpTraining = 2.0 * (2.0 * 784 * 128 + 3.0 * 128 * 10);
  static const std::vector<WorkInfo> all = {
      {"peak", "multiply and add, four at a time", "GFLOP/s", 0},
      {"lenet", "train LeNet, batch 32", "images/s", kLenetTraining},
      {"mlp", "train MLP 784-128-10, batch 32", "images/s", kMlpTraining},
      {"small-10", "train 2-4-2-1 tanh, batch 10", "points/s", 0},
      {"small-500", "train 2-4-2-1 tanh, batch 500", "points/s", 0},
      {"matmul-512", "matmul 512", "GFLOP/s", kGiga},
      {"conv-28", "conv forward 28×28×1, 5×5, 20 maps", "GFLOP/s", kGiga},
      {"conv-12", "conv forward 12×12×20, 5×5, 50 maps", "GFLOP/s", kGiga},
      {"conv-32", "conv forward 32×32×16, 3×3 same, 32 maps", "GFLOP/s", kGiga},
      {"forward", "LeNet forward, one image", "ms", kLenetForward},
  };
  return all;
}

std::unique_ptr<RunningWork> start_work(std::string_view id, ThreadPool* pool) {
  if (id == "peak") return std::make_unique<Peak>();
  if (id == "forward") return std::make_unique<Forward>(pool);
  if (id == "conv-28") return convolution(1, 28, 20, 5, 0, pool);
  if (id == "conv-12") return convolution(20, 12, 50, 5, 0, pool);
  if (id == "conv-32") return convolution(16, 32, 32, 3, 1, pool);
  const Shape square{512, 512};
  if (id == "matmul-512") return std::make_unique<Product>(OpKind::kMatMul, OpAttributes{}, square, square, 2.0 * 512 * 512 * 512, pool);
  return std::make_unique<Training>(id, pool);
}

void WorkMeter::add(double amount, double seconds) {
  if (warm_ < kWarmUp) {
    warm_ += seconds;
    return;
  }
  spent_ += seconds;
  amount_ += amount;
  seconds_ += seconds;
  if (seconds_ < kSample) return;
  values_.push_back(info_->unit == "ms" ? 1000.0 * seconds_ / amount_ : amount_ / seconds_);
  amount_ = seconds_ = 0.0;
}

WorkResult WorkMeter::result() const {
  std::vector<double> sorted = values_;
  std::ranges::sort(sorted);
  const auto at = [&](std::size_t percent) { return sorted.empty() ? 0.0 : sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)]; };
  return {at(50), at(10), at(90), static_cast<int>(sorted.size())};
}

double share_of_peak(const WorkInfo& work, double value, double peak) {
  if (work.operations <= 0.0 || value <= 0.0 || peak <= 0.0) return 0.0;
  const double rate = work.unit == "ms" ? 1000.0 / value : value;
  return rate * work.operations / (peak * 1e9);
}

}  // namespace chainrule
