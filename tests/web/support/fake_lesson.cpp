#include "tests/web/support/fake_lesson.h"

#include <cmath>
#include <cstring>

#include "engine/base/hash.h"
#include "engine/math/rng.h"
#include "engine/trace/recorder.h"

namespace chainrule {
namespace {

const Shape kOne{1};

// A formula of two or three operands, as a derivation.
template <class Formula>
Derivation derive(std::vector<float> operands, Formula formula) {
  WindowRecorder recorder(0, 0);
  std::vector<Traced> read;
  for (std::size_t slot = 0; slot < operands.size(); ++slot)
    read.push_back(recorder.read(static_cast<int>(slot), &operands[slot], 0));
  recorder.write(0, nullptr, 0, formula(read));
  return Derivation(recorder.take(), {});
}

}  // namespace

std::unique_ptr<Lesson> make_fake() { return std::make_unique<FakeLesson>(); }

FakeLesson::FakeLesson() {
  const auto add = [this](const char* name, const char* label, ParamType type, double low, double high,
                          double initial) {
    ParamSpec& spec = params_.emplace_back();
    spec.name = name;
    spec.label = label;
    spec.type = type;
    spec.minimum = low;
    spec.maximum = high;
    spec.initial = initial;
    return &spec;
  };
  add("rate", "Rate", ParamType::kReal, 0.001, 100, 0.1);
  add("noise", "Noise", ParamType::kSwitch, 0, 1, 1);
  add("count", "Count", ParamType::kInteger, 1, 9, 3);
  ParamSpec* mode = add("mode", "Mode", ParamType::kChoice, 0, 1, 0);
  mode->choices = {"plain", "double"};
  mode->restarts = true;
  add("grid", "Grid", ParamType::kSwitch, 0, 1, 0)->changes_model = false;
  add("data", "Data", ParamType::kChoice, 0, 1, 0)->choices = {"small", "big"};
}

std::string FakeLesson::wanted_asset() const { return values_[kData] != 0 && !*received_ ? "big-data" : ""; }

Status FakeLesson::receive(std::string_view asset, const std::vector<Blob>& files) {
  if (asset != "big-data" || files.empty()) return Error{"That is not big data."};
  *received_ = true;
  return Done{};
}

void FakeLesson::asset_failed(std::string_view) { values_[kData] = 0; }

std::unique_ptr<Lesson> FakeLesson::sibling() const {
  auto made = std::make_unique<FakeLesson>();
  made->ballast = ballast;
  made->siblings_ = siblings_;
  made->received_ = received_;
  ++*siblings_;
  return made;
}

double FakeLesson::param(std::string_view name) const {
  const ParamSpec* spec = find_param(params_, name);
  CHECK(spec != nullptr, "no param ", name);
  return values_[static_cast<std::size_t>(spec - params_.data())];
}

void FakeLesson::reset(std::uint64_t seed) {
  seed_ = seed;
  step_ = done_ = 0;
  known_step_ = -1;
  assigned_ = false;
  w_ = static_cast<float>(Rng(seed, "init").uniform());
}

Status FakeLesson::apply(const Action& action) {
  CHECK(done_ == 0 || effect(action) != Effect::kModel, "the model is changed in the middle of a step");
  if (action.kind == Action::Kind::kAssign || action.kind == Action::Kind::kEdit) {
    if (action.name != "w" || action.number != 0) return Error{action.name + " cannot be set."};
    w_ = action.data.at(0);
    assigned_ = true;
    return Done{};
  }
  if (action.kind == Action::Kind::kCommand) {
    if (action.name != "nudge") return Error{"There is no command " + action.name + "."};
    w_ += static_cast<float>(action.number);
    assigned_ = true;
    return Done{};
  }
  const ParamSpec* spec = find_param(params_, action.name);
  CHECK(spec != nullptr && clamp_param(*spec, action.number) == action.number, "the player checks params");
  if (action.name == "count" && action.number == 7) return Error{"Seven is refused."};
  values_[static_cast<std::size_t>(spec - params_.data())] = action.number;
  if (spec->restarts) reset(seed_);
  return Done{};
}

bool FakeLesson::advance(std::int64_t budget) {
  CHECK(budget > 0, "no budget");
  if (!wanted_asset().empty()) return false;
  if (done_ == 0) assigned_ = false;
  known_step_ = -1;
  done_ = budget < kWork - done_ ? done_ + budget : kWork;
  if (done_ < kWork) return false;
  done_ = 0;
  ++step_;
  known_step_ = step_;
  w_before_ = w_;
  // A stream a step, so that the numbers of a step depend on nothing but the seed and the step.
  x_ =
      values_[kNoise] != 0 ? static_cast<float>(Rng(seed_, "data", static_cast<std::uint64_t>(step_)).uniform()) : 1.0f;
  rate_ = static_cast<float>(values_[kRate]) * (values_[kMode] != 0 ? 2.0f : 1.0f);
  if (values_[kData] != 0) x_ += 10.0f;
  grad_ = w_before_ - x_;
  const float change = rate_ * grad_;
  w_ = w_before_ - change;
  return true;
}

bool FakeLesson::idle_work(std::int64_t) {
  const bool more = idle_step_ != step_;
  idle_step_ = step_;
  return more;
}

std::optional<double> FakeLesson::loss() const {
  if (!known()) return std::nullopt;
  return 0.5 * static_cast<double>(grad_) * static_cast<double>(grad_);
}

std::string FakeLesson::divergence() const {
  return std::abs(w_) < 1e6f ? "" : "At step " + std::to_string(step_) + ", w left all bounds.";
}

std::uint64_t FakeLesson::state_hash() const {
  CHECK(done_ == 0, "hash in the middle of a step");
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(step_));
  hasher.add(seed_);
  hasher.add(w_);
  for (std::size_t i = 0; i < params_.size(); ++i)
    if (params_[i].changes_model) hasher.add(static_cast<float>(values_[i]));
  return hasher.value();
}

