#include "web/lesson_kit/history.h"

#include <algorithm>
#include <set>
#include <utility>

namespace chainrule {

void History::record(Moment before, std::string what) {
  future_.clear();
  past_.push_back({std::move(before), std::move(what)});
  if (past_.size() > kMost) past_.pop_front();
  limit();
}

void History::clear() {
  past_.clear();
  future_.clear();
}

Moment History::move(Entries& from, Entries& to, Moment now) {
  Entry entry = std::move(from.back());
  from.pop_back();
  to.push_back({std::move(now), entry.what});
  return std::move(entry.moment);
}

void History::limit() {
  std::int64_t bytes = 0;
  std::set<const Snapshot*> counted;  // moments of one run share most of theirs
  const auto count = [&](const Moment::Frame& frame) {
    if (counted.insert(frame.second.get()).second) bytes += static_cast<std::int64_t>(frame.second->size());
  };
  for (std::size_t i = past_.size(); i-- > 0;) {
    Moment& moment = past_[i].moment;
    if (bytes < kFrameBytes)
      std::ranges::for_each(moment.frames, count);
    else
      moment.frames.clear();
    count(moment.start);
    if (bytes <= kMostBytes) continue;
    past_.erase(past_.begin(), past_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    return;
  }
}

}  // namespace chainrule
