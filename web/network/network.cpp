#include "web/network/network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/text.h"
#include "engine/math/rng.h"

namespace chainrule::module {
namespace {

constexpr int kLargestForward = 256;  // samples of one forward pass
constexpr std::size_t kForwards = 3;  // a full pass, what remains of it, and single samples

Status fits(const Program& program, const std::string& what) {
  const std::int64_t numbers = numbers_of(program);
  if (numbers <= kMostNumbers) return Done{};
  return Error{what + " needs " + std::to_string(numbers * 4 / 1'000'000) + " MB for its tensors; " +
               std::to_string(kMostNumbers * 4 / 1'000'000) + " MB are there. Take a smaller batch or fewer units."};
}

Status labels_are_classes(const float* labels, std::int64_t count, int classes) {
  for (std::int64_t i = 0; i < count; ++i)
    if (!(labels[i] >= 0.0f && labels[i] < static_cast<float>(classes)) || labels[i] != std::floor(labels[i]))
      return Error{"Label " + std::to_string(i) + " is " + shortest_text(labels[i]) + "; labels are whole numbers from 0 to " +
                   std::to_string(classes - 1) + ", one for each of the last layer's outputs."};
  return Done{};
}

}  // namespace

std::int64_t numbers_of(const Program& program) {
  return std::accumulate(program.tensors.begin(), program.tensors.end(), std::int64_t{0},
                         [](std::int64_t sum, const TensorInfo& info) { return sum + info.shape.size(); });
}

void Samples::show(const float* x, const float* targets, std::int64_t count, bool shuffled, std::uint64_t seed) {
  x_ = x, targets_ = targets;
  if (count != count_ || shuffled != shuffled_) epoch_ = -1;
  count_ = count, shuffled_ = shuffled, seed_ = seed;
}

std::int64_t Samples::place_of(std::int64_t drawn) {
  if (!shuffled_) return drawn % count_;
  if (drawn / count_ != epoch_) {
    epoch_ = drawn / count_;
    order_.resize(static_cast<std::size_t>(count_));
    std::iota(order_.begin(), order_.end(), 0u);
    Rng rng(seed_, "shuffle", static_cast<std::uint64_t>(epoch_));
    shuffle(order_, rng);
  }
  return order_[static_cast<std::size_t>(drawn % count_)];
}

void Samples::fill(std::int64_t step, std::span<float> x, std::span<float> target) {
  float* to_x = x.data();
  float* to_target = target.data();
  for (int n = 0; n < batch_; ++n, to_x += x_size_, to_target += target_size_) {
    const std::int64_t place = place_of(step * batch_ + n);
    std::copy_n(x_ + place * x_size_, x_size_, to_x);
    std::copy_n(targets_ + place * target_size_, target_size_, to_target);
  }
}

Status Network::build(int batch, OptimizerKind optimizer, const OptimizerOptions& options, std::uint64_t seed) {
  if (batch < 1 || batch > 65536) return Error{"The batch is " + std::to_string(batch) + "; it has to be from 1 to 65536."};
  const BuiltNetwork network = plan.build(batch);
  Program program = network.graph.program();
  append_backward(program, network.loss);
  append_updates(program, optimizer, options);
  if (const Status status = fits(program, "A batch of " + std::to_string(batch)); !status.ok()) return status;
  batch_ = batch, seed_ = seed;
  trainer_ = std::make_unique<Trainer>(std::move(program), network.x, network.target);
  trainer_->use_threads(pool_);
  trainer_->start(seed);
  samples_ = std::make_unique<Samples>(batch, plan.inputs(), plan.targets());
  return Done{};
}

Result<int> Network::train(const float* x, const float* targets, std::int64_t count, int steps, bool shuffled, float* losses) {
  if (plan.loss() == LossKind::kCrossEntropy)
    if (const Status status = labels_are_classes(targets, count, plan.outputs()); !status.ok()) return status.error();
  samples_->show(x, targets, count, shuffled, seed_);
  ++version_;
  for (int done = 0; done < steps; ++done) {
    trainer_->run(1, *samples_);
    losses[done] = *trainer_->loss();
    if (trainer_->divergence()) return done + 1;
  }
  return steps;
}

void Network::assign(TensorId tensor, std::span<const float> values) {
  trainer_->assign(tensor, values);
  ++version_;
}

void Network::restart(std::uint64_t seed) {
  seed_ = seed;
  trainer_->start(seed);
  ++version_;
}

Result<Network::Forward*> Network::forward(int batch) {
  const auto known = std::ranges::find(forwards_, batch, &Forward::batch);
  if (known != forwards_.end()) {
    forwards_.splice(forwards_.begin(), forwards_, known);
    return &forwards_.front();
  }
  Forward made;
  made.network = plan.build(batch);
  made.program = made.network.graph.program();
  if (const Status status = fits(made.program, "Asking for " + std::to_string(batch) + " samples at once"); !status.ok()) return status.error();
  made.batch = batch;
  forwards_.push_front(std::move(made));
  forwards_.front().backend = std::make_unique<CpuBackend>(forwards_.front().program);
  forwards_.front().backend->use_threads(pool_);
  if (forwards_.size() > kForwards) forwards_.pop_back();
  return &forwards_.front();
}

Status Network::run_forward(const float* x, int batch, float* out) {
  Result<Forward*> found = forward(batch);
  if (!found.ok()) return found.error();
  Forward& pass = *found.value();
  Buffers<float>& buffers = pass.backend->buffers();
  if (pass.version != version_) {
    for (const TensorId id : pass.program.of_kind(TensorKind::kParameter)) {
      const TensorId trained = trainer_->program().find(pass.program.info(id).name);
      std::ranges::copy(trainer_->current(trained), buffers[id].begin());
    }
    pass.version = version_;
  }
  std::copy_n(x, buffers[pass.network.x].size(), buffers[pass.network.x].begin());
  // What the loss alone needs is not run: it stands behind the call that makes the output.
  const auto last = static_cast<std::size_t>(pass.program.info(pass.network.output).producer);
  for (std::size_t number = 0; number <= last; ++number) pass.backend->enqueue(number);
  std::ranges::copy(std::as_const(buffers)[pass.network.output], out);
  return Done{};
}

Status Network::predict(const float* x, std::int64_t count, float* out) {
  for (std::int64_t done = 0; done < count;) {
    const int batch = static_cast<int>(std::min<std::int64_t>(count - done, kLargestForward));
    if (const Status status = run_forward(x + done * plan.inputs(), batch, out + done * plan.outputs()); !status.ok()) return status;
    done += batch;
  }
  return Done{};
}

}  // namespace chainrule::module
