// Does cost grow as it should? Training time over three decades of images and of parameters, as the slope of log time
// over log size (1: linear); what LeNet with all of MNIST takes; what 10,000 steps add to memory and to the time of a
// step. One line of JSON each.
#include <malloc.h>

#include <cmath>
#include <memory>
#include <vector>

#include "bench/bench.h"
#include "engine/data/batcher.h"
#include "engine/nn/layers.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

constexpr int kBatch = 32;

/// Bytes that are allocated now.
double bytes_in_use() {
#ifdef __GLIBC__
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
#else
  return static_cast<double>(mallinfo().uordblks);
#endif
}

class Images final : public BatchSource {
 public:
  Images(const ImageSet& set, std::uint32_t count) : set_(set), batcher_(count, kBatch, 1) {}
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    gather(set_, batcher_.batch_at(step), x, target);
  }

 private:
  const ImageSet& set_;
  Batcher batcher_;
};

std::unique_ptr<Trainer> trainer_of(const Graph& graph, TensorId x, TensorId labels, TensorId loss) {
  Program program = graph.program();
  append_backward(program, loss);
  append_updates(program, OptimizerKind::kMomentum);
  auto trainer = std::make_unique<Trainer>(std::move(program), x, labels);
  trainer->start(1);
  return trainer;
}

std::unique_ptr<Trainer> digit_trainer(DigitModel model) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = kBatch});
  return trainer_of(built.graph, built.x, built.labels, built.head.loss);
}

std::unique_ptr<Trainer> wide_trainer(int units) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{kBatch, 784}), labels = graph.input("labels", Shape{kBatch});
  const TensorId hidden = dense(graph, "hidden", x, units, {.activation = Activation::kRelu});
  const Classification head = classify(graph, dense(graph, "out", hidden, 10, {}), labels);
  return trainer_of(graph, x, labels, head.loss);
}

struct Point {
  double size, seconds;
};

/// Least squares through the logarithms.
double slope(const std::vector<Point>& points) {
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const Point& p : points) {
    const double u = std::log(p.size), v = std::log(p.seconds);
    x += u, y += v, xx += u * u, xy += u * v;
  }
  const auto n = static_cast<double>(points.size());
  return (n * xy - x * y) / (n * xx - x * x);
}

void print(const char* work, const char* size, const std::vector<Point>& points) {
  std::printf("{\"work\": \"%s\", \"points\": [", work);
  for (const Point& p : points)
    std::printf("%s{\"%s\": %.0f, \"seconds\": %.6g}", &p == points.data() ? "" : ", ", size, p.size, p.seconds);
  std::printf("], \"slope\": %.3f}\n", slope(points));
  std::fflush(stdout);
}

/// One epoch of the MLP 784-128-10.
void over_images(const ImageSet& set) {
  std::vector<Point> points;
  const auto trainer = digit_trainer(DigitModel::kMlp);
  for (const int images : {64, 640, 6400, 64000}) {
    double best = 1e30;
    for (int repeat = 0; repeat < (images > 6400 ? 3 : 20); ++repeat) {
      Images source(set, static_cast<std::uint32_t>(images));
      trainer->start(1);
      const auto begin = std::chrono::steady_clock::now();
      trainer->run(images / kBatch, source);
      best = std::min(best, bench::seconds_since(begin));
    }
    points.push_back({static_cast<double>(images), best});
  }
  print("an epoch of images", "images", points);
}

/// Steps of 784-units-10.
void over_parameters(const ImageSet& set) {
  std::vector<Point> points;
  Images source(set, 640);
  for (const int units : {13, 126, 1258, 12579}) {
    const auto trainer = wide_trainer(units);
    trainer->run(2, source);
    points.push_back({units * 795.0 + 10, bench::shortest_seconds(1.0, [&] { trainer->run(1, source); })});
  }
  print("a step of parameters", "parameters", points);
}

void memory_of_lenet() {
  const double before = bytes_in_use();
  // As many pictures as MNIST has for training and for testing.
  const ImageSet train = test::synthetic_digits(60000, 1), testing = test::synthetic_digits(10000, 2);
  const auto trainer = digit_trainer(DigitModel::kLenet);
  Images source(train, 60000);
  trainer->run(1, source);
  std::printf("{\"work\": \"LeNet with 70,000 images\", \"megabytes\": %.1f}\n", (bytes_in_use() - before) * 1e-6);
}

void ten_thousand_steps(const ImageSet& set) {
  const auto trainer = digit_trainer(DigitModel::kMlp);
  Images source(set, 6400);
  const auto step = [&] { trainer->run(1, source); };
  const double first = bench::shortest_seconds(0.5, step), before = bytes_in_use();
  trainer->run(10000, source);
  const double grown = bytes_in_use() - before;
  std::printf("{\"work\": \"10,000 steps\", \"bytes_more\": %.0f, \"time_of_a_step_after_over_before\": %.3f}\n", grown,
              bench::shortest_seconds(0.5, step) / first);
}

}  // namespace
}  // namespace chainrule

int main() {
  using namespace chainrule;
  bench::print_peak();
  memory_of_lenet();
  const ImageSet set = test::synthetic_digits(64000, 1);
  ten_thousand_steps(set);
  over_images(set);
  over_parameters(set);
}
