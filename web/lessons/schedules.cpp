#include "web/lessons/schedules/schedules.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "web/lesson_kit/action_text.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {
namespace {

constexpr std::size_t kMostKnown = 16;

std::vector<ParamSpec> make_params() {
  using enum ParamType;
  ParamTable table;
  table.choice("schedule", "Schedule", "How the learning rate changes with the steps. Starts over.", kScheduleNames, 3);
  table.number("warm-up", "Warm-up steps", "Steps in which the rate grows to its full size; 0: none. Starts over.", kInteger, 0, 200, 20);
  table.choice("optimizer", "Optimizer", "The rule that turns gradients into updates. Starts over.", kOptimizerNames,
               static_cast<double>(OptimizerKind::kMomentum));
  table.choice("data", "Points", "What is learned: two classes of points in the plane. Starts over.", kToy2dNames, static_cast<double>(Toy2d::kMoons));
  table.number("noise", "Noise", "How far the points are moved at random. Starts over.", kReal, 0, 0.5, 0.2);
  table.number("batch", "Batch size", "Points whose gradients are averaged into one update. Starts over.", kInteger, 1, SchedulesLesson::kPoints, 10);
  table.all_restart();
  table.number("lr", "Base rate", "The learning rate before the schedule's factors.", kReal, 1e-6, 10, 0.1).logarithmic = true;
  table.number("momentum", "Momentum", "How much of the last update is kept in the next one.", kReal, 0, 0.999, 0.9);
  table.number("length", "Planned steps", "How long the run is to be; a cosine ends there.", kInteger, 20, 2000, 400);
  table.number("every", "Every", "Steps after which the rate has been multiplied by the factor.", kInteger, 1, 1000, 100);
  table.number("factor", "Factor", "What the rate is multiplied by; more than 1 tries ever larger rates.", kReal, 0.01, 10, 0.5).logarithmic = true;
  table.number("floor", "Floor", "The part of the rate that a cosine ends with.", kReal, 0, 1, 0);
  table.number("warm-from", "Warm-up from", "The part of the rate that a warm-up begins with.", kReal, 0, 1, 0.1);
  table.number("patience", "Patience", "Steps without a better loss before a plateau's rate is reduced.", kInteger, 0, 200, 20);
  table.number("better", "Better by", "The part by which a loss has to be smaller to count as better.", kReal, 0, 0.5, 0.01);
  table.choice("across", "Loss over", "What lies along the lower plot: the steps, or the rate (a range test).", {"steps", "rate"}, 0).changes_model = false;
  table.toggle("log-rate", "Rate in decades", "A logarithmic axis for the rate.", false).changes_model = false;
  table.toggle("log-loss", "Loss in decades", "A logarithmic axis for the loss.", true).changes_model = false;
  return table.take();
}

/// Which param a hyper tensor holds; "" for a constant of the optimizer.
std::string_view param_of(std::string_view hyper) {
  constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
      {"lr.base", "lr"}, {"momentum", "momentum"}, {"decay.steps", "every"}, {"decay.factor", "factor"}, {"decay.floor", "floor"},
      {"warmup.steps", "warm-up"}, {"warmup.start", "warm-from"}, {"plateau.patience", "patience"}, {"plateau.threshold", "better"}};
  const auto found = std::ranges::find(kPairs, hyper, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(kPairs) ? "" : found->second;
}

}  // namespace

/// A snapshot, read.
struct SchedulesLesson::Saved {
  std::uint64_t seed = 0;
  std::int64_t step = 0;
  std::vector<double> values, first_values;
  std::vector<LoggedAction> changes;
  RunCurves curves;
  std::vector<float> numbers;
};

SchedulesLesson::SchedulesLesson()
    : info_{.slug = "schedules",
            .title = "Learning rate and schedules",
            .summary = "A network learns while its learning rate follows a schedule; runs that you keep are compared on common axes.",
            .topic = "Gradient descent",
            .decks = "001, 003, 004"},
      params_(make_params()) {}

SchedulesLesson::~SchedulesLesson() = default;

std::unique_ptr<Lesson> SchedulesLesson::sibling() const {
  auto other = std::make_unique<SchedulesLesson>();
  other->kept_ = kept_;
  other->known_ = known_;
  return other;
}

// -------------------------------------------------------------------------------------------------------------- a run

void SchedulesLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void SchedulesLesson::start_over() {
  points_ = toy_points(static_cast<Toy2d>(params_.whole("data")), kPoints, static_cast<float>(params_["noise"]), seed_);
  batcher_.emplace(static_cast<std::uint32_t>(kPoints), static_cast<std::uint32_t>(params_.whole("batch")), seed_);
  run_.begin(schedules_program(params_), seed_);
  pending_ = 0;
  curves_ = {};
  changes_.clear();
  first_values_.assign(params_.values().begin(), params_.values().end());
  compute();
}

// What is set from outside: the points, the batch of this step, the numbers of the schedule and the optimizer.
void SchedulesLesson::set_numbers() {
  const Program& program = run_.program();
  std::ranges::copy(points_.x, run_.settable(program.find("points")).begin());
  std::ranges::copy(points_.label, run_.settable(program.find("classes")).begin());
  const auto x = run_.settable(program.find("x")), labels = run_.settable(program.find("labels"));
  std::size_t n = 0;
  for (const std::uint32_t point : batcher_->batch_at(run_.step())) {
    std::copy_n(points_.x.begin() + 2 * static_cast<std::ptrdiff_t>(point), 2, x.begin() + 2 * static_cast<std::ptrdiff_t>(n));
    labels[n++] = points_.label[point];
  }
  for (const TensorId hyper : program.of_kind(TensorKind::kHyper)) {
    const std::string_view name = param_of(program.info(hyper).name);
    if (!name.empty()) run_.settable(hyper)[0] = static_cast<float>(params_[name]);
  }
  const bool cosine = static_cast<ScheduleKind>(params_.whole("schedule")) == ScheduleKind::kCosine;
  if (cosine) run_.settable(program.find("decay.steps"))[0] = static_cast<float>(std::max(1, params_.whole("length") - params_.whole("warm-up")));
}

void SchedulesLesson::compute() {
  set_numbers();
  run_.compute();
  curves_.loss.put(step(), run_.values("all.loss")[0]);
  curves_.rate.put(step(), run_.values("lr")[0]);
  const std::int64_t left = params_.whole("length") - step();
  ahead_ = scheduled_rates(run_.program(), run_.buffers(), step() + 1, std::max<std::int64_t>(left, 0));
}

bool SchedulesLesson::advance(std::int64_t budget) {
  pending_ += std::max<std::int64_t>(budget, 1);
  if (pending_ < work_per_step()) return false;
  pending_ = 0;
  run_.advance();
  compute();
  return true;
}

// ------------------------------------------------------------------------------------------------------------- actions

Effect SchedulesLesson::effect(const Action& action) const {
  return action.kind == Action::Kind::kCommand ? Effect::kKept : Lesson::effect(action);
}

Status SchedulesLesson::apply(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kSet: return set(action);
    case Action::Kind::kEdit: return edit(action);
    case Action::Kind::kAssign: return Error{"Numbers are set one by one here, so that a recipe holds them; " + action.name + " is a whole tensor."};
    case Action::Kind::kCommand: break;
  }
  if (action.name == schedule_command::kKeep) return keep(action);
  if (action.name != schedule_command::kRemove) return Error{"This lesson does not know the command \"" + action.name + "\"."};
  if (!(action.number >= 0 && action.number < static_cast<double>(kept_.size())))
    return Error{"There is no kept run of number " + shortest_text(action.number) + "; there are " + std::to_string(kept_.size()) + "."};
  const auto which = kept_.begin() + static_cast<std::ptrdiff_t>(action.number);
  if (which->complete) known_[which->recipe] = which->curves;
  kept_.erase(which);
  runner_.reset();
  return Done{};
}

Status SchedulesLesson::set(const Action& action) {
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  params_.put(action.name, action.number);
  if (!run_.begun() || !row.value()->changes_model) return Done{};
  if (row.value()->restarts) return start_over(), Done{};
  if (step() == 0) first_values_.assign(params_.values().begin(), params_.values().end());
  else note_change(action);
  compute();
  return Done{};
}

// As the log has it: one gesture at one step is one change.
void SchedulesLesson::note_change(const Action& action) {
  const auto same = [&](const LoggedAction& change) {
    const bool element = action.kind != Action::Kind::kEdit || change.action->number == action.number;
    return change.step == step() && change.action->kind == action.kind && change.action->name == action.name && element;
  };
  std::erase_if(changes_, same);
  changes_.push_back({step(), std::make_shared<const Action>(action)});
}

bool SchedulesLesson::by_hand(std::string_view tensor, std::int64_t index) const {
  return std::ranges::any_of(changes_, [&](const LoggedAction& change) {
    return change.step == step() && change.action->kind == Action::Kind::kEdit && change.action->name == tensor && change.action->number == static_cast<double>(index);
  });
}

