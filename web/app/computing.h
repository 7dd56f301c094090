// What the app computes with: threads beside the page's own, and a meter of what a frame costs.
#pragma once

#include <array>
#include <cstddef>

#include "web/widgets/ink.h"

namespace chainrule {

struct Computing {
  int most_threads = 0;  // that the page may have beside its own; 0: none, it is not isolated
  int threads = 0;       // in use; 0: training shares the page's own, in slices
  int training = 0;      // what trains: gpu::Choice
  bool meter = false;
};

/// The most threads that are worth having here.
int most_threads();
/// Training goes where `computing` says, from its next steps on: to a thread, to the GPU.
void use_threads(const Computing& computing);
/// As controls; true: something was changed.
bool draw_computing(const Theme& theme, Computing& computing, float width);

/// What the last frames have cost of the page's own thread.
class FrameMeter {
 public:
  static constexpr std::size_t kFrames = 120;

  void add(double seconds);
  /// Of the frames that are known, the time that `share` of them stay below; 0 before the first.
  double quantile(double share) const;
  double last() const { return count_ == 0 ? 0.0 : seconds_[(next_ + kFrames - 1) % kFrames]; }
  std::size_t count() const { return count_; }

 private:
  std::array<double, kFrames> seconds_{};
  std::size_t next_ = 0, count_ = 0;
};

/// The meter's line, at the right of `box`.
void draw_meter(const Theme& theme, const FrameMeter& meter, const Rect& box);

}  // namespace chainrule
