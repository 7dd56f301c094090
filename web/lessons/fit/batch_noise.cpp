#include "web/lessons/fit/batch_noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/graph/graph.h"
#include "engine/nn/layers.h"
#include "engine/optim/optimizer.h"
#include "web/lessons/fit/fit_points.h"

namespace chainrule {
namespace {

constexpr int kUnits = 4;
constexpr std::array<std::string_view, 13> kNetworkWeights = {"fc1.w0", "fc1.w1", "fc1.w2", "fc1.w3", "fc1.b0", "fc1.b1", "fc1.b2",
                                                              "fc1.b3", "fc2.w0", "fc2.w1", "fc2.w2", "fc2.w3", "fc2.b"};

std::vector<ParamSpec> make_params() {
  ParamTable table;
  table.choice("model", "Model", "A line, or a network 1–4–1 with tanh that is fitted to a sine. Starts over.", {"line", "network"}, 0);
  table.number("count", "Points", "How many samples there are. Starts over.", ParamType::kInteger, 8, 64, 32);
  table.all_restart();
  table.number("size", "Batch size B", "Samples of a mini-batch.", ParamType::kInteger, 1, 64, 4);
  table.toggle("replacement", "With replacement", "Each sample of a batch is drawn from all samples, so that it may come twice; otherwise from those that are left.", false);
  table.number("lr", "Learning rate", "How far one update goes along the batch's gradient.", ParamType::kReal, 1e-3, 2, 0.1).logarithmic = true;
  table.choice("across", "Across", "The network's weight whose gradient is shown from left to right.", kNetworkWeights, 0);
  table.choice("up", "Upwards", "The network's weight whose gradient is shown from below to above.", kNetworkWeights, 8);
  return table.take();
}

OpAttributes with_shape(const Shape& shape, int begin = 0) {
  OpAttributes attributes;
  attributes.shape = shape;
  attributes.begin = begin;
  return attributes;
}

/// Calls that follow the backward ones.
class Measures {
 public:
  explicit Measures(Program& program) : program_(program) {}
  TensorId add(OpKind kind, std::vector<TensorId> inputs, std::string name, const OpAttributes& attributes = {}) {
    return program_.add_call(kind, attributes, std::move(inputs), std::move(name), TensorKind::kGradient, Phase::kBackward);
  }
  TensorId input(std::string name, const Shape& shape) {
    TensorInfo info;
    info.name = std::move(name);
    info.shape = shape;
    info.kind = TensorKind::kInput;
    return program_.add_tensor(std::move(info));
  }
  /// Covariance of the batches' gradients about their mean. Returns it.
  TensorId cloud(TensorId samples, const std::string& suffix, int batch) {
    const TensorId rows = input("draws" + suffix, Shape{BatchNoise::kDraws, batch});
    const TensorId cloud = add(OpKind::kRowsMean, {samples, rows}, "cloud" + suffix);
    const TensorId mean = add(OpKind::kRowsMean, {cloud, program_.find("every.draw")}, "mean" + suffix);
    return add(OpKind::kCovariance, {cloud, mean}, "measured" + suffix);
  }

