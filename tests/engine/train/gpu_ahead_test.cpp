#include "engine/train/gpu_ahead.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/data/batcher.h"
#include "engine/math/rng.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/backend/mock_kernels.h"

namespace chainrule {
namespace {

using test::MockDevice;

constexpr int kBatch = 4;
constexpr std::int64_t kWholeStep = std::int64_t{1} << 60;

/// Pictures of 3 x 3 pixels, so that hundreds of steps take no time: class c has its pixel c bright, class 9 none.
ImageSet tiny_pictures(int count) {
  ImageSet set{.count = count, .height = 3, .width = 3, .classes = 10};
  Rng rng(1, "data");
  for (int i = 0; i < count; ++i) {
    const std::uint32_t label = rng.below(10);
    set.labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t pixel = 0; pixel < 9; ++pixel) set.pixels.push_back(static_cast<std::uint8_t>(rng.below(60) + (pixel == label ? 180u : 0u)));
  }
  return set;
}

DigitClassifier tiny_classifier() {
  DigitClassifier built;
  built.x = built.graph.input("x", Shape{kBatch, 1, 3, 3});
  built.labels = built.graph.input("label", Shape{kBatch});
  built.logits = dense(built.graph, "fc1", built.x, 10, {});
  built.head = classify(built.graph, built.logits, built.labels);
  return built;
}

struct Digits final : BatchSource {
  ImageSet images = tiny_pictures(40);
  Batcher batcher{40, kBatch, 1};
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override { gather(images, batcher.batch_at(step), x, target); }
};

/// A linear network on a mock device, whose ticks are milliseconds.
struct Scene {
  MockDevice device;
  gpu::Pipelines pipelines{device};
  Digits digits;
  DigitClassifier built = tiny_classifier();
  std::unique_ptr<Trainer> shown = make_trainer();
  double now = 0.0;
  std::vector<GpuAhead::Note> notes;

  Scene() {
    test::teach_linear_network(device);
    shown->start(3);
  }
  std::unique_ptr<Trainer> make_trainer() const {
    Program program = built.graph.program();
    append_backward(program, built.head.loss);
    append_updates(program, OptimizerKind::kSgd);
    append_changes(program);
    return std::make_unique<Trainer>(std::move(program), built.x, built.labels);
  }
  std::unique_ptr<GpuAhead> ahead(const GpuAhead::Settings& settings = {.must_win = false, .slice = 1000, .between = 0.02}) {
    return std::make_unique<GpuAhead>(
        pipelines, make_trainer(), std::make_unique<Digits>(),
        GpuAhead::Samples{{.x = built.x, .target = built.labels, .pixels = digits.images.pixels, .labels = digits.images.labels}, built.head.probabilities},
        [batcher = digits.batcher](std::int64_t step) { return batcher.batch_at(step); }, [this] { return now; }, settings);
  }
  /// Until step `last` is shown, or it ends.
  void run(GpuAhead& gpu, std::int64_t last, int frames = 3000) {
    for (int frame = 0; frame < frames && shown->step() < last && gpu.ended().empty(); ++frame) {
      for (const GpuAhead::Note& note : gpu.take(shown, last)) notes.push_back(note);
      device.tick();
      now += 0.001;
    }
  }
  /// How far the shown weights are from those that the CPU alone arrives at.
  float error() {
    const auto alone = make_trainer();
    alone->start(3);
    while (alone->step() < shown->step()) alone->advance(kWholeStep, digits);
    float largest = 0.0f;
    for (const TensorId id : alone->program().of_kind(TensorKind::kParameter))
      for (std::size_t i = 0; i < alone->current(id).size(); ++i) largest = std::max(largest, std::abs(alone->current(id)[i] - shown->current(id)[i]));
    return largest;
  }
};

TEST(GpuAhead, ShowsWholeStepsOnTheWayAndEveryLoss) {
  for (const bool reorders : {false, true}) {
    Scene scene;
    scene.device.delay = 3;
    scene.device.reorders = reorders;
    const auto gpu = scene.ahead();
    std::vector<std::int64_t> shown;
    while (scene.shown->step() < 1500 && gpu->ended().empty()) {
      scene.run(*gpu, 1500, 1);
      if (shown.empty() || shown.back() != scene.shown->step()) shown.push_back(scene.shown->step());
    }
    EXPECT_EQ(gpu->ended(), "");
    EXPECT_TRUE(gpu->proven());
    EXPECT_LT(gpu->check_difference(), 1e-4);
    EXPECT_EQ(scene.shown->step(), 1500);
    EXPECT_GT(shown.size(), 4u) << "only " << shown.size() << " steps were shown";
    EXPECT_TRUE(scene.shown->step_shown()) << "the shown step was not computed by the CPU";
    EXPECT_LT(scene.error(), 1e-4f);
    ASSERT_EQ(scene.notes.size(), 1500u);
    for (std::size_t i = 0; i < scene.notes.size(); ++i) EXPECT_EQ(scene.notes[i].step, static_cast<std::int64_t>(i + 1));
    EXPECT_LT(scene.notes.back().loss, scene.notes.front().loss);
    EXPECT_LT(std::abs(gpu->loss_difference()), 1e-4);
  }
}

TEST(GpuAhead, TrainsWithTheBodyThatWonTheRace) {
  for (const bool registers_win : {true, false}) {
    Scene scene;
    scene.device.ticks_of = {{"tiled", registers_win ? 3 : 1}, {"registers", registers_win ? 1 : 3}};
    const auto gpu = scene.ahead();
    scene.run(*gpu, 300, 10000);
    EXPECT_EQ(gpu->ended(), "");
    ASSERT_TRUE(gpu->proven());
    EXPECT_EQ(gpu->form(), registers_win ? gpu::GemmForm::kRegisters : gpu::GemmForm::kTiled);
    const auto last = std::ranges::find_if(scene.device.submitted.rbegin(), scene.device.submitted.rend(),
                                           [](const auto& one) { return one.entry == "tiled" || one.entry == "registers"; });
    EXPECT_EQ(last->entry, registers_win ? "registers" : "tiled");
    EXPECT_LT(scene.error(), 1e-4f);
  }
}

/// Points and targets as numbers, gathered by the same order: y = w·x + b towards x₁ − 2 x₂.
struct Points final : BatchSource {
  std::vector<float> x, targets;
  Batcher batcher{30, kBatch, 1};
  Points() {
    Rng rng(2, "data");
    for (int i = 0; i < 30; ++i) {
      x.insert(x.end(), {rng.uniform(-1.0f, 1.0f), rng.uniform(-1.0f, 1.0f)});
      targets.push_back(x[x.size() - 2] - 2.0f * x.back());
    }
  }
  void fill(std::int64_t step, std::span<float> to_x, std::span<float> target) override {
    const std::span<const std::uint32_t> samples = batcher.batch_at(step);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      std::copy_n(x.begin() + 2 * samples[n], 2, to_x.begin() + static_cast<std::ptrdiff_t>(2 * n));
      target[n] = targets[samples[n]];
    }
  }
};

