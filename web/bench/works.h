// What the page #/bench and bench/run measure of the engine itself: trainings, matrix products, convolutions. A work knows no
// clock: it runs in pieces, and whoever runs it says how long they took.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/thread_pool.h"

namespace chainrule {

/// A work. `operations`: floating-point operations of one image, point or forward pass; 0 where too much else goes on for a
/// comparison with the machine's peak. Where the unit is "ms" less is better.
struct WorkInfo {
  std::string_view id, title, unit;
  double operations;
};

/// Runs a work piece by piece, each a few milliseconds long on a machine of today.
class RunningWork {
 public:
  virtual ~RunningWork() = default;
  /// Does one piece. Returns how much of the work that was: images, points, 10⁹ floating-point operations, forward passes.
  virtual double run() = 0;
};

/// All works in the order in which they are shown. The first one is the peak itself.
const std::vector<WorkInfo>& bench_works();
/// Requires: an id of bench_works; a pool that outlives the work, or null for one thread.
std::unique_ptr<RunningWork> start_work(std::string_view id, ThreadPool* pool = nullptr);

struct WorkResult {
  double median = 0.0, low = 0.0, high = 0.0;  // of the samples; the middle 80 % lie from low to high
  int samples = 0;
};

/// Collects how long pieces took: many short samples, whose median counts. The first pieces do not: browsers compile what is hot
/// once more, beside the program.
class WorkMeter {
 public:
  explicit WorkMeter(const WorkInfo& info) : info_(&info) {}

  void add(double amount, double seconds);
  /// Of `budget` seconds, the share that is done.
  double progress(double budget) const { return warm_ < kWarmUp ? 0.0 : spent_ < budget ? spent_ / budget : 1.0; }
  bool done(double budget) const { return spent_ >= budget && values_.size() >= 3; }
  /// In the work's unit: amounts a second, or milliseconds for one.
  WorkResult result() const;

 private:
  static constexpr double kWarmUp = 0.6, kSample = 0.02;

  const WorkInfo* info_;
  double warm_ = 0.0, spent_ = 0.0, amount_ = 0.0, seconds_ = 0.0;
  std::vector<double> values_;
};

/// The share of `peak` (10⁹ operations a second) that `value` of the work comes to; 0 where that says nothing.
double share_of_peak(const WorkInfo& work, double value, double peak);

}  // namespace chainrule
