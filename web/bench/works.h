// What the page #/bench and bench/run measure of the engine itself: trainings, matrix products, convolutions. A work knows no
// clock: it runs in pieces, and whoever runs it says how long they took.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

/// A work and its goal. `goal` is for one thread of a machine whose packed multiplications and additions reach kGoalPeak in
/// WebAssembly; 0: there is none. Where the unit is "ms" less is better.
struct WorkInfo {
  std::string_view id, title, unit;
  double goal;
};

inline constexpr double kGoalPeak = 57e9;  // floating-point operations a second

/// Runs a work piece by piece, each a few milliseconds long on a machine of today.
class RunningWork {
 public:
  virtual ~RunningWork() = default;
  /// Does one piece. Returns how much of the work that was: images, points, 10⁹ floating-point operations, forward passes.
  virtual double run() = 0;
};

/// All works in the order in which they are shown. The first one is the peak itself.
const std::vector<WorkInfo>& bench_works();
/// Requires: an id of bench_works.
std::unique_ptr<RunningWork> start_work(std::string_view id);

/// The value that is shown for `amount` done in `seconds`: amounts a second, or milliseconds for one.
double work_value(const WorkInfo& work, double amount, double seconds);

}  // namespace chainrule
