#include "web/lessons/lenet_mnist.h"

#include <algorithm>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/data/idx.h"
#include "engine/train/weights_file.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lesson_kit/trainer_explain.h"
#include "web/lessons/digit_drawing.h"

namespace chainrule {
namespace {

constexpr std::string_view kOwnDigits = "digits";  // the purpose under which the drawing asks for a person's files

std::vector<ParamSpec> make_params() {
  using enum ParamType;
  ParamTable table;
  table.number("lr", "Learning rate", "How far one update goes along the gradient.", kReal, 1e-5, 10, 0.02).logarithmic = true;
  table.choice("optimizer", "Optimizer", "The rule that turns gradients into updates.", kOptimizerNames,
         static_cast<double>(OptimizerKind::kMomentum));
  table.number("momentum", "Momentum", "How much of the last update is kept in the next one.", kReal, 0, 0.999, 0.9);
  table.number("batch", "Batch size", "Digits whose gradients are averaged into one update.", kInteger, 1, 256, 32);
  table.choice("data", "Digits", "2,000 digits come with the page; all of MNIST has 60,000 to train on.", kDigitDataNames, 0);
  table.choice("network", "Network", "Deck 002's LeNet, an MLP with 128 hidden units, or no hidden layer at all. Starts over.",
         kDigitModelNames, 0)
      .restarts = true;
  table.choice("activation", "After convolutions", "Activation function after the two convolutions.", kActivationNames,
         static_cast<double>(Activation::kRelu));
  table.choice("initializer", "First weights", "How the first weights are drawn. Starts over.",
         {"constant", "uniform", "glorot", "he", "lecun"}, static_cast<double>(InitializerKind::kHeNormal))
      .restarts = true;
  table.choice("start", "Start from", "New weights, or weights that were trained before. Starts over.", {"initial", "trained"}, 0)
      .restarts = true;
  table.choice("show", "Shown digit", "Where the digit comes from that runs through the network.", {"test", "batch", "drawn"}, 0)
      .changes_model = false;
  table.number("digit", "Digit number", "Which test digit, or which sample of the mini-batch.", kInteger, 0, 9999, 0).changes_model =
      false;
  return table.take();
}

}  // namespace

LenetMnist::LenetMnist(std::shared_ptr<DigitLibrary> library)
    : info_{"lenet-mnist", "LeNet learns to read",
            "A convolutional network learns handwritten digits; click any number to see how it was computed.",
            "Convolutional networks", "000, 002"},
      params_(make_params()),
      library_(std::move(library)) {}

std::unique_ptr<Lesson> LenetMnist::sibling() const {
  auto other = std::make_unique<LenetMnist>(library_);
  other->canvas_ = canvas_;
  other->strokes_ = strokes_;
  return other;
}

DigitSetup LenetMnist::setup() const {
  DigitSetup setup;
  setup.model.model = static_cast<DigitModel>(static_cast<int>(param("network")));
  setup.model.convolution_activation = static_cast<Activation>(static_cast<int>(param("activation")));
  setup.model.initializer = static_cast<InitializerKind>(static_cast<int>(param("initializer")));
  setup.model.batch = static_cast<int>(param("batch"));
  setup.optimizer = static_cast<OptimizerKind>(static_cast<int>(param("optimizer")));
  setup.lr = static_cast<float>(param("lr"));
  setup.momentum = static_cast<float>(param("momentum"));
  setup.seed = seed_;
  return setup;
}

// --------------------------------------------------------------------------------------------- digits, weights, params

std::string LenetMnist::wanted_asset() const {
  if (library_->digits(data()) == nullptr) return DigitLibrary::asset_of(data());
  const DigitModel model = setup().model.model;
  if (param("start") == 1 && library_->weights(model) == nullptr) return DigitLibrary::asset_of(model);
  return "";
}

Status LenetMnist::receive(std::string_view asset, const std::vector<Blob>& files) {
  Status received = Error{std::string(asset) + " is not something that this lesson uses."};
  for (const DigitData data : {DigitData::kSubset, DigitData::kFull})
    if (asset == DigitLibrary::asset_of(data)) received = library_->receive_digits(data, files);
  if (asset == kOwnDigits) received = library_->receive_digits(DigitData::kOwn, files);
  for (std::size_t model = 0; model < kDigitModelNames.size(); ++model)
    if (asset == DigitLibrary::asset_of(static_cast<DigitModel>(model)))
      received = library_->receive_weights(static_cast<DigitModel>(model), files);
  data_error_ = received.ok() ? "" : received.error_message();
  if (!received.ok()) {
    asset_failed(asset);
    return received;
  }
  if (asset == kOwnDigits) {
    // A person's digits begin a new run: what was learned before, and replayed until now, was learned from others.
    params_.put("data", static_cast<double>(DigitData::kOwn));
    start_over();
  } else if (!waits()) {
    if (trainer_ == nullptr || asset.starts_with("weights-"))
      start_over();
    else if (data() != data_in_use_)
      rebuild();
  }
  return received;
}

void LenetMnist::asset_failed(std::string_view asset) {
  if (asset.starts_with("weights-")) params_.put("start", 0);
  if (asset.starts_with("digits-")) params_.put("data", static_cast<double>(data_in_use_));
}

void LenetMnist::rebuild() {
  const std::unique_ptr<DigitTrainer> old = std::move(trainer_);
  if (scores_ == nullptr) scores_ = std::make_unique<DigitScores>();
  trainer_ = std::make_unique<DigitTrainer>(setup(), library_->digits(data()));
  data_in_use_ = data();
  if (old != nullptr) {
    // The weights go on; the optimizer's memory does where the new program has the same.
    trainer_->set_parameters(old->parameters());
    const bool same_optimizer = old->setup().optimizer == trainer_->setup().optimizer;
    const std::int64_t step = old->trainer().step();
    trainer_->change().restore(same_optimizer ? old->trainer().save() : trainer_->trainer().save(), step);
    scores_->forget_counts(step);
  }
  probe_.reset();
  field_.reset();
  probe_fresh_ = false;
}

void LenetMnist::start_over() {
  trainer_.reset();
  scores_.reset();
  by_hand_.clear();
  if (waits()) return;
  rebuild();
  if (param("start") != 1) return;
  const Blob& file = *library_->weights(setup().model.model);
  const Result<std::vector<float>> weights = read_weights(trainer_->program(), *file.bytes, file.name);
  if (weights.ok()) {
    trainer_->set_parameters(weights.value());
  } else {
    data_error_ = weights.error_message();
    asset_failed("weights-");
  }
}

void LenetMnist::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

Effect LenetMnist::effect(const Action& action) const {
  if (action.kind != Action::Kind::kCommand) return Lesson::effect(action);
  return action.name == digit_command::kStroke || action.name == digit_command::kClear ? Effect::kKept : Effect::kView;
}

void LenetMnist::clear_kept() {
  canvas_.clear();
  strokes_.clear();
  ++canvas_version_;
  probe_fresh_ = false;
}

Status LenetMnist::apply(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kEdit:
    case Action::Kind::kAssign: return set_numbers(action);
    case Action::Kind::kCommand: return command(action);
    case Action::Kind::kSet: break;
  }
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return Error{row.error()};
  return set_param(*row.value(), action.number);
}

