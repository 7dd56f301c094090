#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/graph/graph.h"
#include "engine/nn/initialize.h"
#include "engine/optim/optimizer.h"
#include "web/lesson_kit/snapshot_bytes.h"
#include "web/lessons/filters/pictures.h"
#include "web/lessons/learn/learn_a_kernel.h"

namespace chainrule {
namespace {

std::vector<ParamSpec> make_params() {
  ParamTable table;
  std::vector<std::string_view> filters;
  for (const KnownFilter& filter : known_filters()) filters.push_back(filter.name);
  table.choice("hidden", "Hidden filter", "What the kernel is to learn. Starts over.", filters, 4);
  table.choice("picture", "Picture", "What it learns from. Starts over.", kDrawnPictureNames, static_cast<double>(DrawnPicture::kNoise));
  table.toggle("centred", "Centred", "Grey levels around 0, from −0.5 to 0.5, instead of from 0 to 1. Starts over.", false);
  table.choice("optimizer", "Optimizer", "The rule that turns gradients into updates. Starts over.", kOptimizerNames, 0);
  table.all_restart();
  table.number("lr", "Learning rate", "How far one update goes along the gradient.", ParamType::kReal, 1e-4, 100, 0.3).logarithmic = true;
  table.number("momentum", "Momentum", "How much of the last update is kept in the next one.", ParamType::kReal, 0, 0.999, 0.9);
  return table.take();
}

}  // namespace

LearnAKernel::LearnAKernel()
    : info_{.slug = "learn-a-kernel",
            .title = "Can we learn the kernel?",
            .summary = "One 3×3 kernel is trained until it does what a hidden filter does.",
            .topic = "Convolutional networks",
            .decks = "002"},
      params_(make_params()) {}

// ------------------------------------------------------------------------------------------------------------- program

void LearnAKernel::build() {
  Graph graph;
  const Shape kernel{1, 1, kKernel, kKernel};
  const TensorId x = graph.input("x", Shape{1, 1, kSide, kSide}), hidden = graph.input("hidden", kernel);
  const TensorId w = graph.parameter("w", kernel, {InitializerKind::kUniform, 0.5f, 9, 9});
  const TensorId target = graph.apply(OpKind::kConv2d, {}, {x, hidden}, "target");
  const TensorId y = graph.apply(OpKind::kConv2d, {}, {x, w}, "y");
  graph.begin_loss();
  const TensorId difference = graph.apply(OpKind::kSubtract, {}, {y, target}, "difference");
  const TensorId square = graph.apply(OpKind::kMultiply, {}, {difference, difference}, "square");
  const TensorId error = graph.apply(OpKind::kMean, {}, {square}, "error");
  program_ = graph.program();
  append_backward(program_, error);
  append_updates(program_, static_cast<OptimizerKind>(params_.whole("optimizer")));
  work_ = 0;
  for (const OpCall& call : program_.calls) work_ += Program::work_of(call);
  now_ = Buffers<float>(program_);
}

void LearnAKernel::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void LearnAKernel::start_over() {
  build();
  step_ = pending_ = 0;
  before_.reset();
  by_hand_.clear();
  errors_.clear();
  initialize(program_, now_, seed_);
  // What was drawn is the value after no update, which is the one before the first.
  now_.trade_places(program_);
  const std::vector<float> levels = draw_picture(static_cast<DrawnPicture>(params_.whole("picture")), kSide, seed_);
  const float middle = params_.on("centred") ? 0.5f : 0.0f;
  std::ranges::transform(levels, now_[program_.find("x")].begin(), [&](float grey) { return grey / 255.0f - middle; });
  const KnownFilter& filter = known_filters()[static_cast<std::size_t>(params_.whole("hidden"))];
  std::ranges::transform(filter.w, now_[program_.find("hidden")].begin(), [&](float weight) { return weight / filter.divisor; });
  set_rates();
  run();
}

void LearnAKernel::set_rates() {
  now_[program_.find("lr")][0] = static_cast<float>(params_["lr"]);
  if (const TensorId momentum = program_.find("momentum"); momentum != kNoTensor) now_[momentum][0] = static_cast<float>(params_["momentum"]);
}

void LearnAKernel::run() {
  for (const OpCall& call : program_.calls) run_reference(call, now_);
  errors_.resize(static_cast<std::size_t>(step_) + 1, std::nanf(""));
  errors_.back() = values("error")[0];
}

// ------------------------------------------------------------------------------------------------------ actions, time

Status LearnAKernel::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  params_.put(action.name, action.number);
  if (now_[0].empty()) return Done{};
  if (row.value()->restarts) {
    start_over();
  } else {
    set_rates();
    run();
  }
  return Done{};
}

