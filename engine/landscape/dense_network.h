// DenseNetwork: a program that is known to be nothing but fully connected layers with a squared error, for who computes such
// networks by themselves.
#pragma once

#include <optional>
#include <vector>

#include "engine/landscape/evaluation_set.h"

namespace chainrule {

/// y = f(W x + c).
struct DenseLayer {
  int inputs = 0, units = 0;
  std::size_t w = 0, b = 0;  // where in θ; W [units, inputs]
  bool has_bias = false;
  Activation activation = Activation::kIdentity;
  float slope = 0.0f;
};

struct DenseNetwork {
  std::vector<DenseLayer> layers;  // at least one
  bool half_sum = true;            // the loss of a sample: half the sum of the squared errors, or their mean
};

/// Nothing: the set's pass has something else in it.
std::optional<DenseNetwork> dense_network_of(const EvaluationSet& set);

}  // namespace chainrule
