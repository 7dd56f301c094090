// Inputs for the tests of engine/math: random, but the same everywhere, from nothing that is under test.
#pragma once

#include <bit>
#include <cstdint>

namespace chainrule::test {

/// SplitMix64 (Steele, Lea and Flood 2014).
class Sweep {
 public:
  explicit Sweep(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
  }

  /// Evenly spread in [low, high).
  double even(double low, double high) { return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53); }

  /// Either sign, the exponent evenly spread: 2^low ... 2^high.
  double any_size(int low, int high) {
    const std::uint64_t random = bits();
    const auto exponent = static_cast<std::uint64_t>(low + 1023) + bits() % static_cast<std::uint64_t>(high - low);
    return std::bit_cast<double>((random & 0x800fffffffffffffull) | (exponent << 52));
  }

 private:
  std::uint64_t state_;
};

}  // namespace chainrule::test