TEST(GpuAhead, TrainsOnPointsAsOnPictures) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{kBatch, 2}), target = graph.input("target", Shape{kBatch, 1});
  const TensorId y = dense(graph, "o", x, 1, {});
  graph.begin_loss();
  const TensorId loss = graph.apply(OpKind::kMean, {}, {graph.apply(OpKind::kSquaredError, {}, {y, target}, "loss.each")}, "loss");
  Program program = graph.program();
  append_backward(program, loss);
  append_updates(program, OptimizerKind::kSgd);
  for (TensorInfo& info : program.tensors)
    if (info.name == "lr") info.fill = 0.1f;
  Trainer alone(program, x, target);
  auto shown = std::make_unique<Trainer>(program, x, target);
  shown->start(3);
  alone.start(3);

  MockDevice device;
  test::teach_linear_network(device);
  gpu::Pipelines pipelines(device);
  auto batches = std::make_unique<Points>();
  const GpuAhead::Samples samples{{.x = x, .target = target, .numbers = batches->x, .targets = batches->targets}, kNoTensor};
  const auto order = [batcher = batches->batcher](std::int64_t step) { return batcher.batch_at(step); };
  double now = 0.0;
  GpuAhead ahead(pipelines, shown->twin(), std::move(batches), samples, order, [&] { return now; }, {.must_win = false, .slice = 1000, .between = 0.02});
  std::int64_t notes = 0;
  for (int frame = 0; frame < 3000 && shown->step() < 400; ++frame, now += 0.001, device.tick())
    for (const GpuAhead::Note& note : ahead.take(shown, 400)) EXPECT_EQ(note.step, ++notes);
  EXPECT_EQ(ahead.ended(), "");
  EXPECT_EQ(notes, 400);
  Points source;
  while (alone.step() < shown->step()) alone.advance(kWholeStep, source);
  EXPECT_LT(*shown->loss(), 1e-3f);
  for (const TensorId id : program.of_kind(TensorKind::kParameter))
    for (std::size_t i = 0; i < alone.current(id).size(); ++i) EXPECT_NEAR(alone.current(id)[i], shown->current(id)[i], 1e-5f);
}

