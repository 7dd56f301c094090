#include "engine/landscape/gpu_plane_losses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/landscape/loss_plane.h"
#include "engine/nn/layers.h"
#include "tests/engine/backend/mock_kernels.h"

namespace chainrule {
namespace {

using test::MockDevice;

float bowl(const PlaceInPlane& p) { return 0.1f + (p.a - 0.25f) * (p.a - 0.25f) + 2 * (p.b + 0.5f) * (p.b + 0.5f); }

/// Four points at a time, `seconds` a point on the test's clock.
class CpuBowl final : public PlaneLosses {
 public:
  CpuBowl(double& clock, double seconds) : clock_(clock), seconds_(seconds) {}
  std::size_t points_at_once() const override { return 4; }
  void begin(const Plane&, std::span<const PlaceInPlane> places) override {
    EXPECT_LE(places.size(), 4u);
    losses_.clear();
    for (const PlaceInPlane& place : places) losses_.push_back(bowl(place));
    points += static_cast<int>(places.size());
  }
  std::span<const float> advance(std::int64_t& budget) override {
    clock_ += seconds_ * static_cast<double>(losses_.size());
    --budget;
    return losses_;
  }
  int points = 0;

 private:
  double& clock_;
  double seconds_;
  std::vector<float> losses_;
};

/// The bowl on a mock device, each answer times 1 + `error`; those with a below `hole` are not finite.
class GpuBowl final : public PointsOnGpu {
 public:
  explicit GpuBowl(MockDevice& of) : device_(of), buffer_(of.create_buffer(4 * most())) {}
  ~GpuBowl() override { device_.destroy_buffer(buffer_); }
  gpu::Device& device() override { return device_; }
  std::size_t most() const override { return 4096; }
  std::size_t first() const override { return first_points; }
  void set_plane(const Plane&) override {}
  gpu::Ticket submit(std::span<const PlaceInPlane> places) override {
    std::vector<float>& losses = device_.floats(buffer_);
    for (std::size_t i = 0; i < places.size(); ++i)
      losses[i] = places[i].a < hole ? std::numeric_limits<float>::quiet_NaN() : bowl(places[i]) * (1.0f + error);
    return device_.read(buffer_, 0, 4 * places.size());
  }
  std::optional<std::vector<float>> poll(gpu::Ticket ticket) override {
    const auto bytes = device_.poll(ticket);
    if (!bytes) return std::nullopt;
    std::vector<float> losses(bytes->size() / 4);
    std::memcpy(losses.data(), bytes->data(), bytes->size());
    return losses;
  }
  float error = 1e-5f, hole = -10.0f;
  std::size_t first_points = 4096;

 private:
  MockDevice& device_;
  gpu::BufferId buffer_;
};

struct Bench {
  explicit Bench(double seconds_a_point = 0.01) {
    auto made = std::make_unique<CpuBowl>(clock, seconds_a_point);
    cpu = made.get();
    losses = std::make_unique<GpuPlaneLosses>(std::move(made), [this] { return clock; });
    on_gpu = std::make_unique<GpuBowl>(device);
    plane.start({}, {-1, 1, -1, 1}, 33);
  }
  void use(bool must_win) { losses->use(std::move(on_gpu), {.must_win = must_win}); }
  /// A frame of a sixtieth of a second, with time for a few points of the CPU.
  bool frame() {
    const bool done = plane.advance(*losses, 3);
    device.tick();
    clock += 1.0 / 60;
    return done;
  }
  void finish() {
    for (int frames = 0; !frame(); ++frames) ASSERT_LT(frames, 5000) << "the plane does not become whole";
  }
  /// The largest difference from the bowl, as a share of it.
  double error() const {
    double worst = 0.0;
    const int side = plane.side();
    for (int row = 0; row < side; ++row)
      for (int column = 0; column < side; ++column) {
        const float expected = bowl({-1 + 2.0f * static_cast<float>(column) / static_cast<float>(side - 1), -1 + 2.0f * static_cast<float>(row) / static_cast<float>(side - 1)});
        const float found = plane.losses()[static_cast<std::size_t>(row * side + column)];
        worst = std::max(worst, static_cast<double>(std::abs(found / expected - 1)));
      }
    return worst;
  }

