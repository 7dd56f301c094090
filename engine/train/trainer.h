// Trainer: runs a program step after step, in slices, and knows what the numbers of the last step are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"

namespace chainrule {

/// Where mini-batches come from. `fill` is a pure function of the step, so that any step can be replayed.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  /// Writes the batch of update number `step` (0-based).
  virtual void fill(std::int64_t step, std::span<float> x, std::span<float> target) = 0;
};

/// The first number that was not finite, in the order of the program.
struct Divergence {
  std::int64_t step = 0;
  std::string tensor;
  std::int64_t index = 0;
  float value = 0.0f;
  /// One sentence.
  std::string text() const;
};

/// A resumable state machine: forward, loss, backward, update, next batch. Holds no clock and starts no thread.
/// "Step t" is the t-th update; the values of step 0 are the initial ones.
class Trainer {
 public:
  /// Requires: `program` has a loss, backward and update calls; inputs x and target.
  Trainer(Program program, TensorId x, TensorId target);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Another trainer of the same program, not yet started.
  std::unique_ptr<Trainer> twin() const { return std::make_unique<Trainer>(program_, x_, target_); }
  /// What its tensors take.
  std::int64_t bytes() const;

  /// From now on steps are shared by this pool's threads; null: by none. No number depends on it. Requires: the pool outlives
  /// the trainer or the next use_threads, and one trainer uses it at a time.
  void use_threads(ThreadPool* pool) { backend_.use_threads(pool); }

  /// Step 0: draws the parameters of `seed`.
  void start(std::uint64_t seed);

  /// Runs calls until about `budget` multiply-adds are spent or the step is complete; true when it just became complete.
  /// Requires: `source` fills the batch of step() when a step begins.
  bool advance(std::int64_t budget, BatchSource& source);

  /// Whole steps, one after another, in one call: the quickest way. Ends a step that was under way first, which counts.
  void run(std::int64_t steps, BatchSource& source);

  /// Multiply-adds of one step, about.
  std::int64_t work_per_step() const { return work_per_step_; }

  /// Completed updates.
  std::int64_t step() const { return step_; }
  bool mid_step() const { return next_call_ > 0; }
  /// The phase of the next call; meaningless between steps.
  Phase phase() const;
  /// Are the activations and gradients of step() in the buffers? Not at step 0, mid-step or after restore.
  bool step_shown() const { return shown_ && !mid_step(); }
  /// Loss of the last step's batch, before its update.
  std::optional<float> loss() const { return loss_; }
  const std::optional<Divergence>& divergence() const { return divergence_; }

  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return backend_.buffers(); }
  /// A parameter or state as it is after step() updates; any other tensor as it is.
  std::span<const float> current(TensorId tensor) const;
  /// The tensor whose buffer `current` shows.
  TensorId current_tensor(TensorId tensor) const;
  /// Requires: between steps. Sets the current value.
  void assign(TensorId tensor, std::span<const float> values);
  void set_hyper(std::string_view name, float value);
  /// All of them, in the order of the program.
  std::vector<float> hypers() const;
  void set_hypers(std::span<const float> values);

  /// Current parameters, concatenated in the order of the program.
  std::vector<float> parameters() const;
  /// Current parameters and states, concatenated in the order of the program.
  std::vector<float> save() const;
  /// Requires: a save of the same program. Drops a step that was under way.
  void restore(std::span<const float> values, std::int64_t step);
  /// Takes step, parameters, states and hypers of a trainer of the same program. Allocates nothing. Requires: both between steps.
  void go_on_from(const Trainer& other);
  /// Hash of step, parameters and states.
  std::uint64_t state_hash() const;

 private:
  template <class Visit>
  void for_each_saved(Visit visit) const;
  void begin_step(BatchSource& source);
  void finish_step();
  std::optional<Divergence> find_divergence() const;

  Program program_;
  CpuBackend backend_;
  TensorId x_, target_;
  std::vector<TensorId> saved_;     // parameters, then states
  std::vector<std::int64_t> work_;  // by call
  std::int64_t work_per_step_ = 0;
  std::int64_t step_ = 0;
  std::size_t next_call_ = 0;
  bool shown_ = false;
  std::optional<float> loss_;
  std::optional<Divergence> divergence_;
};

}  // namespace chainrule
