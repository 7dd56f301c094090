// What the tests of the Player share.
#pragma once

#include <gtest/gtest.h>

#include "tests/web/support/fake_lesson.h"
#include "web/lesson_kit/player.h"

namespace chainrule {

inline constexpr std::int64_t kWork = FakeLesson::kWork;

inline void work_off(Player& player, std::int64_t budget = 10 * kWork) {
  for (int frame = 0; player.working(); ++frame) {
    ASSERT_LT(frame, 100000) << "the work has no end";
    player.advance(budget);
  }
}

inline void go_to(Player& player, std::int64_t step) {
  player.seek(step);
  work_off(player);
  ASSERT_EQ(player.step(), step);
}

inline void set(Player& player, const std::string& name, double value) {
  const Status status = player.apply(Action::set(name, value));
  ASSERT_TRUE(status.ok()) << status.error_message();
}

/// Hashes of steps 0 to `last`.
inline std::vector<std::uint64_t> run(Player& player, std::int64_t last) {
  std::vector<std::uint64_t> hashes = {player.state_hash()};
  for (std::int64_t step = player.step() + 1; step <= last; ++step) {
    player.step_by(1);
    work_off(player);
    hashes.push_back(player.state_hash());
  }
  return hashes;
}

}  // namespace chainrule