Status LearnAKernel::edit(const Action& action) {
  const bool rate = action.name == "lr" || action.name == "momentum";
  if (rate && action.data.size() == 1) return apply(Action::set(action.name, static_cast<double>(action.data[0])));
  if (action.name != "w" && action.name != "hidden") return Error{"Numbers of the two kernels can be set, w and hidden; " + action.name + " cannot."};
  if (!(action.number >= 0 && action.number < kKernel * kKernel) || action.data.size() != 1)
    return Error{"A kernel has 9 numbers; there is none at index " + shortest_text(action.number) + "."};
  if (!std::isfinite(action.data[0]) || std::abs(action.data[0]) > 1000) return Error{"A number of a kernel is between −1000 and 1000, not " + shortest_text(action.data[0]) + "."};
  const auto index = static_cast<std::size_t>(action.number);
  now_[program_.find(action.name)][index] = action.data[0];
  const std::string key = action.name + " " + std::to_string(index);
  if (std::ranges::count(by_hand_, key) == 0) by_hand_.push_back(key);
  run();
  return Done{};
}

bool LearnAKernel::advance(std::int64_t budget) {
  pending_ += std::max<std::int64_t>(budget, 1);
  if (pending_ < work_) return false;
  pending_ = 0;
  before_ = now_;
  now_.trade_places(program_);
  std::erase_if(by_hand_, [](const std::string& key) { return key.starts_with("w "); });
  ++step_;
  run();
  return true;
}

std::optional<double> LearnAKernel::loss() const {
  if (program_.calls.empty()) return std::nullopt;
  return static_cast<double>(values("error")[0]);
}

double LearnAKernel::distance() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < kKernel * kKernel; ++i) {
    const double d = static_cast<double>(values("w")[i]) - static_cast<double>(values("hidden")[i]);
    sum += d * d;
  }
  return std::sqrt(sum / (kKernel * kKernel));
}

std::vector<Metric> LearnAKernel::metrics() const {
  if (program_.calls.empty()) return {};
  return {{"error", static_cast<double>(values("error")[0])}, {"kernel_distance", distance()}};
}

std::string LearnAKernel::divergence() const {
  if (program_.calls.empty()) return "";
  for (const std::string_view name : {"w", "error"}) {
    const auto numbers = values(name);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (!std::isfinite(numbers[i]))
        return "At step " + grouped_text(step_) + ", number " + std::to_string(i) + " of " + std::string(name) + " is " + shortest_text(numbers[i]) +
               ". Step back, or lower the learning rate and reset.";
  }
  return "";
}

// --------------------------------------------------------------------------------------------------------------- state

std::vector<TensorId> LearnAKernel::settable() const {
  std::vector<TensorId> ids = {program_.find("hidden")};
  for (const TensorKind kind : {TensorKind::kParameter, TensorKind::kState})
    for (const TensorId id : program_.of_kind(kind)) ids.push_back(id);
  return ids;
}

std::uint64_t LearnAKernel::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  for (const TensorId id : settable()) hasher.add(now_[id]);
  hasher.add(values("x"));
  return hasher.value();
}

Snapshot LearnAKernel::save() const {
  SnapshotWriter writer = begin_run(seed_, step_, params_.values());
  for (const TensorId id : settable()) writer.add(std::span<const float>(now_[id]));
  return writer.take();
}

void LearnAKernel::restore(const Snapshot& snapshot) {
  const std::optional<SavedRun> read = read_run(snapshot, params().size());
  CHECK(read.has_value(), "a snapshot of another lesson");
  const SavedRun& saved = *read;
  std::vector<float> errors = std::move(errors_);
  params_.restore(saved.values);
  reset(saved.seed);
  auto from = saved.numbers.begin();
  for (const TensorId id : settable()) {
    std::copy_n(from, now_[id].size(), now_[id].begin());
    from += static_cast<std::ptrdiff_t>(now_[id].size());
  }
  step_ = saved.step;
  errors_ = std::move(errors);
  run();
}

Status LearnAKernel::check(const Snapshot& snapshot) const {
  const Error foreign{"The saved state has " + std::to_string(snapshot.size()) + " bytes, which is not a state of this lesson."};
  const std::optional<SavedRun> read = read_run(snapshot, params().size());
  if (!read || read->step < 0) return foreign;
  const SavedRun& saved = *read;
  if (const Status values = params_.check(saved.values); !values.ok()) return values;
  LearnAKernel other;
  other.params_.restore(saved.values);
  other.reset(saved.seed);
  std::size_t numbers = 0;
  for (const TensorId id : other.settable()) numbers += other.now_[id].size();
  if (numbers != saved.numbers.size()) return foreign;
  return Done{};
}

std::unique_ptr<Lesson> make_learn_a_kernel() { return std::make_unique<LearnAKernel>(); }

}  // namespace chainrule
