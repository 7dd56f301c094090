#include "web/lessons/plane/plane_measure.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

// Without a new step for so much work, and that of so many steps, training stands still: the plane of an older step is given up.
constexpr std::int64_t kStandstill = 60'000'000, kStandstillSteps = 16;
constexpr int kLiveSideOfDigits = 17;  // while LeNet trains, a plane is left at this grid for one through the newer weights

/// 1, 2 or 5 times a power of ten, at least `x`.
double nice_step(double x) {
  const double power = std::pow(10.0, std::floor(std::log10(x)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= x) return factor * power;
  return 10.0 * power;
}

/// The interval from low to high with air, between round numbers, so that it moves rarely as a path grows.
void round_outwards(double& low, double& high, double least_width) {
  const double air = std::max(0.25 * (high - low), 0.5 * (least_width - (high - low)));
  const double step = nice_step((high - low + 2 * air) / 8);
  low = std::floor((low - air) / step) * step;
  high = std::ceil((high + air) / step) * step;
}

std::unique_ptr<PlaneLosses> cpu_losses(const PlaneTraining& training, const EvaluationSet& set) {
  if (auto dense = DensePlaneLosses::of(set)) return dense;
  return std::make_unique<AnyPlaneLosses>(training.evaluation_set());
}

}  // namespace

PlaneMeasure::PlaneMeasure(const PlaneTraining& training, Trajectory& path)
    : training_(training),
      path_(path),
      present_(training.evaluation_set()),
      of_path_(training.evaluation_set()),
      losses_(cpu_losses(training, *of_path_)) {}

void PlaneMeasure::theta_changed() {
  theta_.clear();
  ++theta_version_;
  work_since_change_ = 0;
}

const std::vector<float>& PlaneMeasure::theta() const {
  if (theta_.empty()) theta_ = training_.theta();
  return theta_;
}

PlaneMeasure::WeightPair PlaneMeasure::weights_of(const PlaneChoice& choice) const {
  const std::size_t size = layout().size(), across = std::min(choice.first_weight, size - 1), upwards = std::min(choice.second_weight, size - 1);
  return {across, upwards == across ? (across + 1) % size : upwards};
}

EvaluationSet& PlaneMeasure::present() {
  if (present_version_ != theta_version_) present_->loss_at(theta());
  present_version_ = theta_version_;
  return *present_;
}

const PlaneMeasure::Pinned& PlaneMeasure::pin(PlanePoint near) {
  const auto nearest = [](double x, double low, double high, int count) {
    return std::clamp(static_cast<int>(std::lround((x - low) / (high - low) * (count - 1))), 0, count - 1);
  };
  const int column = nearest(near.x, grid_.range.x_low, grid_.range.x_high, grid_.nx), row = nearest(near.y, grid_.range.y_low, grid_.range.y_high, grid_.ny);
  if (pinned_ == nullptr) {
    pinned_ = std::make_unique<Pinned>();
    pinned_->set = training_.evaluation_set();
  }
  const PlanePoint at = grid_.place(column, row);
  const int finest = (shown_finest_ - 1) / (grid_.nx - 1);
  pinned_->column = column * finest;
  pinned_->row = row * finest;
  pinned_->a = at.x;
  pinned_->b = at.y;
  pinned_->measured = grid_.at(column, row);
  pinned_->step = training_.trainer().step();
  std::vector<float> theta(shown_plane_.centre.size());
  for (std::size_t k = 0; k < theta.size(); ++k) theta[k] = shown_plane_.at(k, static_cast<float>(at.x), static_cast<float>(at.y));
  pinned_->set->loss_at(theta);
  return *pinned_;
}

const Trajectory::Point* PlaneMeasure::newest_measured() const {
  const std::span<const Trajectory::Point> points = std::as_const(path_).points();
  const auto found = std::find_if(points.rbegin(), points.rend(), [](const Trajectory::Point& point) { return point.loss.has_value(); });
  return found == points.rend() ? nullptr : &*found;
}

// ---------------------------------------------------------------------------------------------------------- the plane

