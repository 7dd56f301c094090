// Random numbers that are the same everywhere: PCG32, named streams, and our own distributions.
// std::mt19937 is portable, but std::*_distribution and std::shuffle are not.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace chainrule {

/// PCG-XSH-RR 64/32: state -> state * 6364136223846793005 + increment; each increment is a stream of period 2^64.
/// The whole generator is its two words, so a copy continues exactly as the original does.
/// Source: O'Neill 2014, "PCG: A family of simple fast space-efficient statistically good algorithms for random number
/// generation", HMC-CS-2014-0905.
class Rng {
 public:
  struct State {
    std::uint64_t state;
    std::uint64_t increment;
    bool operator==(const State&) const = default;
  };

  /// The stream of that name ("init", "shuffle", "dropout", "data") and number (a layer, an epoch) for `seed`.
  /// Ensures: streams with different names or numbers are independent, so one more draw in one place moves no other.
  Rng(std::uint64_t seed, std::string_view stream, std::uint64_t substream = 0);

  /// As the reference code's pcg32_srandom(initial_state, sequence).
  static Rng from_pcg_seed(std::uint64_t initial_state, std::uint64_t sequence);

  /// Continues from a saved state. Requires: an odd increment, as every state() has.
  static Rng from_state(State state);
  State state() const { return state_; }
  bool operator==(const Rng&) const = default;

  /// 32 uniform bits.
  std::uint32_t next_u32();

  /// Uniform in [0, 1): a multiple of 2^-24, so every value is exact and 1 never comes. One draw.
  float uniform();

  /// low + (high - low) uniform(), in [low, high); low when they are equal. One draw.
  /// Requires: low <= high, both finite and high - low too.
  float uniform(float low, float high);

  /// Uniform in 0 ... n-1, without the bias of next_u32() % n: draws below 2^32 mod n are drawn again.
  /// Requires: n > 0. Source: O'Neill's pcg32_boundedrand.
  std::uint32_t below(std::uint32_t n);

  /// Standard normal: sqrt(-2 ln u) cos(2 pi v) in double, rounded once. Exactly two draws; |value| <= 6.66.
  /// Ensures: no second value is held back, so the state says everything.
  /// Source: Box and Muller 1958, "A note on the generation of random normal deviates".
  float normal();

 private:
  explicit Rng(State state) : state_(state) {}

  State state_;
};

/// Puts `values` in random order, each order equally likely. Draws values.size() - 1 times below().
/// Requires: values.size() < 2^32. Source: Fisher and Yates 1938; Durstenfeld 1964 (in place, from the end).
void shuffle(std::span<std::uint32_t> values, Rng& rng);

}  // namespace chainrule
