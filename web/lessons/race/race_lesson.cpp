#include "web/lessons/race/race_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"

namespace chainrule {
namespace {

LessonInfo lesson_info() {
  return {.slug = "optimizer-race",
          .title = "Optimizer race",
          .summary = "Gradient descent, momentum, Nesterov, AdaGrad, RMSProp and Adam race down one surface, every number of every step in sight.",
          .topic = "Gradient descent",
          .decks = "003, 004",
          .is_random = false};
}

constexpr std::string_view kStart = "start", kSurface = "surface", kRatesWord = "rates", kFunction = "function";

}  // namespace

RaceLesson::RaceLesson() : info_(lesson_info()), params_(race_params()) {}

std::string RaceLesson::formula() const {
  if (surface() == SurfaceKind::kOwn) return own_;
  return surface_formula(surface(), {static_cast<float>(params_["condition"]), static_cast<float>(params_["rotation"])});
}

// ------------------------------------------------------------------------------------------------------------- actions

void RaceLesson::make_racers() {
  function_ = parse_expression(formula()).value();
  racers_.clear();
  for (int kind = 0; kind < kRacerCount; ++kind) racers_.emplace_back(kind, function_, params_);
  const std::optional<Quadratic> quadratic = quadratic_of(function_);
  const bool curved = quadratic && (quadratic->xx != 0 || quadratic->xy != 0 || quadratic->yy != 0);
  facts_ = curved ? std::optional<QuadraticFacts>(*quadratic) : std::nullopt;
}

void RaceLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = 0;
  by_hand_.clear();
  make_racers();
  for (Racer& racer : racers_) racer.start(start());
}

Effect RaceLesson::effect(const Action& action) const {
  if (action.kind == Action::Kind::kCommand) return action.name == kFunction ? Effect::kKept : Effect::kModel;
  return Lesson::effect(action);
}

bool RaceLesson::merge(Action& last, const Action& next) const {
  if (last.kind != Action::Kind::kCommand || next.kind != Action::Kind::kCommand) return Lesson::merge(last, next);
  if (last.name != kStart || next.name != kStart) return false;
  last = next;
  return true;
}

std::vector<Action> RaceLesson::kept() const {
  if (own_ == surface_formula(SurfaceKind::kOwn)) return {};
  return {Action::command(std::string(kFunction), 0.0, {}, own_)};
}

Status RaceLesson::command(const Action& action) {
  if (action.name == kFunction) {
    const Result<Expression> read = parse_expression(action.text);
    if (!read.ok()) return Error{read.error_message()};
    own_ = action.text;
    if (surface() == SurfaceKind::kOwn && !racers_.empty()) reset(seed_);
    return Done{};
  }
  if (action.name == kStart) {
    const bool two = action.data.size() == 2 && std::isfinite(action.data[0]) && std::isfinite(action.data[1]);
    if (!two) return Error{"A start is two finite numbers, x and y."};
    for (const int i : {0, 1}) {
      const char* name = i == 0 ? "start-x" : "start-y";
      params_.put(name, clamp_param(*find_param(params(), name), static_cast<double>(action.data[static_cast<std::size_t>(i)])));
    }
  } else if (action.name == kSurface || action.name == kRatesWord) {
    const bool moves = action.name == kSurface;
    if (moves && !(action.number >= 0 && action.number < static_cast<double>(kSurfaceNames.size()) && action.number == std::floor(action.number)))
      return Error{"There is no surface " + shortest_text(action.number) + "; there are " + std::to_string(kSurfaceNames.size()) + "."};
    if (moves) {
      params_.put("surface", action.number);
      const SurfaceView& view = surface_view(surface());
      params_.put("start-x", static_cast<double>(view.start.x));
      params_.put("start-y", static_cast<double>(view.start.y));
    }
    for (int racer = 0; racer < kRacerCount; ++racer)
      params_.put("lr-" + std::string(kRacers[racer].id), static_cast<double>(suggested_rates(surface())[static_cast<std::size_t>(racer)]));
  } else {
    return Error{"This lesson has no command \"" + action.name + "\"; it knows start, surface, rates and function."};
  }
  if (!racers_.empty()) reset(seed_);
  return Done{};
}

Status RaceLesson::apply(const Action& action) {
  if (action.kind == Action::Kind::kCommand) return command(action);
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return Error{row.error_message()};
  params_.put(row.value()->name, action.number);
  if (row.value()->changes_model && !racers_.empty()) reset(seed_);
  return Done{};
}

Status RaceLesson::edit(const Action& action) {
  const Place place = place_of(action.name);
  if (place.tensor == kNoTensor) return Error{"There is no tensor \"" + action.name + "\" in this race."};
  if (action.number != 0 || action.data.size() != 1) return Error{action.name + " is one number; there is none at index " + shortest_text(action.number) + "."};
  const bool is_place = place.racer >= 0 && racers_[static_cast<std::size_t>(place.racer)].program().info(place.tensor).kind == TensorKind::kParameter;
  if (!is_place) return Error{action.name + " is computed or a setting; the places x and y of an optimizer can be set."};
  if (!std::isfinite(action.data[0])) return Error{"A place cannot be " + shortest_text(action.data[0]) + "."};
  Racer& racer = racers_[static_cast<std::size_t>(place.racer)];
  racer.values(place.tensor)[0] = action.data[0];
  racer.run(step_);
  std::erase_if(by_hand_, [&](const ByHand& set) { return set.racer == place.racer && set.tensor == place.tensor; });
  by_hand_.push_back({place.racer, place.tensor, step_});
  return Done{};
}

