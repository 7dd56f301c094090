#include "web/lessons/computing_graph/computing_graph_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lessons/tape/net_spec.h"

namespace chainrule {
namespace {

std::vector<ParamSpec> make_params() {
  ParamTable table;
  std::vector<std::string_view> networks;
  for (const NetExample& example : net_examples()) networks.push_back(example.name);
  table.choice("graph", "Program", "What is computed. Starts over.", kGraphExampleNames, 0);
  table.choice("network", "Network", "Which one, where the program is a network. Starts over.", networks, net_example("deck-003"));
  table.choice("form", "Form of the network", "Every multiplication an op of its own, or a matrix for each layer. Starts over.", {"scalars", "matrices"}, 0);
  table.all_restart();
  table.number("lr", "Learning rate η", "How far one update goes against the gradient.", ParamType::kReal, 1e-4, 1000, 0.5).logarithmic = true;
  table.choice("gradients", "Gradients", "On the edges that they come back along, or as ops of a graph of their own.", {"edges", "graph"}, 0)
      .changes_model = false;
  table.choice("digits", "Digits", "How numbers are written. What is computed does not change.", {"two, rounded", "two, cut off", "four", "all"}, 2)
      .changes_model = false;
  table.choice("show", "Numbers", "Only what the steps have reached, or all at once.", {"as they come", "all"}, 0).changes_model = false;
  return table.take();
}

}  // namespace

ComputingGraph::ComputingGraph()
    : info_{.slug = "computing-graph",
            .title = "Computing graph",
            .summary = "A training step as a graph of operations: values go forward, gradients come back along the same edges.",
            .topic = "Backpropagation",
            .decks = "001",
            .is_read = true,
            .is_random = false},
      params_(make_params()) {}

GraphChoice ComputingGraph::choice_of(const ParamValues& values) {
  GraphChoice choice{.example = static_cast<GraphExample>(values.whole("graph"))};
  // What the choice does not use does not matter.
  if (choice.example == GraphExample::kNetwork) choice = {choice.example, values.whole("network"), values.whole("form") == 0};
  return choice;
}

// ------------------------------------------------------------------------------------------------------------- actions

void ComputingGraph::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void ComputingGraph::start_over() {
  const GraphChoice choice = choice_of(params_);
  if (model_ == nullptr || model_->choice() != choice) model_ = std::make_unique<GraphModel>(choice);
  model_->start(seed_);
  model_->values(model_->made().rate)[0] = static_cast<float>(param("lr"));
  model_->run();
  ++version_;
  step_ = written_ = 0;
  previous_.reset();
  by_hand_.clear();
}

Status ComputingGraph::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  return row.ok() ? set_param(*row.value(), action.number) : Status(row.error());
}

Status ComputingGraph::set_param(const ParamSpec& spec, double value) {
  const GraphChoice before = choice_of(params_);
  params_.put(spec.name, value);
  if (!spec.changes_model) return Done{};
  // Another program comes with its own rate.
  const GraphChoice choice = choice_of(params_);
  if (choice != before) params_.put("lr", static_cast<double>(make_graph_program(choice).lr));
  if (model_ == nullptr) return Done{};
  if (spec.restarts) {
    start_over();
  } else {
    model_->values(model_->made().rate)[0] = static_cast<float>(value);
    model_->run();
    ++version_;
  }
  return Done{};
}

Status ComputingGraph::edit(const Action& action) {
  const TensorId tensor = model_->program().find(action.name);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + action.name + "\" in this program."};
  const TensorInfo& info = model_->program().info(tensor);
  const std::int64_t size = info.shape.size();
  if (action.number < 0 || action.number >= static_cast<double>(size) || action.data.size() != 1)
    return Error{action.name + " has " + std::to_string(size) + " numbers; there is none at index " + shortest_text(action.number) + "."};
  if (!model_->is_settable(tensor)) return Error{action.name + " is computed; inputs, targets, the rate and parameters can be set."};
  const float value = action.data[0];
  if (!std::isfinite(value)) return Error{"A number of the program cannot be " + shortest_text(value) + "."};
  if (const int classes = model_->classes_of(tensor); classes > 0 && (value != std::floor(value) || value < 0 || value >= static_cast<float>(classes)))
    return Error{"The true class cannot be " + shortest_text(value) + "; the classes are 0 to " + std::to_string(classes - 1) + "."};
  if (tensor == model_->made().rate) return apply(Action::set("lr", static_cast<double>(value)));
  if (info.after != kNoTensor && is_written(info.after) && written_ < length())
    return Error{action.name + " has its new value already. Step on to the end of the update, or back before it, to change it."};
  set_number(tensor, static_cast<std::int64_t>(action.number), value);
  return Done{};
}

// A parameter that is already updated belongs to the next update.
void ComputingGraph::set_number(TensorId tensor, std::int64_t index, float value) {
  if (model_->program().info(tensor).kind == TensorKind::kParameter && written_ == length()) {
    auto over = std::make_unique<Buffers<float>>(model_->buffers());
    go_to_next_update();
    previous_ = std::move(over);
  }
  model_->values(tensor)[static_cast<std::size_t>(index)] = value;
  std::erase_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == index; });
  by_hand_.push_back({tensor, static_cast<std::int32_t>(index), step_});
  model_->run();
  ++version_;
}

