// Network: a plan that is trained and asked, on samples that a caller has in memory.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/optim/optimizer.h"
#include "engine/train/trainer.h"
#include "web/network/network_plan.h"

namespace chainrule::module {

/// Samples side by side in memory, of which batches are taken in order, round and round, or in a new random order each epoch.
class Samples final : public BatchSource {
 public:
  Samples(int batch, int x_size, int target_size) : batch_(batch), x_size_(x_size), target_size_(target_size) {}
  /// Requires: they stay until the last fill. `shuffled`: the order of each epoch is drawn from the stream "shuffle" of `seed`.
  void show(const float* x, const float* targets, std::int64_t count, bool shuffled, std::uint64_t seed);
  void fill(std::int64_t step, std::span<float> x, std::span<float> target) override;

 private:
  std::int64_t place_of(std::int64_t drawn);

  int batch_, x_size_, target_size_;
  const float* x_ = nullptr;
  const float* targets_ = nullptr;
  std::int64_t count_ = 0, epoch_ = -1;
  bool shuffled_ = false;
  std::uint64_t seed_ = 0;
  std::vector<std::uint32_t> order_;
};

class Network {
 public:
  NetworkPlan plan;

  /// Large calls are shared by this pool's threads; null: by none. Requires: the pool outlives the network.
  explicit Network(ThreadPool* pool = nullptr) : pool_(pool) {}
  /// Errors: a batch out of range; more memory than kMostNumbers.
  Status build(int batch, OptimizerKind optimizer, const OptimizerOptions& options, std::uint64_t seed);
  bool built() const { return trainer_ != nullptr; }
  int batch() const { return batch_; }
  const Trainer& trainer() const { return *trainer_; }
  /// Requires: as many values as the tensor has.
  void assign(TensorId tensor, std::span<const float> values);
  /// Step 0, with the first weights of `seed`.
  void restart(std::uint64_t seed);

  /// Up to `steps` updates; stops behind the first one whose numbers are not finite. Writes each step's loss. Returns how many.
  /// Errors: labels that are no class.
  Result<int> train(const float* x, const float* targets, std::int64_t count, int steps, bool shuffled, float* losses);
  /// What the network answers to `count` samples: [count, outputs]. Errors: more memory than kMostNumbers.
  Status predict(const float* x, std::int64_t count, float* out);

 private:
  /// A forward pass of its own batch size, with its own copy of the parameters.
  struct Forward {
    BuiltNetwork network;
    Program program;
    std::unique_ptr<CpuBackend> backend;
    int batch = 0;
    std::int64_t version = -1;  // of the parameters that it has
  };
  Result<Forward*> forward(int batch);
  Status run_forward(const float* x, int batch, float* out);

  ThreadPool* pool_;
  int batch_ = 0;
  std::int64_t version_ = 0;  // of the parameters: each training and each setting makes another
  std::uint64_t seed_ = 0;
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<Samples> samples_;
  std::list<Forward> forwards_;  // the latest sizes, latest first
};

/// Numbers in all tensors of a program.
std::int64_t numbers_of(const Program& program);

}  // namespace chainrule::module