  double clock = 0.0;
  MockDevice device;
  CpuBowl* cpu = nullptr;
  std::unique_ptr<GpuBowl> on_gpu;
  std::unique_ptr<GpuPlaneLosses> losses;
  LossPlane plane;
};

TEST(GpuPlaneLosses, WithoutAGpuTheCpuMeasuresEachPointOnce) {
  Bench bench;
  bench.finish();
  EXPECT_EQ(bench.cpu->points, 33 * 33);
  EXPECT_LT(bench.error(), 1e-6);
  EXPECT_FALSE(bench.plane.approximate());
}

TEST(GpuPlaneLosses, AFasterGpuIsCheckedRacedAndThenMeasuresTheRest) {
  Bench bench;
  bench.use(true);
  bench.finish();
  EXPECT_TRUE(bench.losses->proven());
  EXPECT_EQ(bench.losses->ended(), "");
  EXPECT_GT(bench.losses->speedup(), 1.0);
  EXPECT_NEAR(bench.losses->check_difference(), 1e-5, 1e-6);
  EXPECT_LT(bench.cpu->points, 100) << "those of the check, and what it did meanwhile";
  EXPECT_GT(bench.error(), 5e-6);
  EXPECT_LT(bench.error(), 2e-5);
  EXPECT_TRUE(bench.plane.approximate());
}

TEST(GpuPlaneLosses, WhatTheCpuDoesWithinTwoFramesIsNotWorthTheWay) {
  Bench bench(1e-6);
  bench.use(true);
  bench.finish();
  EXPECT_EQ(bench.cpu->points, 33 * 33);
  EXPECT_FALSE(bench.plane.approximate());
  EXPECT_EQ(bench.losses->ended(), "");
}

TEST(GpuPlaneLosses, ASlowerGpuLosesTheRaceUnlessItIsChosen) {
  for (const bool must_win : {true, false}) {
    Bench bench(1e-3);
    bench.device.delay = 60;  // frames
    bench.use(must_win);
    bench.finish();
    EXPECT_LT(bench.error(), 2e-5);
    if (must_win) {
      EXPECT_NE(bench.losses->ended().find("so the CPU measures it"), std::string::npos) << bench.losses->ended();
      EXPECT_EQ(bench.device.live_buffers(), 0u);
    } else {
      EXPECT_EQ(bench.losses->ended(), "");
      EXPECT_TRUE(bench.plane.approximate());
    }
  }
}

TEST(GpuPlaneLosses, AWrongGpuFailsItsCheckAndNoneOfItsLossesCounts) {
  Bench bench;
  bench.on_gpu->error = 0.01f;
  bench.use(false);
  bench.finish();
  EXPECT_EQ(bench.losses->ended(), "WebGPU failed its check: a loss differs from the CPU's by 0.01 of itself. The CPU measures planes.");
  EXPECT_LT(bench.error(), 1e-6);
  EXPECT_FALSE(bench.plane.approximate());
}

TEST(GpuPlaneLosses, WhatWasMeasuredStaysWhenTheDeviceIsLostAndTheCpuGoesOn) {
  for (const int frames : {0, 1, 2, 3, 4, 6, 9}) {
    Bench bench;
    bench.device.delay = 2;
    bench.on_gpu->first_points = 4;
    bench.use(false);
    for (int frame = 0; frame < frames; ++frame) bench.frame();
    ASSERT_FALSE(bench.plane.complete());
    bench.device.lose();
    bench.finish();
    EXPECT_EQ(bench.losses->ended(), "The graphics device is gone; the CPU measures what is missing of the plane.") << frames;
    EXPECT_LT(bench.error(), 2e-5) << frames;
    EXPECT_LE(bench.cpu->points, 33 * 33) << "a point that was measured is not measured again";
    if (frames > 4) EXPECT_LT(bench.cpu->points, 33 * 33);
    EXPECT_EQ(bench.plane.approximate(), bench.cpu->points < 33 * 33);
  }
}

TEST(GpuPlaneLosses, NoMemoryOnTheGpuIsSaidAndHarmless) {
  MockDevice device;
  device.fails_after = 0;
  Bench bench;
  bench.losses->use(std::make_unique<GpuBowl>(device), {});
  bench.finish();
  EXPECT_EQ(bench.losses->ended(), "The graphics adapter has no memory left; the CPU measures what is missing of the plane.");
  EXPECT_LT(bench.error(), 1e-6);
}

TEST(GpuPlaneLosses, WhatIsNotFiniteOnTheGpuIsTheCpusToSay) {
  Bench bench;
  bench.on_gpu->hole = -0.9f;  // two columns
  bench.use(false);
  bench.frame();
  bench.plane.start({}, {-0.8, 1, -1, 1}, 9);  // the check is on points that both have
  bench.finish();
  bench.plane.start({}, {-1, 1, -1, 1}, 33);
  bench.finish();
  EXPECT_EQ(bench.losses->ended(), "");
  EXPECT_LT(bench.error(), 2e-5);
  EXPECT_TRUE(bench.plane.approximate());
}

TEST(GpuPlaneLosses, APlaneThatIsReplacedLeavesNoTrace) {
  Bench bench;
  bench.device.delay = 4;
  bench.use(false);
  for (int round = 0; round < 12; ++round) {
    for (int frame = 0; frame < round; ++frame) bench.frame();
    bench.plane.start({}, {-3, -2, -3, -2}, 33);
    for (int frame = 0; frame < round; ++frame) bench.frame();
    bench.plane.start({}, {-1, 1, -1, 1}, 33);
  }
  bench.finish();
  EXPECT_LT(bench.error(), 2e-5);
}

TEST(GpuPlaneLosses, TheCpuTakesOverWhenItIsChosenInTheMidst) {
  for (const int frames : {1, 5, 12}) {
    Bench bench;
    bench.device.delay = 3;
    bench.on_gpu->first_points = 16;
    bench.use(false);
    for (int frame = 0; frame < frames; ++frame) bench.frame();
    bench.losses->use_cpu();
    bench.finish();
    EXPECT_LT(bench.error(), 2e-5);
    EXPECT_EQ(bench.device.live_buffers(), 0u);
  }
}

// ------------------------------------------------------------------------------------------------------- what is sent

ForwardPass linear_pass(int batch) {
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{batch, 2});
  pass.target = graph.input("label", Shape{batch});
  const Classification head = classify(graph, dense(graph, "fc", pass.x, 3, {}), pass.target);
  pass.each = head.each;
  pass.program = graph.program();
  pass.program.loss = head.loss;
  return pass;
}

// θ of each point is made by a kernel from what was sent once; here that kernel and the network's are the mock's.
TEST(PointsOnGpu, AProgramIsMovedFromPointToPointAndAnswersOnce) {
  MockDevice device;
  test::teach_linear_network(device);
  device.kernels["plane_point"] = [](const test::Call& call, const test::Floats& f) {
    const std::uint32_t begin = call.constants[1], all = call.constants[2], number = call.constants[3];
    for (std::uint32_t i = 0; i < call.constants[0]; ++i)
      (*f[0])[i] = (*f[1])[begin + i] + ((*f[2])[2 * number] * (*f[1])[all + begin + i] + (*f[2])[2 * number + 1] * (*f[1])[2 * all + begin + i]);
  };
  gpu::Pipelines pipelines(device);
  EvaluationSet set(linear_pass(2), {0.5f, -1, 2, 0.25f, -0.5f, 1, 1, 1}, {0, 2, 1, 1});
  auto made = ProgramPointsOnGpu::create(pipelines, linear_pass(4), set, gpu::GemmForm::kTiled);
  ASSERT_TRUE(made.ok()) << made.error_message();
  std::unique_ptr<PointsOnGpu> gpu = std::move(made).value();
  Rng rng(3, "init");
  Plane plane;
  for (std::vector<float>* part : {&plane.centre, &plane.u, &plane.v})
    for (std::size_t k = 0; k < set.layout().size(); ++k) part->push_back(rng.normal());
  gpu->set_plane(plane);
  const std::vector<PlaceInPlane> places = {{0, 0}, {1, -0.5f}, {-2, 0.75f}};
  const int writes = device.writes;
  const gpu::Ticket ticket = gpu->submit(places);
  EXPECT_LE(device.writes - writes, 2) << "the places, and zeroes for the report";
  device.tick();
  const auto losses = gpu->poll(ticket);
  ASSERT_TRUE(losses.has_value());
  ASSERT_EQ(losses->size(), 3u);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::vector<float> theta;
    for (std::size_t k = 0; k < plane.centre.size(); ++k) theta.push_back(plane.at(k, places[i].a, places[i].b));
    EXPECT_NEAR((*losses)[i], set.loss_at(theta), 1e-5) << i;
  }
  gpu.reset();
  EXPECT_EQ(device.live_buffers(), 0u);
}

