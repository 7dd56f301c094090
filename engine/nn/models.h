// The classifiers that the app trains on 28 x 28 digits. Each makes x [N,1,28,28], label [N] and `loss`.
#pragma once

#include <array>
#include <string_view>

#include "engine/nn/layers.h"

namespace chainrule {

enum class DigitModel : std::uint8_t {
  kLenet,   // deck 002: conv 5x5 x20, max pool 2, conv 5x5 x50, max pool 2, dense 500 ReLU, softmax 10; 431,080 parameters
  kMlp,     // 784 - 128 ReLU - softmax 10; 101,770 parameters
  kLinear,  // 784 - softmax 10: no hidden layer; 7,850 parameters
};
inline constexpr std::array<std::string_view, 3> kDigitModelNames = {"lenet", "mlp", "linear"};

struct DigitModelOptions {
  DigitModel model = DigitModel::kLenet;
  Activation convolution_activation = Activation::kRelu;  // deck 002 leaves it open
  InitializerKind initializer = InitializerKind::kHeNormal;  // for ReLU
  int batch = 32;
};

/// A digit classifier's graph and the values that lessons look at.
struct DigitClassifier {
  Graph graph;
  TensorId x = kNoTensor, labels = kNoTensor, logits = kNoTensor;
  Classification head{};
};
DigitClassifier build_digit_model(const DigitModelOptions& options);

}  // namespace chainrule
