#include "engine/ops/simd_functions.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/math/activation.h"
#include "engine/math/rng.h"

namespace chainrule {
namespace {

std::vector<float> arguments() {
  constexpr float inf = std::numeric_limits<float>::infinity();
  std::vector<float> x = {0.0f, -0.0f, 1.0f, -1.0f, inf, -inf, std::nanf(""), 1e-40f, -1e-40f, 9.99f, 10.01f, -10.0f, 40.0f, -104.9f, -105.1f, 3e38f, -3e38f};
  Rng rng(1, "test");
  for (int i = 0; i < 200000; ++i) x.push_back(rng.normal() * 4.0f);
  for (int i = 0; i < 20000; ++i) x.push_back(std::bit_cast<float>(rng.next_u32()));
  while (x.size() % 4 != 0) x.push_back(0.5f);
  return x;
}

template <class Vector, class Scalar>
void expect_same_bits(Vector vector, Scalar scalar) {
  const std::vector<float> x = arguments();
  for (std::size_t i = 0; i < x.size(); i += 4) {
    float y[4];
    simd::store(y, vector(simd::load(&x[i])));
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const float expected = scalar(x[i + lane]);
      if (std::isnan(expected)) {
        ASSERT_TRUE(std::isnan(y[lane])) << x[i + lane];
      } else {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(y[lane]), std::bit_cast<std::uint32_t>(expected)) << x[i + lane];
      }
    }
  }
}

TEST(SimdFunctions, TanhOfFourIsThatOfOne) {
  expect_same_bits([](simd::f32x4 x) { return simd::tanh(x); }, [](float x) { return math::tanh(x); });
}

TEST(SimdFunctions, LogisticOfFourIsThatOfOne) {
  expect_same_bits([](simd::f32x4 x) { return simd::logistic(x); }, [](float x) { return math::logistic(x); });
}

}  // namespace
}  // namespace chainrule
