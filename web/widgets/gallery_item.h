// A misclassified picture, as plain data: what the gallery shows and a lesson provides.
#pragma once

#include <cstdint>
#include <span>

namespace chainrule {

struct MistakeView {
  int index = 0;                         // number of the test digit
  std::span<const std::uint8_t> pixels;  // 28×28
  int truth = 0, predicted = 0;
  float probability = 0.0f;  // that the network gives to `predicted`
  float truth_probability = 0.0f;
};

}  // namespace chainrule
