#include "web/lessons/net/net_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {
namespace {

struct TraceHead {
  std::int64_t stride = 1;
  std::uint64_t count = 0;
};

}  // namespace

NetLesson::NetLesson(LessonInfo info, std::vector<ParamSpec> params) : info_(std::move(info)), params_(std::move(params)) {}

// ------------------------------------------------------------------------------------------------------------- actions

void NetLesson::make_networks() {
  std::vector<Track> old = std::move(tracks_);
  tracks_.clear();
  work_ = 0;
  for (const Network& network : networks_of(params_)) {
    const std::size_t number = tracks_.size();
    Track& track = tracks_.emplace_back();
    track.prefix = network.prefix;
    const bool same = number < old.size() && old[number].now->spec() == network.spec;
    track.now = same ? std::move(old[number].now) : std::make_unique<NetModel>(network.spec);
    track.now->start(network.example, seed_);
    track.now->values(track.now->rate())[0] = static_cast<float>(param("lr"));
    put_settings(*track.now);
    for (const OpCall& call : track.now->program().calls) work_ += Program::work_of(call);
  }
}

void NetLesson::run(Track& track) {
  track.now->run();
  track.losses.put(step_, track.now->buffers()[track.now->program().loss][0]);
}

void NetLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = spent_ = 0;
  by_hand_.clear();
  make_networks();
  for (Track& track : tracks_) run(track);
}

Status NetLesson::apply(const Action& action) {
  spent_ = 0;
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return Error{row.error_message()};
  const ParamSpec* spec = row.value();
  params_.put(spec->name, action.number);
  if (tracks_.empty() || !spec->changes_model) return Done{};
  if (spec->restarts) {
    reset(seed_);
    return Done{};
  }
  for (Track& track : tracks_) {
    track.now->values(track.now->rate())[0] = static_cast<float>(param("lr"));
    put_settings(*track.now);
    run(track);
  }
  return Done{};
}

Status NetLesson::edit(const Action& action) {
  const Place place = place_of(action.name);
  if (place.track == nullptr) return Error{"There is no tensor \"" + action.name + "\" in this network."};
  const NetModel& model = *place.track->now;
  const TensorInfo& info = model.program().info(place.tensor);
  const std::int64_t size = info.shape.size();
  if (action.number < 0 || action.number >= static_cast<double>(size) || action.data.size() != 1)
    return Error{action.name + " has " + std::to_string(size) + " numbers; there is none at index " + shortest_text(action.number) + "."};
  if (info.kind != TensorKind::kInput && info.kind != TensorKind::kParameter)
    return Error{action.name + " is computed or a setting; inputs, targets, weights and biases can be set."};
  const float value = action.data[0];
  if (!std::isfinite(value)) return Error{"A number of the network cannot be " + shortest_text(value) + "."};
  const auto index = static_cast<std::size_t>(action.number);
  for (Track& track : tracks_) {
    track.now->values(track.now->program().find(info.name))[index] = value;
    run(track);
  }
  const TensorId tensor = tracks_[0].now->program().find(info.name);
  std::erase_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == static_cast<std::int32_t>(index); });
  by_hand_.push_back({tensor, static_cast<std::int32_t>(index), step_});
  return Done{};
}

bool NetLesson::advance(std::int64_t budget) {
  spent_ += std::max<std::int64_t>(budget, 1);
  if (spent_ < work_) return false;
  spent_ = 0;
  ++step_;
  const Program& program = tracks_[0].now->program();
  std::erase_if(by_hand_, [&](const ByHand& set) { return program.info(set.tensor).kind == TensorKind::kParameter; });
  for (Track& track : tracks_) {
    if (track.before == nullptr) track.before = std::make_unique<NetModel>(track.now->spec());
    track.before->copy_numbers(*track.now);
    track.now->next_update();
    run(track);
  }
  return true;
}

// --------------------------------------------------------------------------------------------------------- time, state

std::optional<double> NetLesson::loss() const {
  if (tracks_.empty()) return std::nullopt;
  return static_cast<double>(model(0).buffers()[model(0).program().loss][0]);
}