Status SchedulesLesson::edit(const Action& action) {
  const TensorId id = run_.program().find(action.name);
  const bool parameter = id != kNoTensor && run_.program().info(id).kind == TensorKind::kParameter;
  return parameter ? edit_weight(id, action) : edit_setting(action);
}

Status SchedulesLesson::edit_weight(TensorId id, const Action& action) {
  const Shape& shape = run_.program().info(id).shape;
  if (!(action.number >= 0 && action.number < static_cast<double>(shape.size())) || action.data.size() != 1)
    return Error{action.name + " has " + std::to_string(shape.size()) + " numbers; there is none at index " + shortest_text(action.number) + "."};
  if (!std::isfinite(action.data[0])) return Error{"A weight is a finite number, not " + shortest_text(action.data[0]) + "."};
  run_.settable(id)[static_cast<std::size_t>(action.number)] = action.data[0];
  note_change(action);
  compute();
  return Done{};
}

Status SchedulesLesson::edit_setting(const Action& action) {
  const bool cosine = static_cast<ScheduleKind>(params_.whole("schedule")) == ScheduleKind::kCosine;
  if (cosine && action.name == "decay.steps") return Error{"A cosine lasts as long as the planned steps after the warm-up; set those."};
  const std::string_view name = run_.program().find(action.name) == kNoTensor ? "" : param_of(action.name);
  if (name.empty() || action.data.size() != 1) return Error{"Weights and the schedule's numbers can be set; " + action.name + " cannot."};
  const ParamSpec& spec = *find_param(params(), name);
  const double value = static_cast<double>(action.data[0]);
  if (spec.restarts || clamp_param(spec, value) != value) return Error{spec.label + " cannot be " + shortest_text(value) + " here; it is " + allowed_text(spec) + "."};
  return set(Action::set(std::string(name), value));
}

// ---------------------------------------------------------------------------------------------------------- kept runs

std::string SchedulesLesson::recipe() const {
  Link link{.slug = info_.slug, .seed = seed_, .step = step(), .actions = changes_};
  for (std::size_t i = 0; i < first_values_.size(); ++i)
    if (params()[i].changes_model) link.params.push_back({params()[i].name, first_values_[i]});
  return link_text(link, params());
}

std::string SchedulesLesson::run_name() const {
  const auto first = [&](std::string_view name) {
    const ParamSpec* spec = find_param(params(), name);
    return param_text(*spec, first_values_[static_cast<std::size_t>(spec - params().data())]);
  };
  std::string name = first("schedule") + ", " + first("lr") + ", warm-up " + first("warm-up");
  if (first("optimizer") != "momentum") name += ", " + first("optimizer");
  if (!changes_.empty()) name += ", changed";
  return name;
}

std::vector<Action> SchedulesLesson::kept() const {
  std::vector<Action> actions;
  for (const KeptRun& run : kept_) actions.push_back(Action::command(std::string(schedule_command::kKeep), 0.0, {}, run.recipe));
  return actions;
}

void SchedulesLesson::clear_kept() {
  for (KeptRun& run : kept_)
    if (run.complete && known_.size() < kMostKnown) known_[run.recipe] = std::move(run.curves);
  kept_.clear();
  runner_.reset();
}

Status SchedulesLesson::keep(const Action& action) {
  if (kept_.size() >= kMostRuns) return Error{"Five runs are kept already; remove one first."};
  KeptRun run{.recipe = action.text.empty() ? recipe() : action.text};
  const Link link = parse_link(run.recipe, params());
  if (link.slug != info_.slug || !link.notes.empty() || !link.kept.empty()) return Error{"This is no recipe of a run: " + printable(run.recipe) + "."};
  if (std::ranges::count(kept_, run.recipe, &KeptRun::recipe) > 0) return Error{"This run is kept already."};
  if (link.step > 4000) return Error{"Runs of up to 4,000 steps can be kept; this one has " + grouped_text(link.step) + "."};
  SchedulesLesson replayed;
  for (const ParamValue& value : link.params) replayed.params_.put(value.name, value.value);
  replayed.first_values_.assign(replayed.params_.values().begin(), replayed.params_.values().end());
  replayed.changes_ = link.actions;
  run.name = replayed.run_name();
  run.steps = link.step;
  const bool present = run_.begun() && run.recipe == recipe() && curves_.loss.values().size() == static_cast<std::size_t>(step() / curves_.loss.stride()) + 1;
  const auto known = known_.find(run.recipe);
  run.complete = present || known != known_.end();
  if (run.complete) run.curves = present ? curves_ : known->second;
  kept_.push_back(std::move(run));
  return Done{};
}