 private:
  Program& program_;
};

/// The gradient of each sample for all parameters, side by side in the order of the parameters: [n, P].
TensorId sample_gradients(Program& program, Measures& measures, bool network) {
  const auto gradient = [&](std::string_view name) { return program.gradient_of[static_cast<std::size_t>(program.find(name))]; };
  if (!network) return measures.add(OpKind::kScale, {gradient("yhat"), program.find("X")}, "gradients");
  const TensorId inner = gradient("fc1.net"), outer = gradient("fc2.net");
  TensorId all = measures.add(OpKind::kScale, {program.find("x"), inner}, "each.fc1.w");
  all = measures.add(OpKind::kConcat, {all, inner}, "each.fc1");
  all = measures.add(OpKind::kConcat, {all, measures.add(OpKind::kScale, {outer, program.find("fc1.out")}, "each.fc2.w")}, "each.inner");
  return measures.add(OpKind::kConcat, {all, outer}, "gradients");
}

/// Each parameter follows its part of the batch's gradient.
void add_updates(Program& program, Measures& measures, TensorId g) {
  const TensorId lr = add_hyper(program, "lr", 0.1f);
  int begin = 0;
  for (const TensorId w : program.of_kind(TensorKind::kParameter)) {
    const Shape shape = program.info(w).shape;
    const int size = static_cast<int>(shape.size());
    const std::string name = program.info(w).name;
    const TensorId part = measures.add(OpKind::kSlice, {g}, "part." + name, with_shape(Shape{1, size}, begin));
    const TensorId shaped = measures.add(OpKind::kReshape, {part}, "g." + name, with_shape(shape));
    add_update(program, w, OpKind::kSgdStep, {w, shaped, lr});
    begin += size;
  }
}

}  // namespace

void draw_samples(Rng& rng, int count, bool replace, std::span<float> batch) {
  if (replace) {
    for (float& sample : batch) sample = static_cast<float>(rng.below(static_cast<std::uint32_t>(count)));
    return;
  }
  std::array<float, FitLesson::kMostPoints> left;
  std::iota(left.begin(), left.begin() + count, 0.0f);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::size_t pick = i + rng.below(static_cast<std::uint32_t>(count) - static_cast<std::uint32_t>(i));
    std::swap(left[i], left[pick]);
    batch[i] = left[i];
  }
}

BatchNoise::BatchNoise()
    : FitLesson({.slug = "batch-noise",
                 .title = "Batch size and noise",
                 .summary = "The gradients of mini-batches as a cloud around the gradient of all samples: what a larger batch buys.",
                 .topic = "Gradient descent",
                 .decks = "001, 003"},
                make_params()) {}

FitPoints BatchNoise::start_points() const { return fit_points(is_network() ? FitData::kSine : FitData::kNoisy, params_.whole("count"), seed()); }

int BatchNoise::batch_size() const { return std::min(params_.whole("size"), static_cast<int>(points().size())); }

std::vector<int> BatchNoise::ladder() const {
  std::vector<int> sizes;
  for (int size = 1; size <= static_cast<int>(points().size()); size *= 2) sizes.push_back(size);
  return sizes;
}

int BatchNoise::shown_weight(int which) const { return is_network() ? params_.whole(which == 0 ? "across" : "up") : which; }

std::string BatchNoise::weight_name(int which) const {
  return is_network() ? std::string(kNetworkWeights[static_cast<std::size_t>(shown_weight(which))]) : which == 0 ? "w0" : "w1";
}

Program BatchNoise::make_program() const {
  const int n = static_cast<int>(points().size());
  Graph graph;
  const TensorId y = graph.input("y", Shape{n, 1});
  TensorId predicted;
  if (is_network()) {
    const TensorId inner = dense(graph, "fc1", graph.input("x", Shape{n, 1}), kUnits, {.activation = Activation::kTanh});
    predicted = dense(graph, "fc2", inner, 1, {});
  } else {
    OpAttributes transposed;
    transposed.transpose_b = true;
    const TensorId x = graph.input("X", Shape{n, 2}), w = graph.parameter("w", Shape{1, 2}, {InitializerKind::kUniform, 2.0f, 1, 1});
    predicted = graph.apply(OpKind::kMatMul, transposed, {x, w}, "yhat");
  }
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {predicted, y}, "loss");
  graph.apply(OpKind::kMean, {}, {each}, "J");
  const TensorId sum = graph.apply(OpKind::kSum, {}, {each}, "loss.sum");
  Program program = graph.program();
  append_backward(program, sum);
  Measures measures(program);
  const TensorId all = measures.input("all", Shape{1, n}), batch = measures.input("batch", Shape{1, batch_size()});
  measures.input("every.draw", Shape{1, kDraws});
  const TensorId gradients = sample_gradients(program, measures, is_network());
  const TensorId across = measures.add(OpKind::kSlice, {gradients}, "across", with_shape(Shape{n, 1}, shown_weight(0)));
  const TensorId up = measures.add(OpKind::kSlice, {gradients}, "up", with_shape(Shape{n, 1}, shown_weight(1)));
  const TensorId samples = measures.add(OpKind::kConcat, {across, up}, "samples");
  const TensorId full = measures.add(OpKind::kRowsMean, {samples, all}, "full"), drawn = measures.add(OpKind::kRowsMean, {samples, batch}, "batch.mean");
  measures.add(OpKind::kAngle, {full, drawn}, "angle");
  const TensorId one = measures.add(OpKind::kCovariance, {samples, full}, "single");
  measures.cloud(samples, "", batch_size());
  measures.add(OpKind::kScale, {measures.input("factor", Shape{1}), one}, "expected");
  for (const int size : ladder()) {
    const std::string suffix = "." + std::to_string(size);
    measures.cloud(samples, suffix, size);
    measures.add(OpKind::kScale, {measures.input("factor" + suffix, Shape{1}), one}, "expected" + suffix);
  }
  add_updates(program, measures, measures.add(OpKind::kRowsMean, {gradients, batch}, "g"));
  return program;
}

