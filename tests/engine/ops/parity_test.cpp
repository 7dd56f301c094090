// Every fast kernel against its reference kernel, bit for bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "engine/math/rng.h"
#include "engine/ops/fast.h"
#include "engine/ops/small.h"
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

/// For each number of threads that is tried; made once, because threads take longer to make than most cases to run.
class Pools {
 public:
  Pools() {
    for (const int threads : {1, 2, 3, 8}) pools_.push_back(std::make_unique<ThreadPool>(threads));
  }
  const auto& all() const { return pools_; }

 private:
  std::vector<std::unique_ptr<ThreadPool>> pools_;
};

/// Outputs of a call: probabilities and such beside the first.
std::vector<Fenced> outputs_for(std::span<const Shape> shapes) {
  std::vector<Fenced> outputs;
  for (const Shape& shape : shapes) outputs.emplace_back(static_cast<std::size_t>(shape.size()));
  return outputs;
}
std::vector<float*> pointers(std::vector<Fenced>& outputs) {
  std::vector<float*> to;
  for (Fenced& one : outputs) to.push_back(one.data());
  return to;
}

/// "" or where the outputs of a kernel differ from the reference's.
std::string difference_of(std::span<const Shape> shapes, std::vector<Fenced>& actual, std::vector<Fenced>& expected,
                          const std::string& where) {
  for (std::size_t o = 0; o < shapes.size(); ++o) {
    if (!actual[o].intact()) return "wrote beside its output" + where;
    for (std::size_t i = 0; i < actual[o].size(); ++i)
      if (canonical_bits(actual[o].data()[i]) != canonical_bits(expected[o].data()[i]))
        return shapes[o].index_text(static_cast<std::int64_t>(i)) + " of output " + std::to_string(o) + " is " +
               std::to_string(actual[o].data()[i]) + ", not " + std::to_string(expected[o].data()[i]) + where;
  }
  return "";
}

/// The same of its kernel for small calls, if it has one for these shapes.
std::string small_difference(const ParityCase& one, std::span<const Shape> out_shapes, std::span<const float* const> in,
                             std::vector<Fenced>& expected) {
  SmallCall call;
  if (in.size() > call.in.size() || !prepare_small(one.kind, one.attributes, one.in, out_shapes, call)) return "";
  std::vector<Fenced> actual = outputs_for(out_shapes);
  std::ranges::copy(in, call.in.begin());
  std::ranges::copy(pointers(actual), call.out.begin());
  call.run(call);
  return difference_of(out_shapes, actual, expected, " in the kernel for small calls");
}

/// Runs the fast kernel, all that can be split split; "" or where it differs from `expected`.
std::string fast_difference(const ParityCase& one, std::span<const Shape> out_shapes, std::span<const float* const> in,
                            std::vector<Fenced>& expected, ThreadPool& pool) {
  const FastKernel& kernel = *fast_kernel(one.kind);
  std::vector<Fenced> actual = outputs_for(out_shapes);
  Fenced scratch(kernel.scratch_floats(one.attributes, one.in, out_shapes, pool.threads()));
  const std::vector<float*> to = pointers(actual);
  kernel.run(one.attributes, {one.in, out_shapes, in, to}, {{scratch.data(), scratch.size()}, &pool, pool.threads(), true});
  const std::string where = " on " + std::to_string(pool.threads()) + " threads";
  if (!scratch.intact()) return "wrote beside its scratch" + where;
  return difference_of(out_shapes, actual, expected, where);
}

/// Runs both kernels; "" or where they differ.
std::string difference(const ParityCase& one, Contents contents, std::uint64_t seed, const Pools& pools) {
  Rng rng(seed, "parity");
  std::vector<std::vector<float>> inputs;
  for (const Shape& shape : one.in) {
    std::vector<float>& numbers = inputs.emplace_back(static_cast<std::size_t>(shape.size()));
    const bool labels = one.labels && inputs.size() == 2;
    for (float& number : numbers) number = labels ? static_cast<float>(rng.below(static_cast<unsigned>(one.in[0][1]))) : draw(contents, rng);
  }
  std::vector<const float*> in;
  for (const std::vector<float>& numbers : inputs) in.push_back(numbers.data());
  const std::vector<Shape> out_shapes = op_info(one.kind).infer(one.attributes, one.in);
  std::vector<Fenced> expected = outputs_for(out_shapes);
  const std::vector<float*> to = pointers(expected);
  op_info(one.kind).run_float(one.attributes, {one.in, out_shapes, in, to});
  for (const auto& pool : pools.all())
    if (std::string found = fast_difference(one, out_shapes, in, expected, *pool); !found.empty()) return found;
  return small_difference(one, out_shapes, in, expected);
}

void expect_parity(OpKind kind) {
  const std::vector<ParityCase> cases = parity_cases(kind);
  ASSERT_FALSE(cases.empty()) << "no parity cases for " << op_info(kind).name;
  static const Pools pools;
  std::uint64_t seed = 0;
  for (const ParityCase& one : cases)
    for (const Contents contents : contents_of(one)) {
      const std::string found = difference(one, contents, ++seed, pools);
      ASSERT_EQ(found, "") << one.text() << ", contents " << static_cast<int>(contents);
    }
}

#define FAST(Type) \
  TEST(Parity##Type, BitEqualToTheReference) { expect_parity(OpKind::k##Type); }
#define ELEMENTS(Type) FAST(Type)
#define ROWS(Type) FAST(Type)
#include "engine/ops/fast.def"
#include "engine/ops/split.def"
#undef ROWS
#undef ELEMENTS
#undef FAST

// The tests above follow fast.def and split.def; this one asks the table that the backends ask.
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
