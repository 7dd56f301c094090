#include "web/lesson_kit/keyframes.h"

#include <cstdlib>
#include <iterator>
#include <utility>

namespace chainrule {

void Keyframes::clear() {
  frames_.clear();
  bytes_ = 0;
}

void Keyframes::drop(Frames::iterator frame) {
  bytes_ -= static_cast<std::int64_t>(frame->second->size());
  frames_.erase(frame);
}

// How much worse replay gets: the gap that is left, relative to how far away it is. Thinning by it makes the spacing
// grow in proportion to the distance. The ring goes last, from its old end.
double Keyframes::loss_without(Frames::const_iterator frame) const {
  const std::int64_t step = frame->first;
  if (step <= present_ && step > present_ - kRing) return 1e15 + static_cast<double>(step);
  const auto next = std::next(frame);
  const std::int64_t gap = (next == frames_.end() ? step : next->first) - std::prev(frame)->first;
  return static_cast<double>(gap) / static_cast<double>(std::abs(present_ - step));
}

void Keyframes::insert(std::int64_t step, std::shared_ptr<const Snapshot> snapshot) {
  present_ = step;
  if (const auto old = frames_.find(step); old != frames_.end()) drop(old);
  bytes_ += static_cast<std::int64_t>(snapshot->size());
  frames_.emplace(step, std::move(snapshot));
  while (bytes_ > budget_ || frames_.size() > kMost) {
    auto victim = frames_.end();
    double least = 0;
    for (auto frame = frames_.begin(); frame != frames_.end(); ++frame) {
      if (frame->first == 0 || frame->first == present_) continue;
      const double loss = loss_without(frame);
      if (victim != frames_.end() && loss >= least) continue;
      victim = frame;
      least = loss;
    }
    if (victim == frames_.end()) return;
    drop(victim);
  }
}

void Keyframes::drop_after(std::int64_t step) {
  for (auto frame = frames_.upper_bound(step); frame != frames_.end();) drop(frame++);
}

std::int64_t Keyframes::nearest(std::int64_t step) const {
  const auto after = frames_.upper_bound(step);
  CHECK(after != frames_.begin(), "no keyframe at or before step ", step);
  return std::prev(after)->first;
}

}  // namespace chainrule
