#include "engine/backend/webgpu/webgpu_program.h"

#include <gtest/gtest.h>

#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "tests/engine/backend/mock_kernels.h"
#include "tests/engine/support/random_calls.h"

namespace chainrule {
namespace {

using test::MockDevice;

Program training_program(DigitModel model, int batch, OptimizerKind optimizer) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = batch});
  Program program = built.graph.program();
  append_backward(program, built.head.loss);
  append_updates(program, optimizer);
  append_changes(program);
  return program;
}

TEST(WebGpuKernels, EveryTextIsThereAndNoneIsLeftOver) {
  std::string all;
  for (const gpu::KernelInfo& info : gpu::kernel_table()) {
    const std::string text = gpu::module_text(info.files);
    EXPECT_NE(text.find("fn " + std::string(info.entry) + "("), std::string::npos) << info.name;
    EXPECT_EQ(text.find("//"), std::string::npos) << info.name << " carries its comments";
    all += std::string(info.files) + "+";
  }
  for (const gpu::ShaderText& text : gpu::shader_texts()) EXPECT_NE(all.find(std::string(text.name) + "+"), std::string::npos) << text.name;
}

/// No op is left out; that each does what its op says is for tests/shaders, on a device.
TEST(WebGpuProgram, EveryOpHasAKernel) {
  for (const OpKind kind : test::every_op())
    for (const test::SampleCall& sample : test::sample_calls(kind, 1)) {
      MockDevice device;
      gpu::Pipelines pipelines(device);
      Program program;
      std::vector<TensorId> inputs;
      for (std::size_t slot = 0; slot < sample.in_shapes.size(); ++slot) {
        TensorInfo info;
        info.name = "in" + std::to_string(slot);
        info.shape = sample.in_shapes[slot];
        info.kind = TensorKind::kInput;
        inputs.push_back(program.add_tensor(info));
      }
      program.add_call(sample.kind, sample.attributes, inputs, "out", TensorKind::kActivation, Phase::kForward);
      // The mock device sees to it that every entry is there and gets as many buffers as it binds.
      const auto made = gpu::WebGpuProgram::create(pipelines, program, {.keep = program.calls[0].outputs});
      EXPECT_TRUE(made.ok()) << op_info(kind).name << ": " << made.error_message();
    }
}

TEST(WebGpuProgram, KeepsToTheDefaultLimitOfStorageBuffers) {
  for (const gpu::KernelInfo& info : gpu::kernel_table()) EXPECT_LE(info.shape.inputs + info.shape.outputs, 8) << info.name;
}

TEST(WebGpuProgram, LeavesOutWhatNobodyNeedsAndTradesPlaces) {
  MockDevice device;
  gpu::Pipelines pipelines(device);
  const Program program = training_program(DigitModel::kLinear, 2, OptimizerKind::kSgd);
  const auto made = gpu::WebGpuProgram::create(pipelines, program, {});
  ASSERT_TRUE(made.ok()) << made.error_message();
  made.value()->run(3);
  std::vector<gpu::BufferId> read, written;
  for (const MockDevice::Dispatched& one : device.submitted) {
    EXPECT_NE(one.entry, "subtract") << "what a step changed is not asked for";
    if (one.entry != "sgd_step" || one.constants[0] != 7840) continue;
    written.push_back(one.buffers[0]);
    read.push_back(one.buffers[1]);
  }
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[1], written[0]);
  EXPECT_EQ(read[2], written[1]);
  EXPECT_EQ(read[2], read[0]);
  EXPECT_NE(read[0], read[1]);
}

/// The kernels of one matrix product.
std::vector<std::string> kernels_of_matmul(int M, int N, int K, gpu::GemmForm form) {
  OpCall call;
  call.kind = OpKind::kMatMul;
  call.in_shapes = {{M, K}, {K, N}};
  call.out_shapes = {{M, N}};
  std::vector<std::string> names;
  const std::optional<gpu::CallPlan> plan = gpu::plan_call(call, form);
  for (const gpu::Dispatch& dispatch : plan->dispatches) names.emplace_back(gpu::kernel_info(dispatch.kernel).name);
  return names;
}

