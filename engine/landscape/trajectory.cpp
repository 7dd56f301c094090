#include "engine/landscape/trajectory.h"

#include "engine/base/check.h"

namespace chainrule {

void Trajectory::put(std::int64_t step, std::vector<float> theta) {
  CHECK(takes(step), "step ", step, " at a stride of ", stride_);
  drop_after(step - 1);
  points_.push_back({step, std::make_shared<const std::vector<float>>(std::move(theta)), std::nullopt});
  ++version_;
  if (points_.size() <= most_) return;
  stride_ *= 2;
  std::erase_if(points_, [&](const Point& point) { return point.step % stride_ != 0; });
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
