// Images a second while training the app's digit classifiers, batch 32, SGD with momentum, on one thread.
//
// Prints one line of JSON per network; bench/run makes the table.
#include <chrono>
#include <cstdio>

#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "tests/engine/support/synthetic_digits.h"

namespace chainrule {
namespace {

constexpr int kBatch = 32;

class FirstDigits final : public BatchSource {
 public:
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    const std::size_t first = static_cast<std::size_t>(step) * kBatch % 256;
    for (std::size_t n = 0; n < kBatch; ++n) {
      target[n] = images_.labels[first + n];
      for (std::size_t i = 0; i < 784; ++i) x[n * 784 + i] = static_cast<float>(images_.pixels[(first + n) * 784 + i]) / 255.0f;
    }
  }

 private:
  ImageSet images_ = test::synthetic_digits(256 + kBatch, 1);
};

double images_per_second(DigitModel model, double seconds) {
  DigitModelOptions options;
  options.model = model;
  options.batch = kBatch;
  const DigitClassifier built = build_digit_model(options);
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, OptimizerKind::kMomentum);
  Trainer trainer(std::move(program), built.x, built.labels);
  trainer.start(1);
  FirstDigits digits;
  constexpr std::int64_t kWholeStep = std::int64_t{1} << 60;
  for (int i = 0; i < 5; ++i) trainer.advance(kWholeStep, digits);  // V8 compiles hot loops anew on the way
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::duration<double> elapsed{};
  int steps = 0;
  do {
    trainer.advance(kWholeStep, digits);
    ++steps;
    elapsed = std::chrono::steady_clock::now() - begin;
  } while (elapsed.count() < seconds);
  return steps * kBatch / elapsed.count();
}

}  // namespace
}  // namespace chainrule

int main() {
  using namespace chainrule;
  for (const DigitModel model : {DigitModel::kLenet, DigitModel::kMlp, DigitModel::kLinear})
    std::printf("{\"network\": \"%s\", \"images_per_second\": %.1f}\n",
                std::string(kDigitModelNames[static_cast<std::size_t>(model)]).c_str(), images_per_second(model, 3.0));
}
