#include "engine/math/trig_reduce.h"

namespace chainrule::math::internal {
namespace {

constexpr double kPiOver2 = 1.5707963267948966;
constexpr double kPiOver2Low = 6.123233995736766e-17;
constexpr double kTwoOverPi = 0.6366197723675814;

// pi/2 in four parts; the first three have 33 bits, so that n times one of them is exact for n < 2^20.
constexpr double kPart1 = 1.5707963267341256;
constexpr double kPart2 = 6.077100506303966e-11;
constexpr double kPart3 = 2.0222662487111665e-21;
constexpr double kPart4 = 8.4784276603689e-32;
constexpr double kLargestForParts = 1e6;

// 2/pi after the binary point, 32 bits a word: as many as the largest double needs. derive_coefficients.py.
constexpr std::uint32_t kTwoOverPiWords[] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
    0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
    0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
    0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20,
};
constexpr int kWords = 7;             // of 2/pi that meet x; the rest changes r by less than 2^-138
constexpr int kProduct = kWords + 2;  // 53 bits of x are two more words

/// x - n pi/2 part by part, each subtraction with its rounding error (Cody and Waite 1980).
Quadrant reduce_by_parts(double x) {
  const double n = (x * kTwoOverPi + kRounder) - kRounder;
  const double first = x - n * kPart1;
  const Pair second = two_sum(first, -(n * kPart2));
  const Pair third = two_sum(second.hi, -(n * kPart3));
  const Pair r = fast_two_sum(third.hi, third.lo + (second.lo - n * kPart4));
  return {static_cast<unsigned>(static_cast<std::int64_t>(n) & 3), r};
}

/// 64 bits of a number in 32-bit words, least significant first, from bit `low` up. Requires: 0 <= low.
std::uint64_t bits_from(const std::uint32_t (&words)[kProduct], int low) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; ++i) {
    const int at = low + i;
    if (at < 32 * kProduct) bits |= static_cast<std::uint64_t>((words[at / 32] >> (at % 32)) & 1u) << i;
  }
  return bits;
}

/// 128 bits after the binary point, as a pair.
Pair fraction_pair(std::uint64_t high, std::uint64_t low) {
  const double w3 = static_cast<double>(high >> 32) * 0x1p-32;
  const double w2 = static_cast<double>(high & 0xffffffffu) * 0x1p-64;
  const double w1 = static_cast<double>(low >> 32) * 0x1p-96;
  const double w0 = static_cast<double>(low & 0xffffffffu) * 0x1p-128;
  const Pair top = fast_two_sum(w3, w2);
  const Pair middle = two_sum(top.hi, w1);
  return fast_two_sum(middle.hi, middle.lo + (top.lo + w0));
}

/// x 2/pi in whole numbers (Payne and Hanek 1983): of the product's bits only those below 4 are wanted, so the words of
/// 2/pi that make multiples of 4 with x = m 2^e are left out.
Quadrant reduce_by_words(double x) {
  const std::uint64_t x_bits = std::bit_cast<std::uint64_t>(x);
  const int e = static_cast<int>(x_bits >> 52) - 1075;
  const std::uint64_t m = (x_bits & 0xfffffffffffffull) | 0x10000000000000ull;
  const int skipped = e >= 34 ? (e - 2) / 32 : 0;

  std::uint32_t product[kProduct] = {};
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t digit = (m >> (32 * i)) & 0xffffffffu;
    std::uint64_t carry = 0;
    for (int j = 0; j < kWords; ++j) {
      const std::uint64_t sum = digit * kTwoOverPiWords[skipped + kWords - 1 - j] + product[i + j] + carry;
      product[i + j] = static_cast<std::uint32_t>(sum);
      carry = sum >> 32;
    }
    product[i + kWords] = static_cast<std::uint32_t>(carry);
  }

  const int unit = 32 * (skipped + kWords) - e;  // the bit that counts 1
  unsigned n = static_cast<unsigned>(bits_from(product, unit) & 3);
  std::uint64_t high = bits_from(product, unit - 64);
  std::uint64_t low = bits_from(product, unit - 128);
  const bool round_up = (high >> 63) != 0;
  if (round_up) {  // 1 - fraction, in two's complement
    n = (n + 1) & 3;
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  const Pair turns = fraction_pair(high, low);
  const Pair angle = two_product(turns.hi, kPiOver2);
  const Pair r = fast_two_sum(angle.hi, angle.lo + (turns.hi * kPiOver2Low + turns.lo * kPiOver2));
  return {n, round_up ? Pair{-r.hi, -r.lo} : r};
}

}  // namespace

Quadrant reduce_to_quadrant(double x) {
  if (x <= 0.78539816339744828) return {0, {x, 0.0}};
  return x <= kLargestForParts ? reduce_by_parts(x) : reduce_by_words(x);
}

}  // namespace chainrule::math::internal
