// Players of the app's lessons with all the data that they want.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/data/idx.h"
#include "tests/engine/support/synthetic_digits.h"
#include "web/lesson_kit/catalogue.h"
#include "web/lesson_kit/player.h"

namespace chainrule {

inline constexpr std::int64_t kBudget = 10'000'000;

inline Blob blob(const char* name, std::vector<std::uint8_t> bytes) {
  return {name, std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))};
}

/// Digits made by a formula serve as any digits; everything else that a lesson wants "cannot be fetched".
inline void give_assets(Player& player) {
  for (std::string asset; !(asset = player.lesson().wanted_asset()).empty();) {
    if (!asset.starts_with("digits-")) {
      player.asset_failed(asset);
      ASSERT_NE(player.lesson().wanted_asset(), asset) << "still wanted after it failed";
      continue;
    }
    const ImageSet train = test::synthetic_digits(60, 1), test = test::synthetic_digits(30, 2);
    const Status received = player.receive(
        asset, {blob("train-images", write_idx_images(train)), blob("train-labels", write_idx_labels(train)),
                blob("test-images", write_idx_images(test)), blob("test-labels", write_idx_labels(test))});
    ASSERT_TRUE(received.ok()) << received.error_message();
  }
}

/// A player with all it needs; large batches are made small, because the suite is about correctness.
inline std::unique_ptr<Player> quick_player(const LessonEntry& entry, std::uint64_t seed = 3) {
  auto player = std::make_unique<Player>(entry.make, seed);
  give_assets(*player);
  if (find_param(player->lesson().params(), "batch") != nullptr) {
    EXPECT_TRUE(player->apply(Action::set("batch", 2)).ok());
  }
  return player;
}

inline void work_off(Player& player) {
  for (int frame = 0; player.working(); ++frame) {
    ASSERT_LT(frame, 100'000) << "the work has no end";
    ASSERT_EQ(player.lesson().wanted_asset(), "");
    player.advance(kBudget);
  }
}

}  // namespace chainrule
