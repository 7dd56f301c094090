// Initializer: how a parameter gets its first values. nn/initialize.h draws them.
#pragma once

#include <cstdint>
#include <string>

namespace chainrule {

enum class InitializerKind : std::uint8_t {
  kConstant,       // every element `value`
  kUniform,        // U(-value, value)
  kGlorotUniform,  // U(-a, a), a = sqrt(6 / (fan_in + fan_out)); Glorot and Bengio (2010), equation 16
  kHeNormal,       // N(0, 2 / fan_in); He et al. (2015), equation 10
  kLecunUniform,   // U(-a, a), a = sqrt(3 / fan_in), variance 1 / fan_in; LeCun et al. (1998), Efficient BackProp, section 4.6
};

struct Initializer {
  InitializerKind kind = InitializerKind::kConstant;
  float value = 0.0f;
  int fan_in = 1;   // inputs that feed one unit
  int fan_out = 1;  // units that one input feeds
  bool operator==(const Initializer&) const = default;

  /// "Glorot uniform on ±0.0787": for the explanation of an initial weight.
  std::string text() const;
  /// Half width of the uniform kinds, standard deviation of the normal one, value of the constant.
  float scale() const;
};

}  // namespace chainrule
