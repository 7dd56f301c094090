// How fast networks train: the app's digit classifiers at batch 32 (SGD with momentum), and 2-4-2-1 with tanh on 500
// points at batch 10 and 500 (SGD), each on 1 and 2 threads where threads pay.
//
//   train_bench [seconds per work] [threads]     3 and 2. One line of JSON for each work and number of threads.
#include <cstdlib>

#include "bench/bench.h"
#include "engine/data/toy2d.h"
#include "engine/nn/layers.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

class FirstDigits final : public BatchSource {
 public:
  static constexpr int kBatch = 32;
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    const std::size_t first = static_cast<std::size_t>(step) * kBatch % 256;
    for (std::size_t n = 0; n < kBatch; ++n) {
      target[n] = images_.labels[first + n];
      for (std::size_t i = 0; i < 784; ++i)
        x[n * 784 + i] = static_cast<float>(images_.pixels[(first + n) * 784 + i]) / 255.0f;
    }
  }

 private:
  ImageSet images_ = test::synthetic_digits(256 + kBatch, 1);
};

/// 500 points, batch after batch in their order.
class Points final : public BatchSource {
 public:
  static constexpr int kCount = 500;
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    const std::size_t first =
        static_cast<std::size_t>(step % (kCount / static_cast<int>(target.size()))) * target.size();
    std::copy_n(points_.x.begin() + static_cast<std::ptrdiff_t>(2 * first), x.size(), x.begin());
    std::copy_n(points_.label.begin() + static_cast<std::ptrdiff_t>(first), target.size(), target.begin());
  }

 private:
  Points2d points_ = toy_points(Toy2d::kCircles, kCount, 0.05f, 1);
};

/// Samples a second: the best second, or the whole time if it is shorter.
double samples_per_second(Trainer& trainer, BatchSource& source, int batch, double seconds) {
  trainer.start(1);
  trainer.run(20, source);  // V8 compiles hot loops anew on the way
  const auto begin = std::chrono::steady_clock::now();
  double best = 0.0;
  int steps = 1;
  do {
    const auto start = std::chrono::steady_clock::now();
    trainer.run(steps, source);
    const double time = bench::seconds_since(start);
    best = std::max(best, steps * batch / time);
    if (time < 0.02 * seconds) steps *= 2;
  } while (bench::seconds_since(begin) < seconds);
  return best;
}

void report(const char* network, const char* samples, int batch, Trainer& trainer, BatchSource& source, double seconds,
            int most_threads) {
  for (int threads = 1; threads <= most_threads; ++threads) {
    ThreadPool pool(threads);
    trainer.use_threads(&pool);
    const double speed = samples_per_second(trainer, source, batch, seconds);
    std::printf(
        "{\"network\": \"%s\", \"batch\": %d, \"threads\": %d, \"%s_per_second\": %.1f, \"step_us\": %.3f, \"op_ns\": "
        "%.1f}\n",
        network, batch, threads, samples, speed, 1e6 * batch / speed,
        1e9 * batch / speed / static_cast<double>(trainer.program().calls.size()));
    trainer.use_threads(nullptr);
  }
}

void digits(DigitModel model, double seconds, int threads) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = FirstDigits::kBatch});
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  Trainer trainer(std::move(program), built.x, built.labels);
  FirstDigits source;
  const std::string name(kDigitModelNames[static_cast<std::size_t>(model)]);
  report(name.c_str(), "images", FirstDigits::kBatch, trainer, source, seconds, threads);
}

void points(int batch, double seconds) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{batch, 2}), target = graph.input("target", Shape{batch, 1});
  TensorId value = x;
  int layer = 0;
  for (const int units : {4, 2, 1})
    value = dense(graph, "h" + std::to_string(++layer), value, units, {.activation = Activation::kTanh});
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {value, target}, "loss.each");
  const TensorId loss = graph.apply(OpKind::kMean, {}, {each}, "loss");
  Program program = graph.program();
  append_backward(program, loss);
  append_updates(program, OptimizerKind::kSgd);
  Trainer trainer(std::move(program), x, target);
  Points source;
  report("2-4-2-1", "points", batch, trainer, source, seconds, 1);
}

}  // namespace
}  // namespace chainrule

int main(int count, char** arguments) {
  using namespace chainrule;
  const double seconds = count > 1 ? std::atof(arguments[1]) : 3.0;
  const int threads = count > 2 ? std::atoi(arguments[2]) : 2;
  bench::print_peak();
  for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp, DigitModel::kLinear})
    digits(model, seconds, threads);
  for (const int batch : {10, 500}) points(batch, seconds);
}
