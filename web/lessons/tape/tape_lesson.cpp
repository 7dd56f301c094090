#include "web/lessons/tape/tape_lesson.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/snapshot_bytes.h"

namespace chainrule {
namespace {

std::string units_name(int layer) { return "units-" + std::to_string(layer + 1); }

void add_network(ParamTable& table, const NetExample& example) {
  std::vector<std::string> names;
  for (const NetExample& each : net_examples()) names.emplace_back(each.name);
  table.choice("example", "Example", "A network with its numbers: of a deck, of a logic gate, or your own. Starts over.", names,
               net_example(example.name));
  const NetSpec& spec = example.spec;
  const auto count = [&](const std::string& name, const std::string& label, int most, int initial) {
    table.number(name, label, "Starts over, as a network of your own.", ParamType::kInteger, 1, most, initial);
  };
  count("layers", "Layers", NetSpec::kMostLayers, spec.layers());
  count("inputs", "Inputs", NetSpec::kMostUnits, spec.inputs);
  for (int layer = 0; layer < NetSpec::kMostLayers; ++layer)
    count(units_name(layer), "Units of layer " + std::to_string(layer + 1), NetSpec::kMostUnits,
          layer < spec.layers() ? spec.units[static_cast<std::size_t>(layer)] : 1);
  count("samples", "Samples in a batch", NetSpec::kMostSamples, spec.samples);
  table.choice("activation", "Hidden activation", "f of the hidden layers. Starts over.", kActivationNames,
               static_cast<double>(spec.hidden));
  table.choice("output", "Output activation", "f of the last layer; with cross-entropy it is the softmax. Starts over.",
               kActivationNames, static_cast<double>(spec.output));
  table.toggle("biases", "Biases", "One more number for each unit, added to its weighted sum. Starts over.", spec.biases);
  table.choice("loss", "Error", "What the network is to make small. Starts over.", {"squared error", "cross-entropy"},
               static_cast<double>(spec.loss));
  table.choice("initializer", "First weights", "How weights are drawn that the example does not give. Starts over.",
               {"constant", "uniform", "glorot", "he", "lecun"}, static_cast<double>(spec.initializer));
  table.all_restart();
}

std::vector<ParamSpec> make_params(const TapeLessonSetup& setup) {
  ParamTable table;
  const NetExample& example = net_examples()[static_cast<std::size_t>(net_example(setup.example))];
  if (!setup.fixed) add_network(table, example);
  table.number("lr", "Learning rate η", "How far one update goes against the gradient.", ParamType::kReal, 1e-4, 1000, static_cast<double>(example.lr))
      .logarithmic = true;
  table.choice("digits", "Digits", "How numbers are written. What is computed does not change.",
               {"two, rounded", "two, cut off", "four", "all"}, 2).changes_model = false;
  table.choice("show", "Numbers", "Only what the tape has reached, or all at once.", {"as they come", "all"}, setup.fixed ? 0 : 1).changes_model =
      false;
  table.choice("view", "View", "One number at a time, or a layer at a time as matrices.", {"scalars", "matrices"}, 0).changes_model = false;
  table.toggle("check", "Gradient check", "The slope of the error, measured by moving a weight a little either way.", false).changes_model =
      false;
  if (setup.slide)
    table.toggle("slide", "What the slide says", "Deck 003's numbers where they differ, beside the right ones.", false).changes_model = false;
  return table.take();
}

}  // namespace

TapeLesson::TapeLesson(TapeLessonSetup setup) : setup_(std::move(setup)), params_(make_params(setup_)) {}

NetSpec TapeLesson::spec_of(const ParamValues& values) const {
  if (setup_.fixed) return net_examples()[static_cast<std::size_t>(net_example(setup_.example))].spec;
  NetSpec spec;
  spec.inputs = values.whole("inputs");
  spec.units.clear();
  for (int layer = 0; layer < values.whole("layers"); ++layer) spec.units.push_back(values.whole(units_name(layer)));
  spec.samples = values.whole("samples");
  spec.hidden = static_cast<Activation>(values.whole("activation"));
  spec.output = static_cast<Activation>(values.whole("output"));
  spec.biases = values.whole("biases") != 0;
  spec.loss = static_cast<NetLoss>(values.whole("loss"));
  spec.initializer = static_cast<InitializerKind>(values.whole("initializer"));
  return spec;
}

void TapeLesson::take_example(const NetExample& example) {
  const NetSpec& spec = example.spec;
  params_.put("layers", spec.layers());
  params_.put("inputs", spec.inputs);
  for (int layer = 0; layer < NetSpec::kMostLayers; ++layer)
    params_.put(units_name(layer), layer < spec.layers() ? spec.units[static_cast<std::size_t>(layer)] : 1);
  params_.put("samples", spec.samples);
  params_.put("activation", static_cast<double>(spec.hidden));
  params_.put("output", static_cast<double>(spec.output));
  params_.put("biases", spec.biases ? 1 : 0);
  params_.put("loss", static_cast<double>(spec.loss));
  params_.put("initializer", static_cast<double>(spec.initializer));
  params_.put("lr", static_cast<double>(example.lr));
}

// ------------------------------------------------------------------------------------------------------------- actions

void TapeLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void TapeLesson::start_over() {
  model_ = std::make_unique<NetModel>(spec_of(params_));
  const std::size_t number = static_cast<std::size_t>(setup_.fixed ? net_example(setup_.example) : static_cast<int>(param("example")));
  model_->start(net_examples()[number], seed_);
  model_->values(model_->rate())[0] = static_cast<float>(param("lr"));
  model_->run();
  step_ = written_ = 0;
  turned_ = false;
  previous_.reset();
  by_hand_.clear();
}

Status TapeLesson::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return Error{row.error()};
  return set_param(*row.value(), action.number);
}

