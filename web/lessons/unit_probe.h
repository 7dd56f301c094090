// UnitProbe: a picture's way through a digit classifier, and back from one of its units to the picture: what the unit depends
// on. Serves the effective field, the search for what a unit answers to, and feature maps.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/architecture.h"
#include "engine/backend/cpu/cpu_backend.h"
#include "engine/nn/models.h"
#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// A layer whose units can be looked at: its name, and its tensors after and before the activation (alike where it has none).
struct UnitLayer {
  std::string_view name, values, net;
};
/// In the order of the network; layer i of architecture_of(model).
std::span<const UnitLayer> unit_layers(DigitModel model);
/// The table of the network, for exact receptive fields.
ArchitectureSpec architecture_of(DigitModel model);

/// The parameters of a network from `file`, as write_weights wrote them. Errors: those of read_weights.
Result<std::vector<float>> parameters_of(const DigitModelOptions& model, const Blob& file);
/// First weights, as initialize draws them.
std::vector<float> initial_parameters(const DigitModelOptions& model, std::uint64_t seed);

class UnitProbe {
 public:
  /// `values`: the tensor whose units are asked for, "conv2.net"; empty: forward only, without a loss of its own.
  /// `parameters`: all of the network's, concatenated.
  UnitProbe(DigitModelOptions model, std::string_view values, std::span<const float> parameters);
  UnitProbe(const UnitProbe&) = delete;
  UnitProbe& operator=(const UnitProbe&) = delete;

  void set_parameters(std::span<const float> parameters);
  /// The picture forward, then ∂unit/∂x back. Pixels from 0 to 1; `unit` is brought into range. label −1: the class that the
  /// network finds likeliest.
  void run(std::span<const float> pixels, std::int64_t unit = 0, int label = 0);

  const Program& program() const { return program_; }
  const Buffers<float>& buffers() const { return backend_->buffers(); }
  TensorId x() const { return x_; }
  TensorId probabilities() const { return probabilities_; }
  TensorId logits() const { return logits_; }
  /// The layer's values, which of them the unit is, and ∂unit/∂x. kNoTensor in a probe that goes forward only.
  TensorId values() const { return values_; }
  std::int64_t unit() const { return unit_; }
  TensorId gradient() const { return gradient_; }
  float unit_value() const { return buffers()[values_][static_cast<std::size_t>(unit_)]; }
  bool is_parameter(TensorId id) const;
  /// All of ∂unit/∂x is 0, as behind a ReLU that lets nothing through.
  bool is_blind() const;
  std::int64_t work() const { return work_; }

 private:
  Program program_;
  std::vector<TensorId> parameters_;
  std::unique_ptr<CpuBackend> backend_;
  TensorId x_ = kNoTensor, labels_ = kNoTensor, values_ = kNoTensor, pick_ = kNoTensor, gradient_ = kNoTensor;
  TensorId probabilities_ = kNoTensor, logits_ = kNoTensor;
  std::int64_t unit_ = 0, work_ = 0;
};

/// Where a unit of `shape` [1,K,P,Q] or [1,units] is: its index, each place brought into range.
std::int64_t unit_index(const Shape& shape, int map, int row, int column);

/// What a probe holds, each name after `prefix`. Its pictures and weights are given: nobody sets them there.
void append_tensors(std::vector<TensorSummary>& list, const UnitProbe& probe, std::string_view prefix);

/// What a number that a probe was given is: "pixel of test digit 7, row 3, column 5: its byte / 255". `weights`: where its
/// weights come from; `picture`: "test digit 7".
std::string probe_leaf_text(const UnitProbe& probe, const ElementRef& element, TensorId id, const std::string& weights, const std::string& picture);

}  // namespace chainrule