Snapshot FakeLesson::save() const {
  CHECK(done_ == 0, "saved in the middle of a step");
  Snapshot bytes(sizeof seed_ + sizeof step_ + sizeof w_ + values_.size() * sizeof(double) + ballast);
  std::uint8_t* at = bytes.data();
  const auto put = [&](const void* data, std::size_t size) {
    std::memcpy(at, data, size);
    at += size;
  };
  put(&seed_, sizeof seed_);
  put(&step_, sizeof step_);
  put(&w_, sizeof w_);
  put(values_.data(), values_.size() * sizeof(double));
  return bytes;
}

Status FakeLesson::check(const Snapshot& snapshot) const {
  if (snapshot.size() != save().size()) return Error{"That is no state of a fake."};
  return Done{};
}

void FakeLesson::restore(const Snapshot& snapshot) {
  const std::uint8_t* at = snapshot.data();
  const auto get = [&](void* data, std::size_t size) {
    std::memcpy(data, at, size);
    at += size;
  };
  get(&seed_, sizeof seed_);
  get(&step_, sizeof step_);
  get(&w_, sizeof w_);
  get(values_.data(), values_.size() * sizeof(double));
  done_ = 0;
  known_step_ = -1;
  assigned_ = false;
}

std::vector<TensorSummary> FakeLesson::tensors() const {
  if (!known()) return {{"w", kOne, "parameter"}};
  return {{"w", kOne, "parameter"},
          {"x", kOne, "input"},
          {"rate", kOne, "hyper"},
          {"w.grad", kOne, "gradient"},
          {"best", kOne, "activation"}};
}

Result<TensorValues> FakeLesson::tensor(std::string_view name) const {
  if (name == "w") return TensorValues{kOne, {&w_, 1}, step_};
  if (!known()) return Error{std::string(name) + " is not known before a step is made."};
  if (name == "x") return TensorValues{kOne, {&x_, 1}, step_};
  if (name == "rate") return TensorValues{kOne, {&rate_, 1}, step_};
  if (name == "w.grad") return TensorValues{kOne, {&grad_, 1}, step_};
  if (name == "best") return TensorValues{kOne, {w_before_ > x_ ? &w_before_ : &x_, 1}, step_};
  return Error{"There is no tensor " + std::string(name) + "."};
}

Result<Explanation> FakeLesson::explain(const ElementRef& element) const {
  CHECK(element.step == step_ && done_ == 0, "asked about step ", element.step, ", this is ", step_);
  const Result<TensorValues> tensor = this->tensor(element.tensor);
  if (!tensor.ok()) return tensor.error();
  Explanation e;
  e.element = element;
  e.shape = kOne;
  e.value = tensor.value().data[0];
  const ElementRef before{"w", 0, step_ - 1};
  if (element.tensor == "x" || element.tensor == "rate") {
    e.formula = element.tensor == "x" ? "drawn at random" : "set by a person";
  } else if (element.tensor == "w" && (assigned_ || step_ == 0)) {
    e.formula = assigned_ ? "set by hand" : "initial weight";
  } else if (element.tensor == "w") {
    if (!known()) return Error{"The step that made w was not run here."};
    e.op = "sgd_step";
    e.formula = "w′ = w − rate·grad";
    e.operands = {before, {"rate", 0, step_}, {"w.grad", 0, step_}};
    e.derivation = derive({w_before_, rate_, grad_}, [](auto& v) { return v[0] - v[1] * v[2]; });
  } else if (element.tensor == "best") {
    e.op = "max";
    e.formula = "max(x, w)";
    e.operands = {{"x", 0, step_}, before};
    e.derivation = derive({x_, w_before_}, [](auto& v) { return maximum(v[0], v[1]); });
  } else {
    e.op = "subtract";
    e.formula = "grad = w − x";
    e.operands = {before, {"x", 0, step_}};
    e.derivation = derive({w_before_, x_}, [](auto& v) { return v[0] - v[1]; });
  }
  return e;
}

}  // namespace chainrule
