#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "web/lesson_kit/run_file.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lessons/digit_drawing.h"
#include "web/lessons/inside/inside_lenet.h"

namespace chainrule {
namespace {

using enum ParamType;

std::vector<ParamSpec> make_params(const UnitQuiz& quiz) {
  ParamTable table;
  table.choice("part", "Part", "What is looked at. Starts over.", kInsidePartNames, 0);
  table.choice("weights", "Weights", "Trained before, first weights that have learned nothing, or a network of yours. Starts over.", {"trained", "initial", "own"}, 0);
  table.choice("detect-layer", "Layer of the unit", "Whose unit is driven up. Starts over.", TopDigits::kLayers, 3);
  table.number("detect-unit", "Unit or map", "Which unit of the layer, from 0. Starts over.", kInteger, 0, 499, 3);
  table.choice("ascent-start", "Picture to begin with", "Faint noise, or an empty picture. Starts over.", {"noise", "blank"}, 0);
  table.all_restart();
  std::vector<ParamSpec> rows = table.take();
  const auto append = [&](std::vector<ParamSpec> more) { rows.insert(rows.end(), more.begin(), more.end()); };
  table.number("rate", "Rate of the ascent", "How far one step goes along the gradient.", kReal, 1e-3, 100, 1).logarithmic = true;
  table.number("norm", "Longest picture", "The norm that the picture may have; a digit has about 9.", kReal, 0.5, 50, 9);
  append(table.take());
  table.choice("data", "Digits", "2,000 digits come with the page; all of MNIST has 60,000 to train on.", {"subset", "full"}, 0);
  table.choice("show", "Shown digit", "Where the digit comes from that runs through the network.", {"test", "drawn"}, 0);
  table.number("digit", "Digit number", "Which test digit.", kInteger, 0, 9999, 0);
  std::vector<std::string_view> layers;
  for (const UnitLayer& layer : unit_layers(DigitModel::kLenet)) layers.push_back(layer.name);
  table.choice("layer", "Layer", "Whose window is shown.", layers, 0);
  table.number("map", "Map", "Which map of the layer, from 0.", kInteger, 0, 49, 0);
  table.number("cell", "Cell", "Where in the map, or which unit, the steps begin.", kInteger, 0, 575, 0);
  table.number("channel", "Channel", "Which of the maps that come in is shown in numbers.", kInteger, 0, 499, 0);
  table.toggle("before-activation", "Before the activation", "The effective field of the weighted sum, which no ReLU can switch off.", false);
  table.choice("network", "Network", "An MLP with 128 hidden units, or no hidden layer.", {"mlp", "linear"}, 0);
  table.number("hidden", "Hidden unit", "With which unit the steps begin.", kInteger, 0, 127, 0);
  table.number("shift", "Shift", "Where in the 9×9 shifts the steps begin, row by row; 40 is none.", kInteger, 0, kShifts * kShifts - 1, 40);
  table.choice("along", "Curve along", "Digits moved sideways, or up and down.", {"x", "y"}, 0);
  std::vector<ParamSpec> view = table.take();
  for (ParamSpec& spec : view) spec.changes_model = false;
  append(std::move(view));
  append({quiz.params().begin(), quiz.params().end()});
  return rows;
}

}  // namespace

InsideLenet::InsideLenet(std::shared_ptr<DigitLibrary> library)
    : info_{.slug = kInsideSlug,
            .title = "Inside a trained LeNet",
            .summary = "Feature maps down to each product, what units detect, and what happens to a digit that is moved.",
            .topic = "Convolutional networks",
            .decks = "000, 001, 002",
            .is_read = true},
      params_(make_params(UnitQuiz())),
      library_(std::move(library)),
      quiz_(std::make_unique<UnitQuiz>()) {}

std::unique_ptr<Lesson> InsideLenet::sibling() const {
  auto other = std::make_unique<InsideLenet>(library_);
  other->canvas_ = canvas_;
  other->strokes_ = strokes_;
  return other;
}

// ----------------------------------------------------------------------------------------------------- digits, weights

std::vector<DigitModel> InsideLenet::models_in_use() const {
  switch (part()) {
    case InsidePart::kQuiz: return {};
    case InsidePart::kWeights: return {weights_model()};
    case InsidePart::kShift: return {DigitModel::kLenet, DigitModel::kMlp};
    default: return {DigitModel::kLenet};
  }
}

std::string InsideLenet::wanted_asset() const {
  if (part() == InsidePart::kQuiz) return "";
  if (library_->digits(data()) == nullptr) return DigitLibrary::asset_of(data());
  for (const DigitModel model : models_in_use()) {
    const int weights = params_.whole("weights");
    const bool here = weights == kInitial || (weights == kOwn && library_->own(model) != nullptr) || library_->weights(model) != nullptr;
    if (!here) return DigitLibrary::asset_of(model);
  }
  return "";
}

Status InsideLenet::receive(std::string_view asset, const std::vector<Blob>& files) {
  const bool waited = waits();
  Status received = Error{std::string(asset) + " is not something that this lesson uses."};
  for (const DigitData data : {DigitData::kSubset, DigitData::kFull})
    if (asset == DigitLibrary::asset_of(data)) received = library_->receive_digits(data, files);
  for (std::size_t i = 0; i < kDigitModelNames.size(); ++i) {
    const auto model = static_cast<DigitModel>(i);
    if (asset != DigitLibrary::asset_of(model)) continue;
    received = library_->receive_weights(model, files);
    if (received.ok())
      if (const Result<std::vector<float>> read = parameters_of({.model = model}, files[0]); !read.ok()) received = read.error();
  }
  if (asset == kNetworkFile) {
    if (files.size() != 1) return Error{"One network is looked into at a time; " + std::to_string(files.size()) + " files are too many."};
    const Result<std::shared_ptr<const TrainedNetwork>> network = read_network(files[0], library_);
    if (!network.ok()) return network.error();
    const DigitModel model = network.value()->model.model;
    library_->receive_own(model, network.value());
    params_.put("weights", kOwn);
    if (model != DigitModel::kLenet) {
      params_.put("part", static_cast<double>(InsidePart::kWeights));
      params_.put("network", model == DigitModel::kMlp ? 0 : 1);
    }
    reset(seed_);
    return Done{};
  }
  if (!received.ok()) {
    asset_failed(asset);
    return received;
  }
  forget_networks();
  if (waited && !waits() && step_ == 0) begin();
  return received;
}

void InsideLenet::asset_failed(std::string_view asset) {
  if (asset.starts_with("weights-")) params_.put("weights", kInitial);
  if (asset.starts_with("digits-")) params_.put("data", static_cast<double>(DigitData::kSubset));
  forget_networks();
  if (step_ == 0) begin();
}

std::vector<ReceivedFiles> InsideLenet::received_files() const {
  std::vector<ReceivedFiles> files;
  if (!uses_files()) return files;
  for (std::size_t model = 0; model < kDigitModelNames.size(); ++model)
    if (const auto own = library_->own(static_cast<DigitModel>(model))) files.push_back({kNetworkFile, {own->file}});
  return files;
}

const TrainedNetwork& InsideLenet::network(DigitModel model) const {
  std::shared_ptr<const TrainedNetwork>& slot = networks_[static_cast<std::size_t>(model)];
  if (slot != nullptr) return *slot;
  const int weights = params_.whole("weights");
  if (weights == kOwn && library_->own(model) != nullptr) return *(slot = library_->own(model));
  auto made = std::make_shared<TrainedNetwork>();
  made->model.model = model;
  if (weights == kInitial) {
    made->parameters = initial_parameters(made->model, seed_);
    made->source = "first weights, of seed " + std::to_string(seed_);
  } else {
    const Blob& file = *library_->weights(model);
    made->parameters = parameters_of(made->model, file).value();
    made->source = "trained before, read from " + file.name;
  }
  return *(slot = std::move(made));
}

void InsideLenet::forget_networks() {
  for (auto& network : networks_) network.reset();
  top_.reset();
  forget_views();
}

void InsideLenet::forget_views() const {
  shown_.reset();
  digit_probe_.reset(), field_.reset(), weights_probe_.reset(), cnn_.reset(), mlp_.reset(), curve_.reset();
  digit_for_.clear(), field_for_.clear(), weights_for_.clear(), shift_for_.clear(), curve_for_.clear();
  ++version_;
}

// ------------------------------------------------------------------------------------------------------------- actions

void InsideLenet::reset(std::uint64_t seed) {
  seed_ = seed;
  quiz_->reset(seed);
  forget_networks();
  begin();
}

void InsideLenet::begin() {
  step_ = 0;
  ascent_.reset();
  rise_.clear();
  if (part() != InsidePart::kDetects || waits()) return;
  const TrainedNetwork& lenet = network(DigitModel::kLenet);
  ascent_ = std::make_unique<Ascent>(lenet.model, lenet.parameters, TopDigits::kLayers[static_cast<std::size_t>(detect_layer())], detect_unit());
  ascent_->set_rates(static_cast<float>(params_["rate"]), static_cast<float>(params_["norm"]));
  ascent_->start(static_cast<AscentStart>(params_.whole("ascent-start")), seed_);
  note_rise();
}

void InsideLenet::note_rise() {
  const auto at = static_cast<std::size_t>(step_);
  if (rise_.size() <= at) rise_.resize(at + 1, std::numeric_limits<float>::quiet_NaN());
  rise_[at] = ascent_->probe().unit_value();
}

Effect InsideLenet::effect(const Action& action) const {
  if (action.kind != Action::Kind::kCommand) return Lesson::effect(action);
  if (action.name == digit_command::kStroke || action.name == digit_command::kClear) return Effect::kKept;
  return action.name == "paint" ? Effect::kModel : Effect::kView;
}

bool InsideLenet::merge(Action& last, const Action& next) const {
  return part() == InsidePart::kQuiz && last.kind != Action::Kind::kSet ? quiz_->merge(last, next) : Lesson::merge(last, next);
}

void InsideLenet::clear_kept() {
  canvas_.clear();
  strokes_.clear();
  ++canvas_version_;
}

Status InsideLenet::apply(const Action& action) {
  const bool of_quiz = action.kind == Action::Kind::kEdit || action.kind == Action::Kind::kAssign || action.name == "paint";
  if (of_quiz) {
    if (part() != InsidePart::kQuiz) return Error{"Numbers can be set in the quiz only; those of a trained network stay as they were learned."};
    return quiz_->apply(action);
  }
  if (action.kind == Action::Kind::kCommand) return command(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  return set_param(*row.value(), action.number);
}

Status InsideLenet::set_param(const ParamSpec& spec, double value) {
  if (spec.name == "weights" && static_cast<int>(value) == kOwn) {
    bool any = false;
    for (std::size_t model = 0; model < kDigitModelNames.size(); ++model) any = any || library_->own(static_cast<DigitModel>(model)) != nullptr;
    if (!any) return Error{"No network of yours is here yet. Train one in \"LeNet learns to read\" and press \"Look inside\", or open its run file."};
  }
  params_.put(spec.name, value);
  if (find_param(quiz_->params(), spec.name) != nullptr) {
    if (const Status status = quiz_->apply(Action::set(spec.name, value)); !status.ok()) return status;
  }
  if (spec.restarts) {
    reset(seed_);
  } else if (ascent_ != nullptr && (spec.name == "rate" || spec.name == "norm")) {
    ascent_->set_rates(static_cast<float>(params_["rate"]), static_cast<float>(params_["norm"]));
    rise_.resize(std::min(rise_.size(), static_cast<std::size_t>(step_) + 1));
  } else if (spec.name == "data") {
    top_.reset();
    forget_views();
  }
  return Done{};
}

Status InsideLenet::command(const Action& action) {
  const auto show = [&](double source) {
    params_.put("show", source);
    return Done{};
  };
  if (action.name == digit_command::kTest) {
    params_.put("digit", clamp_param(*find_param(params(), "digit"), action.number));
    return show(0);
  }
  if (action.name == digit_command::kDrawn) return show(1);
  if (action.name == digit_command::kClear) return clear_kept(), Done{};
  if (action.name == digit_command::kStroke) return stroke(action);
  return Error{"This lesson does not know the command \"" + action.name + "\"."};
}

Status InsideLenet::stroke(const Action& action) {
  if (const Status status = add_stroke(canvas_, strokes_, action); !status.ok()) return status;
  params_.put("show", 1);
  ++canvas_version_;
  return Done{};
}

// ---------------------------------------------------------------------------------------------------------- time, state

bool InsideLenet::advance(std::int64_t budget) {
  if (waits()) return false;
  if (part() == InsidePart::kQuiz) return quiz_->advance(budget);
  if (ascent_ != nullptr) ascent_->advance();
  ++step_;
  if (ascent_ != nullptr) note_rise();
  return true;
}

std::int64_t InsideLenet::work_per_step() const {
  if (part() != InsidePart::kDetects) return 1000;
  return ascent_ == nullptr ? 0 : ascent_->work();
}

bool InsideLenet::idle_work(std::int64_t budget) {
  if (waits()) return false;
  if (part() == InsidePart::kDetects) {
    static_cast<void>(top());
    return !top_->advance(budget);
  }
  if (part() == InsidePart::kShift) {
    static_cast<void>(curve());
    return !curve_->advance(budget);
  }
  return false;
}

std::vector<Metric> InsideLenet::metrics() const {
  if (part() == InsidePart::kDetects && ascent_ != nullptr) return {{"unit", static_cast<double>(ascent_->probe().unit_value())}, {"digits_seen", top_ ? top_->done() : 0.0}};
  if (part() != InsidePart::kShift || curve_ == nullptr) return {};
  std::vector<Metric> metrics{{"counted", static_cast<double>(curve_->progress())}};
  for (int shift = 0; shift < kShifts; ++shift)
    for (const std::size_t network : {std::size_t{0}, std::size_t{1}})
      metrics.push_back({(network == 0 ? "cnn_" : "mlp_") + std::to_string(shift - kMostShift),
                         static_cast<double>(curve_->curve(network).accuracy[static_cast<std::size_t>(shift)])});
  return metrics;
}

std::uint64_t InsideLenet::state_hash() const {
  Hasher hasher;
  hasher.add(seed_);
  hasher.add(static_cast<std::uint64_t>(step()));
  for (std::size_t i = 0; i < params().size(); ++i)
    if (params()[i].changes_model) hasher.add(static_cast<std::uint64_t>(std::llround(params_.values()[i] * 1e6)));
  if (ascent_ != nullptr) hasher.add(ascent_->picture());
  hasher.add(quiz_->state_hash());
  return hasher.value();
}

// A snapshot: seed, step, the params, the picture of the ascent with its size before it, the quiz's.
Snapshot InsideLenet::save() const {
  SnapshotWriter writer = begin_run(seed_, step_, params_.values());
  const std::span<const float> picture = ascent_ == nullptr ? std::span<const float>() : ascent_->picture();
  writer.add(static_cast<std::uint64_t>(picture.size()));
  writer.add(picture);
  const Snapshot quiz = quiz_->save();
  writer.add(std::span<const std::uint8_t>(quiz));
  return writer.take();
}

void InsideLenet::restore(const Snapshot& snapshot) {
  SnapshotReader reader(snapshot);
  const auto seed = reader.get<std::uint64_t>();
  const auto step = reader.get<std::int64_t>();
  const std::vector<double> values = reader.list<double>(params().size());
  const std::vector<float> picture = reader.list<float>(static_cast<std::size_t>(reader.get<std::uint64_t>()));
  const std::vector<std::uint8_t> quiz = reader.rest<std::uint8_t>();
  CHECK(reader.complete(), "a snapshot of another lesson");
  bool same = seed == seed_ && (ascent_ == nullptr) == picture.empty();
  for (std::size_t i = 0; i < values.size(); ++i) same = same && (!params()[i].restarts || values[i] == params_.values()[i]);
  params_.restore(values);
  seed_ = seed;
  if (!same) {
    forget_networks();
    begin();
  }
  quiz_->restore(quiz);
  step_ = step;
  if (ascent_ == nullptr || picture.empty()) return;
  ascent_->set_rates(static_cast<float>(params_["rate"]), static_cast<float>(params_["norm"]));
  ascent_->restore(picture);
  note_rise();
}

Status InsideLenet::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  SnapshotReader reader(snapshot);
  reader.get<std::uint64_t>();
  const auto step = reader.get<std::int64_t>();
  const std::vector<double> values = reader.list<double>(params().size());
  const auto size = reader.get<std::uint64_t>();
  reader.list<float>(static_cast<std::size_t>(size));
  const std::vector<std::uint8_t> quiz = reader.rest<std::uint8_t>();
  if (!reader.complete() || step < 0) return foreign;
  if (const Status status = params_.check(values); !status.ok()) return status;
  const auto part = static_cast<InsidePart>(static_cast<int>(values[0]));
  if (size != (part == InsidePart::kDetects ? 784u : 0u)) return foreign;
  return quiz_->check(quiz);
}

std::unique_ptr<Lesson> make_inside_lenet() { return std::make_unique<InsideLenet>(); }

}  // namespace chainrule