Status LenetMnist::set_param(const ParamSpec& spec, double value) {
  if (spec.name == "data" && static_cast<DigitData>(static_cast<int>(value)) == DigitData::kOwn &&
      library_->digits(DigitData::kOwn) == nullptr)
    return Error{"No digits of your own are loaded yet. Choose \"Load your own IDX files\" first."};
  params_.put(spec.name, value);
  probe_fresh_ = false;
  if (!spec.changes_model) return Done{};
  if (spec.restarts) {
    start_over();
  } else if (trainer_ != nullptr && (spec.name == "lr" || spec.name == "momentum")) {
    trainer_->set_rates(static_cast<float>(param("lr")), static_cast<float>(param("momentum")));
    scores_->branch(step());
  } else if (trainer_ != nullptr && !waits()) {
    rebuild();
  }
  return Done{};
}

Status LenetMnist::set_numbers(const Action& action) {
  if (trainer_ == nullptr) return Error{"The digits are still loading; there are no numbers yet."};
  if (const Status set = set_trained(trainer_->change(), action); !set.ok()) return set;
  by_hand_.push_back({action.name, action.kind == Action::Kind::kEdit ? static_cast<std::int64_t>(action.number) : -1});
  scores_->forget_counts(step());
  probe_fresh_ = false;
  return Done{};
}

