// Ten training steps of LeNet (momentum) and of the MLP (Adam) against PyTorch in float64 (tests/golden/training_*.bin).
// Weights, images and labels are made by formula on both sides.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "engine/graph/buffers.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/support/golden.h"

namespace chainrule::test {
namespace {

constexpr std::uint32_t kImageSeed = 200, kParameterSeed = 300;

/// `losses`: |loss − reference| / reference. `checksums`: of sum of squares and of the change's sum of squares, relative;
/// of the sum, relative to the root of (elements · sum of squares). `samples`: difference over the root mean square change.
struct TrainingError {
  double losses = 0.0, checksums = 0.0, samples = 0.0;
};

template <class T>
class Training {
 public:
  Training(const std::string& name, DigitModel model, OptimizerKind optimizer) : file_("training_" + name + ".bin") {
    DigitModelOptions options;
    options.model = model;
    options.batch = static_cast<int>(file_["batch"].numbers[0]);
    const DigitClassifier built = build_digit_model(options);
    program_ = built.graph.program();
    append_backward(program_, built.head.loss);
    append_updates(program_, optimizer);
    buffers_ = Buffers<T>(program_);
    for (const auto& [key, value] : file_.settings("hypers"))
      buffers_[program_.find(key)][0] = static_cast<T>(std::strtof(value.c_str(), nullptr));
    fill_batch(buffers_[built.x], buffers_[built.labels]);
    std::uint32_t seed = kParameterSeed;
    for (const TensorId id : program_.of_kind(TensorKind::kParameter)) {
      const float scale = scale_of(id);
      std::uint32_t i = 0;
      for (T& weight : buffers_[id]) weight = static_cast<T>(filled(seed, i++, scale));
      ++seed;
    }
  }

  TrainingError run() {
    TrainingError error;
    for (const double reference : file_["losses"].numbers) {
      for (const OpCall& call : program_.calls) run_reference(call, buffers_);
      buffers_.trade_places();
      const double loss = static_cast<double>(buffers_[program_.loss][0]);
      error.losses = std::max(error.losses, std::abs(loss - reference) / reference);
    }
    std::uint32_t seed = kParameterSeed;
    for (const TensorId id : program_.of_kind(TensorKind::kParameter)) compare(id, seed++, error);
    return error;
  }

 private:
  float scale_of(TensorId id) const { return static_cast<float>(file_[program_.info(id).name + "/scale"].numbers[0]); }

  static void fill_batch(std::span<T> images, std::span<T> labels) {
    constexpr std::size_t kSide = 28, kPixels = kSide * kSide;
    for (std::size_t i = 0; i < images.size(); ++i)
      images[i] = static_cast<T>(uniform(kImageSeed, static_cast<std::uint32_t>(i)) * 0.25f);
    for (std::size_t n = 0; n < labels.size(); ++n) {
      const std::size_t label = (7 * n + 3) % 10;
      labels[n] = static_cast<T>(label);
      for (std::size_t i = 0; i < 3 * kSide; ++i) {
        T& pixel = images[n * kPixels + (2 * label + 3) * kSide + i];
        pixel = static_cast<T>(static_cast<float>(pixel) + 0.5f);
      }
    }
  }

  void compare(TensorId id, std::uint32_t seed, TrainingError& error) {
    const std::string& name = program_.info(id).name;
    const std::vector<double>& checksums = file_[name + "/checksums"].numbers;
    const std::span<const T> weights = std::as_const(buffers_)[id];
    double sum = 0.0, squares = 0.0, change = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double w = static_cast<double>(weights[i]);
      const double start = static_cast<double>(filled(seed, static_cast<std::uint32_t>(i), scale_of(id)));
      sum += w, squares += w * w, change += (w - start) * (w - start);
    }
    const double size = static_cast<double>(weights.size());
    for (const double e : {std::abs(sum - checksums[0]) / std::sqrt(size * checksums[1]), std::abs(squares / checksums[1] - 1.0),
                           std::abs(change / checksums[2] - 1.0)})
      error.checksums = std::max(error.checksums, e);

    const std::vector<double>& samples = file_[name + "/samples"].numbers;
    const std::size_t stride = std::max<std::size_t>(1, weights.size() / 16);
    const double moved = std::sqrt(checksums[2] / size);
    std::size_t k = 0;
    for (std::size_t i = stride / 2; i < weights.size() && k < samples.size(); i += stride, ++k)
      error.samples = std::max(error.samples, std::abs(static_cast<double>(weights[i]) - samples[k]) / moved);
    EXPECT_EQ(k, samples.size()) << name;
  }

  GoldenFile file_;
  Program program_;
  Buffers<T> buffers_;
};

// The effect: over the ten steps the loss halves, and every parameter moves by its root mean square change, in which the
// samples are measured. The tolerances are 1 % of that at the most.
template <class T>
void compare(const std::string& name, DigitModel model, OptimizerKind optimizer, const TrainingError& tolerance) {
  const GoldenFile file("training_" + name + ".bin");
  const std::vector<double>& losses = file["losses"].numbers;
  ASSERT_EQ(losses.size(), 10u);
  ASSERT_LT(losses.back(), 0.6 * losses.front());
  const TrainingError error = Training<T>(name, model, optimizer).run();
  std::printf("%s: errors of losses %.3g, checksums %.3g, samples %.3g\n", name.c_str(), error.losses, error.checksums,
              error.samples);
  EXPECT_LE(error.losses, tolerance.losses);
  EXPECT_LE(error.checksums, tolerance.checksums);
  EXPECT_LE(error.samples, tolerance.samples);
}

TEST(TrainingGolden, LenetFloat) {
  compare<float>("lenet", DigitModel::kLenet, OptimizerKind::kMomentum, {1e-4, 1e-4, 1e-2});
}
TEST(TrainingGolden, LenetDouble) {
  compare<double>("lenet", DigitModel::kLenet, OptimizerKind::kMomentum, {1e-9, 1e-9, 1e-8});
}
TEST(TrainingGolden, MlpFloat) { compare<float>("mlp", DigitModel::kMlp, OptimizerKind::kAdam, {1e-4, 1e-3, 1e-2}); }
TEST(TrainingGolden, MlpDouble) { compare<double>("mlp", DigitModel::kMlp, OptimizerKind::kAdam, {1e-9, 1e-9, 1e-8}); }

}  // namespace
}  // namespace chainrule::test
