#include "engine/train/weights_file.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/half.h"
#include "engine/nn/models.h"

namespace chainrule {
namespace {

TEST(Half, KnownValues) {
  // Sign, 5 bits of exponent with bias 15, 10 bits of fraction: 1 = 0x3c00, 1/3 rounds to 0x3555.
  EXPECT_EQ(half_from_float(1.0f), 0x3c00);
  EXPECT_EQ(half_from_float(-2.0f), 0xc000);
  EXPECT_EQ(half_from_float(1.0f / 3.0f), 0x3555);
  EXPECT_EQ(half_from_float(65504.0f), 0x7bff);  // the largest
  EXPECT_EQ(half_from_float(65520.0f), 0x7c00);  // halfway to 65536, ties to even: infinity
  EXPECT_EQ(half_from_float(65519.0f), 0x7bff);
  EXPECT_EQ(half_from_float(0x1p-24f), 0x0001);  // the smallest subnormal
  EXPECT_EQ(half_from_float(0x1p-25f), 0x0000);  // a tie with zero, which is even
  EXPECT_EQ(half_from_float(-0.0f), 0x8000);
  EXPECT_EQ(half_from_float(1.0f + 0x1p-11f), 0x3c00);  // a tie, down to even
  EXPECT_EQ(half_from_float(1.0f + 3 * 0x1p-11f), 0x3c02);  // a tie, up to even
}

TEST(Half, EveryHalfSurvivesTheWayThere) {
  for (std::uint32_t bits = 0; bits < 0x10000u; ++bits) {
    const float value = float_from_half(static_cast<std::uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(float_from_half(half_from_float(value))));
      continue;
    }
    ASSERT_EQ(half_from_float(value), bits);
  }
}

Program linear_program() {
  DigitModelOptions options;
  options.model = DigitModel::kLinear;
  return build_digit_model(options).graph.program();
}

TEST(WeightsFile, RoundTripRoundsToHalf) {
  const Program program = linear_program();
  std::vector<float> values(7850);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.001f * static_cast<float>(i) - 3.9f;
  const std::vector<std::uint8_t> bytes = write_weights(program, values);
  const Result<std::vector<float>> read = read_weights(program, bytes, "linear.f16");
  ASSERT_TRUE(read.ok()) << read.error_message();
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(read.value()[i], values[i], 0.002f);
  EXPECT_EQ(write_weights(program, read.value()), bytes);
}

TEST(WeightsFile, FaultsAreSentences) {
  const Program program = linear_program();
  const std::vector<std::uint8_t> good = write_weights(program, std::vector<float>(7850, 0.5f));
  const auto message = [&](std::vector<std::uint8_t> bytes) {
    const Result<std::vector<float>> read = read_weights(program, bytes, "linear.f16");
    return read.ok() ? std::string() : read.error_message();
  };
  std::vector<std::uint8_t> bytes = good;
  bytes[0] = 'X';
  EXPECT_NE(message(bytes).find("linear.f16 is not a weights file"), std::string::npos);
  bytes = good;
  bytes[8] = 7;
  EXPECT_NE(message(bytes).find("version 7"), std::string::npos);
  bytes = good;
  bytes.back() ^= 1;
  EXPECT_NE(message(bytes).find("damaged"), std::string::npos);
  bytes = good;
  bytes.pop_back();
  EXPECT_NE(message(bytes).find("bytes instead of"), std::string::npos);
  bytes = good;
  bytes[16] ^= 1;
  EXPECT_NE(message(bytes).find("another network"), std::string::npos);
  EXPECT_NE(message({}).find("0 bytes"), std::string::npos);
}

}  // namespace
}  // namespace chainrule