std::vector<std::uint32_t> BatchNoise::next_batch() const {
  Rng rng(seed(), "batch", static_cast<std::uint64_t>(step()));
  std::vector<float> batch(static_cast<std::size_t>(batch_size()));
  draw_samples(rng, static_cast<int>(points().size()), replaces(), batch);
  return {batch.begin(), batch.end()};
}

void BatchNoise::fill(Buffers<float>& buffers) const {
  const Program& made = program();
  const auto at = [&](const std::string& name) { return buffers[made.find(name)]; };
  const int n = static_cast<int>(points().size());
  for (int i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (is_network()) at("x")[k] = points().x[k];
    else at("X")[2 * k] = 1.0f, at("X")[2 * k + 1] = points().x[k];
    at("y")[k] = points().y[k];
    at("all")[k] = static_cast<float>(i);
  }
  std::ranges::copy(batch(), at("batch").begin());
  std::iota(at("every.draw").begin(), at("every.draw").end(), 0.0f);
  at("lr")[0] = static_cast<float>(params_["lr"]);
  std::uint64_t stream = static_cast<std::uint64_t>(step()) * 8;
  const auto draw = [&](const std::string& suffix, int size) {
    Rng rng(seed(), "cloud", stream++);
    const std::span<float> rows = at("draws" + suffix);
    for (int k = 0; k < kDraws; ++k) draw_samples(rng, n, replaces(), rows.subspan(static_cast<std::size_t>(k * size), static_cast<std::size_t>(size)));
    at("factor" + suffix)[0] = replaces() ? 1.0f / static_cast<float>(size) : static_cast<float>(n - size) / static_cast<float>(size * (n - 1));
  };
  draw("", batch_size());
  for (const int size : ladder()) draw("." + std::to_string(size), size);
}

std::vector<Metric> BatchNoise::metrics() const {
  if (!is_ready()) return {};
  const auto number = [&](std::string_view name, std::size_t i) { return static_cast<double>(values(name)[i]); };
  return {{"loss", number("J", 0)}, {"angle", number("angle", 0)}, {"measured_variance", number("measured", 0)}, {"expected_variance", number("expected", 0)}};
}

std::string BatchNoise::leaf_text(const std::string& tensor, std::int64_t index) const {
  if (tensor == "X") return index % 2 == 0 ? "1: w0 is added as it is" : "x of point " + std::to_string(index / 2);
  if (tensor == "x" || tensor == "y") return tensor + " of point " + std::to_string(index);
  if (tensor == "all" || tensor == "every.draw") return "a number that counts";
  if (tensor == "batch" || tensor.starts_with("draws")) return "a sample, drawn with seed " + std::to_string(seed());
  if (tensor.starts_with("factor")) return replaces() ? "1 / B, for batches drawn with replacement" : "(n − B) / (B · (n − 1)), for batches drawn without replacement";
  if (tensor == "lr") return "the learning rate, a setting";
  return "1: where a derivative begins";
}

}  // namespace chainrule
