// NetModel: one training step of a small network, all of its numbers at once, and the order in which a person computes them:
// the tape. Forward, loss, backward, update; unit by unit, factor by factor.
#pragma once

#include <string_view>
#include <vector>

#include "engine/graph/buffers.h"
#include "engine/graph/central_difference.h"
#include "web/lessons/tape/net_spec.h"

namespace chainrule {

/// One number that a person would write down next.
struct TapeEntry {
  TensorId tensor = kNoTensor;
  std::int64_t index = 0;
  Phase phase = Phase::kForward;
  int layer = 0;  // of the network; the loss belongs to the last one
};

class NetModel {
 public:
  explicit NetModel(const NetSpec& spec);

  /// Draws weights by the seed; numbers of the example that are given replace them. Inputs and targets alike.
  void start(const NetExample& example, std::uint64_t seed);
  /// Computes everything from inputs, targets, rate and the parameters before the update.
  void run();
  /// The parameters after the update become those before it. Requires: run().
  void next_update();

  /// All numbers of `other`. Requires: it has the same spec.
  void copy_numbers(const NetModel& other) { buffers_ = other.buffers_; }

  const NetSpec& spec() const { return spec_; }
  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return buffers_; }
  std::span<float> values(TensorId id) { return buffers_[id]; }
  std::span<const TapeEntry> tape() const { return tape_; }
  /// Which entry computes an element; -1: none does, it is set from outside.
  std::int64_t entry_of(TensorId tensor, std::int64_t index) const;
  TensorId x() const { return x_; }
  TensorId target() const { return target_; }
  TensorId rate() const { return rate_; }
  /// Inputs, targets, rate, parameters before the update: what a person can set, in the order of a snapshot. Measured
  /// networks have the distance and the first weights there, too.
  std::span<const TensorId> settable() const { return settable_; }

  /// With the double reference kernels, θ one element of a parameter before the update.
  MeasuredSlope measure_slope(TensorId parameter, std::int64_t index, double h = 1e-5) const;
  double central_difference(TensorId parameter, std::int64_t index) const { return measure_slope(parameter, index).slope(); }
  /// The gradient by backpropagation in double, of the same parameter.
  double double_gradient(TensorId parameter, std::int64_t index) const;

 private:
  void build();
  void add_slopes();
  void order_tape();

  NetSpec spec_;
  Program program_;
  Buffers<float> buffers_;
  std::vector<TapeEntry> tape_;
  std::vector<std::vector<std::int64_t>> entry_of_;  // by tensor and element
  std::vector<TensorId> settable_;
  std::vector<int> layer_of_;  // by tensor; -1: of no layer
  TensorId x_ = kNoTensor, target_ = kNoTensor, rate_ = kNoTensor;
};

}  // namespace chainrule