bool SchedulesLesson::idle_work(std::int64_t budget) {
  const auto next = std::ranges::find(kept_, false, &KeptRun::complete);
  if (next == kept_.end()) return false;
  const Link link = parse_link(next->recipe, params());
  if (!runner_) {
    runner_ = std::make_unique<SchedulesLesson>();
    for (const ParamValue& value : link.params) runner_->params_.put(value.name, value.value);
    runner_->reset(link.seed);
  }
  for (std::int64_t work = runner_->work_per_step(); budget > 0 && runner_->step() < link.step; budget -= work) {
    for (const LoggedAction& change : link.actions)
      if (change.step == runner_->step()) static_cast<void>(runner_->apply(*change.action));
    runner_->advance(work);
  }
  next->curves = runner_->curves_;
  next->complete = runner_->step() == link.step;
  if (next->complete) runner_.reset();
  return true;
}

// --------------------------------------------------------------------------------------------------------------- state

std::optional<double> SchedulesLesson::loss() const {
  return run_.begun() ? std::optional(static_cast<double>(run_.values("all.loss")[0])) : std::nullopt;
}

std::vector<Metric> SchedulesLesson::metrics() const {
  if (!run_.begun()) return {};
  return {{"loss", *loss()}, {"batch_loss", static_cast<double>(run_.values("loss")[0])}, {"rate", static_cast<double>(run_.values("lr")[0])}};
}

std::string SchedulesLesson::divergence() const {
  return run_.begun() ? run_.divergence({"h1.w", "h2.w", "o.w", "all.loss", "lr"}) : "";
}

std::uint64_t SchedulesLesson::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step()));
  for (const TensorId id : run_.carried()) hasher.add(run_.buffers()[id]);
  return hasher.value();
}

Snapshot SchedulesLesson::save() const {
  SnapshotWriter writer = begin_run(seed_, step(), params_.values());
  writer.add(std::span<const double>(first_values_));
  const std::string changes = action_text(changes_, params());
  writer.add(static_cast<std::uint64_t>(changes.size()));
  writer.add(std::span<const char>(changes));
  for (const StepTrace* trace : {&curves_.rate, &curves_.loss}) {
    writer.add(trace->stride());
    writer.add(static_cast<std::uint64_t>(trace->values().size()));
    writer.add(trace->values());
  }
  for (const TensorId id : run_.carried()) writer.add(run_.buffers()[id]);
  return writer.take();
}

std::optional<SchedulesLesson::Saved> SchedulesLesson::read_saved(const Snapshot& snapshot) const {
  SnapshotReader reader(snapshot);
  Saved saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params().size());
  saved.first_values = reader.list<double>(params().size());
  const std::vector<char> changes = reader.list<char>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  std::vector<std::string> notes;
  saved.changes = parse_actions({changes.data(), changes.size()}, params(), notes);
  if (!notes.empty()) return std::nullopt;
  for (StepTrace* trace : {&saved.curves.rate, &saved.curves.loss}) {
    const auto stride = reader.get<std::int64_t>();
    const auto count = reader.get<std::uint64_t>();
    if (!reader.ok() || stride < 1 || count > StepTrace::kMost) return std::nullopt;
    trace->restore(stride, reader.list<float>(static_cast<std::size_t>(count)));
    if (!reader.ok() || saved.step < 0 || trace->values().size() != static_cast<std::size_t>(saved.step / stride) + 1) return std::nullopt;
  }
  saved.numbers = reader.rest<float>();
  return reader.complete() ? std::optional(std::move(saved)) : std::nullopt;
}

void SchedulesLesson::restore(const Snapshot& snapshot) {
  std::optional<Saved> saved = read_saved(snapshot);
  CHECK(saved.has_value(), "a snapshot of another lesson");
  params_.restore(saved->values);
  reset(saved->seed);
  first_values_ = std::move(saved->first_values);
  changes_ = std::move(saved->changes);
  curves_ = std::move(saved->curves);
  run_.restore(saved->numbers, saved->step);
  compute();
}

Status SchedulesLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<Saved> saved = read_saved(snapshot);
  if (!saved) return foreign;
  for (const auto& values : {saved->values, saved->first_values})
    if (const Status status = params_.check(values); !status.ok()) return status;
  SchedulesLesson other;
  other.params_.restore(saved->values);
  other.reset(saved->seed);
  return other.run_.carried_size() == saved->numbers.size() ? Status(Done{}) : Status(foreign);
}

std::unique_ptr<Lesson> make_schedules() { return std::make_unique<SchedulesLesson>(); }

}  // namespace chainrule