void ComputingGraph::go_to_next_update() {
  model_->next_update();
  written_ = 0;
  std::erase_if(by_hand_, [&](const ByHand& set) { return model_->program().info(set.tensor).kind == TensorKind::kParameter; });
}

bool ComputingGraph::advance(std::int64_t) {
  if (written_ == length()) {
    go_to_next_update();
    model_->run();
    ++version_;
  }
  previous_.reset();
  ++written_;
  ++step_;
  ++version_;
  return true;
}

// --------------------------------------------------------------------------------------------------------- time, state

std::int64_t ComputingGraph::work_per_step() const { return model_ == nullptr ? 0 : std::max<std::int64_t>(model_->work() / length(), 50); }

std::optional<std::int64_t> ComputingGraph::phase_end() const {
  const std::int64_t next = written_ == length() ? 0 : written_;
  std::int64_t end = next;
  while (end < length() && model_->call_at(end).phase == model_->call_at(next).phase) ++end;
  return step_ + end - next;
}

std::optional<std::int64_t> ComputingGraph::update_end() const { return step_ + length() - (written_ == length() ? 0 : written_); }

// More terms take longer to read; behind a whole tensor there is one element to be read.
double ComputingGraph::reading_time() const {
  const OpCall& call = model_->call_at(written_ == length() ? 0 : written_);
  return std::clamp(0.75 + 0.25 * static_cast<double>(call.inputs.size()), 1.0, 2.0) * (call.out_shapes[0].size() > 1 ? 1.5 : 1.0);
}

std::optional<double> ComputingGraph::loss() const {
  if (model_ == nullptr || !is_written(model_->program().loss)) return std::nullopt;
  return static_cast<double>(model_->buffers()[model_->program().loss][0]);
}

std::vector<Metric> ComputingGraph::metrics() const {
  return {{"update", static_cast<double>(update())}, {"done", static_cast<double>(written_)}, {"ops", static_cast<double>(length())}};
}

std::string ComputingGraph::divergence() const {
  for (std::int64_t place = 0; place < written_; ++place) {
    for (const TensorId id : model_->call_at(place).outputs) {
      const std::span<const float> values = model_->buffers()[id];
      const auto found = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
      if (found == values.end()) continue;
      return "At step " + grouped_text(step_) + ", number " + std::to_string(found - values.begin()) + " of " + model_->program().info(id).name + " is " +
             shortest_text(*found) + ". Step back, or lower the learning rate and reset.";
    }
  }
  return "";
}

std::uint64_t ComputingGraph::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(static_cast<std::uint64_t>(turned() ? 1 : 0));
  for (const TensorId id : model_->made().settable) hasher.add(model_->buffers()[id]);
  return hasher.value();
}

Snapshot ComputingGraph::save() const {
  CHECK(!turned(), "an update that is turned is made by its action");
  SnapshotWriter writer;
  writer.add(seed_);
  writer.add(step_);
  writer.add(params_.values());
  writer.add(static_cast<std::uint64_t>(by_hand_.size()));
  writer.add(std::span<const ByHand>(by_hand_));
  for (const TensorId id : model_->made().settable) writer.add(model_->buffers()[id]);
  return writer.take();
}

std::optional<ComputingGraph::Saved> ComputingGraph::read_saved(const Snapshot& snapshot) const {
  SnapshotReader reader(snapshot);
  Saved saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params().size());
  saved.by_hand = reader.list<ByHand>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  saved.numbers = reader.rest<float>();
  return reader.complete() ? std::optional(std::move(saved)) : std::nullopt;
}

void ComputingGraph::restore(const Snapshot& snapshot) {
  std::optional<Saved> read = read_saved(snapshot);
  CHECK(read.has_value(), "a snapshot of another lesson");
  Saved& saved = *read;
  params_.restore(saved.values);
  const GraphChoice choice = choice_of(params_);
  if (model_ == nullptr || model_->choice() != choice) model_ = std::make_unique<GraphModel>(choice);
  seed_ = saved.seed;
  step_ = saved.step;
  written_ = step_ == 0 ? 0 : (step_ - 1) % length() + 1;
  previous_.reset();
  by_hand_ = std::move(saved.by_hand);
  auto from = saved.numbers.begin();
  for (const TensorId id : model_->made().settable) {
    const std::span<float> to = model_->values(id);
    std::copy_n(from, to.size(), to.begin());
    from += static_cast<std::ptrdiff_t>(to.size());
  }
  model_->run();
  ++version_;
}

Status ComputingGraph::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<Saved> read = read_saved(snapshot);
  if (!read) return foreign;
  const Saved& saved = *read;
  ParamValues values = params_;
  if (const Status fits = values.check(saved.values); !fits.ok()) return fits;
  values.restore(saved.values);
  const GraphProgram made = make_graph_program(choice_of(values));
  std::size_t numbers = 0;
  for (const TensorId id : made.settable) numbers += static_cast<std::size_t>(made.program.info(id).shape.size());
  const bool hands_fit = std::ranges::all_of(saved.by_hand, [&](const ByHand& set) {
    return std::ranges::count(made.settable, set.tensor) == 1 && set.index >= 0 && set.step >= 0 && set.step <= saved.step &&
           set.index < made.program.info(set.tensor).shape.size();
  });
  if (saved.step < 0 || saved.numbers.size() != numbers || !hands_fit) return foreign;
  return Done{};
}

}  // namespace chainrule