TEST(PointsOnGpu, ADenseNetworkIsOneDispatchAndASumForAllPoints) {
  MockDevice device;
  gpu::Pipelines pipelines(device);
  Graph graph;
  ForwardPass pass;
  pass.x = graph.input("x", Shape{5, 2});
  pass.target = graph.input("target", Shape{5, 1});
  TensorId value = dense(graph, "h", pass.x, 8, {.activation = Activation::kSoftplus});
  value = dense(graph, "o", value, 1, {.activation = Activation::kTanh});
  pass.each = graph.apply(OpKind::kSquaredError, {}, {value, pass.target}, "each");
  pass.program = graph.program();
  {
    EvaluationSet set(pass, std::vector<float>(20, 0.5f), std::vector<float>(10, 1.0f));
    EXPECT_EQ(DensePlaneLosses::of(set), nullptr) << "softplus has no vector form";
    const auto points = DensePointsOnGpu::of(pipelines, set);
    ASSERT_NE(points, nullptr);
    const std::vector<float> theta(set.layout().size());
    points->set_plane({theta, theta, theta});
    points->submit(std::vector<PlaceInPlane>(12'416));
    ASSERT_EQ(device.submitted.size(), 2u);
    EXPECT_EQ(device.submitted[0].entry, "dense_plane");
    EXPECT_EQ(device.submitted[0].constants[0], 12'416u);
    EXPECT_EQ(device.submitted[0].constants[3], 2u) << "slices of the samples";
    EXPECT_EQ(device.submitted[1].entry, "add_slices");
  }
  EXPECT_EQ(device.live_buffers(), 0u);
}

}  // namespace
}  // namespace chainrule
