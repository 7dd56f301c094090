// "The loss plane of a real network".
#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lesson_kit/trainer_explain.h"
#include "web/lessons/plane/loss_plane_lesson.h"

namespace chainrule {
namespace {

constexpr std::size_t kMostPathBytes = 256 << 10;  // what a snapshot holds of the path; LeNet's is longer, and begins anew
constexpr std::array<std::string_view, 3> kSides = {"33", "65", "129"};

std::vector<ParamSpec> make_params() {
  using enum ParamType;
  ParamTable table;
  table.choice("network", "Network", "A small network on points of the plane, or deck 002's LeNet on digits. Starts over.", {"small", "lenet"}, 0);
  table.choice("data", "Points", "What the small network learns to part. Starts over.", kToy2dNames, static_cast<double>(Toy2d::kCircles));
  table.number("layers", "Hidden layers", "Of the small network. Starts over.", kInteger, 1, 3, 2);
  table.number("units", "Units a layer", "Of the small network's hidden layers. Starts over.", kInteger, 2, 8, 8);
  table.choice("activation", "Activation", "Of the small network's hidden units. Starts over.", kActivationNames, static_cast<double>(Activation::kTanh));
  table.choice("optimizer", "Optimizer", "The rule that turns gradients into updates. Starts over.", kOptimizerNames, 0);
  table.number("batch", "Batch size", "Samples whose gradients are averaged into one update. Starts over.", kInteger, 1, 256, 10);
  table.all_restart();
  table.number("lr", "Learning rate", "How far one update goes along the gradient.", kReal, 1e-5, 10, 0.1).logarithmic = true;
  table.number("momentum", "Momentum", "How much of the last update is kept in the next one.", kReal, 0, 0.999, 0.9);
  std::vector<ParamSpec> params = table.take();
  ParamTable view;
  view.choice("plane", "Plane", "Two weights, two random directions, or the two in which the path goes farthest.", kPlaneDirectionNames, 0);
  view.number("first-weight", "Weight across", "The parameter whose value runs from left to right, counted over all layers.", kInteger, 0, 431079, 0);
  view.number("second-weight", "Weight upwards", "The parameter whose value runs upwards.", kInteger, 0, 431079, 1);
  view.number("directions", "Random directions", "Another number gives other random directions.", kInteger, 1, 999, 1);
  view.toggle("follow", "Follow training", "The plane goes through the present weights; otherwise it stays where it is.", true);
  view.choice("points", "Points a side", "The finest grid on which the plane is measured.", kSides, 2);
  view.toggle("log", "Logarithmic", "Colours and heights by the logarithm of the loss.", false);
  view.choice("view", "View", "Seen from above, as a surface, or both.", {"map", "surface", "both"}, 0);
  for (ParamSpec& spec : view.take()) {
    spec.changes_model = false;
    params.push_back(std::move(spec));
  }
  return params;
}

}  // namespace

LossPlaneLesson::LossPlaneLesson(std::shared_ptr<DigitLibrary> library)
    : info_{.slug = "loss-plane",
            .title = "The loss plane of a real network",
            .summary = "The true loss of a network on a plane through all its weights, measured while it trains, with the path that training takes.",
            .topic = "Gradient descent",
            .decks = "002, 003, 004"},
      params_(make_params()),
      library_(std::move(library)) {}

PlaneSetup LossPlaneLesson::setup() const {
  return {.lenet = params_.on("network"),
          .points = static_cast<Toy2d>(params_.whole("data")),
          .layers = params_.whole("layers"),
          .units = params_.whole("units"),
          .activation = static_cast<Activation>(params_.whole("activation")),
          .batch = params_.whole("batch"),
          .optimizer = static_cast<OptimizerKind>(params_.whole("optimizer")),
          .seed = seed_};
}

PlaneChoice LossPlaneLesson::choice() const {
  constexpr int kFinest[] = {33, 65, 129};
  return {.directions = static_cast<PlaneDirections>(params_.whole("plane")),
          .first_weight = static_cast<std::size_t>(params_.whole("first-weight")),
          .second_weight = static_cast<std::size_t>(params_.whole("second-weight")),
          .seed = static_cast<std::uint64_t>(params_.whole("directions")),
          .follow = params_.on("follow"),
          .finest = kFinest[params_.whole("points")]};
}

// -------------------------------------------------------------------------------------------------------------- digits

std::string LossPlaneLesson::wanted_asset() const {
  return params_.on("network") && library_->digits(DigitData::kSubset) == nullptr ? DigitLibrary::asset_of(DigitData::kSubset) : "";
}

Status LossPlaneLesson::receive(std::string_view asset, const std::vector<Blob>& files) {
  if (asset != DigitLibrary::asset_of(DigitData::kSubset)) return Error{std::string(asset) + " is not something that this lesson uses."};
  const Status received = library_->receive_digits(DigitData::kSubset, files);
  if (!received.ok()) {
    asset_failed(asset);
  } else if (training_ == nullptr) {
    start_over();
  }
  return received;
}

void LossPlaneLesson::asset_failed(std::string_view) {
  params_.put("network", 0);
  start_over();
}

// ------------------------------------------------------------------------------------------------------- actions, time

void LossPlaneLesson::rebuild() {
  measure_.reset();
  training_ = std::make_unique<PlaneTraining>(setup(), library_->digits(DigitData::kSubset));
  constexpr std::size_t kMostOfSmall = 256, kMostOfLenet = 16;
  path_ = Trajectory(params_.on("network") ? kMostOfLenet : kMostOfSmall);
  set_rates();
  measure_ = std::make_unique<PlaneMeasure>(*training_, path_);
}

void LossPlaneLesson::start_over() {
  by_hand_.clear();
  if (!wanted_asset().empty()) {
    measure_.reset();
    training_.reset();
    return;
  }
  rebuild();
  path_.put(0, training_->theta());
}

void LossPlaneLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void LossPlaneLesson::set_rates() {
  for (const char* name : {"lr", "momentum"})
    if (training_->trainer().program().find(name) != kNoTensor) training_->change().set_hyper(name, static_cast<float>(params_[name]));
}

Status LossPlaneLesson::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit || action.kind == Action::Kind::kAssign) return set_numbers(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  params_.put(action.name, action.number);
  if (row.value()->restarts) {
    start_over();
  } else if (row.value()->changes_model && training_ != nullptr) {
    set_rates();
  }
  return Done{};
}