TEST(WebGpuPlan, LargerTilesAreForProductsThatFillThem) {
  using enum gpu::GemmForm;
  using Names = std::vector<std::string>;
  EXPECT_EQ(kernels_of_matmul(128, 128, 64, kLarge), Names{"MatMulFours"});
  EXPECT_EQ(kernels_of_matmul(127, 128, 64, kLarge), Names{"MatMulLarge"}) << "127 is no multiple of four";
  EXPECT_EQ(kernels_of_matmul(10, 500, 64, kLarge), Names{"MatMulTiled"});
  EXPECT_EQ(kernels_of_matmul(64, 64, 64, kQuads), Names{"MatMulQuads"});
  EXPECT_EQ(kernels_of_matmul(10, 33, 64, kQuads), Names{"MatMulRegisters"}) << "half of two tiles of 16 x 32 would be beyond the edge";
  EXPECT_EQ(kernels_of_matmul(8, 8, 4096, kTiled), (Names{"MatMulTiled", "AddSlices"}));
}

TEST(WebGpuProgram, MakesPipelinesOnceForAllPrograms) {
  MockDevice device;
  gpu::Pipelines pipelines(device);
  const Program first = training_program(DigitModel::kLenet, 4, OptimizerKind::kMomentum);
  const Program second = training_program(DigitModel::kLenet, 8, OptimizerKind::kMomentum);
  const auto one = gpu::WebGpuProgram::create(pipelines, first, {});
  const std::size_t count = device.pipelines();
  const auto two = gpu::WebGpuProgram::create(pipelines, second, {});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(device.pipelines(), count) << "another batch size needs no other pipeline";
}

TEST(WebGpuProgram, GivesBackAllItTook) {
  MockDevice device;
  gpu::Pipelines pipelines(device);
  const Program program = training_program(DigitModel::kMlp, 4, OptimizerKind::kAdam);
  {
    const auto made = gpu::WebGpuProgram::create(pipelines, program, {});
    ASSERT_TRUE(made.ok());
    EXPECT_GT(device.live_buffers(), 0u);
  }
  EXPECT_EQ(device.live_buffers(), 0u);
  EXPECT_EQ(device.live_groups(), 0u);
}

TEST(WebGpuProgram, RefusesWhatTheAdapterCannotHold) {
  MockDevice device;
  device.offered.binding_bytes = 1 << 20;
  gpu::Pipelines pipelines(device);
  const Program program = training_program(DigitModel::kLenet, 4, OptimizerKind::kSgd);
  const auto made = gpu::WebGpuProgram::create(pipelines, program, {});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error_message(), "fc1.w needs 2 MB in one piece, and this graphics adapter gives 2 MB; the CPU computes it.");
  EXPECT_EQ(device.live_buffers(), 0u);
}

TEST(WebGpuProgram, AnswersComeLateInAnyOrderAndOnce) {
  MockDevice device;
  device.delay = 3;
  device.reorders = true;
  test::teach_linear_network(device);
  gpu::Pipelines pipelines(device);
  const Program program = training_program(DigitModel::kLinear, 2, OptimizerKind::kSgd);
  auto made = gpu::WebGpuProgram::create(pipelines, program, {});
  ASSERT_TRUE(made.ok());
  std::vector<gpu::Ticket> tickets;
  for (int i = 0; i < 6; ++i) tickets.push_back(made.value()->run(i + 1));  // of 1, 2, ... steps
  std::vector<std::size_t> steps(6);
  for (int tick = 0; tick < 20; ++tick) {
    for (std::size_t i = 0; i < 6; ++i)
      if (const auto report = made.value()->report(tickets[i])) steps[i] += report->losses.size();
    device.tick();
  }
  EXPECT_EQ(steps, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace chainrule
