#include "engine/landscape/trajectory.h"

#include <algorithm>

#include "engine/base/check.h"

namespace chainrule {

bool Trajectory::is_apart(std::int64_t step) const {
  const auto before = std::ranges::find_if(points_.rbegin(), points_.rend(), [&](const Point& point) { return point.step < step; });
  return before == points_.rend() || step - before->step >= stride_;
}

void Trajectory::put(std::int64_t step, std::vector<float> theta) {
  CHECK(takes(step) || is_apart(step), "step ", step, " at a stride of ", stride_);
  drop_after(step - 1);
  points_.push_back({step, std::make_shared<const std::vector<float>>(std::move(theta)), std::nullopt});
  ++version_;
  while (points_.size() > most_) thin_out();
}

/// Every second one goes; of those between the strides whatever is near the one kept before it.
void Trajectory::thin_out() {
  std::vector<Point> kept;
  for (Point& point : points_) {
    const bool between = point.step % stride_ != 0;
    const bool apart = kept.empty() || point.step - kept.back().step >= 2 * stride_;
    if (between ? apart : point.step % (2 * stride_) == 0) kept.push_back(std::move(point));
  }
  points_ = std::move(kept);
  stride_ *= 2;
}

void Trajectory::restore(std::int64_t stride, std::vector<Point> points) {
  for (Point& point : points)
    for (const Point& known : points_)
      if (known.step == point.step && *known.theta == *point.theta) point = known;
  stride_ = stride;
  points_ = std::move(points);
  ++version_;
}

void Trajectory::drop_after(std::int64_t step) {
  while (!points_.empty() && points_.back().step > step) {
    points_.pop_back();
    ++version_;
  }
}

void Trajectory::clear() {
  points_.clear();
  stride_ = 1;
  ++version_;
}

}  // namespace chainrule