bool RaceLesson::advance(std::int64_t) {
  ++step_;
  by_hand_.clear();
  for (Racer& racer : racers_) racer.advance(step_);
  return true;
}

// --------------------------------------------------------------------------------------------------------- time, state

std::optional<double> RaceLesson::loss() const {
  for (int racer = 0; racer < static_cast<int>(racers_.size()); ++racer)
    if (races(racer)) return static_cast<double>(racers_[static_cast<std::size_t>(racer)].height());
  return std::nullopt;
}

std::vector<Metric> RaceLesson::metrics() const {
  std::vector<Metric> metrics = {{"updates", static_cast<double>(step_)}};
  for (const Racer& racer : racers_) metrics.push_back({std::string("f of ") + racer.kind().label, static_cast<double>(racer.height())});
  return metrics;
}

// While one still runs, the race goes on.
std::string RaceLesson::divergence() const {
  std::string sentence;
  for (int i = 0; i < static_cast<int>(racers_.size()); ++i) {
    if (!races(i)) continue;
    const Racer& racer = racers_[static_cast<std::size_t>(i)];
    if (racer.stopped() < 0) return "";
    sentence = "At step " + grouped_text(racer.stopped()) + ", " + racer.stopped_by() + " of " + racer.kind().label + " is not finite: the race is over. Lower its rate, or start elsewhere.";
  }
  return sentence;
}

std::uint64_t RaceLesson::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(std::string_view(formula()));
  for (const Racer& racer : racers_) {
    hasher.add(static_cast<std::uint64_t>(racer.stopped()));
    for (const TensorId id : racer.state()) hasher.add(racer.now()[id]);
    for (const TensorId id : racer.program().of_kind(TensorKind::kHyper)) hasher.add(racer.now()[id]);
  }
  return hasher.value();
}

Snapshot RaceLesson::save() const {
  SnapshotWriter writer = begin_run(seed_, step_, params_.values());
  writer.add(static_cast<std::uint64_t>(own_.size()));
  writer.add(std::span<const char>(own_));
  writer.add(static_cast<std::uint64_t>(by_hand_.size()));
  writer.add(std::span<const ByHand>(by_hand_));
  for (const Racer& racer : racers_) {
    const RacePath& path = racer.path();
    writer.add(Head{racer.stopped(), path.x.stride(), path.x.values().size()});
    for (const StepTrace* numbers : {&path.x, &path.y, &path.f}) writer.add(numbers->values());
    for (const TensorId id : racer.state()) writer.add(racer.now()[id]);
  }
  return writer.take();
}

void RaceLesson::restore(const Snapshot& snapshot) {
  SnapshotReader reader(snapshot);
  seed_ = reader.get<std::uint64_t>();
  step_ = reader.get<std::int64_t>();
  params_.restore(reader.list<double>(params_.values().size()));
  const std::vector<char> own = reader.list<char>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  own_ = std::string(own.begin(), own.end());
  by_hand_ = reader.list<ByHand>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  make_racers();
  for (Racer& racer : racers_) {
    const auto head = reader.get<Head>();
    RacePath path;
    for (StepTrace* numbers : {&path.x, &path.y, &path.f}) numbers->restore(head.stride, reader.list<float>(static_cast<std::size_t>(head.count)));
    for (const TensorId id : racer.state()) racer.values(id)[0] = reader.get<float>();
    racer.restore(step_, head.stopped, std::move(path));
  }
  CHECK(reader.complete(), "a snapshot of another lesson");
}

Status RaceLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  SnapshotReader reader(snapshot);
  reader.get<std::uint64_t>();
  const auto step = reader.get<std::int64_t>();
  const std::vector<double> values = reader.list<double>(params_.values().size());
  const std::vector<char> own = reader.list<char>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  if (!reader.ok() || step < 0 || !params_.check(values).ok() || !parse_expression({own.data(), own.size()}).ok()) return foreign;
  RaceLesson there;
  there.params_.restore(values);
  there.own_ = std::string(own.begin(), own.end());
  there.make_racers();
  for (const ByHand& set : reader.list<ByHand>(static_cast<std::size_t>(reader.get<std::uint64_t>())))
    if (set.racer < 0 || set.racer >= kRacerCount || set.tensor < 0 || set.tensor > 1 || set.step < 0 || set.step > step) return foreign;
  for (const Racer& racer : there.racers_) {
    const auto head = reader.get<Head>();
    const std::int64_t last = head.stopped < 0 ? step : head.stopped;
    const bool fits = reader.ok() && head.stride > 0 && head.stopped <= step && head.stopped >= -1 && head.count <= StepTrace::kMost &&
                      static_cast<std::uint64_t>(last / head.stride) + 1 == head.count;
    if (!fits) return foreign;
    reader.list<float>(3 * static_cast<std::size_t>(head.count) + racer.state().size());
  }
  if (!reader.complete()) return foreign;
  return Done{};
}

}  // namespace chainrule
