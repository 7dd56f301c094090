#include "engine/landscape/gpu_plane_losses.h"

#include <algorithm>
#include <cmath>

#include "engine/base/text.h"

namespace chainrule {
namespace {

constexpr std::size_t kCheckPoints = 12;
constexpr double kSmallLoss = 1e-4;        // differences of what is smaller are not seen
constexpr double kTwoFrames = 0.03;        // seconds: an answer is seen a frame later at the earliest
constexpr double kLongEnough = 0.25;       // seconds after which a race is decided
constexpr int kMostLost = 3;               // shorter races
constexpr double kBatchSeconds = 0.25;     // of one submission, so that others have their turn
constexpr std::size_t kBatchesAtOnce = 2;

double relative_difference(float gpu, float cpu) {
  const double expected = static_cast<double>(cpu);
  return std::abs(static_cast<double>(gpu) - expected) / std::max(std::abs(expected), kSmallLoss);
}

}  // namespace

void GpuPlaneLosses::use(std::unique_ptr<PointsOnGpu> gpu, const Settings& settings) {
  use_cpu();
  gpu_ = std::move(gpu);
  settings_ = settings;
  most_ = gpu_->first();
  ended_.clear();
  checked_ = raced_ = false;
  speedup_ = check_difference_ = 0.0;
  lost_ = 0;
  if (plane_ != nullptr) gpu_->set_plane(*plane_);
}

void GpuPlaneLosses::use_cpu() {
  gpu_.reset();
  batches_.clear();
  of_cpu_.clear();
  drop_check();
  for (Point& point : points_)
    if (point == Point::kAsked) point = Point::kMissing;
  for (const std::size_t point : chunk_) points_[point] = Point::kAsked;
  missing_ = delivered_;
  left_ = static_cast<std::size_t>(std::ranges::count(points_, Point::kMissing));
}

void GpuPlaneLosses::drop_check() {
  check_asked_ = false;
  check_points_.clear();
  check_losses_.clear();
  check_expected_.clear();
}

void GpuPlaneLosses::end(std::string why) {
  ended_ = std::move(why);
  use_cpu();
}

bool GpuPlaneLosses::gpu_works() {
  if (gpu_ == nullptr) return false;
  const gpu::DeviceState state = gpu_->device().state();
  if (state == gpu::DeviceState::kReady) return true;
  end(gpu::fault_text(state) + "; the CPU measures what is missing of the plane.");
  return false;
}

void GpuPlaneLosses::begin(const Plane& plane, std::span<const PlaceInPlane> places) {
  plane_ = &plane;
  places_.assign(places.begin(), places.end());
  losses_.assign(places.size(), 0.0f);
  points_.assign(places.size(), Point::kMissing);
  missing_ = delivered_ = 0;
  approximate_ = false;
  chunk_.clear();
  of_cpu_.clear();
  left_ = places.size();
  // A check whose other half is done goes on.
  const bool keeps_check = !check_expected_.empty();
  if (!keeps_check) drop_check();
  for (Batch& batch : batches_)
    if (batch.kind == Batch::Kind::kPoints || !keeps_check) batch.kind = Batch::Kind::kForgotten;
  if (gpu_works()) gpu_->set_plane(plane);
}

std::span<const float> GpuPlaneLosses::advance(std::int64_t& budget) {
  if (gpu_works()) poll_gpu();
  if (gpu_ != nullptr) submit();
  work_on_cpu(budget);
  if (check_asked_) compare();
  const std::size_t first = delivered_;
  while (delivered_ < points_.size() && points_[delivered_] == Point::kKnown) ++delivered_;
  return std::span(losses_).subspan(first, delivered_ - first);
}

// ---------------------------------------------------------------------------------------------------------- the GPU's

void GpuPlaneLosses::poll_gpu() {
  while (gpu_ != nullptr && !batches_.empty()) {
    const std::optional<std::vector<float>> losses = gpu_->poll(batches_.front().ticket);
    if (!losses) return;
    const Batch batch = std::move(batches_.front());
    batches_.pop_front();
    if (batch.kind == Batch::Kind::kCheck) check_losses_ = *losses;
    if (batch.kind == Batch::Kind::kPoints) take(batch, *losses);
  }
}

void GpuPlaneLosses::take(const Batch& batch, std::span<const float> losses) {
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const std::size_t point = batch.points[i];
    if (std::isfinite(losses[i])) {
      losses_[point] = losses[i];
      points_[point] = Point::kKnown;
      approximate_ = true;
    } else {
      of_cpu_.push_back(point);
    }
  }
  size_next(clock_() - batch.begun, static_cast<double>(losses.size()));
  stretch_points_ += static_cast<double>(losses.size());
  judge();
}

/// How many points the next submission has, after one of `points` that was answered after `seconds`.
void GpuPlaneLosses::size_next(double seconds, double points) {
  // A submission waits for the one before it: its own share of the time is what counts.
  const double own = seconds / static_cast<double>(batches_.size() + 1);
  // Where the way there takes longest, smaller ones would only make it worse: never less than the CPU does in that time.
  const double least = std::max(1.0, kBatchSeconds / (cpu_seconds_ / cpu_points_)), most = static_cast<double>(gpu_->most());
  if (own > kBatchSeconds)
    most_ = static_cast<std::size_t>(std::min(std::max(points * kBatchSeconds / own, least), most));
  else if (points >= static_cast<double>(most_))
    most_ = static_cast<std::size_t>(std::min(2.0 * points, most));
}