Status LossPlaneLesson::set_numbers(const Action& action) {
  if (training_ == nullptr) return Error{"The digits are still loading; try again when they are there."};
  if (const Status set = set_trained(training_->change(), action); !set.ok()) return set;
  by_hand_.push_back({action.name, action.kind == Action::Kind::kEdit ? static_cast<std::int64_t>(action.number) : -1});
  model_changed();
  return Done{};
}

void LossPlaneLesson::model_changed() {
  if (path_.takes(step())) path_.put(step(), training_->theta());
  measure_->theta_changed();
}

bool LossPlaneLesson::advance(std::int64_t budget) {
  if (training_ == nullptr || !training_->advance(budget)) return false;
  by_hand_.clear();
  model_changed();
  return true;
}

std::optional<bool> LossPlaneLesson::advance_ahead(std::int64_t last) {
  if (training_ == nullptr) return std::nullopt;
  PlaneTraining::Ahead ahead = training_->take_ahead(last, path_.stride());
  for (PlaneTraining::Place& place : ahead.places)
    if (path_.takes(place.step) || (ahead.on_gpu && path_.is_apart(place.step))) path_.put(place.step, std::move(place.theta));
  if (ahead.stepped) {
    by_hand_.clear();
    measure_->theta_changed();
  }
  return ahead.threaded ? std::optional(ahead.stepped) : std::nullopt;
}

void LossPlaneLesson::stop_ahead() {
  if (training_ != nullptr) training_->stop_ahead();
}

bool LossPlaneLesson::idle_work(std::int64_t budget) {
  if (training_ == nullptr) return false;
  // An op of LeNet's training is larger than most budgets: so much makes a first plane come soon beside it.
  constexpr std::int64_t kFirstPlane = 120'000'000;
  return measure_->work(choice(), params_.on("network") && measure_->begins() ? std::max(budget, kFirstPlane) : budget);
}

std::string_view LossPlaneLesson::phase() const {
  return training_ != nullptr && training_->trainer().mid_step() ? phase_name(training_->trainer().phase()) : "";
}

std::optional<double> LossPlaneLesson::loss() const {
  if (training_ == nullptr || !training_->trainer().loss()) return std::nullopt;
  return static_cast<double>(*training_->trainer().loss());
}

std::vector<Metric> LossPlaneLesson::metrics() const {
  std::vector<Metric> metrics;
  if (training_ == nullptr) return metrics;
  if (const Trajectory::Point* point = measure_->newest_measured()) {
    metrics.push_back({"evaluation_loss", static_cast<double>(*point->loss)});
    metrics.push_back({"evaluation_step", static_cast<double>(point->step)});
  }
  metrics.push_back({"plane_side", static_cast<double>(measure_->grid().nx)});
  metrics.push_back({"plane_approximate", measure_->approximate() ? 1.0 : 0.0});
  metrics.push_back({"plane_step", static_cast<double>(measure_->plane_step())});
  if (const auto least = measure_->least()) metrics.push_back({"plane_minimum", static_cast<double>(least->loss)});
  return metrics;
}