TEST(GpuAhead, GoesOnFromWhereItWasAfterTheTrainerWasChanged) {
  Scene scene;
  scene.device.delay = 2;
  const auto gpu = scene.ahead();
  scene.run(*gpu, 200);
  for (int i = 0; i < 5; ++i) {
    scene.run(*gpu, 10000, 7 + i);
    gpu->cancel();
    scene.shown->advance(kWholeStep, scene.digits);
  }
  EXPECT_EQ(gpu->ended(), "");
  EXPECT_LT(scene.error(), 1e-4f);
  scene.run(*gpu, scene.shown->step() + 100);
  EXPECT_LT(scene.error(), 1e-4f);
}

TEST(GpuAhead, NeverGoesBeyondTheLastStepWhenThatComesNearer) {
  Scene scene;
  const auto gpu = scene.ahead();
  scene.run(*gpu, 100000, 60);
  const std::int64_t near = scene.shown->step() + 70;
  scene.run(*gpu, near);
  EXPECT_EQ(gpu->ended(), "");
  EXPECT_EQ(scene.shown->step(), near);
  EXPECT_LT(scene.error(), 1e-4f);
}

TEST(GpuAhead, ALostDeviceLeavesAWholeStepToGoOnFrom) {
  for (const int frames : {0, 1, 3, 9, 40, 60, 120}) {
    Scene scene;
    scene.device.delay = 2;
    const auto gpu = scene.ahead();
    scene.run(*gpu, 100000, frames);
    scene.device.lose();
    scene.run(*gpu, 100000, 5);
    EXPECT_EQ(gpu->ended(), "The graphics device is gone; the CPU goes on from the step that is shown.") << frames;
    for (int i = 0; i < 10; ++i) scene.shown->advance(kWholeStep, scene.digits);
    EXPECT_LT(scene.error(), 1e-4f);
    EXPECT_EQ(scene.device.live_buffers(), 0u);
  }
}

TEST(GpuAhead, EndsWithASentenceWithoutMemory) {
  Scene scene;
  scene.device.fails_after = 5;
  const auto gpu = scene.ahead();
  scene.run(*gpu, 1000, 10);
  EXPECT_EQ(gpu->ended(), "The graphics adapter has no memory left; the CPU goes on from the step that is shown.");
}

TEST(GpuAhead, AWrongKernelFailsTheCheck) {
  Scene scene;
  scene.device.kernels["sgd_step"] = [](const test::Call& call, const test::Floats& f) {
    for (std::uint32_t i = 0; i < call.constants[0]; ++i) (*f[0])[i] = (*f[1])[i] - 1.02f * (*f[3])[0] * (*f[2])[i];
  };
  const auto gpu = scene.ahead();
  scene.run(*gpu, 1000, 200);
  EXPECT_TRUE(gpu->ended().starts_with("WebGPU failed its check: it differs from the CPU by 0.0")) << gpu->ended();
  EXPECT_EQ(scene.shown->step(), 0);
}

TEST(GpuAhead, ANumberThatIsNotFiniteEndsIt) {
  Scene scene;
  const auto gpu = scene.ahead();
  scene.run(*gpu, 1000, 100);
  EXPECT_EQ(gpu->ended(), "");
  scene.device.kernels["bias"] = [](const test::Call&, const test::Floats& f) { (*f[0])[0] = std::numeric_limits<float>::quiet_NaN(); };
  scene.run(*gpu, 100000, 100);
  EXPECT_EQ(gpu->ended(), "A number on the GPU is not finite; the CPU goes on from the step that is shown.");
  EXPECT_LT(scene.error(), 1e-4f);
}

TEST(GpuAhead, AutomaticTakesTheFasterAndNoAdapterInSoftware) {
  {
    Scene scene;  // the clock stands still while the CPU computes: it is infinitely fast
    const auto gpu = scene.ahead({.must_win = true});
    scene.run(*gpu, 1000, 500);
    EXPECT_EQ(gpu->ended(), "WebGPU was tried: 0 times as fast as the CPU, so the CPU trains.");
  }
  Scene scene;
  scene.device.offered.fallback = true;
  const auto gpu = scene.ahead({.must_win = true});
  scene.run(*gpu, 1000, 5);
  EXPECT_EQ(gpu->ended(), "WebGPU runs in software here, on the CPU itself; our own kernels for it are faster.");
}

}  // namespace
}  // namespace chainrule
