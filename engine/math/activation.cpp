#include "engine/math/activation.h"

#include "engine/math/log.h"

namespace chainrule::math {

double tanh(double x) {
  const double size = abs(x);
  // expm1 cannot overflow up to 25, where tanh is 1 to the last bit already.
  const double t = expm1(2.0 * minimum(size, 25.0));
  const double value = size < 1.0 ? t / (t + 2.0) : 1.0 - 2.0 / (t + 2.0);
  return std::copysign(value, x);
}

double logistic(double x) {
  if (x >= 0.0) return 1.0 / (1.0 + exp(-x));
  const double e = exp(x);
  return e / (1.0 + e);
}

double softplus(double x) { return maximum(x, 0.0) + log1p(exp(-abs(x))); }

}  // namespace chainrule::math