Status TapeLesson::set_param(const ParamSpec& spec, double value) {
  params_.put(spec.name, value);
  if (spec.name == "example") take_example(net_examples()[static_cast<std::size_t>(value)]);
  if (spec.restarts && spec.name != "example") params_.put("example", 0);
  if (model_ == nullptr || !spec.changes_model) return Done{};
  if (spec.restarts) {
    start_over();
  } else {  // the rate
    model_->values(model_->rate())[0] = static_cast<float>(value);
    model_->run();
  }
  return Done{};
}

Status TapeLesson::edit(const Action& action) {
  const TensorId tensor = model_->program().find(action.name);
  if (tensor == kNoTensor) return Error{"There is no tensor \"" + action.name + "\" in this network."};
  const std::int64_t size = model_->program().info(tensor).shape.size();
  if (action.number < 0 || action.number >= static_cast<double>(size) || action.data.size() != 1)
    return Error{action.name + " has " + std::to_string(size) + " numbers; there is none at index " + shortest_text(action.number) + "."};
  if (std::ranges::count(model_->settable(), tensor) == 0)
    return Error{action.name + " is computed; inputs, targets, weights and biases can be set."};
  const float value = action.data[0];
  if (!std::isfinite(value)) return Error{"A number of the network cannot be " + shortest_text(value) + "."};
  const bool is_class = tensor == model_->target() && model_->spec().loss == NetLoss::kCrossEntropy;
  const int classes = model_->spec().units.back();
  if (is_class && (value != std::floor(value) || value < 0 || value >= static_cast<float>(classes)))
    return Error{"The true class cannot be " + shortest_text(value) + "; the outputs are 0 to " + std::to_string(classes - 1) + "."};
  if (tensor == model_->rate()) return apply(Action::set("lr", static_cast<double>(value)));
  set_number(tensor, static_cast<std::int64_t>(action.number), value);
  return Done{};
}

// A weight that is already updated belongs to the next update.
void TapeLesson::set_number(TensorId tensor, std::int64_t index, float value) {
  const bool parameter = model_->program().info(tensor).kind == TensorKind::kParameter;
  if (parameter && written_ == length()) {
    previous_ = std::make_unique<NetModel>(*model_);
    go_to_next_update();
    turned_ = true;
  }
  model_->values(tensor)[static_cast<std::size_t>(index)] = value;
  std::erase_if(by_hand_, [&](const ByHand& set) { return set.tensor == tensor && set.index == index; });
  by_hand_.push_back({tensor, static_cast<std::int32_t>(index), step_});
  model_->run();
}

void TapeLesson::go_to_next_update() {
  model_->next_update();
  written_ = 0;
  std::erase_if(by_hand_, [&](const ByHand& set) { return model_->program().info(set.tensor).kind == TensorKind::kParameter; });
}

bool TapeLesson::advance(std::int64_t) {
  if (written_ == length()) {
    go_to_next_update();
    model_->run();
  }
  turned_ = false;
  previous_.reset();
  ++written_;
  ++step_;
  return true;
}

// --------------------------------------------------------------------------------------------------------- time, state

std::optional<std::int64_t> TapeLesson::phase_end() const {
  const std::int64_t next = written_ == length() ? 0 : written_;
  const std::span<const TapeEntry> tape = model_->tape();
  std::int64_t end = next;
  while (end < length() && tape[static_cast<std::size_t>(end)].phase == tape[static_cast<std::size_t>(next)].phase) ++end;
  return step_ + end - next;
}

std::optional<std::int64_t> TapeLesson::update_end() const {
  return step_ + length() - (written_ == length() ? 0 : written_);
}

