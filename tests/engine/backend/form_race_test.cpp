#include "engine/backend/webgpu/form_race.h"

#include <gtest/gtest.h>

#include "engine/graph/graph.h"
#include "tests/engine/backend/mock_device.h"

namespace chainrule {
namespace {

using gpu::GemmForm;
using test::MockDevice;

/// A race on a device whose ticks are milliseconds.
struct Race {
  MockDevice device;
  gpu::Pipelines pipelines{device};
  Program program;
  double now = 0.0;

  explicit Race(int size) {
    Graph graph;
    const TensorId a = graph.input("a", Shape{size, size}), b = graph.input("b", Shape{size, size});
    graph.apply(OpKind::kMatMul, {}, {a, b}, "y");
    program = graph.program();
    device.ticks_of = {{"tiled", 8}, {"registers", 20}, {"large", 5}};
  }
  gpu::WebGpuOptions options() const { return {.keep = program.calls[0].outputs}; }
  gpu::FormRace start() { return {pipelines, program, options(), gpu::forms_for(device.offered), [this] { return now; }}; }
  void finish(gpu::FormRace& race) {
    for (int frame = 0; frame < 10000; ++frame) {
      const Result<bool> over = race.tick();
      ASSERT_TRUE(over.ok()) << over.error_message();
      if (over.value()) return;
      device.tick();
      now += 0.001;
    }
    FAIL() << "it never ends";
  }
};

TEST(FormRace, TakesTheFastestBody) {
  Race scene(128);
  gpu::FormRace race = scene.start();
  scene.finish(race);
  ASSERT_EQ(race.laps().size(), 3u);
  EXPECT_EQ(race.best(), GemmForm::kLarge);
  for (const auto& [form, seconds] : race.laps()) {
    const double expected = form == GemmForm::kTiled ? 0.008 : form == GemmForm::kRegisters ? 0.020 : 0.005;
    EXPECT_NEAR(seconds, expected, 0.0005) << static_cast<int>(form);
  }
  EXPECT_EQ(scene.device.live_buffers(), 0u) << "nothing of the race stays on the device";
}

TEST(FormRace, ASlowerBodyIsNotTaken) {
  Race scene(128);
  scene.device.ticks_of["large"] = 9;
  gpu::FormRace race = scene.start();
  scene.finish(race);
  EXPECT_EQ(race.best(), GemmForm::kTiled);
}

TEST(FormRace, TheFirstStepWarmsUpAndDoesNotCount) {
  Race scene(128);
  gpu::FormRace race = scene.start();
  ASSERT_TRUE(race.tick().ok());
  for (; scene.device.submitted.empty(); scene.device.tick()) ASSERT_TRUE(race.tick().ok());
  scene.now += 5.0;  // compiling took this long
  scene.finish(race);
  EXPECT_NEAR(race.laps()[0].seconds, 0.008, 0.0005);
}

TEST(FormRace, FormsThatComeToTheSameRunOnce) {
  Race scene(40);  // too small for the large tile
  gpu::FormRace race = scene.start();
  scene.finish(race);
  ASSERT_EQ(race.laps().size(), 2u);
  EXPECT_EQ(race.best(), GemmForm::kTiled);
}

TEST(FormRace, InSoftwareNothingIsRaced) {
  Race scene(128);
  scene.device.offered.fallback = true;
  gpu::FormRace race = scene.start();
  scene.finish(race);
  EXPECT_EQ(race.best(), GemmForm::kRegisters);
  scene.device.offered.subgroups = true;
  EXPECT_EQ(gpu::forms_for(scene.device.offered)[0], GemmForm::kQuads);
  EXPECT_TRUE(scene.device.submitted.empty());
}

TEST(FormRace, SaysWhyAProgramCannotBeMade) {
  Race scene(128);
  scene.device.offered.binding_bytes = 1024;
  gpu::FormRace race = scene.start();
  const Result<bool> over = race.tick();
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error_message(), "a needs 1 MB in one piece, and this graphics adapter gives 1 MB; the CPU computes it.");
}

}  // namespace
}  // namespace chainrule
