#include "engine/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace chainrule::test {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return Error{std::to_string(number) + " is odd; choose an even number."};
  return number / 2;
}

TEST(Result, HoldsAValue) {
  const Result<int> result = half_of(6);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value(), 3);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = half_of(7);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error_message(), "7 is odd; choose an even number.");
  EXPECT_EQ(result.error().message, result.error_message());
}

TEST(Result, GivesAwayWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, OfNothingIsAStatus) {
  const Status done = Done{};
  const Status failed = Error{"The disk is full."};
  EXPECT_TRUE(done.ok());
  EXPECT_FALSE(failed.ok());
}

TEST(ResultDeathTest, ValueOfAnErrorStopsWithItsSentence) {
#if GTEST_HAS_DEATH_TEST
  EXPECT_DEATH(half_of(7).value(), "7 is odd; choose an even number");
  const Result<int> kept = half_of(9);
  EXPECT_DEATH(kept.value(), "9 is odd");
#else
  GTEST_SKIP() << "no processes to start here (wasm)";
#endif
}

}  // namespace
}  // namespace chainrule::test