Plane PlaneMeasure::make_plane(const PlaneChoice& choice) {
  const std::size_t size = layout().size();
  plane_components_ = {};
  if (choice.directions == PlaneDirections::kWeights) {
    const WeightPair pair = weights_of(choice);
    return weight_plane(theta(), pair.across, pair.upwards);
  }
  if (choice.directions == PlaneDirections::kRandom) {
    Rng first(choice.seed, "plane", 0), second(choice.seed, "plane", 1);
    return {theta(), filter_normalized_direction(layout(), theta(), first), filter_normalized_direction(layout(), theta(), second)};
  }
  std::vector<std::span<const float>> points;
  for (const Trajectory::Point& point : std::as_const(path_).points()) points.push_back(*point.theta);
  points.push_back(theta());
  plane_components_ = principal_components(points);
  Plane plane{theta(), plane_components_.first, plane_components_.second};
  // Through the present weights, and (0, 0) is where the path begins, so that the plane moves little from step to step.
  const Projection start = project(plane, points.front());
  for (std::size_t k = 0; k < size; ++k)
    plane.centre[k] = static_cast<float>(plane.centre[k] + (start.a * plane.u[k] + start.b * plane.v[k]));
  return plane;
}

PlaneRange PlaneMeasure::home(const PlaneChoice& choice) const {
  if (choice.directions == PlaneDirections::kRandom) return {-1, 1, -1, 1};
  const std::span<const Trajectory::Point> points = std::as_const(path_).points();
  PlaneRange range{0, 0, 0, 0};
  const auto add = [&](double a, double b, bool first) {
    if (!std::isfinite(a) || !std::isfinite(b)) return;
    range.x_low = first ? a : std::min(range.x_low, a);
    range.x_high = first ? a : std::max(range.x_high, a);
    range.y_low = first ? b : std::min(range.y_low, b);
    range.y_high = first ? b : std::max(range.y_high, b);
  };
  double least = 0.0;
  if (choice.directions == PlaneDirections::kWeights) {
    const WeightPair pair = weights_of(choice);
    add(theta()[pair.across], theta()[pair.upwards], true);
    for (const Trajectory::Point& point : points) add((*point.theta)[pair.across], (*point.theta)[pair.upwards], false);
    least = 5.0;
  } else {
    // On the plane that is shown: the directions of the next one differ little.
    bool first = true;
    for (const PathOnPlane& point : path_on_plane_) add(point.a, point.b, std::exchange(first, false));
    least = 0.5;
  }
  round_outwards(range.x_low, range.x_high, least);
  round_outwards(range.y_low, range.y_high, least);
  return range;
}

PlaneWindow PlaneMeasure::window(const PlaneChoice& choice) const {
  const PlaneRange range = wanted.value_or(home(choice));
  return {range.x_low, range.x_high, range.y_low, range.y_high};
}

bool PlaneMeasure::wants_new_plane(const PlaneChoice& choice) const {
  if (!measured_ || *measured_ != choice || measured_zoom_ != map.zoom) return true;
  const bool moved = plane_.window() != window(choice);
  if (!moved && !(choice.follow && is_stale())) return false;
  if (!choice.follow && moved) return true;
  const int live = training_.setup().lenet ? kLiveSideOfDigits : choice.finest;
  // A first grid becomes whole however fast the weights change.
  if (plane_.side() == 0) return false;
  const bool stands_still = work_since_change_ > std::max(kStandstill, kStandstillSteps * training_.trainer().work_per_step());
  return stands_still || plane_.side() >= std::min(live, choice.finest);
}

void PlaneMeasure::start_plane(const PlaneChoice& choice) {
  // What stays is the plane itself; where people look on it is measured.
  const bool stays = measured_ && !choice.follow && measured_->directions == choice.directions && measured_->first_weight == choice.first_weight &&
                     measured_->second_weight == choice.second_weight && measured_->seed == choice.seed;
  Plane plane = stays ? plane_.plane() : make_plane(choice);
  if (!stays) {
    plane_theta_ = theta_version_;
    plane_step_ = training_.trainer().step();
  }
  measured_ = choice;
  measured_zoom_ = map.zoom;
  plane_.start(std::move(plane), window(choice), choice.finest);
}

void PlaneMeasure::show_plane() {
  shown_step_ = plane_step_;
  shown_approximate_ = plane_.approximate();
  shown_finest_ = measured_->finest;
  shown_plane_ = plane_.plane();
  components_ = plane_components_;
  grid_values_.assign(plane_.losses().begin(), plane_.losses().end());
  const PlaneWindow& window = plane_.window();
  grid_ = {{window.a_low, window.a_high, window.b_low, window.b_high}, plane_.side(), plane_.side(), grid_values_, grid_.version + 1};
  least_ = plane_.least();
}

Result<std::unique_ptr<PointsOnGpu>> PlaneMeasure::points_on_gpu(gpu::Pipelines& pipelines, gpu::GemmForm form) const {
  if (auto dense = DensePointsOnGpu::of(pipelines, *present_)) return dense;
  return ProgramPointsOnGpu::create(pipelines, plane_forward(training_.setup(), present_->samples()), *present_, form);
}

