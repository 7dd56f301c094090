#include "engine/landscape/loss_plane.h"

#include <cmath>

namespace chainrule {

void LossPlane::start(Plane plane, const PlaneWindow& window, int finest) {
  CHECK(finest >= kCoarsest && ((finest - 1) & (finest - 2)) == 0, finest, " points along a side");
  CHECK(window.a_low < window.a_high && window.b_low < window.b_high, "an empty window");
  plane_ = std::move(plane);
  window_ = window;
  finest_ = finest;
  side_ = next_ = 0;
  stride_ = (finest - 1) / (kCoarsest - 1);
  const auto points = static_cast<std::size_t>(finest) * static_cast<std::size_t>(finest);
  all_.assign(points, 0.0f);
  known_.assign(points, false);
  pending_.clear();
  shown_.clear();
  approximate_ = false;
}

float LossPlane::a_at(int column) const {
  return static_cast<float>(window_.a_low + (window_.a_high - window_.a_low) * column / (finest_ - 1));
}
float LossPlane::b_at(int row) const {
  return static_cast<float>(window_.b_low + (window_.b_high - window_.b_low) * row / (finest_ - 1));
}

/// Fills pending_ with points of the present grid that are not known; false: there are none left.
bool LossPlane::gather(std::size_t most) {
  const int side = (finest_ - 1) / stride_ + 1;
  for (; next_ < side * side && pending_.size() < most; ++next_) {
    const int point = next_ / side * stride_ * finest_ + next_ % side * stride_;
    if (!known_[static_cast<std::size_t>(point)]) pending_.push_back(point);
  }
  return !pending_.empty();
}

/// Takes the losses of the first pending points.
void LossPlane::put(std::span<const float> losses) {
  for (std::size_t i = 0; i < losses.size(); ++i) {
    all_[static_cast<std::size_t>(pending_[i])] = losses[i];
    known_[static_cast<std::size_t>(pending_[i])] = true;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(losses.size()));
}

void LossPlane::finish_grid() {
  side_ = (finest_ - 1) / stride_ + 1;
  shown_.clear();
  for (int row = 0; row < finest_; row += stride_)
    for (int column = 0; column < finest_; column += stride_) shown_.push_back(all_[static_cast<std::size_t>(row * finest_ + column)]);
  shown_approximate_ = approximate_;
  stride_ /= 2;
  next_ = 0;
}

bool LossPlane::advance(PlaneLosses& losses, std::int64_t budget) {
  while (!complete() && budget > 0) {
    if (pending_.empty()) {
      if (!gather(losses.points_at_once())) {
        finish_grid();
        continue;
      }
      places_.clear();
      for (const int point : pending_) places_.push_back({a_at(point % finest_), b_at(point / finest_)});
      losses.begin(plane_, places_);
    }
    put(losses.advance(budget));
    approximate_ = approximate_ || losses.approximate();
  }
  return complete();
}

double LossPlane::progress() const {
  if (!started() || complete()) return 1.0;
  const int side = (finest_ - 1) / stride_ + 1;
  return static_cast<double>(next_ - static_cast<int>(pending_.size())) / (side * side);
}

std::optional<LossPlane::Least> LossPlane::least() const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < shown_.size(); ++i)
    if (std::isfinite(shown_[i]) && (!best || shown_[i] < shown_[*best])) best = i;
  if (!best) return std::nullopt;
  const int stride = (finest_ - 1) / (side_ - 1), row = static_cast<int>(*best) / side_, column = static_cast<int>(*best) % side_;
  return Least{static_cast<double>(a_at(column * stride)), static_cast<double>(b_at(row * stride)), shown_[*best]};
}

}  // namespace chainrule
