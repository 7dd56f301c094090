// Whole trainings on the device against the CPU backend: ten steps of every layer type and optimizer, number by number; and
// longer ones, by their accuracy on digits that neither has seen.
#include <algorithm>
#include <cmath>

#include "engine/data/batcher.h"
#include "engine/math/rng.h"
#include "engine/nn/models.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/train/evaluator.h"
#include "engine/train/trainer.h"
#include "tests/shaders/checks.h"

namespace chainrule::test {
namespace {

constexpr std::int64_t kWholeStep = std::int64_t{1} << 60;

struct Network {
  Program program;
  TensorId x = kNoTensor, target = kNoTensor;
};

struct Training {
  std::string name;
  Network network;
  bool classes = true;  // targets are labels of ten classes, not numbers
};

Network with_updates(const Graph& graph, TensorId x, TensorId target, TensorId loss, OptimizerKind optimizer, const OptimizerOptions& options = {}) {
  Network network{graph.program(), x, target};
  append_backward(network.program, loss);
  append_updates(network.program, optimizer, options);
  append_changes(network.program);
  return network;
}

Network digits_network(DigitModel model, int batch, OptimizerKind optimizer, const OptimizerOptions& options = {}) {
  const DigitClassifier built = build_digit_model({.model = model, .batch = batch});
  return with_updates(built.graph, built.x, built.labels, built.head.loss, optimizer, options);
}

/// Padded and strided convolution, both pools, one activation, two branches that are joined again.
Network layers_network(Activation activation, OptimizerKind optimizer) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{3, 2, 9, 9}), labels = graph.input("label", Shape{3});
  const LayerOptions layer{.activation = activation};
  const TensorId c1 = conv2d(graph, "conv1", x, 4, 3, {.pad = 1}, layer);
  const TensorId branches = graph.apply(OpKind::kConcat, {}, {c1, x}, "joined");
  const TensorId c2 = conv2d(graph, "conv2", branches, 5, 3, {.stride = 2, .pad = 2, .dilation = 2}, layer);
  const TensorId averaged = average_pool(graph, "average", c2, 2);
  const TensorId hidden = dense(graph, "fc1", averaged, 12, layer);
  const TensorId logits = dense(graph, "fc2", hidden, 10, {});
  const Classification head = classify(graph, logits, labels);
  return with_updates(graph, x, labels, head.loss, optimizer);
}

/// The mean of the squared errors.
TensorId squares(Graph& graph, TensorId y, TensorId target, SquaredErrorForm form = SquaredErrorForm::kHalfSum) {
  graph.begin_loss();
  const TensorId each = graph.apply(OpKind::kSquaredError, {.form = form}, {y, target}, "loss.each");
  return graph.apply(OpKind::kMean, {}, {each}, "loss");
}

Network squares_network(SquaredErrorForm form) {
  Graph graph;
  const TensorId x = graph.input("x", Shape{5, 7}), target = graph.input("target", Shape{5, 3});
  const TensorId hidden = dense(graph, "fc1", x, 6, {.activation = Activation::kTanh});
  const TensorId y = dense(graph, "fc2", hidden, 3, {.activation = Activation::kLogistic});
  const TensorId loss = squares(graph, y, target, form);
  return with_updates(graph, x, target, loss, OptimizerKind::kMomentum);
}

/// 2 - units - units - 1 on points, as "The loss plane of a real network" has it.
Graph points_graph(const std::vector<int>& units, TensorId& x, TensorId& target, TensorId& loss) {
  Graph graph;
  x = graph.input("x", Shape{10, 2});
  target = graph.input("target", Shape{10, 1});
  TensorId value = x;
  for (std::size_t layer = 0; layer < units.size(); ++layer) value = dense(graph, "h" + std::to_string(layer + 1), value, units[layer], {.activation = Activation::kTanh});
  value = dense(graph, "o", value, 1, {.activation = Activation::kTanh});
  loss = squares(graph, value, target);
  return graph;
}

Network points_network(const std::vector<int>& units, OptimizerKind optimizer) {
  TensorId x, target, loss;
  const Graph graph = points_graph(units, x, target, loss);
  return with_updates(graph, x, target, loss, optimizer);
}

