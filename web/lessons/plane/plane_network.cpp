#include "web/lessons/plane/plane_network.h"

#include <algorithm>
#include <numeric>

#include "engine/nn/layers.h"
#include "engine/nn/models.h"

namespace chainrule {
namespace {

constexpr int kDigitBatch = 32;  // of the evaluation: an op on so many takes a few milliseconds

ForwardPass digit_pass(int batch) {
  DigitClassifier built = build_digit_model({.batch = batch});
  ForwardPass pass{built.graph.program(), built.x, built.labels, built.head.each};
  pass.program.loss = built.head.loss;
  return pass;
}

float target_of(float label) { return label == 0.0f ? -1.0f : 1.0f; }

std::uint32_t training_samples(const PlaneSetup& setup, const DigitSet* digits) {
  return static_cast<std::uint32_t>(setup.lenet ? digits->train.count : PlaneTraining::kPoints);
}

}  // namespace

ForwardPass plane_forward(const PlaneSetup& setup, int batch) {
  if (setup.lenet) return digit_pass(batch);
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{batch, 2});
  pass.target = graph.input("target", Shape{batch, 1});
  LayerOptions hidden{.activation = setup.activation};
  if (setup.activation == Activation::kRelu || setup.activation == Activation::kLeakyRelu) hidden.initializer = InitializerKind::kHeNormal;
  TensorId value = pass.x;
  for (int layer = 1; layer <= setup.layers; ++layer) value = dense(graph, "h" + std::to_string(layer), value, setup.units, hidden);
  value = dense(graph, "o", value, 1, {.activation = Activation::kTanh});
  graph.begin_loss();
  pass.each = graph.apply(OpKind::kSquaredError, {}, {value, pass.target}, "loss.each");
  const TensorId loss = graph.apply(OpKind::kMean, {}, {pass.each}, "loss");
  pass.program = graph.program();
  pass.program.loss = loss;
  return pass;
}

PlaneBatches::PlaneBatches(const PlaneSetup& setup, std::shared_ptr<const DigitSet> of)
    : digits(std::move(of)),
      points(setup.lenet ? Points2d{} : toy_points(setup.points, PlaneTraining::kPoints, 0.1f, setup.seed)),
      batcher(training_samples(setup, digits.get()), std::min(static_cast<std::uint32_t>(setup.batch), training_samples(setup, digits.get())),
              setup.seed) {
  std::ranges::transform(points.label, std::back_inserter(targets), target_of);
}

gpu::Samples PlaneBatches::samples() const {
  if (points.x.empty()) return {.pixels = digits->train.pixels, .labels = digits->train.labels};
  return {.numbers = points.x, .targets = targets};
}

void PlaneBatches::fill(std::int64_t step, std::span<float> x, std::span<float> target) {
  const std::span<const std::uint32_t> samples = batcher.batch_at(step);
  if (points.x.empty()) return gather(digits->train, samples, x, target);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    x[2 * n] = points.x[2 * samples[n]];
    x[2 * n + 1] = points.x[2 * samples[n] + 1];
    target[n] = targets[samples[n]];
  }
}

PlaneTraining::PlaneTraining(const PlaneSetup& setup, std::shared_ptr<const DigitSet> digits)
    : setup_(setup), run_(make_run(setup, PlaneBatches(setup, std::move(digits)))) {}

std::unique_ptr<PlaneTraining::Run> PlaneTraining::make_run(const PlaneSetup& setup, PlaneBatches batches) {
  ForwardPass pass = plane_forward(setup, static_cast<int>(batches.batcher.batch()));
  append_backward(pass.program, pass.program.loss);
  append_updates(pass.program, setup.optimizer);
  auto trainer = std::make_unique<Trainer>(std::move(pass.program), pass.x, pass.target);
  trainer->start(setup.seed);
  return std::make_unique<Run>(std::move(trainer), std::move(batches), Run::Tensors{.x = pass.x, .target = pass.target});
}

void PlaneTraining::Notes::add(const Trainer& trainer) {
  if (trainer.step() % stride == 0) places.push_back({trainer.step(), trainer.parameters()});
}

bool PlaneTraining::Notes::full() const {
  constexpr std::size_t kMostSteps = 4096, kMostNumbers = 1'000'000;
  return places.size() >= kMostSteps || (!places.empty() && places.size() * places[0].theta.size() >= kMostNumbers);
}

PlaneTraining::Ahead PlaneTraining::take_ahead(std::int64_t last, std::int64_t stride) {
  Run::Ahead ahead = run_->take_ahead(last, Notes{stride, {}});
  if (ahead.gpu_notes) {
    const bool stepped = !ahead.gpu_notes->empty();
    return {true, stepped, true, stepped ? std::vector{Place{trainer().step(), theta()}} : std::vector<Place>{}};
  }
  return {ahead.threaded, ahead.notes.has_value(), false, ahead.notes ? std::move(ahead.notes->places) : std::vector<Place>{}};
}

std::unique_ptr<EvaluationSet> PlaneTraining::evaluation_set() const {
  if (!setup_.lenet) {
    return std::make_unique<EvaluationSet>(plane_forward(setup_, kPoints), run_->source().points.x, run_->source().targets);
  }
  const int all = std::min(kDigits, run_->source().digits->test.count), batch = std::min(kDigitBatch, all), count = all / batch * batch;
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0U);
  std::vector<float> pixels(indices.size() * run_->source().digits->test.image_size()), labels(indices.size());
  gather(run_->source().digits->test, indices, pixels, labels);
  return std::make_unique<EvaluationSet>(plane_forward(setup_, batch), std::move(pixels), std::move(labels));
}

std::string PlaneTraining::evaluation_name() const {
  if (!setup_.lenet) return "all " + std::to_string(kPoints) + " training points";
  return "the first " + std::to_string(std::min(kDigits, run_->source().digits->test.count)) + " test digits";
}

}  // namespace chainrule
