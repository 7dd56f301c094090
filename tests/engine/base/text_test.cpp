#include "engine/base/text.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace chainrule::test {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Text, ShortestReadsBackAndIsNoLonger) {
  EXPECT_EQ(shortest_text(0.1f), "0.1");
  EXPECT_EQ(shortest_text(0.1), "0.1");
  EXPECT_EQ(shortest_text(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(shortest_text(16777216.0f), "16777216");
  EXPECT_EQ(shortest_text(-0.0f), "-0");
  EXPECT_EQ(shortest_text(1.0f / 3.0f), "0.33333334");
}

TEST(Text, ShortestNamesWhatIsNotFinite) {
  EXPECT_EQ(shortest_text(kNan), "NaN");
  EXPECT_EQ(shortest_text(-kNan), "NaN");
  EXPECT_EQ(shortest_text(kInf), "Infinity");
  EXPECT_EQ(shortest_text(-static_cast<double>(kInf)), "-Infinity");
}

TEST(Text, EveryFloatReadsBack) {
  std::uint32_t bits = 1;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 1664525u + 1013904223u;
    const auto value = std::bit_cast<float>(bits);
    if (value - value != 0.0f) continue;  // NaN or infinite
    const Result<float> read = parse_float(shortest_text(value));
    ASSERT_TRUE(read.ok()) << read.error_message();
    ASSERT_EQ(std::bit_cast<std::uint32_t>(read.value()), bits) << shortest_text(value);
  }
}

TEST(Text, SignificantDigits) {
  EXPECT_EQ(significant_text(3.14159265, 3), "3.14");
  EXPECT_EQ(significant_text(0.000000123456, 3), "1.23e-7");
  EXPECT_EQ(significant_text(1.5, 4), "1.5");
  EXPECT_EQ(significant_text(-kInf, 3), "-Infinity");
}

TEST(Text, FixedDecimals) {
  EXPECT_EQ(fixed_text(0.125, 2), "0.12");  // a tie in binary goes to the even digit
  EXPECT_EQ(fixed_text(2.0, 3), "2.000");
  EXPECT_EQ(fixed_text(-0.5, 1), "-0.5");
  EXPECT_EQ(fixed_text(kNan, 2), "NaN");
}

TEST(Text, GroupedThousands) {
  EXPECT_EQ(grouped_text(0), "0");
  EXPECT_EQ(grouped_text(999), "999");
  EXPECT_EQ(grouped_text(1000), "1,000");
  EXPECT_EQ(grouped_text(60000), "60,000");
  EXPECT_EQ(grouped_text(-1234567), "-1,234,567");
  EXPECT_EQ(grouped_text(-100), "-100");
}

TEST(Text, ParsesNumbers) {
  EXPECT_EQ(parse_float("0.05").value(), 0.05f);
  EXPECT_EQ(parse_float("1e-3").value(), 0.001f);
  EXPECT_EQ(parse_float("-2").value(), -2.0f);
  EXPECT_EQ(parse_integer("-32").value(), -32);
  EXPECT_EQ(parse_integer("9223372036854775807").value(), 9223372036854775807ll);
}

TEST(Text, RefusesWhatIsNoNumberAndSaysSo) {
  for (const char* text : {"", " 1", "1 ", "1,5", "0x10", "inf", "nan", "1e", "--1", "1.2.3"}) {
    const Result<float> result = parse_float(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error_message().back(), '.') << text;
    if (*text) {
      EXPECT_NE(result.error_message().find('"' + std::string(text) + '"'), std::string::npos) << text;
    }
  }
  EXPECT_EQ(parse_float("1e39").error_message(),
            "\"1e39\" is beyond the largest float, 3.4028235e38; use a smaller number.");
  for (const char* text : {"", "1.0", "1e3", " 1", "12a", "9223372036854775808"})
    EXPECT_FALSE(parse_integer(text).ok()) << text;
}

TEST(Text, JsonEscapes) {
  EXPECT_EQ(json_quoted("plain"), "\"plain\"");
  EXPECT_EQ(json_quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(json_quoted("line\nend\x01"), "\"line\\u000aend\\u0001\"");
  EXPECT_EQ(json_quoted("\xc3\xa9"), "\"\xc3\xa9\"");  // UTF-8 stays
}

TEST(Text, JsonHasNoNonFiniteNumbers) {
  EXPECT_EQ(json_number(0.25f), "0.25");
  EXPECT_EQ(json_number(kNan), "\"NaN\"");
  EXPECT_EQ(json_number(-kInf), "\"-Infinity\"");
  EXPECT_EQ(json_number(1e300), "1e+300");
}

}  // namespace
}  // namespace chainrule::test