std::string_view TapeLesson::marked_phase() const {
  return written_ == 0 ? "" : phase_name(model_->tape()[static_cast<std::size_t>(written_ - 1)].phase);
}

// A sum of many terms takes longer than a product of two.
double TapeLesson::reading_time() const {
  const std::int64_t next = written_ == length() ? 0 : written_;
  const TapeEntry& entry = model_->tape()[static_cast<std::size_t>(next)];
  const auto operands = derive(model_->program(), model_->buffers(), entry.tensor, entry.index).operands().size();
  return std::clamp(0.5 + 0.25 * static_cast<double>(operands), 1.0, 4.0);
}

std::optional<double> TapeLesson::loss() const {
  if (model_ == nullptr || !is_written(model_->program().loss, 0)) return std::nullopt;
  return static_cast<double>(model_->buffers()[model_->program().loss][0]);
}

std::vector<Metric> TapeLesson::metrics() const {
  return {{"update", static_cast<double>(update())}, {"written", static_cast<double>(written_)}, {"numbers", static_cast<double>(length())}};
}

std::string TapeLesson::divergence() const {
  for (std::int64_t e = 0; e < written_; ++e) {
    const TapeEntry& entry = model_->tape()[static_cast<std::size_t>(e)];
    const float value = model_->buffers()[entry.tensor][static_cast<std::size_t>(entry.index)];
    if (std::isfinite(value)) continue;
    return "At step " + grouped_text(step_) + ", number " + std::to_string(entry.index) + " of " +
           model_->program().info(entry.tensor).name + " is " + shortest_text(value) + ". Step back, or lower the learning rate and reset.";
  }
  return "";
}

std::uint64_t TapeLesson::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(static_cast<std::uint64_t>(turned_ ? 1 : 0));
  for (const TensorId id : model_->settable()) hasher.add(model_->buffers()[id]);
  return hasher.value();
}

Snapshot TapeLesson::save() const {
  CHECK(!turned_, "an update that is turned is made by its action");
  SnapshotWriter writer;
  writer.add(seed_);
  writer.add(step_);
  writer.add(params_.values());
  writer.add(static_cast<std::uint64_t>(by_hand_.size()));
  writer.add(std::span<const ByHand>(by_hand_));
  for (const TensorId id : model_->settable()) writer.add(model_->buffers()[id]);
  return writer.take();
}

std::optional<TapeLesson::Saved> TapeLesson::read_saved(const Snapshot& snapshot) const {
  SnapshotReader reader(snapshot);
  Saved saved;
  saved.seed = reader.get<std::uint64_t>();
  saved.step = reader.get<std::int64_t>();
  saved.values = reader.list<double>(params().size());
  saved.by_hand = reader.list<ByHand>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  saved.numbers = reader.rest<float>();
  return reader.complete() ? std::optional(std::move(saved)) : std::nullopt;
}

void TapeLesson::restore(const Snapshot& snapshot) {
  std::optional<Saved> read = read_saved(snapshot);
  CHECK(read.has_value(), "a snapshot of another lesson");
  Saved& saved = *read;
  params_.restore(saved.values);
  const NetSpec spec = spec_of(params_);
  if (model_ == nullptr || model_->spec() != spec) model_ = std::make_unique<NetModel>(spec);
  seed_ = saved.seed;
  step_ = saved.step;
  written_ = step_ == 0 ? 0 : (step_ - 1) % length() + 1;
  turned_ = false;
  previous_.reset();
  by_hand_ = std::move(saved.by_hand);
  auto from = saved.numbers.begin();
  for (const TensorId id : model_->settable()) {
    const std::span<float> to = model_->values(id);
    std::copy_n(from, to.size(), to.begin());
    from += static_cast<std::ptrdiff_t>(to.size());
  }
  model_->run();
}

Status TapeLesson::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<Saved> read = read_saved(snapshot);
  if (!read) return foreign;
  const Saved& saved = *read;
  ParamValues values = params_;
  if (const Status fits = values.check(saved.values); !fits.ok()) return fits;
  values.restore(saved.values);
  const NetModel model(spec_of(values));
  std::size_t numbers = 0;
  for (const TensorId id : model.settable()) numbers += model.buffers()[id].size();
  const bool hands_fit = std::ranges::all_of(saved.by_hand, [&](const ByHand& set) {
    return std::ranges::count(model.settable(), set.tensor) == 1 && set.index >= 0 && set.step >= 0 && set.step <= saved.step &&
           set.index < model.program().info(set.tensor).shape.size();
  });
  if (saved.step < 0 || saved.numbers.size() != numbers || !hands_fit) return foreign;
  return Done{};
}

}  // namespace chainrule
