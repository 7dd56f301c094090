// NetworkPlan: what a caller of the engine module asked for, checked layer by layer; graphs of any batch size are built from it.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/nn/layers.h"

namespace chainrule::module {

enum class LayerKind : int { kDense, kConv, kMaxPool, kAveragePool, kActivation, kFlatten };
enum class LossKind : int { kCrossEntropy, kSquaredError, kMeanSquaredError };

/// One layer as JavaScript hands it over. Each kind reads only its own numbers.
struct LayerSpec {
  LayerKind kind = LayerKind::kDense;
  std::string name;  // empty: the plan makes one up: fc1, conv1, pool1, act1, flat1, ...
  int size = 0;      // dense: units; conv: maps; pools: window
  int kernel = 0;    // conv
  int stride = 0;    // conv, pools; 0: conv 1, pools the window
  int pad = 0, dilation = 1;  // conv
  LayerOptions options;
};

/// A network's graph for one batch size.
struct BuiltNetwork {
  Graph graph;
  TensorId x = kNoTensor, target = kNoTensor, output = kNoTensor, loss = kNoTensor;
};

/// Numbers that a caller may ask for are bounded, so that a slip of the pen is a sentence and not an exhausted memory.
inline constexpr int kMostUnits = 1 << 20;
inline constexpr std::int64_t kMostNumbers = std::int64_t{200} << 20;  // of all tensors of one program: 800 MiB

class NetworkPlan {
 public:
  /// Shapes: of one sample: [features], [C,H,W]. Errors: other ranks, sizes out of range.
  Status set_input(std::vector<int> sizes);
  /// Errors: sizes out of range, a window larger than what it slides over, pictures where there are none, names taken.
  Status add(LayerSpec layer);
  /// Ends the network. Errors: no layer; what the loss needs is not there.
  Status set_loss(LossKind loss);

  int inputs() const;                   // numbers of one sample
  int outputs() const { return inputs_of(shape_); }
  int targets() const { return loss_ == LossKind::kCrossEntropy ? 1 : outputs(); }
  LossKind loss() const { return loss_; }
  /// Requires: set_loss succeeded. `output` is softmax.p for cross-entropy, else the last layer's values.
  BuiltNetwork build(int batch) const;

 private:
  static int inputs_of(const std::vector<int>& sizes);
  Status check_window(const LayerSpec& layer, int extent, int pad) const;
  std::string free_name(const char* stem) const;
  bool taken(const std::string& name) const;

  std::vector<int> input_, shape_;  // of one sample, before the first layer and behind the last one
  std::vector<LayerSpec> layers_;
  LossKind loss_ = LossKind::kCrossEntropy;
};

}  // namespace chainrule::module
