// Networks of a few units train by kernels and pointers of their own (engine/ops/small.h): every number of every step
// has to have the bits that the reference kernels give.
#include <gtest/gtest.h>

#include <bit>
#include <string>

#include "engine/base/hash.h"
#include "engine/data/toy2d.h"
#include "engine/nn/initialize.h"
#include "engine/nn/layers.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"

namespace chainrule::test {
namespace {

class Points final : public BatchSource {
 public:
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = number(static_cast<std::size_t>(step) * x.size() + i);
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = i % 3 == 0 ? -1.0f : 1.0f;
  }

 private:
  float number(std::size_t i) const { return points_.x[i % points_.x.size()]; }
  Points2d points_ = toy_points(Toy2d::kSpiral, 503, 0.05f, 1);
};

struct Net {
  std::vector<int> sizes;
  Activation activation;
  OptimizerKind optimizer = OptimizerKind::kSgd;
};

std::unique_ptr<Trainer> trainer_of(const Net& net, int batch) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{batch, net.sizes.front()});
  const TensorId target = graph.input("target", Shape{batch, net.sizes.back()});
  TensorId value = x;
  for (std::size_t layer = 1; layer < net.sizes.size(); ++layer)
    value = dense(graph, "h" + std::to_string(layer), value, net.sizes[layer], {.activation = net.activation});
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {}, {value, target}, "loss.each");
  const TensorId loss = graph.apply(OpKind::kMean, {}, {each}, "loss");
  Program program = graph.program();
  append_backward(program, loss);
  append_updates(program, net.optimizer);
  auto trainer = std::make_unique<Trainer>(std::move(program), x, target);
  trainer->start(1);
  return trainer;
}

void expect_reference_bits(const Net& net, int batch) {
  const auto trainer = trainer_of(net, batch);
  const Program& program = trainer->program();
  Buffers<float> expected(program);
  initialize(program, expected, 1);
  Points points;
  for (int step = 0; step < 3; ++step) {
    expected.trade_places();
    points.fill(step, expected[program.find("x")], expected[program.find("target")]);
    for (const OpCall& call : program.calls) run_reference(call, expected);
    trainer->run(1, points);
    for (std::size_t id = 0; id < program.tensors.size(); ++id) {
      const auto tensor = static_cast<TensorId>(id);
      for (std::size_t i = 0; i < expected[tensor].size(); ++i)
        ASSERT_EQ(std::bit_cast<std::uint32_t>(trainer->buffers()[tensor][i]),
                  std::bit_cast<std::uint32_t>(expected[tensor][i]))
            << program.info(tensor).name << "[" << i << "] at step " << step << ", batch " << batch;
    }
  }
}

TEST(SmallNetwork, EveryNumberHasTheReferenceKernelsBits) {
  const Net nets[] = {{{2, 4, 2, 1}, Activation::kTanh},
                      {{2, 8, 8, 1}, Activation::kRelu, OptimizerKind::kAdam},
                      {{1, 1, 1}, Activation::kTanh, OptimizerKind::kMomentum},
                      {{3, 5, 7, 3}, Activation::kLogistic, OptimizerKind::kNesterov},
                      {{16, 16, 15, 2}, Activation::kLeakyRelu},
                      {{5, 17, 4}, Activation::kSoftplus}};
  for (const Net& net : nets)
    for (const int batch : {1, 2, 3, 10, 33, 500}) expect_reference_bits(net, batch);
}

// The same bits natively and in wasm.
TEST(SmallNetwork, GoldenHashOfAShortTraining) {
  const auto trainer = trainer_of({{2, 4, 2, 1}, Activation::kTanh}, 10);
  Points points;
  trainer->run(1000, points);
  EXPECT_EQ(trainer->step(), 1000);
  EXPECT_EQ(hash_text(trainer->state_hash()), "d5ef1debcfdb4948");
}

// run() takes up a step that was begun in slices.
TEST(SmallNetwork, RunEndsAStepThatWasUnderWay) {
  const auto whole = trainer_of({{2, 4, 2, 1}, Activation::kTanh}, 10),
             sliced = trainer_of({{2, 4, 2, 1}, Activation::kTanh}, 10);
  Points points;
  whole->run(5, points);
  EXPECT_FALSE(sliced->advance(1, points));
  sliced->run(5, points);
  EXPECT_EQ(sliced->step(), 5);
  EXPECT_EQ(sliced->state_hash(), whole->state_hash());
}

}  // namespace
}  // namespace chainrule::test
