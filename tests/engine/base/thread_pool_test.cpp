#include "engine/base/thread_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <vector>

namespace chainrule::test {
namespace {

TEST(ThreadPool, RunsEachPartOnceAndReturnsWhenAllAreDone) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int parts : {0, 1, 2, 3, 7, 100}) {
      // Plain numbers: a part that ran twice, late or beside another one is a race that ThreadSanitizer reports.
      std::vector<int> times(static_cast<std::size_t>(parts), 0);
      pool.parallel_for(parts, [&](int part, int slot) {
        EXPECT_GE(slot, 0);
        EXPECT_LT(slot, threads);
        ++times[static_cast<std::size_t>(part)];
      });
      EXPECT_EQ(times, std::vector<int>(static_cast<std::size_t>(parts), 1)) << threads << " threads";
    }
    EXPECT_LE(pool.workers(), threads - 1);
  }
}

TEST(ThreadPool, SlotsTellThreadsApart) {
  ThreadPool pool(8);
  std::array<std::atomic<int>, 8> inside{};
  std::atomic<bool> shared{false};
  for (int round = 0; round < 50; ++round)
    pool.parallel_for(40, [&](int, int slot) {
      auto& mine = inside[static_cast<std::size_t>(slot)];
      if (mine.fetch_add(1) != 0) shared = true;
      mine.fetch_sub(1);
    });
  EXPECT_FALSE(shared);
}

TEST(ThreadPool, ManyShortCallsInARow) {
  ThreadPool pool(3);
  std::int64_t sum = 0;
  for (int call = 0; call < 2000; ++call) {
    std::array<int, 5> parts{};
    pool.parallel_for(5, [&](int part, int) { parts[static_cast<std::size_t>(part)] = call + part; });
    for (const int part : parts) sum += part;
  }
  EXPECT_EQ(sum, 5LL * 2000 * 1999 / 2 + 2000 * 10);
}

TEST(ThreadPool, NumberOfThreadsChanges) {
  ThreadPool pool(1);
  for (const int threads : {2, 8, 1, 3, 2}) {
    pool.set_threads(threads);
    std::array<int, 30> times{};
    pool.parallel_for(30, [&](int part, int slot) {
      EXPECT_LT(slot, threads);
      ++times[static_cast<std::size_t>(part)];
    });
    for (const int once : times) EXPECT_EQ(once, 1);
  }
}

// A call from within a part would wait for itself; it is done by its caller instead.
TEST(ThreadPool, CallsWithinCallsDoNotWaitForThemselves) {
  ThreadPool pool(2);
  std::array<std::array<int, 4>, 4> times{};
  pool.parallel_for(4, [&](int outer, int) {
    pool.parallel_for(4, [&](int inner, int slot) {
      EXPECT_EQ(slot, 0);
      ++times[static_cast<std::size_t>(outer)][static_cast<std::size_t>(inner)];
    });
  });
  for (const auto& row : times)
    for (const int once : row) EXPECT_EQ(once, 1);
}

TEST(ThreadPool, ManyPoolsComeAndGo) {
  for (int i = 0; i < 50; ++i) {
    ThreadPool pool(1 + i % 4);
    std::atomic<int> done{0};
    if (i % 3 != 0) pool.parallel_for(6, [&](int, int) { ++done; });
    EXPECT_EQ(done.load(), i % 3 != 0 ? 6 : 0);
  }
}

}  // namespace
}  // namespace chainrule::test