std::vector<Metric> NetLesson::metrics() const {
  std::vector<Metric> metrics = {{"updates", static_cast<double>(step_)}};
  for (const Track& track : tracks_)
    metrics.push_back({track.prefix + "error", static_cast<double>(track.now->buffers()[track.now->program().loss][0])});
  return metrics;
}

std::string NetLesson::divergence() const {
  for (const Track& track : tracks_) {
    const Program& program = track.now->program();
    std::vector<TensorId> watched = program.of_kind(TensorKind::kParameter);
    watched.push_back(program.loss);
    for (const TensorId id : watched) {
      const std::span<const float> numbers = std::as_const(*track.now).buffers()[id];
      const auto bad = std::ranges::find_if(numbers, [](float number) { return !std::isfinite(number); });
      if (bad == numbers.end()) continue;
      return "At step " + grouped_text(step_) + ", number " + std::to_string(bad - numbers.begin()) + " of " + track.prefix +
             program.info(id).name + " is " + shortest_text(*bad) + ". Step back, or lower the learning rate and reset.";
    }
  }
  return "";
}

std::uint64_t NetLesson::state_hash() const {
  Hasher hasher;
  hasher.add(seed_);  // another seed is another start, even where the present params draw nothing
  hasher.add(static_cast<std::uint64_t>(step_));
  for (const Track& track : tracks_)
    for (const TensorId id : track.now->settable()) hasher.add(track.now->buffers()[id]);
  return hasher.value();
}

Snapshot NetLesson::save() const {
  SnapshotWriter writer;
  writer.add(seed_);
  writer.add(step_);
  writer.add(params_.values());
  writer.add(static_cast<std::uint64_t>(by_hand_.size()));
  writer.add(std::span<const ByHand>(by_hand_));
  for (const Track& track : tracks_) {
    writer.add(TraceHead{track.losses.stride(), track.losses.values().size()});
    writer.add(track.losses.values());
    for (const TensorId id : track.now->settable()) writer.add(std::as_const(*track.now).buffers()[id]);
  }
  return writer.take();
}

NetLesson::Saved NetLesson::read_saved(SnapshotReader& reader) const {
  Saved saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params_.values().size());
  saved.by_hand = reader.list<ByHand>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  return saved;
}

void NetLesson::restore(const Snapshot& snapshot) {
  SnapshotReader reader(snapshot);
  Saved saved = read_saved(reader);
  params_.restore(saved.values);
  seed_ = saved.seed;
  step_ = saved.step;
  spent_ = 0;
  by_hand_ = std::move(saved.by_hand);
  make_networks();
  for (Track& track : tracks_) {
    const auto head = reader.get<TraceHead>();
    track.losses.restore(head.stride, reader.list<float>(static_cast<std::size_t>(head.count)));
    for (const TensorId id : track.now->settable()) std::ranges::copy(reader.list<float>(track.now->values(id).size()), track.now->values(id).begin());
    track.now->run();
  }
  CHECK(reader.complete(), "a snapshot of another lesson");
}

Status NetLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  SnapshotReader reader(snapshot);
  const Saved saved = read_saved(reader);
  if (!reader.ok() || saved.step < 0 || !params_.check(saved.values).ok()) return foreign;
  ParamValues params = params_;
  params.restore(saved.values);
  for (const Network& network : networks_of(params)) {
    const NetModel model(network.spec);
    const auto head = reader.get<TraceHead>();
    const bool fits = head.stride > 0 && head.count <= StepTrace::kMost && static_cast<std::uint64_t>(saved.step / head.stride) + 1 == head.count;
    if (!reader.ok() || !fits) return foreign;
    reader.list<float>(static_cast<std::size_t>(head.count));
    for (const TensorId id : model.settable()) reader.list<float>(model.buffers()[id].size());
    for (const ByHand& set : saved.by_hand) {
      const bool known = std::ranges::count(model.settable(), set.tensor) == 1;
      if (!known || set.index < 0 || set.index >= model.program().info(set.tensor).shape.size() || set.step < 0 || set.step > saved.step) return foreign;
    }
  }
  if (!reader.complete()) return foreign;
  return Done{};
}

}  // namespace chainrule
