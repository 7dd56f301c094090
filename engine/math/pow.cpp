#include "engine/math/pow.h"

#include "engine/math/exp.h"
#include "engine/math/log.h"

namespace chainrule::math {
namespace {

using internal::kInfinity;
using internal::kNaN;
using internal::Pair;

enum class Whole { no, even, odd };

Whole wholeness(double y) {
  const double size = y < 0.0 ? -y : y;
  if (size >= 9007199254740992.0) return Whole::even;  // from 2^53 on every double is even
  const auto truncated = static_cast<std::int64_t>(size);
  if (static_cast<double>(truncated) != size) return Whole::no;
  return (truncated & 1) != 0 ? Whole::odd : Whole::even;
}

/// x^y where x is 0 or infinite, or y is infinite; x is not negative, neither is NaN.
double pow_at_the_edge(double x, double y) {
  if (x == 1.0) return 1.0;
  const bool grows = (x > 1.0) == (y > 0.0);
  return grows ? kInfinity : 0.0;
}

}  // namespace

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (x != x || y != y) return x + y;
  const Whole whole = wholeness(y);
  const bool negative_base = (std::bit_cast<std::uint64_t>(x) >> 63) != 0;
  const double size = negative_base ? -x : x;
  const double sign = negative_base && whole == Whole::odd ? -1.0 : 1.0;
  constexpr double kHuge = 1.8446744073709552e19;  // 2^64: beyond, every x but 1 over- or underflows (|ln x| >= 2^-53)
  if (size == 0.0 || size == kInfinity || y >= kHuge || y <= -kHuge) return sign * pow_at_the_edge(size, y);
  if (negative_base && whole == Whole::no) return kNaN;

  const Pair log_size = internal::log_pair(size);
  const Pair product = internal::two_product(y, log_size.hi);
  if (product.hi > 710.0) return sign * kInfinity;
  if (product.hi < -746.0) return sign * 0.0;
  return sign * internal::exp_of_sum(product.hi, product.lo + y * log_size.lo);
}

}  // namespace chainrule::math
