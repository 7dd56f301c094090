#include "engine/graph/paths.h"

#include <algorithm>

namespace chainrule {
namespace {

/// What both walks share: the call whose backward rule is asked.
class RuleBuilder : public BackwardBuilder {
 public:
  RuleBuilder(const Program& program, int call) : program_(program), number_(call), call_(program.calls[static_cast<std::size_t>(call)]) {}

  const OpAttributes& attributes() const override { return call_.attributes; }
  TensorId input(int slot) const override { return call_.inputs.at(static_cast<std::size_t>(slot)); }
  TensorId output(int slot) const override { return call_.outputs.at(static_cast<std::size_t>(slot)); }
  const Shape& shape(TensorId tensor) const override { return program_.info(tensor).shape; }

 protected:
  TensorId gradient_of(TensorId tensor) const { return program_.gradient_of[static_cast<std::size_t>(tensor)]; }

  const Program& program_;
  int number_;
  OpCall call_;  // a copy: calls may be appended meanwhile
};

/// Finds the calls that the rule has appended.
class PathFinder final : public RuleBuilder {
 public:
  PathFinder(const Program& program, int call, std::vector<bool>& taken, std::vector<GradientPath>& paths)
      : RuleBuilder(program, call), taken_(taken), paths_(paths) {}

  TensorId gradient_of_output(int slot) const override { return gradient_of(output(slot)); }
  bool needs_gradient(int slot) const override { return gradient_of(input(slot)) != kNoTensor; }
  void emit(int slot, OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string) override {
    for (std::size_t i = static_cast<std::size_t>(number_) + 1; i < program_.calls.size(); ++i) {
      const OpCall& made = program_.calls[i];
      if (taken_[i] || made.phase != Phase::kBackward || made.kind != kind || made.inputs != inputs || made.attributes != attributes) continue;
      taken_[i] = true;
      return pass(slot, made.outputs.front());
    }
    CHECK(false, "no call computes the gradient of ", program_.info(input(slot)).name);
  }
  void pass(int slot, TensorId gradient) override {
    paths_.push_back({number_, slot, gradient_of_output(0), gradient, kNoTensor});
  }

 private:
  std::vector<bool>& taken_;
  std::vector<GradientPath>& paths_;
};

/// Applies the rule to an upstream gradient of ones.
class LocalBuilder final : public RuleBuilder {
 public:
  LocalBuilder(Program& program, int call) : RuleBuilder(program, call), grown_(program) {}

  /// The local derivative of `slot`.
  TensorId build(int slot) {
    slot_ = slot;
    local_ = kNoTensor;
    op_info(call_.kind).backward(*this);
    return local_;
  }
  TensorId gradient_of_output(int slot) const override { return slot == 0 ? one() : kNoTensor; }
  bool needs_gradient(int slot) const override { return slot == slot_; }
  void emit(int slot, OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs, std::string formula) override {
    std::string name = program_.info(output(0)).name + ".by." + program_.info(input(slot)).name;
    if (program_.find(name) != kNoTensor) name += "#2";
    local_ = grown_.add_call(kind, attributes, std::move(inputs), std::move(name), TensorKind::kGradient, Phase::kBackward, std::move(formula));
  }
  void pass(int, TensorId gradient) override { local_ = gradient; }

 private:
  TensorId one() const {
    const std::string name = program_.info(output(0)).name + ".one";
    if (const TensorId there = program_.find(name); there != kNoTensor) return there;
    TensorInfo info;
    info.name = name;
    info.shape = program_.info(output(0)).shape;
    info.kind = TensorKind::kConstant;
    info.fill = 1.0f;
    return grown_.add_tensor(std::move(info));
  }

  Program& grown_;
  int slot_ = 0;
  TensorId local_ = kNoTensor;
};

}  // namespace

std::vector<GradientPath> gradient_paths(const Program& program) {
  std::vector<GradientPath> paths;
  std::vector<bool> taken(program.calls.size(), false);
  for (std::size_t number = program.calls.size(); number-- > 0;) {
    const OpCall& call = program.calls[number];
    if (call.phase != Phase::kForward && call.phase != Phase::kLoss) continue;
    const bool reached = std::ranges::any_of(call.outputs, [&](TensorId out) { return program.gradient_of[static_cast<std::size_t>(out)] != kNoTensor; });
    if (!reached) continue;
    PathFinder finder(program, static_cast<int>(number), taken, paths);
    op_info(call.kind).backward(finder);
  }
  return paths;
}

bool has_local_derivative(const OpCall& call, int slot) {
  if (call.out_shapes[0].size() == 1) return true;
  switch (call.kind) {
    case OpKind::kActivate:
    case OpKind::kNegate:
    case OpKind::kAdd:
    case OpKind::kSubtract:
    case OpKind::kMultiply:
    case OpKind::kSquaredError: return true;
    case OpKind::kSoftmaxCrossEntropy:
    case OpKind::kBias: return slot == 0;
    case OpKind::kMaxPool:
    case OpKind::kAveragePool: return call.attributes.window <= call.attributes.window_stride;  // else windows overlap
    default: return false;
  }
}

std::size_t append_local_derivatives(Program& program, std::vector<GradientPath>& paths) {
  const std::size_t first = program.calls.size();
  for (GradientPath& path : paths) {
    const OpCall& call = program.calls[static_cast<std::size_t>(path.call)];
    if (path.upstream == kNoTensor || !has_local_derivative(call, path.slot)) continue;
    path.local = LocalBuilder(program, path.call).build(path.slot);
  }
  return first;
}

}  // namespace chainrule
