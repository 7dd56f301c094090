// NetSpec: a small fully connected network as a person sets it up, and the decks' examples of such networks.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ops/op.h"
#include "engine/graph/initializer.h"

namespace chainrule {

enum class NetLoss : std::uint8_t {
  kSquaredError,  // E = 1/2 Σ (t − o)², as in the decks
  kCrossEntropy,  // softmax, then −ln p of the true class
};

/// Wrong rules that backpropagation can be built with, one each (net_mistakes.h says how).
enum class NetMistake : std::uint8_t {
  kSlopeLeftOut,     // ∂E/∂net = ∂E/∂out
  kWeightForInput,   // ∂E/∂w = ∂E/∂net · w
  kSign,             // ∂E/∂out = t − o
  kMeanForgotten,    // the sum over samples
  kUpdatedWeights,   // the error goes back through weights that have been updated already
  kTransposeForgotten,  // ∂E/∂out = W · ∂E/∂net, where W is square
};
inline constexpr int kNetMistakes = 6;

struct NetSpec {
  static constexpr int kMostLayers = 6, kMostUnits = 8, kMostSamples = 8;

  int inputs = 2;
  std::vector<int> units = {2, 1};  // of each layer, the outputs last
  Activation hidden = Activation::kLogistic, output = Activation::kLogistic;
  bool biases = true;
  NetLoss loss = NetLoss::kSquaredError;
  int samples = 1;
  InitializerKind initializer = InitializerKind::kGlorotUniform;
  std::uint32_t mistakes = 0;  // bit m: NetMistake m
  bool measured = false;       // with the tensors of net_measures.h
  bool operator==(const NetSpec&) const = default;

  bool has(NetMistake mistake) const { return (mistakes >> static_cast<int>(mistake) & 1U) != 0; }
  int layers() const { return static_cast<int>(units.size()); }
  int inputs_of(int layer) const { return layer == 0 ? inputs : units[static_cast<std::size_t>(layer) - 1]; }
  /// "h" (or "h1", "h2" … where there are several) and "o", as the decks name them.
  std::string layer_name(int layer) const;
};

/// Numbers that an example sets; what is empty is drawn at random.
struct NetExample {
  std::string_view name;   // kebab-case, for links
  NetSpec spec;
  float lr = 1.0f;
  std::vector<float> x, target;             // [samples, inputs], [samples, outputs] or, with cross-entropy, classes
  std::vector<std::vector<float>> weights;  // by layer, [units, inputs]
  std::vector<std::vector<float>> biases;   // by layer
};

/// By the number of the param "example". The first is a person's own network, the defaults of NetSpec.
std::span<const NetExample> net_examples();
/// Its number. Requires: there is one of that name.
int net_example(std::string_view name);

}  // namespace chainrule
