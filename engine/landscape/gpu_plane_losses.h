// GpuPlaneLosses: losses of a plane from a GPU where one is given, it was checked and is worth it; all others from the CPU.
//
// Before a GPU's losses count, both compute some of the same points, on this very adapter, and are compared; meanwhile the CPU goes
// on. Then whoever is faster measures. Whatever goes wrong ends the GPU's part with a sentence: what it has answered stays, and the CPU
// measures what is missing. A loss that is not finite on the GPU is the CPU's to say.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "engine/landscape/points_on_gpu.h"

namespace chainrule {

class GpuPlaneLosses final : public PlaneLosses {
 public:
  struct Settings {
    bool must_win = true;      // automatic: ends where the CPU is faster
    float tolerance = 1e-3f;   // of a loss, as a share of it
  };

  /// `clock` gives seconds.
  GpuPlaneLosses(std::unique_ptr<PlaneLosses> cpu, std::function<double()> clock) : cpu_(std::move(cpu)), clock_(std::move(clock)) {}

  /// From now on a GPU may measure: it is checked first.
  void use(std::unique_ptr<PointsOnGpu> gpu, const Settings& settings);
  /// From now on the CPU measures; what is missing of a GPU's points as well.
  void use_cpu();

  std::size_t points_at_once() const override { return gpu_ != nullptr ? kAll : cpu_->points_at_once(); }
  void begin(const Plane& plane, std::span<const PlaceInPlane> places) override;
  /// While a GPU is at work there is nothing left to do, whatever the budget.
  std::span<const float> advance(std::int64_t& budget) override;
  bool approximate() const override { return approximate_; }

  bool has_gpu() const { return gpu_ != nullptr; }
  /// Why the GPU's part is over, as a sentence; empty: it is not, or there was none.
  const std::string& ended() const { return ended_; }
  /// Was the check passed?
  bool checked() const { return checked_; }
  /// And the race won?
  bool proven() const { return checked_ && raced_; }
  /// How many times as fast as the CPU, lately; 0 before the race.
  double speedup() const { return speedup_; }
  /// Largest difference in the check, as a share of the loss.
  double check_difference() const { return check_difference_; }

 private:
  static constexpr std::size_t kAll = std::size_t{1} << 20;  // whatever a grid has
  enum class Point : std::uint8_t { kMissing, kAsked, kKnown };
  /// A submission.
  struct Batch {
    gpu::Ticket ticket = 0;
    std::vector<std::size_t> points;
    double begun = 0.0;
    enum class Kind : std::uint8_t { kCheck, kPoints, kForgotten } kind = Kind::kPoints;
  };

  void end(std::string why);
  bool gpu_works();
  void poll_gpu();
  void take(const Batch& batch, std::span<const float> losses);
  void size_next(double seconds, double points);
  void judge();
  bool fits_the_gpu() const;
  void submit();
  void submit_points(std::vector<std::size_t> points, Batch::Kind kind);
  void drop_check();
  void compare();
  std::vector<std::size_t> next_of_cpu();
  void work_on_cpu(std::int64_t& budget);

  std::unique_ptr<PlaneLosses> cpu_;
  std::function<double()> clock_;
  std::unique_ptr<PointsOnGpu> gpu_;
  Settings settings_;

  const Plane* plane_ = nullptr;
  std::vector<PlaceInPlane> places_;
  std::vector<float> losses_;
  std::vector<Point> points_;
  std::size_t missing_ = 0;    // no point before it is missing
  std::size_t left_ = 0;       // how many are
  std::size_t delivered_ = 0;
  bool approximate_ = false;

  std::vector<std::size_t> chunk_;  // of the CPU, under way
  std::vector<float> chunk_losses_;
  double chunk_begun_ = 0.0;
  double cpu_seconds_ = 0.0, cpu_points_ = 0.0;

  std::deque<Batch> batches_;
  std::size_t most_ = 1;                 // points of the next submission
  std::vector<std::size_t> of_cpu_;      // points that the CPU has to say
  bool check_asked_ = false;
  std::vector<std::size_t> check_points_;               // of the present points; none once the CPU has computed them
  std::vector<float> check_losses_, check_expected_;    // the GPU's and the CPU's
  bool checked_ = false, raced_ = false;
  double stretch_begun_ = 0.0, stretch_points_ = 0.0;  // since the GPU had nothing to do
  int lost_ = 0;                                       // stretches that the CPU would have won
  double speedup_ = 0.0, check_difference_ = 0.0;
  std::string ended_;
};

}  // namespace chainrule
