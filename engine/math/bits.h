// Building blocks of the functions: exact sums and products, powers of two, polynomials.
// Internal to engine/math.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace chainrule::math::internal {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// An unevaluated sum hi + lo with |lo| at most half a unit in hi's last place: about 106 bits.
struct Pair {
  double hi;
  double lo;
};

/// hi = a + b rounded, lo = what rounding lost, exactly. Source: Knuth, The Art of Computer Programming 2, 4.2.2.
constexpr Pair two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  const double a_part = sum - b_part;
  return {sum, (a - a_part) + (b - b_part)};
}

/// As two_sum, in fewer operations. Requires: |a| >= |b| or a == 0. Source: Dekker 1971.
constexpr Pair fast_two_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

/// hi = a * b rounded, lo = what rounding lost. Veltkamp's splitting, because a fused multiply-add is not everywhere.
/// Requires: |a|, |b| below 2^990.
/// Source: Dekker 1971, "A floating-point technique for extending the available precision".
constexpr Pair two_product(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1: halves of 26 bits, whose products are exact
  const double a_scaled = kSplit * a;
  const double a_high = a_scaled - (a_scaled - a);
  const double a_low = a - a_high;
  const double b_scaled = kSplit * b;
  const double b_high = b_scaled - (b_scaled - b);
  const double b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/// Horner: c[0] + x (c[1] + x (c[2] + ...)), innermost first.
template <std::size_t N>
constexpr double polynomial(const double (&c)[N], double x) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i > 0; --i) sum = c[i - 1] + x * sum;
  return sum;
}

/// Adding 1.5 * 2^52 leaves no bits for a fraction: the sum is rounded to a whole number, which sits in its low bits.
inline constexpr double kRounder = 6755399441055744.0;

/// 2^k. Requires: -1022 <= k <= 1023.
constexpr double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

/// value * 2^k, rounded at most once. Requires: 0.5 <= |value| <= 2 and -1080 <= k <= 1030.
/// Two steps, because 2^k itself may be beyond double; the first is exact.
constexpr double scale_by_power_of_two(double value, int k) {
  const int half = k / 2;
  return value * power_of_two(half) * power_of_two(k - half);
}

}  // namespace chainrule::math::internal