std::string LossPlaneLesson::divergence() const {
  return training_ != nullptr && training_->trainer().divergence() ? training_->trainer().divergence()->text() : "";
}

// --------------------------------------------------------------------------------------------------------------- state

// A snapshot: seed, step, the params, the trainer's numbers with their count, and the path: how many points at which
// stride, how many numbers each has, then the steps and the numbers. A path of many numbers is left out.
Snapshot LossPlaneLesson::save() const {
  SnapshotWriter writer = begin_run(seed_, step(), params_.values());
  if (training_ == nullptr) return writer.take();
  const std::vector<float> numbers = training_->trainer().save();
  writer.add(static_cast<std::uint64_t>(numbers.size()));
  writer.add(std::span<const float>(numbers));
  const std::span<const Trajectory::Point> points = path_.points();
  const std::size_t size = measure_->layout().size();
  const bool kept = points.size() * size * sizeof(float) <= kMostPathBytes;
  writer.add(static_cast<std::uint64_t>(kept ? points.size() : 0));
  writer.add(path_.stride());
  writer.add(static_cast<std::uint64_t>(size));
  for (std::size_t i = 0; kept && i < points.size(); ++i) {
    writer.add(points[i].step);
    writer.add(std::span<const float>(*points[i].theta));
  }
  return writer.take();
}

namespace {

struct SavedPlane {
  std::uint64_t seed = 0;
  std::int64_t step = 0;
  std::vector<double> values;
  std::vector<float> numbers;
  std::int64_t stride = 1;
  std::uint64_t size = 0;  // of θ
  std::vector<Trajectory::Point> path;
};

/// Nothing: the bytes are not those of such a lesson.
std::optional<SavedPlane> read_plane(const Snapshot& snapshot, std::size_t params) {
  SnapshotReader reader(snapshot);
  SavedPlane saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params);
  if (reader.complete()) return saved;  // before the digits had arrived
  saved.numbers = reader.list<float>(reader.get<std::uint64_t>());
  const auto points = reader.get<std::uint64_t>();
  saved.stride = reader.get<std::int64_t>();
  saved.size = reader.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < points && reader.ok(); ++i) {
    const auto step = reader.get<std::int64_t>();
    saved.path.push_back({step, std::make_shared<const std::vector<float>>(reader.list<float>(saved.size)), std::nullopt});
  }
  return reader.complete() ? std::optional(std::move(saved)) : std::nullopt;
}

/// May the points be a path that ends at `step` at the latest?
bool is_path(const SavedPlane& saved) {
  if (saved.stride < 1) return false;
  std::int64_t last = -1;
  for (const Trajectory::Point& point : saved.path) {
    if (point.step <= last || point.step > saved.step) return false;
    last = point.step;
  }
  return true;
}

}  // namespace

void LossPlaneLesson::restore(const Snapshot& snapshot) {
  std::optional<SavedPlane> saved = read_plane(snapshot, params().size());
  CHECK(saved.has_value(), "a snapshot of another lesson");
  bool same = training_ != nullptr && saved->seed == seed_;
  for (std::size_t i = 0; i < saved->values.size(); ++i) same = same && (!params()[i].restarts || saved->values[i] == params_.values()[i]);
  params_.restore(saved->values);
  seed_ = saved->seed;
  if (!same) start_over();
  if (training_ == nullptr || saved->numbers.empty()) return;
  set_rates();
  training_->change().restore(saved->numbers, saved->step);
  by_hand_.clear();
  if (saved->path.empty())
    path_.drop_after(saved->step);
  else
    path_.restore(saved->stride, std::move(saved->path));
  measure_->theta_changed();
}

Status LossPlaneLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<SavedPlane> saved = read_plane(snapshot, params().size());
  if (!saved || saved->step < 0 || !is_path(*saved)) return foreign;
  if (const Status values = params_.check(saved->values); !values.ok()) return values;
  LossPlaneLesson other(library_);
  other.params_.restore(saved->values);
  if (!other.wanted_asset().empty()) return Error{"The saved state needs data that is not here: " + other.wanted_asset() + "."};
  other.reset(saved->seed);
  const bool fits = saved->numbers.size() == other.training_->trainer().save().size();
  if (!fits || (!saved->path.empty() && saved->size != other.measure_->layout().size())) return foreign;
  return Done{};
}

std::unique_ptr<Lesson> make_loss_plane() { return std::make_unique<LossPlaneLesson>(); }

}  // namespace chainrule
