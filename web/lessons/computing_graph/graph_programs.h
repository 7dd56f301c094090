// The programs that the lesson "Computing graph" draws: deck 001's four graphs, two more in which a value is used twice, and
// the networks of the other lessons.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/paths.h"

namespace chainrule {

/// Deck 001's slide has four graphs, after Goodfellow, Bengio, Courville, Deep Learning (2016), figure 6.8.
enum class GraphExample : std::uint8_t {
  kLogistic,      // (b) y = σ(w1·x1 + w2·x2 + b), and its squared error
  kProduct,       // (a) z = x · y
  kReluLayer,     // (c) H = max(0, X·W + b), and its squared error
  kWeightDecay,   // (d) y = x·wᵀ, with the penalty λ·Σ w²: w goes two ways
  kTwoPaths,      // e = (a + b) · (b + 1)
  kSharedWeight,  // one weight, two samples
  kNetwork,       // one of net_examples()
  kMlp,           // of "LeNet learns to read", on one digit
  kLenet,
};
inline constexpr std::array<std::string_view, 9> kGraphExampleNames = {
    "logistic", "product", "relu-layer", "weight-decay", "two-paths", "shared-weight", "network", "mlp", "lenet"};

struct GraphChoice {
  GraphExample example = GraphExample::kLogistic;
  int network = 0;      // of net_examples(), for kNetwork
  bool scalars = true;  // kNetwork: every multiplication is an op; else layers are matrices
  bool operator==(const GraphChoice&) const = default;
};

/// A training step, complete: forward, backward with the local derivatives, update.
struct GraphProgram {
  Program program;
  std::vector<GradientPath> paths;
  std::vector<std::string> groups;  // by forward or loss call: the part that it belongs to (a unit, a layer), or ""
  std::vector<int> order;           // of the calls, as a person would do them: a local derivative before the product it enters
  std::vector<TensorId> settable;   // inputs, rate, parameters before the update: what a person can set
  std::vector<std::pair<TensorId, std::vector<float>>> first;  // numbers that the example gives
  TensorId rate = kNoTensor;
  float lr = 0.5f;
  std::string source;  // "deck 001", for explanations
};

GraphProgram make_graph_program(const GraphChoice& choice);

}  // namespace chainrule
