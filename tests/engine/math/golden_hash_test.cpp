// The same bits on every machine: hashes of what engine/math gives for a fixed sweep. These constants are checked with
// gcc and clang natively and in node from the wasm build. A change here is a change of every recorded training run, so
// it is made on purpose or not at all; the failing test prints the new value.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "engine/base/hash.h"
#include "engine/math/functions.h"
#include "tests/engine/math/sweep.h"

namespace chainrule::test {
namespace {

constexpr int kInputs = 20000;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr std::array kEdges = {
    0.0,    -0.0,   1.0,     -1.0,    kInf,    -kInf,   std::numeric_limits<double>::quiet_NaN(),
    709.78, 709.79, -745.13, -745.14, 88.7228, 88.7229, -103.97,
    -104.0, 1e-310, 1e308,   1e-45,   0.5,     2.0};

void add(Hasher& hasher, double value) {
  hasher.add(value == value ? std::bit_cast<std::uint64_t>(value) : std::uint64_t{0x7ff8000000000000});
}
void add(Hasher& hasher, float value) { hasher.add(value); }

/// Input i: an edge case, then in turn an everyday number, a number as large as exp allows, and one of any size.
double input(Sweep& sweep, int i) {
  if (i < static_cast<int>(kEdges.size())) return kEdges[static_cast<std::size_t>(i)];
  if (i % 4 < 2) return sweep.even(-8, 8);
  return i % 4 == 2 ? sweep.even(-750, 710) : sweep.any_size(-1022, 1024);
}

template <class T, class Function>
std::string hash_of(Function function) {
  Sweep sweep(7);
  Hasher hasher;
  for (int i = 0; i < kInputs; ++i) add(hasher, function(static_cast<T>(input(sweep, i))));
  return hash_text(hasher.value());
}

#define EXPECT_HASHES(function, double_hash, float_hash)                                                  \
  EXPECT_EQ(hash_of<double>([](double x) { return math::function(x); }), double_hash) << "of " #function; \
  EXPECT_EQ(hash_of<float>([](float x) { return math::function(x); }), float_hash) << "of " #function " for float"

TEST(MathGoldenHash, Functions) {
  EXPECT_HASHES(exp, "bca48c8d111fe345", "6345d692099a47ab");
  EXPECT_HASHES(expm1, "bffd617e1a4153af", "88c662579fa46f58");
  EXPECT_HASHES(log, "7576ed6b04e405e4", "03076f526480362d");
  EXPECT_HASHES(log1p, "147db91ebea7f4d4", "df1c8bcad5bc8d23");
  EXPECT_HASHES(sin, "093ef30ac6d56876", "298342f71ab924b5");
  EXPECT_HASHES(cos, "2b4acbf540fbcb6f", "8fe08d77e55ab213");
  EXPECT_HASHES(atan, "6aba6503a18b3a3e", "44751b58a466bd1d");
  EXPECT_HASHES(tanh, "dc2b0171f607e495", "d66e6e4775974c19");
  EXPECT_HASHES(logistic, "465b29f3aac16b78", "7a06343e9737fa25");
  EXPECT_HASHES(softplus, "467799a230fa067c", "324d5db3f5baf8d1");
  EXPECT_HASHES(sqrt, "a5ec03572bc22262", "8b919e56a487751b");
}

TEST(MathGoldenHash, Pow) {
  Sweep sweep(8);
  Hasher doubles, floats;
  for (int i = 0; i < kInputs; ++i) {
    const double x = i % 3 == 0 ? sweep.any_size(-1022, 1024) : sweep.even(0, 4);
    const double y = i % 5 == 0 ? std::floor(sweep.even(-30, 30)) : sweep.even(-40, 40);
    add(doubles, math::pow(x, y));
    add(floats, math::pow(static_cast<float>(x), static_cast<float>(y)));
  }
  EXPECT_EQ(hash_text(doubles.value()), "b771f3e2fb86c72f");
  EXPECT_EQ(hash_text(floats.value()), "c7a4aa868d5c38c4");
}

}  // namespace
}  // namespace chainrule::test
