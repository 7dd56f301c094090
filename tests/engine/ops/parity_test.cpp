// Every fast kernel against its reference kernel, bit for bit.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "engine/math/rng.h"
#include "engine/ops/fast.h"
#include "tests/engine/ops/parity_cases.h"

namespace chainrule::test {
namespace {

enum class Contents {
  kPlain,      // uniform in [−1, 1)
  kPositive,   // uniform in [0.01, 1): square roots and divisions stay finite
  kCoarse,     // −2, −1, −0, 0, 1, 2: ties and signed zeros
  kExtreme,    // subnormals, products that overflow and underflow
  kNonFinite,  // here and there ±∞ and NaN
};
constexpr Contents kAllContents[] = {Contents::kPlain, Contents::kPositive, Contents::kCoarse, Contents::kExtreme,
                                     Contents::kNonFinite};
/// For cases of so many numbers that each run takes a while.
constexpr Contents kFewContents[] = {Contents::kPlain, Contents::kNonFinite};
constexpr std::int64_t kMany = 20000;

std::span<const Contents> contents_of(const ParityCase& one) {
  for (const Shape& shape : one.in)
    if (shape.size() > kMany) return kFewContents;
  return kAllContents;
}

float draw(Contents contents, Rng& rng) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kCoarse[] = {-2.0f, -1.0f, -0.0f, 0.0f, 1.0f, 2.0f};
  constexpr float kExtreme[] = {0.0f, -0.0f, 1e-45f, -1e-40f, 1.2e-38f, -3e-20f, 1e20f, -3e38f};
  constexpr float kNonFinite[] = {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()};
  switch (contents) {
    case Contents::kPlain:
      return rng.uniform(-1.0f, 1.0f);
    case Contents::kPositive:
      return rng.uniform(0.01f, 1.0f);
    case Contents::kCoarse:
      return kCoarse[rng.below(6)];
    case Contents::kExtreme:
      return rng.below(4) == 0 ? rng.uniform(-1.0f, 1.0f) : kExtreme[rng.below(8)];
    case Contents::kNonFinite:
      return rng.below(40) == 0 ? kNonFinite[rng.below(3)] : rng.uniform(-1.0f, 1.0f);
  }
  return 0.0f;
}

/// Numbers between two fences that nobody may touch. An odd fence leaves them unaligned; what was there before shows up
/// in the result of a kernel that reads what it has not written.
class Fenced {
 public:
  explicit Fenced(std::size_t size) : numbers_(size + 2 * kFence, kBefore) {}
  float* data() { return numbers_.data() + kFence; }
  std::size_t size() const { return numbers_.size() - 2 * kFence; }
  bool intact() const {
    for (std::size_t i = 0; i < kFence; ++i)
      if (!is_before(numbers_[i]) || !is_before(numbers_[numbers_.size() - 1 - i])) return false;
    return true;
  }

 private:
  static constexpr std::size_t kFence = 5;
  static constexpr float kBefore = -9.8765e33f;
  static bool is_before(float x) { return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(kBefore); }
  std::vector<float> numbers_;
};

std::uint32_t canonical_bits(float x) { return std::isnan(x) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(x); }

/// Runs both kernels; "" or where they differ.
std::string difference(const ParityCase& one, Contents contents, std::uint64_t seed) {
  Rng rng(seed, "parity");
  std::vector<std::vector<float>> inputs;
  for (const Shape& shape : one.in) {
    std::vector<float>& numbers = inputs.emplace_back(static_cast<std::size_t>(shape.size()));
    for (float& number : numbers) number = draw(contents, rng);
  }
  std::vector<const float*> in;
  for (const std::vector<float>& numbers : inputs) in.push_back(numbers.data());
  const std::vector<Shape> out_shapes = op_info(one.kind).infer(one.attributes, one.in);
  const auto size = static_cast<std::size_t>(out_shapes[0].size());

  std::vector<float> expected(size);
  float* expected_out[] = {expected.data()};
  op_info(one.kind).run_float(one.attributes, {one.in, out_shapes, in, expected_out});

  const FastKernel& kernel = *fast_kernel(one.kind);
  Fenced actual(size), scratch(kernel.scratch_floats(one.attributes, one.in, out_shapes));
  float* actual_out[] = {actual.data()};
  kernel.run(one.attributes, {one.in, out_shapes, in, actual_out}, {scratch.data(), scratch.size()});

  if (!actual.intact()) return "wrote beside its output";
  if (!scratch.intact()) return "wrote beside its scratch";
  for (std::size_t i = 0; i < size; ++i)
    if (canonical_bits(actual.data()[i]) != canonical_bits(expected[i]))
      return out_shapes[0].index_text(static_cast<std::int64_t>(i)) + " is " + std::to_string(actual.data()[i]) +
             ", not " + std::to_string(expected[i]);
  return "";
}

void expect_parity(OpKind kind) {
  const std::vector<ParityCase> cases = parity_cases(kind);
  ASSERT_FALSE(cases.empty()) << "no parity cases for " << op_info(kind).name;
  std::uint64_t seed = 0;
  for (const ParityCase& one : cases)
    for (const Contents contents : contents_of(one)) {
      const std::string found = difference(one, contents, ++seed);
      ASSERT_EQ(found, "") << one.text() << ", contents " << static_cast<int>(contents);
    }
}

#define FAST(Type) \
  TEST(Parity##Type, BitEqualToTheReference) { expect_parity(OpKind::k##Type); }
#include "engine/ops/fast.def"
#undef FAST

// The tests above follow fast.def; this one asks the table that the backends ask.
TEST(Parity, EveryFastKernelHasCasesAndOthersHaveNone) {
  for (std::size_t i = 0; i < op_count(); ++i) {
    const auto kind = static_cast<OpKind>(i);
    EXPECT_EQ(fast_kernel(kind) != nullptr, !parity_cases(kind).empty()) << op_info(kind).name;
  }
}

// The comparison itself: a kernel that is wrong in one bit, in the sign of a zero, or beside its output is caught.
TEST(Parity, ComparesBits) {
  EXPECT_NE(canonical_bits(0.0f), canonical_bits(-0.0f));
  EXPECT_NE(canonical_bits(1.0f), canonical_bits(std::nextafter(1.0f, 2.0f)));
  EXPECT_EQ(canonical_bits(std::nanf("1")), canonical_bits(-std::nanf("2")));
  Fenced fenced(3);
  EXPECT_TRUE(fenced.intact());
  fenced.data()[3] = 0.0f;
  EXPECT_FALSE(fenced.intact());
}

}  // namespace
}  // namespace chainrule::test