Status LenetMnist::command(const Action& action) {
  const auto show = [&](double source, double digit) {
    params_.put("show", source);
    params_.put("digit", clamp_param(*find_param(params(), "digit"), digit));
  };
  probe_fresh_ = false;
  if (action.name == digit_command::kTest) return show(0, action.number), Done{};
  if (action.name == digit_command::kBatch) return show(1, action.number), Done{};
  if (action.name == digit_command::kDrawn) return show(2, param("digit")), Done{};
  if (trainer_ == nullptr) return Error{"The digits are still loading; try again when they are there."};
  if (action.name == digit_command::kFieldBefore) return field_before_ = action.number != 0, Done{};
  if (action.name == digit_command::kFullTest) return scores_->request_full_test(), Done{};
  if (action.name == digit_command::kClear) return clear_kept(), Done{};
  if (action.name == digit_command::kStroke) return stroke(action);
  return Error{"This lesson does not know the command \"" + action.name + "\"."};
}

Status LenetMnist::stroke(const Action& action) {
  if (const Status status = add_stroke(canvas_, strokes_, action); !status.ok()) return status;
  params_.put("show", static_cast<double>(DigitSource::kDrawn));
  ++canvas_version_;
  probe_fresh_ = false;
  return Done{};
}

// ----------------------------------------------------------------------------------------------------------- time, state

bool LenetMnist::advance(std::int64_t budget) {
  if (trainer_ == nullptr || waits()) return false;
  if (!trainer_->advance(budget)) return false;
  by_hand_.clear();
  scores_->record(trainer_->last_step(), trainer_->batch());
  probe_fresh_ = false;
  return true;
}

std::optional<bool> LenetMnist::advance_ahead(std::int64_t last) {
  if (trainer_ == nullptr || waits()) return std::nullopt;
  const DigitTrainer::Ahead ahead = trainer_->take_ahead(last);
  for (const DigitStep& step : ahead.steps) scores_->record(step, trainer_->batch());
  if (!ahead.steps.empty()) {
    by_hand_.clear();
    probe_fresh_ = false;
  }
  return ahead.threaded ? std::optional(!ahead.steps.empty()) : std::nullopt;
}

void LenetMnist::stop_ahead() {
  if (trainer_ != nullptr) trainer_->stop_ahead();
}

bool LenetMnist::idle_work(std::int64_t budget) { return trainer_ != nullptr && scores_->work(*trainer_, budget); }

std::int64_t LenetMnist::work_per_step() const {
  return trainer_ == nullptr ? 0 : trainer_->trainer().work_per_step();
}

std::string_view LenetMnist::phase() const {
  return trainer_ && trainer_->trainer().mid_step() ? phase_name(trainer_->trainer().phase()) : "";
}

std::optional<double> LenetMnist::loss() const {
  if (trainer_ == nullptr || !trainer_->trainer().loss()) return std::nullopt;
  return static_cast<double>(*trainer_->trainer().loss());
}

std::vector<Metric> LenetMnist::metrics() const {
  std::vector<Metric> metrics;
  if (trainer_ == nullptr) return metrics;
  metrics.push_back({"epoch", static_cast<double>(step()) / static_cast<double>(trainer_->steps_per_epoch())});
  metrics.push_back({"images", static_cast<double>(step() * trainer_->batch())});
  if (const ConfusionMatrix* fixed = scores_->fixed_confusion()) {
    metrics.push_back({"test_accuracy", *fixed->accuracy()});
    metrics.push_back({"test_accuracy_error", binomial_standard_error(fixed->correct(), fixed->total())});
    metrics.push_back({"test_accuracy_step", static_cast<double>(scores_->fixed_step())});
  }
  if (const ConfusionMatrix* full = scores_->full_confusion()) {
    metrics.push_back({"full_test_accuracy", *full->accuracy()});
    metrics.push_back({"full_test_accuracy_step", static_cast<double>(scores_->full_step())});
  }
  return metrics;
}

std::string LenetMnist::divergence() const {
  return trainer_ && trainer_->trainer().divergence() ? trainer_->trainer().divergence()->text() : "";
}