/// A rate that changes within ten steps.
Network scheduled_network(ScheduleKind kind, bool warm_up) {
  TensorId x, target, loss;
  Network network{points_graph({4, 2}, x, target, loss).program(), x, target};
  append_backward(network.program, loss);
  append_schedule(network.program, {kind, warm_up});
  append_updates(network.program, OptimizerKind::kMomentum);
  for (TensorInfo& info : network.program.tensors) {
    if (info.name == "decay.steps" || info.name == "warmup.steps") info.fill = kind == ScheduleKind::kCosine ? 9.0f : 3.0f;
    if (info.name == "plateau.patience") info.fill = 1.0f;
    if (info.name == "lr.base") info.fill = 0.1f;
  }
  return network;
}

/// Every function of formulas, trained through: powers, quotients, the larger and the smaller, and functions.def.
Network functions_network() {
  Graph graph;
  const TensorId x = graph.input("x", Shape{5, 7}), target = graph.input("target", Shape{5, 6});
  const TensorId a = dense(graph, "fc1", x, 6, {.activation = Activation::kLogistic}), b = dense(graph, "fc2", x, 6, {.activation = Activation::kLogistic});
  const TensorId power = graph.apply(OpKind::kPower, {}, {a, b}, "power"), quotient = graph.apply(OpKind::kDivide, {}, {a, b}, "quotient");
  const TensorId larger = graph.apply(OpKind::kExtreme, {}, {power, quotient}, "larger");
  TensorId sum = graph.apply(OpKind::kExtreme, {.smaller = true}, {larger, quotient}, "smaller");
  for (std::size_t i = 0; i < kFunctionNames.size(); ++i) {
    const std::string name(kFunctionNames[i]);
    const TensorId y = graph.apply(OpKind::kElementary, {.function = static_cast<Function>(i)}, {i % 2 == 0 ? a : b}, name);
    sum = graph.apply(i % 2 == 0 ? OpKind::kAdd : OpKind::kSubtract, {}, {sum, y}, "sum." + name);
  }
  const TensorId y = graph.apply(OpKind::kMultiply, {}, {sum, larger}, "y");
  return with_updates(graph, x, target, squares(graph, y, target), OptimizerKind::kSgd);
}

std::vector<Training> trainings() {
  std::vector<Training> all;
  all.push_back({"LeNet, momentum", digits_network(DigitModel::kLenet, 4, OptimizerKind::kMomentum)});
  for (std::size_t i = 0; i < kOptimizerNames.size(); ++i)
    all.push_back({"MLP, " + std::string(kOptimizerNames[i]), digits_network(DigitModel::kMlp, 16, static_cast<OptimizerKind>(i))});
  all.push_back({"linear, Adam in parts", digits_network(DigitModel::kLinear, 8, OptimizerKind::kAdam, {.weight_decay = true, .in_parts = true})});
  all.push_back({"linear, Adam multiplied", digits_network(DigitModel::kLinear, 8, OptimizerKind::kAdam, {.adam = AdamForm::kMultiplied})});
  all.push_back({"linear, RMSprop centred with momentum", digits_network(DigitModel::kLinear, 8, OptimizerKind::kRmsProp, {.centred = true, .momentum = true})});
  for (std::size_t i = 0; i < kActivationNames.size(); ++i)
    all.push_back({"layers, " + std::string(kActivationNames[i]), layers_network(static_cast<Activation>(i), OptimizerKind::kMomentum)});
  all.push_back({"half sum of squares", squares_network(SquaredErrorForm::kHalfSum), false});
  all.push_back({"mean of squares", squares_network(SquaredErrorForm::kMean), false});
  all.push_back({"points, 2-4-2-1", points_network({4, 2}, OptimizerKind::kSgd), false});
  all.push_back({"points, 2-8-8-1", points_network({8, 8}, OptimizerKind::kAdam), false});
  for (std::size_t i = 0; i < kScheduleNames.size(); ++i)
    all.push_back({"a rate " + std::string(kScheduleNames[i]), scheduled_network(static_cast<ScheduleKind>(i), i % 2 == 0), false});
  all.push_back({"functions", functions_network(), false});
  return all;
}