bool PlaneMeasure::work(const PlaneChoice& choice, std::int64_t budget) {
  if (layout().size() < 2) return false;
  work_since_change_ += budget;
  if (wants_new_plane(choice)) start_plane(choice);
  // By turns, but a first coarse plane comes before all else.
  path_turn_ = !path_turn_ && !begins();
  if (path_turn_ && measure_path(budget)) return true;
  const int side = plane_.side();
  plane_.advance(losses_.losses([this](gpu::Pipelines& pipelines, gpu::GemmForm form) { return points_on_gpu(pipelines, form); }), budget);
  if (plane_.side() != side) show_plane();
  const bool path_waits = std::ranges::any_of(std::as_const(path_).points(), [](const Trajectory::Point& point) { return !point.loss; });
  return !plane_.complete() || wants_new_plane(choice) || (choice.follow && is_stale()) || path_waits;
}

// ----------------------------------------------------------------------------------------------------------- the path

bool PlaneMeasure::measure_path(std::int64_t budget) {
  const std::span<Trajectory::Point> points = path_.points();
  if (path_theta_ == nullptr) {
    const auto next = std::find_if(points.rbegin(), points.rend(), [](const Trajectory::Point& point) { return !point.loss; });
    if (next == points.rend()) return false;
    path_theta_ = next->theta;
    of_path_->begin(*path_theta_);
  }
  if (!of_path_->advance(budget)) return true;
  for (Trajectory::Point& point : points)
    if (point.theta == path_theta_) point.loss = of_path_->loss();
  path_theta_ = nullptr;
  return true;
}

const std::vector<PathOnPlane>& PlaneMeasure::path() {
  if (begins()) return path_on_plane_;
  const std::span<const Trajectory::Point> points = std::as_const(path_).points();
  const bool same_plane = path_grid_ == grid_.version;
  path_on_plane_.resize(points.size() + 1);
  path_seen_.resize(points.size() + 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!same_plane || path_seen_[i] != points[i].theta) {
      const Projection at = project(shown_plane_, *points[i].theta);
      path_on_plane_[i] = {points[i].step, static_cast<float>(at.a), static_cast<float>(at.b), static_cast<float>(at.distance), 0.0f};
      path_seen_[i] = points[i].theta;
    }
    path_on_plane_[i].loss = points[i].loss.value_or(std::nanf(""));
  }
  // The present point moves with the weights; LeNet's are too many to project in every frame.
  if (!same_plane || path_theta_version_ != theta_version_ || path_seen_.back() != nullptr) {
    const Projection at = project(shown_plane_, theta());
    path_on_plane_.back() = {training_.trainer().step(), static_cast<float>(at.a), static_cast<float>(at.b), static_cast<float>(at.distance), 0.0f};
    path_seen_.back() = nullptr;
    path_theta_version_ = theta_version_;
  }
  path_on_plane_.back().loss = present_version_ == theta_version_ ? present_->loss() : std::nanf("");
  path_grid_ = grid_.version;
  return path_on_plane_;
}

// ------------------------------------------------------------------------------------------------------- the boundary

const ContourGrid& PlaneMeasure::boundary_grid(const PlaneRange& range) {
  constexpr int side = kBoundarySide;
  if (boundary_set_ == nullptr || boundary_grid_.range != range) {
    std::vector<float> x;
    boundary_grid_ = {range, side, side, {}, boundary_grid_.version};
    for (int row = 0; row < side; ++row)
      for (int column = 0; column < side; ++column) {
        const PlanePoint place = boundary_grid_.place(column, row);
        x.push_back(static_cast<float>(place.x));
        x.push_back(static_cast<float>(place.y));
      }
    boundary_set_ = std::make_unique<EvaluationSet>(plane_forward(training_.setup(), side * side), std::move(x), std::vector<float>(side * side, 0.0f));
    boundary_theta_ = 0;
  }
  if (boundary_theta_ != theta_version_) {
    boundary_set_->loss_at(theta());
    const std::span<const float> out = boundary_set_->buffers_of(0)[boundary_set_->pass().program.find("o.out")];
    boundary_values_.assign(out.begin(), out.end());
    boundary_grid_.values = boundary_values_;
    ++boundary_grid_.version;
    boundary_theta_ = theta_version_;
  }
  return boundary_grid_;
}

}  // namespace chainrule