std::uint64_t LenetMnist::state_hash() const { return trainer_ ? trainer_->trainer().state_hash() : 0; }

// A snapshot: seed, step, the params, then the trainer's numbers.
Snapshot LenetMnist::save() const {
  SnapshotWriter writer = begin_run(seed_, step(), params_.values());
  if (trainer_ != nullptr) writer.add(std::span<const float>(trainer_->trainer().save()));
  return writer.take();
}

void LenetMnist::restore(const Snapshot& snapshot) {
  const std::optional<SavedRun> read = read_run(snapshot, params().size());
  CHECK(read.has_value(), "a snapshot of another lesson");
  const SavedRun& saved = *read;
  bool same_program = trainer_ != nullptr && saved.seed == seed_;
  for (std::size_t i = 0; i < saved.values.size(); ++i) {
    const ParamSpec& spec = params()[i];
    const bool builds = spec.changes_model && spec.name != "lr" && spec.name != "momentum";
    same_program = same_program && (!builds || saved.values[i] == params_.values()[i]);
  }
  params_.restore(saved.values);
  seed_ = saved.seed;
  if (!same_program) {
    trainer_.reset();
    if (!waits()) rebuild();
  }
  if (trainer_ == nullptr) return;
  trainer_->set_rates(static_cast<float>(param("lr")), static_cast<float>(param("momentum")));
  trainer_->change().restore(saved.numbers, saved.step);
  by_hand_.clear();
  probe_fresh_ = false;
}

Status LenetMnist::check(const Snapshot& snapshot) const {
  const std::optional<SavedRun> read = read_run(snapshot, params().size());
  if (!read) return Error{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const SavedRun& saved = *read;
  if (const Status values = params_.check(saved.values); !values.ok()) return values;
  LenetMnist other(library_);
  other.params_.restore(saved.values);
  if (other.waits()) return Error{"The saved state needs data that is not here: " + other.wanted_asset() + "."};
  if (library_->digits(other.data()) == nullptr)
    return Error{"The saved state learned from digits that a person loaded, and those are not here. Load them first."};
  other.start_over();
  const std::size_t numbers = other.trainer_->trainer().save().size();
  if (saved.step < 0 || saved.numbers.size() != numbers)
    return Error{"The saved state has " + std::to_string(saved.numbers.size()) + " numbers; its network has " +
                 std::to_string(numbers) + "."};
  return Done{};
}

Result<TrainedNetwork> LenetMnist::network_of(const Snapshot& snapshot, const std::string& name) {
  LenetMnist lesson;
  const std::optional<SavedRun> saved = read_run(snapshot, lesson.params().size());
  if (!saved || !lesson.params_.check(saved->values).ok()) return Error{name + " holds no network that was trained in this app."};
  lesson.params_.restore(saved->values);
  TrainedNetwork network{.model = lesson.setup().model, .parameters = saved->numbers, .source = "", .file = {}};
  // The parameters come first, then what the optimizer keeps.
  std::size_t size = 0;
  const Program program = build_digit_model(network.model).graph.program();
  for (const TensorId id : program.of_kind(TensorKind::kParameter)) size += static_cast<std::size_t>(program.info(id).shape.size());
  if (network.parameters.size() < size) return Error{name + " has " + std::to_string(network.parameters.size()) + " numbers; its network has " + std::to_string(size) + "."};
  network.parameters.resize(size);
  network.source = "trained in the app, " + grouped_text(saved->step) + " steps";
  return network;
}

std::vector<ReceivedFiles> LenetMnist::received_files() const {
  const std::shared_ptr<const DigitSet> own = library_->digits(DigitData::kOwn);
  if (data() != DigitData::kOwn || own == nullptr) return {};
  const auto blob = [](const char* name, std::vector<std::uint8_t> bytes) {
    return Blob{name, std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))};
  };
  return {{std::string(kOwnDigits),
           {blob("train-images", write_idx_images(own->train)), blob("train-labels", write_idx_labels(own->train)),
            blob("test-images", write_idx_images(own->test)), blob("test-labels", write_idx_labels(own->test))}}};
}

std::unique_ptr<Lesson> make_lenet_mnist() { return std::make_unique<LenetMnist>(); }

}  // namespace chainrule