/// The race: what the GPU has done since it had nothing to do, against the time that the CPU takes for as much.
void GpuPlaneLosses::judge() {
  const double seconds = clock_() - stretch_begun_;
  speedup_ = stretch_points_ * (cpu_seconds_ / cpu_points_) / std::max(seconds, 1e-9);
  const bool over = batches_.empty() && left_ == 0;
  if (speedup_ >= 1.0 || !settings_.must_win) {
    raced_ = raced_ || over || seconds >= kLongEnough;
    if (over) lost_ = 0;
    return;
  }
  if (over) ++lost_;
  if (seconds >= kLongEnough || lost_ >= kMostLost)
    end("WebGPU was tried on the plane: " + significant_text(speedup_, 2) + " times as fast as the CPU, so the CPU measures it.");
}

/// Would the CPU take longer for what is missing than the GPU needs for any answer?
bool GpuPlaneLosses::fits_the_gpu() const {
  return !settings_.must_win || static_cast<double>(left_) * (cpu_seconds_ / cpu_points_) >= kTwoFrames;
}

void GpuPlaneLosses::submit() {
  if (std::ranges::find(batches_, Batch::Kind::kForgotten, &Batch::kind) != batches_.end()) return;
  if (!checked_) {
    if (check_asked_) return;
    check_asked_ = true;
    for (std::size_t i = 0, count = std::min({kCheckPoints, places_.size(), gpu_->most()}); i < count; ++i)
      check_points_.push_back(count == 1 ? 0 : i * (places_.size() - 1) / (count - 1));
    return submit_points(check_points_, Batch::Kind::kCheck);
  }
  if (batches_.empty() && !fits_the_gpu()) return;
  while (batches_.size() < kBatchesAtOnce) {
    std::vector<std::size_t> points;
    for (; missing_ < points_.size() && points.size() < most_; ++missing_)
      if (points_[missing_] == Point::kMissing) points.push_back(missing_);
    if (points.empty()) return;
    for (const std::size_t point : points) points_[point] = Point::kAsked;
    left_ -= points.size();
    submit_points(std::move(points), Batch::Kind::kPoints);
  }
}

void GpuPlaneLosses::submit_points(std::vector<std::size_t> points, Batch::Kind kind) {
  if (batches_.empty()) {
    stretch_begun_ = clock_();
    stretch_points_ = 0.0;
  }
  std::vector<PlaceInPlane> places;
  for (const std::size_t point : points) places.push_back(places_[point]);
  const gpu::Ticket ticket = gpu_->submit(places);
  batches_.push_back({ticket, std::move(points), clock_(), kind});
}

void GpuPlaneLosses::compare() {
  const auto known = [&](std::size_t point) { return points_[point] == Point::kKnown; };
  if (!check_points_.empty() && std::ranges::all_of(check_points_, known)) {
    for (const std::size_t point : check_points_) check_expected_.push_back(losses_[point]);
    check_points_.clear();
  }
  if (check_losses_.empty() || check_expected_.empty()) return;
  for (std::size_t i = 0; i < check_losses_.size(); ++i) {
    const float cpu = check_expected_[i];
    if (!std::isfinite(cpu) && !std::isfinite(check_losses_[i])) continue;
    const double difference = relative_difference(check_losses_[i], cpu);
    if (!(difference <= check_difference_)) check_difference_ = difference;  // a NaN stays
  }
  drop_check();
  if (!(check_difference_ <= static_cast<double>(settings_.tolerance)))
    return end("WebGPU failed its check: a loss differs from the CPU's by " + significant_text(check_difference_, 2) + " of itself. The CPU measures planes.");
  checked_ = true;
}

// ---------------------------------------------------------------------------------------------------------- the CPU's

/// What the CPU does next: points of the check first, then what the GPU could not say, then what it is not to measure.
std::vector<std::size_t> GpuPlaneLosses::next_of_cpu() {
  std::vector<std::size_t> next;
  const std::size_t most = cpu_->points_at_once();
  const auto add = [&](std::size_t point) {
    points_[point] = Point::kAsked;
    --left_;
    next.push_back(point);
  };
  for (const std::size_t point : check_points_)
    if (next.size() < most && points_[point] == Point::kMissing) add(point);
  while (next.size() < most && !of_cpu_.empty()) {
    next.push_back(of_cpu_.back());
    of_cpu_.pop_back();
  }
  // A GPU that was chosen gets the rest, as soon as it is checked.
  const bool of_gpu = gpu_ != nullptr && (!settings_.must_win || std::ranges::find(batches_, Batch::Kind::kPoints, &Batch::kind) != batches_.end());
  if (next.empty() && !of_gpu)
    for (; missing_ < points_.size() && next.size() < most; ++missing_)
      if (points_[missing_] == Point::kMissing) add(missing_);
  return next;
}

void GpuPlaneLosses::work_on_cpu(std::int64_t& budget) {
  if (chunk_.empty()) {
    chunk_ = next_of_cpu();
    if (chunk_.empty()) {
      budget = 0;
      return;
    }
    std::vector<PlaceInPlane> places;
    for (const std::size_t point : chunk_) places.push_back(places_[point]);
    chunk_begun_ = clock_();
    chunk_losses_.clear();
    cpu_->begin(*plane_, places);
  }
  const std::span<const float> found = cpu_->advance(budget);
  chunk_losses_.insert(chunk_losses_.end(), found.begin(), found.end());
  if (chunk_losses_.size() < chunk_.size()) return;
  for (std::size_t i = 0; i < chunk_.size(); ++i) {
    losses_[chunk_[i]] = chunk_losses_[i];
    points_[chunk_[i]] = Point::kKnown;
  }
  cpu_seconds_ += clock_() - chunk_begun_;
  cpu_points_ += static_cast<double>(chunk_.size());
  chunk_.clear();
}

}  // namespace chainrule