/// Random numbers and labels, the same for each step on both sides.
class RandomBatches final : public BatchSource {
 public:
  explicit RandomBatches(bool classes) : classes_(classes) {}
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override {
    Rng rng(3, "data", static_cast<std::uint64_t>(step));
    for (float& value : x) value = rng.uniform();
    for (float& value : target) value = classes_ ? static_cast<float>(rng.below(10)) : rng.uniform();
  }

 private:
  bool classes_;
};

/// Before-tensors of parameters and states.
std::vector<TensorId> remembered(const Program& program) {
  std::vector<TensorId> ids;
  for (std::size_t id = 0; id < program.tensors.size(); ++id)
    if (program.tensors[id].after != kNoTensor) ids.push_back(static_cast<TensorId>(id));
  return ids;
}

double distance(std::span<const float> a, std::span<const float> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

/// Starts the trainer, and the program on the GPU with the same numbers.
std::unique_ptr<gpu::WebGpuProgram> start_both(Bench& bench, Trainer& trainer, gpu::GemmForm form) {
  trainer.start(5);
  auto made = gpu::WebGpuProgram::create(*bench.pipelines, trainer.program(), {.form = form});
  if (!made.ok()) {
    bench.expect(false, made.error_message());
    return nullptr;
  }
  auto gpu = std::move(made).value();
  for (const TensorId id : remembered(trainer.program())) gpu->upload(id, trainer.current(id));
  return gpu;
}

Check ten_steps(Bench& bench, std::size_t number, gpu::GemmForm form) {
  if (!has_form(bench, form)) co_return;
  Training training = std::move(trainings()[number]);
  Trainer trainer(training.network.program, training.network.x, training.network.target);
  const auto gpu = start_both(bench, trainer, form);
  if (gpu == nullptr) co_return;
  const Program& program = trainer.program();
  RandomBatches batches(training.classes);
  const std::vector<TensorId> ids = remembered(program);
  std::vector<std::vector<float>> first;
  for (const TensorId id : ids) first.emplace_back(trainer.current(id).begin(), trainer.current(id).end());
  std::vector<float> x(static_cast<std::size_t>(program.info(training.network.x).shape.size()));
  std::vector<float> target(static_cast<std::size_t>(program.info(training.network.target).shape.size()));
  double worst_loss = 0.0;
  for (std::int64_t step = 0; step < 10; ++step) {
    batches.fill(step, x, target);
    gpu->upload(training.network.x, x);
    gpu->upload(training.network.target, target);
    const gpu::Ticket ticket = gpu->run(1);
    trainer.advance(kWholeStep, batches);
    std::optional<gpu::RunReport> report;
    while (!(report = gpu->report(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!report) {
      bench.expect(false, bench.device->message());
      co_return;
    }
    bench.expect(report->finite, "a number of step " + std::to_string(step) + " is not finite");
    worst_loss = std::max(worst_loss, std::abs(static_cast<double>(report->losses[0]) / static_cast<double>(*trainer.loss()) - 1.0));
  }
  bench.expect(worst_loss < 1e-4, "the loss differs by a share of " + std::to_string(worst_loss));
  double worst = 0.0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const gpu::Ticket ticket = gpu->read(ids[i]);
    std::optional<std::vector<float>> numbers;
    while (!(numbers = gpu->poll(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!numbers) co_return bench.expect(false, bench.device->message());
    const double moved = distance(trainer.current(ids[i]), first[i]), apart = distance(trainer.current(ids[i]), *numbers);
    if (moved > 0.0) worst = std::max(worst, apart / moved);
    bench.expect(apart <= 0.01 * moved, program.info(ids[i]).name + " moved by " + std::to_string(moved) + " and differs by " + std::to_string(apart));
  }
  bench.remark = "differs by " + std::to_string(worst * 100.0) + " % of what ten steps changed";
}

ImageSet part(const ImageSet& digits, int first, int count) {
  ImageSet set = digits;
  set.count = count;
  const auto begin = digits.pixels.begin() + first * 784;
  set.pixels.assign(begin, begin + count * 784);
  set.labels.assign(digits.labels.begin() + first, digits.labels.begin() + first + count);
  return set;
}

class DigitBatches final : public BatchSource {
 public:
  DigitBatches(const ImageSet& images, int batch) : images_(images), batcher_(static_cast<std::uint32_t>(images.count), static_cast<std::uint32_t>(batch), 1) {}
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override { gather(images_, batcher_.batch_at(step), x, target); }
  const Batcher& batcher() const { return batcher_; }

 private:
  const ImageSet& images_;
  Batcher batcher_;
};

/// Percent of the test digits that `forward` gets right with these parameters.
double accuracy(const DigitClassifier& built, const ImageSet& test, const Program& trained, const std::function<std::span<const float>(TensorId)>& values) {
  Evaluator evaluator(built.graph.program(), built.x, built.labels, built.head.probabilities);
  evaluator.start(test, test.count);
  for (const TensorId id : trained.of_kind(TensorKind::kParameter)) evaluator.set_parameter(trained.info(id).name, values(id));
  evaluator.advance(kWholeStep);
  return 100.0 * evaluator.confusion().accuracy().value_or(0.0);
}

DigitClassifier small_classifier(int batch) {  // 784 - 32 - 10
  DigitClassifier built;
  built.x = built.graph.input("x", Shape{batch, 1, 28, 28});
  built.labels = built.graph.input("label", Shape{batch});
  const TensorId hidden = dense(built.graph, "fc1", built.x, 32, {.activation = Activation::kRelu});
  built.logits = dense(built.graph, "fc2", hidden, 10, {});
  built.head = classify(built.graph, built.logits, built.labels);
  return built;
}

Check learns_digits(Bench& bench, bool lenet, int batch, int steps) {
  const ImageSet train = part(*bench.digits, 0, 9000), test = part(*bench.digits, 9000, 1000);
  const DigitClassifier built = lenet ? build_digit_model({.batch = batch}) : small_classifier(batch);
  const Network network = with_updates(built.graph, built.x, built.labels, built.head.loss, OptimizerKind::kMomentum);
  Trainer trainer(network.program, network.x, network.target);
  const auto gpu = start_both(bench, trainer, gpu::GemmForm::kRegisters);
  if (gpu == nullptr) co_return;
  const Status status = gpu->use_samples({.x = network.x, .target = network.target, .pixels = train.pixels, .labels = train.labels});
  bench.expect(status.ok(), status.ok() ? "" : status.error_message());
  DigitBatches batches(train, batch);
  float last = 0.0f;
  for (int step = 0; step < steps;) {
    const int together = std::min(gpu::WebGpuProgram::kMostSteps, steps - step);
    std::vector<std::uint32_t> order;
    for (int i = 0; i < together; ++i, ++step) {
      const auto pictures = batches.batcher().batch_at(step);
      order.insert(order.end(), pictures.begin(), pictures.end());
    }
    const gpu::Ticket ticket = gpu->run(together, order);
    std::optional<gpu::RunReport> report;
    while (!(report = gpu->report(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!report) {
      bench.expect(false, bench.device->message());
      co_return;
    }
    bench.expect(report->finite, "a number before step " + std::to_string(step) + " is not finite");
    last = report->losses.back();
  }
  for (int step = 0; step < steps; ++step) trainer.advance(kWholeStep, batches);
  std::vector<std::vector<float>> learnt(trainer.program().tensors.size());
  for (const TensorId id : remembered(trainer.program())) {
    const gpu::Ticket ticket = gpu->read(id);
    std::optional<std::vector<float>> numbers;
    while (!(numbers = gpu->poll(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!numbers) co_return bench.expect(false, bench.device->message());
    learnt[static_cast<std::size_t>(id)] = std::move(*numbers);
  }
  const double on_gpu = accuracy(built, test, trainer.program(), [&](TensorId id) { return std::span<const float>(learnt[static_cast<std::size_t>(id)]); });
  const double on_cpu = accuracy(built, test, trainer.program(), [&](TensorId id) { return trainer.current(id); });
  bench.expect(std::abs(on_gpu - on_cpu) <= 0.5 && on_gpu > 80.0, "the accuracies are too far apart, or too low");
  bench.remark = "GPU " + std::to_string(on_gpu) + " %, CPU " + std::to_string(on_cpu) + " %; last losses " + std::to_string(last) + ", " + std::to_string(*trainer.loss());
}

/// Batches of points, gathered on the device from all of them, against batches that the CPU fills.
class PointBatches final : public BatchSource {
 public:
  PointBatches() {
    Rng rng(4, "data");
    for (float& value : x) value = rng.uniform(-1.0f, 1.0f);
    for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = x[2 * i] * x[2 * i + 1] > 0.0f ? 1.0f : -1.0f;
  }
  void fill(std::int64_t step, std::span<float> to_x, std::span<float> target) override {
    const auto samples = batcher.batch_at(step);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      std::copy_n(x.begin() + 2 * samples[n], 2, to_x.begin() + static_cast<std::ptrdiff_t>(2 * n));
      target[n] = targets[samples[n]];
    }
  }
  std::vector<float> x = std::vector<float>(606), targets = std::vector<float>(303);
  Batcher batcher{303, 10, 1};
};

Check learns_points(Bench& bench) {
  constexpr int kSteps = 160;
  const Network network = points_network({8, 8}, OptimizerKind::kMomentum);
  Trainer trainer(network.program, network.x, network.target);
  const auto gpu = start_both(bench, trainer, gpu::GemmForm::kRegisters);
  if (gpu == nullptr) co_return;
  PointBatches batches;
  const Status status = gpu->use_samples({.x = network.x, .target = network.target, .numbers = batches.x, .targets = batches.targets});
  bench.expect(status.ok(), status.ok() ? "" : status.error_message());
  std::vector<std::vector<float>> first;
  for (const TensorId id : remembered(trainer.program())) first.emplace_back(trainer.current(id).begin(), trainer.current(id).end());
  for (int step = 0; step < kSteps;) {
    std::vector<std::uint32_t> order;
    for (int i = 0; i < gpu::WebGpuProgram::kMostSteps; ++i, ++step) order.insert(order.end(), batches.batcher.batch_at(step).begin(), batches.batcher.batch_at(step).end());
    gpu->run(gpu::WebGpuProgram::kMostSteps, order);
  }
  for (int step = 0; step < kSteps; ++step) trainer.advance(kWholeStep, batches);
  double worst = 0.0;
  for (std::size_t i = 0; const TensorId id : remembered(trainer.program())) {
    const gpu::Ticket ticket = gpu->read(id);
    std::optional<std::vector<float>> numbers;
    while (!(numbers = gpu->poll(ticket)) && bench.device->state() == gpu::DeviceState::kReady) co_await later;
    if (!numbers) co_return bench.expect(false, bench.device->message());
    worst = std::max(worst, distance(trainer.current(id), *numbers) / distance(trainer.current(id), first[i++]));
  }
  bench.expect(worst < 0.01, "the parameters are too far apart");
  bench.remark = "differs by " + std::to_string(worst * 100.0) + " % of what " + std::to_string(kSteps) + " steps changed";
}

}  // namespace

std::vector<NamedCheck> training_checks() {
  std::vector<NamedCheck> checks;
  const std::vector<Training> all = trainings();
  for (std::size_t number = 0; number < all.size(); ++number)
    for (const gpu::GemmForm form : gpu::kGemmForms) {
      const bool other = form != gpu::GemmForm::kRegisters;
      if (other && number != (form == gpu::GemmForm::kLarge ? 1 : 0)) continue;  // its sums are checked above; a network is enough
      checks.push_back({"ten steps of " + all[number].name + (other ? ", " + form_name(form) : ""), [=](Bench& bench) { return ten_steps(bench, number, form); }});
    }
  checks.push_back({"training 2-8-8-1 on points", learns_points});
  checks.push_back({"training LeNet, 200 steps of 8", [](Bench& bench) { return learns_digits(bench, true, 8, 200); }});
  checks.push_back({"training 784-32-10, 2000 steps of 32", [](Bench& bench) { return learns_digits(bench, false, 32, 2000); }});
  return checks;
}

std::vector<NamedCheck> long_checks() {
  return {{"long training of LeNet, 2000 steps of 32", [](Bench& bench) { return learns_digits(bench, true, 32, 2000); }}};
}

}  // namespace chainrule::test
