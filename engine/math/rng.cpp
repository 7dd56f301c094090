#include "engine/math/rng.h"

#include <bit>
#include <cstddef>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/math/basic.h"
#include "engine/math/log.h"
#include "engine/math/trig.h"

namespace chainrule {
namespace {

/// Spreads every input bit over all 64: seeds 1, 2, 3 and names that share a start must not give neighbouring states.
/// Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators" (SplitMix64's mix).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

std::uint64_t stream_id(std::string_view name, std::uint64_t substream) {
  Hasher hasher;
  hasher.add(name);
  hasher.add(substream);
  return mixed(hasher.value());
}

}  // namespace

// The stream also enters the first state: two PCG streams from one state differ by their increments only and
// start alike.
Rng::Rng(std::uint64_t seed, std::string_view stream, std::uint64_t substream)
    : Rng(from_pcg_seed(mixed(seed + 0x9e3779b97f4a7c15ull) ^ stream_id(stream, substream),
                        stream_id(stream, substream))) {}

Rng Rng::from_pcg_seed(std::uint64_t initial_state, std::uint64_t sequence) {
  Rng rng(State{0, (sequence << 1) | 1});
  rng.next_u32();
  rng.state_.state += initial_state;
  rng.next_u32();
  return rng;
}

Rng Rng::from_state(State state) {
  CHECK((state.increment & 1) == 1, "the increment of a PCG state is odd, but this one is ", state.increment);
  return Rng(state);
}

std::uint32_t Rng::next_u32() {
  const std::uint64_t old = state_.state;
  state_.state = old * 6364136223846793005ull + state_.increment;
  const auto xor_shifted = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
  return std::rotr(xor_shifted, static_cast<int>(old >> 59));
}

float Rng::uniform() { return static_cast<float>(next_u32() >> 8) * 0x1p-24f; }

float Rng::uniform(float low, float high) {
  CHECK(low <= high, "uniform(low, high) with low ", low, ", high ", high);
  const float value = low + (high - low) * uniform();
  return value < high ? value : low;  // rounding may have reached high
}

std::uint32_t Rng::below(std::uint32_t n) {
  CHECK(n > 0, "below(0) has nothing to choose from");
  const std::uint32_t threshold = (0u - n) % n;  // 2^32 mod n
  for (;;) {
    const std::uint32_t draw = next_u32();
    if (draw >= threshold) return draw % n;
  }
}

float Rng::normal() {
  constexpr double kTwoPi = 6.283185307179586;
  const double u = (static_cast<double>(next_u32()) + 1.0) * 0x1p-32;  // in (0, 1]: its logarithm is finite
  const double v = static_cast<double>(next_u32()) * 0x1p-32;
  return static_cast<float>(math::sqrt(-2.0 * math::log(u)) * math::cos(kTwoPi * v));
}

void shuffle(std::span<std::uint32_t> values, Rng& rng) {
  CHECK(values.size() <= 0xffffffffu, "shuffle of ", values.size(), " values");
  for (std::size_t i = values.size(); i > 1; --i)
    std::swap(values[i - 1], values[rng.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace chainrule
