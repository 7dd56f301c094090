// EvaluationSet: the fixed samples on which a landscape is measured, and the loss of any parameters on all of them.
#pragma once

#include <span>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/landscape/parameters.h"

namespace chainrule {

/// A forward program with its inputs and the loss of each sample. Shapes: x [B, ...], target [B, ...] or [B], each [B].
struct ForwardPass {
  Program program;
  TensorId x = kNoTensor, target = kNoTensor, each = kNoTensor;
};

/// L(θ) = mean of the losses of all N samples, as ops: the forward pass on B samples after B samples, then one Mean.
class EvaluationSet {
 public:
  /// Shapes: x [N, ...], target [N, ...] with the pass's shapes. Requires: B divides N.
  EvaluationSet(ForwardPass pass, std::vector<float> x, std::vector<float> target);
  EvaluationSet(const EvaluationSet&) = delete;
  EvaluationSet& operator=(const EvaluationSet&) = delete;

  const ParameterLayout& layout() const { return layout_; }
  const ForwardPass& pass() const { return pass_; }
  std::span<const float> x() const { return x_; }
  std::span<const float> target() const { return target_; }
  int samples() const { return samples_; }
  int batch() const { return batch_; }
  /// Multiply-adds of one evaluation, about.
  std::int64_t work() const { return work_; }

  /// Begins an evaluation at θ, which may go on in slices. What was under way is dropped.
  void begin(std::span<const float> theta);
  /// Runs calls until about `budget` multiply-adds are spent; true when the loss is there.
  bool advance(std::int64_t budget);
  /// Requires: advance has returned true since begin.
  float loss() const { return mean_.buffers()[mean_program_.loss][0]; }
  /// All at once.
  float loss_at(std::span<const float> theta);

  /// For derivations: the mean of the losses, whose input "each" [N] and output "loss" are there after an evaluation.
  const Program& mean_program() const { return mean_program_; }
  const Buffers<float>& mean_buffers() const { return mean_.buffers(); }
  /// The pass on the samples around `sample`, run again with the θ of the last begin: its row is sample % B.
  const Buffers<float>& buffers_of(int sample);

 private:
  void load(int first_sample);

  ForwardPass pass_;
  ParameterLayout layout_;
  CpuBackend backend_;
  std::vector<float> x_, target_;
  int samples_ = 0, batch_ = 0;
  Program mean_program_;
  TensorId all_ = kNoTensor;  // the mean's input
  CpuBackend mean_;
  std::int64_t work_ = 0;
  int next_sample_ = 0;
  std::size_t next_call_ = 0;
};

}  // namespace chainrule
