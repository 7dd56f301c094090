// Keyframes: states of one run at chosen steps, dense near the present, ever sparser away from it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// Going to a step restores the nearest keyframe before it and runs the rest again, so a sparse past costs time, never
/// correctness.
class Keyframes {
 public:
  static constexpr std::int64_t kRing = 8;  // the last so many steps before the present stay whole
  static constexpr std::size_t kMost = 256;  // enough: a gap is then a few per cent of the distance to the present
  static constexpr std::int64_t kDefaultBudget = 96ll << 20;

  explicit Keyframes(std::int64_t budget_bytes) : budget_(budget_bytes) {}

  void clear();
  /// Keeps the state as it is when `step` has just completed; `step` is the present from now on.
  /// Ensures: bytes() <= budget, or only step 0 and the present are left.
  void insert(std::int64_t step, std::shared_ptr<const Snapshot> snapshot);
  void insert(std::int64_t step, Snapshot snapshot) {
    insert(step, std::make_shared<const Snapshot>(std::move(snapshot)));
  }
  /// Forgets what comes after `step`.
  void drop_after(std::int64_t step);

  bool has(std::int64_t step) const { return frames_.contains(step); }
  /// The latest step at or before `step` that is kept. Requires: step >= 0, and something was inserted at step 0.
  std::int64_t nearest(std::int64_t step) const;
  const std::shared_ptr<const Snapshot>& at(std::int64_t step) const { return frames_.at(step); }
  std::int64_t bytes() const { return bytes_; }
  std::size_t size() const { return frames_.size(); }

 private:
  using Frames = std::map<std::int64_t, std::shared_ptr<const Snapshot>>;

  void drop(Frames::iterator frame);
  double loss_without(Frames::const_iterator frame) const;

  std::int64_t budget_;
  std::int64_t bytes_ = 0;
  std::int64_t present_ = 0;
  Frames frames_;
};

}  // namespace chainrule
