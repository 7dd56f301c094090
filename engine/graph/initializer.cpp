#include "engine/graph/initializer.h"

#include "engine/base/text.h"
#include "engine/math/functions.h"

namespace chainrule {

float Initializer::scale() const {
  switch (kind) {
    case InitializerKind::kConstant:
    case InitializerKind::kUniform: return value;
    case InitializerKind::kGlorotUniform: return math::sqrt(6.0f / static_cast<float>(fan_in + fan_out));
    case InitializerKind::kHeNormal: return math::sqrt(2.0f / static_cast<float>(fan_in));
    case InitializerKind::kLecunUniform: return math::sqrt(3.0f / static_cast<float>(fan_in));
  }
  return 0.0f;
}

std::string Initializer::text() const {
  const std::string size = significant_text(static_cast<double>(scale()), 4);
  switch (kind) {
    case InitializerKind::kConstant: return "set to " + size;
    case InitializerKind::kUniform: return "drawn uniformly from ±" + size;
    case InitializerKind::kGlorotUniform:
      return "drawn uniformly from ±" + size + " = ±√(6 / (" + std::to_string(fan_in) + " + " + std::to_string(fan_out) +
             ")) (Glorot)";
    case InitializerKind::kHeNormal:
      return "drawn from a normal distribution of standard deviation " + size + " = √(2 / " + std::to_string(fan_in) + ") (He)";
    case InitializerKind::kLecunUniform:
      return "drawn uniformly from ±" + size + " = ±√(3 / " + std::to_string(fan_in) + ") (LeCun)";
  }
  return "";
}

}  // namespace chainrule
