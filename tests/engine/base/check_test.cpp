#include "engine/base/check.h"

#include <gtest/gtest.h>

namespace chainrule::test {
namespace {

TEST(Check, PassesSilentlyAndAsksOnce) {
  int asked = 0;
  const auto holds = [&asked] { return ++asked > 0; };
  CHECK(holds(), "never printed");
  EXPECT_EQ(asked, 1);
}

TEST(Check, BuildsItsMessageOnlyOnFailure) {
  int built = 0;
  const auto part = [&built] { return ++built; };
  CHECK(built == 0, "part ", part());
  EXPECT_EQ(built, 0);
}

TEST(Check, IsOneStatement) {
  bool reached_else = false;
  if (reached_else)
    CHECK(false, "must not bind the else below");
  else
    reached_else = true;
  EXPECT_TRUE(reached_else);
}

TEST(CheckDeathTest, PrintsPlaceConditionAndBothSides) {
#if GTEST_HAS_DEATH_TEST
  const int rows = 2, columns = 3;
  EXPECT_DEATH(CHECK(rows == columns, "rows ", rows, ", columns ", columns),
               "check_test\\.cpp:[0-9]+: CHECK\\(rows == columns\\) failed: rows 2, columns 3");
#else
  GTEST_SKIP() << "no processes to start here (wasm)";
#endif
}

}  // namespace
}  // namespace chainrule::test
