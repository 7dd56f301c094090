#include "engine/base/hash.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>

namespace chainrule::test {
namespace {

std::uint64_t hash_of(auto value) {
  Hasher hasher;
  hasher.add(value);
  return hasher.value();
}

TEST(Hash, IsFnv1aOverWords) {
  EXPECT_EQ(Hasher().value(), 0xcbf29ce484222325ull);  // the offset basis
  // A word below 256 is one step of byte-wise FNV-1a; its published test vector for "a" (0x61) is af63dc4c8601ec8c.
  EXPECT_EQ(hash_of(std::uint32_t{0x61}), 0xaf63dc4c8601ec8cull);
  Hasher foobar;  // and for "foobar"
  for (const char c : {'f', 'o', 'o', 'b', 'a', 'r'}) foobar.add(static_cast<std::uint32_t>(c));
  EXPECT_EQ(foobar.value(), 0x85944171f73967e8ull);
}

TEST(Hash, SixtyFourBitsAreTheLowWordThenTheHigh) {
  Hasher words;
  words.add(std::uint32_t{0x9abcdef0});
  words.add(std::uint32_t{0x12345678});
  EXPECT_EQ(hash_of(std::uint64_t{0x123456789abcdef0}), words.value());
}

TEST(Hash, FloatsCountByTheirBits) {
  EXPECT_EQ(hash_of(1.0f), hash_of(std::uint32_t{0x3f800000}));
  EXPECT_NE(hash_of(0.0f), hash_of(-0.0f));
}

TEST(Hash, AllNansAreOne) {
  const auto quiet = std::bit_cast<float>(0x7fc00000u);
  const auto negative = std::bit_cast<float>(0xffc00000u);
  const auto with_payload = std::bit_cast<float>(0x7fc01234u);
  EXPECT_EQ(hash_of(negative), hash_of(quiet));
  EXPECT_EQ(hash_of(with_payload), hash_of(quiet));
  EXPECT_EQ(hash_of(quiet), hash_of(std::uint32_t{0x7fc00000}));
  EXPECT_NE(hash_of(quiet), hash_of(std::bit_cast<float>(0x7f800000u)));  // infinity is no NaN
}

TEST(Hash, OrderCounts) {
  const std::array<float, 2> forward = {1.0f, 2.0f};
  const std::array<float, 2> backward = {2.0f, 1.0f};
  EXPECT_NE(hash_of(std::span<const float>(forward)), hash_of(std::span<const float>(backward)));
}

TEST(Hash, TextsThatJoinToTheSameDiffer) {
  Hasher ab_c, a_bc;
  ab_c.add(std::string_view("ab"));
  ab_c.add(std::string_view("c"));
  a_bc.add(std::string_view("a"));
  a_bc.add(std::string_view("bc"));
  EXPECT_NE(ab_c.value(), a_bc.value());
}

TEST(Hash, BytesAboveAsciiDoNotDependOnTheSignOfChar) {
  Hasher words;
  words.add(std::uint64_t{1});
  words.add(std::uint32_t{0xe9});
  EXPECT_EQ(hash_of(std::string_view("\xe9")), words.value());
}

TEST(Hash, TextHasSixteenDigits) {
  EXPECT_EQ(hash_text(0), "0000000000000000");
  EXPECT_EQ(hash_text(0xdeadbeef), "00000000deadbeef");
  EXPECT_EQ(hash_text(~0ull), "ffffffffffffffff");
}

}  // namespace
}  // namespace chainrule::test
