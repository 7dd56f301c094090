#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/graph/graph.h"
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

namespace {

Program learning_program(OptimizerKind optimizer) {
  Graph graph;
  const Shape kernel{1, 1, LearnAKernel::kKernel, LearnAKernel::kKernel};
  const TensorId x = graph.input("x", Shape{1, 1, LearnAKernel::kSide, LearnAKernel::kSide}), hidden = graph.input("hidden", kernel);
  const TensorId w = graph.parameter("w", kernel, {InitializerKind::kUniform, 0.5f, 9, 9});
  const TensorId target = graph.apply(OpKind::kConv2d, {}, {x, hidden}, "target");
  const TensorId y = graph.apply(OpKind::kConv2d, {}, {x, w}, "y");
  graph.begin_loss();
  const TensorId difference = graph.apply(OpKind::kSubtract, {}, {y, target}, "difference");
  const TensorId square = graph.apply(OpKind::kMultiply, {}, {difference, difference}, "square");
  const TensorId error = graph.apply(OpKind::kMean, {}, {square}, "error");
  Program program = graph.program();
  append_backward(program, error);
  append_updates(program, optimizer);
  return program;
}

}  // namespace

void LearnAKernel::reset(std::uint64_t seed) {
  seed_ = seed;
  start_over();
}

void LearnAKernel::start_over() {
  run_.begin(learning_program(static_cast<OptimizerKind>(params_.whole("optimizer"))), seed_);
  pending_ = 0;
  by_hand_.clear();
  errors_.clear();
  const std::vector<float> levels = draw_picture(static_cast<DrawnPicture>(params_.whole("picture")), kSide, seed_);
  const float middle = params_.on("centred") ? 0.5f : 0.0f;
  std::ranges::transform(levels, settable("x").begin(), [&](float grey) { return grey / 255.0f - middle; });
  const KnownFilter& filter = known_filters()[static_cast<std::size_t>(params_.whole("hidden"))];
  std::ranges::transform(filter.w, settable("hidden").begin(), [&](float weight) { return weight / filter.divisor; });
  set_rates();
  compute();
}

void LearnAKernel::set_rates() {
  for (const char* name : {"lr", "momentum"})
    if (program().find(name) != kNoTensor) settable(name)[0] = static_cast<float>(params_[name]);
}

void LearnAKernel::compute() {
  run_.compute();
  errors_.resize(static_cast<std::size_t>(step()) + 1, std::nanf(""));
  errors_.back() = values("error")[0];
}

// ------------------------------------------------------------------------------------------------------ actions, time

Status LearnAKernel::apply(const Action& action) {
  if (action.kind == Action::Kind::kEdit) return edit(action);
  const Result<const ParamSpec*> row = params_.row_of(action);
  if (!row.ok()) return row.error();
  params_.put(action.name, action.number);
  if (!run_.begun()) return Done{};
  if (row.value()->restarts) {
    start_over();
  } else {
    set_rates();
    compute();
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
  settable(action.name)[index] = action.data[0];
  const std::string key = action.name + " " + std::to_string(index);
  if (std::ranges::count(by_hand_, key) == 0) by_hand_.push_back(key);
  compute();
  return Done{};
}

bool LearnAKernel::advance(std::int64_t budget) {
  pending_ += std::max<std::int64_t>(budget, 1);
  if (pending_ < work_per_step()) return false;
  pending_ = 0;
  run_.advance();
  std::erase_if(by_hand_, [](const std::string& key) { return key.starts_with("w "); });
  compute();
  return true;
}

std::optional<double> LearnAKernel::loss() const {
  if (!run_.begun()) return std::nullopt;
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
  if (!run_.begun()) return {};
  return {{"error", static_cast<double>(values("error")[0])}, {"kernel_distance", distance()}};
}

std::string LearnAKernel::divergence() const { return run_.begun() ? run_.divergence({"w", "error"}) : ""; }

// --------------------------------------------------------------------------------------------------------------- state

std::uint64_t LearnAKernel::state_hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step()));
  hasher.add(values("hidden"));
  for (const TensorId id : run_.carried()) hasher.add(run_.buffers()[id]);
  hasher.add(values("x"));
  return hasher.value();
}

// A snapshot: seed, step, the params, the hidden kernel, then what goes from step to step.
Snapshot LearnAKernel::save() const {
  SnapshotWriter writer = begin_run(seed_, step(), params_.values());
  writer.add(values("hidden"));
  for (const TensorId id : run_.carried()) writer.add(run_.buffers()[id]);
  return writer.take();
}

void LearnAKernel::restore(const Snapshot& snapshot) {
  const std::optional<SavedRun> read = read_run(snapshot, params().size());
  CHECK(read.has_value(), "a snapshot of another lesson");
  const std::span<const float> numbers(read->numbers);
  std::vector<float> errors = std::move(errors_);
  params_.restore(read->values);
  reset(read->seed);
  const std::span<float> hidden = settable("hidden");
  std::ranges::copy(numbers.first(hidden.size()), hidden.begin());
  run_.restore(numbers.subspan(hidden.size()), read->step);
  errors_ = std::move(errors);
  compute();
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
  if (other.values("hidden").size() + other.run_.carried_size() != saved.numbers.size()) return foreign;
  return Done{};
}

std::unique_ptr<Lesson> make_learn_a_kernel() { return std::make_unique<LearnAKernel>(); }

}  // namespace chainrule
