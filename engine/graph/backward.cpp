// Reverse-mode differentiation: walk the calls backwards, and let each op append the calls that turn the gradients of
// its outputs into gradients of its inputs. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), algorithm 6.6.
#include <utility>

#include "engine/graph/program.h"

namespace chainrule {
namespace {

class BackwardPass final : public BackwardBuilder {
 public:
  BackwardPass(Program& program, TensorId loss, bool input_gradients)
      : program_(program), contributions_(program.tensors.size()), wanted_(program.tensors.size(), false) {
    mark_wanted(input_gradients);
    CHECK(program.info(loss).shape.size() == 1, "the loss is one number, not ", program.info(loss).shape.text());
    TensorInfo seed;
    seed.name = program.info(loss).name + ".grad";
    seed.shape = Shape{1};
    seed.kind = TensorKind::kConstant;
    seed.fill = 1.0f;
    contributions_[index(loss)].push_back(program.add_tensor(std::move(seed)));
  }

  void run() {
    for (std::size_t number = program_.calls.size(); number-- > 0;) {
      call_ = program_.calls[number];
      bool reached = false;
      for (const TensorId output : call_.outputs) reached |= finish(output) != kNoTensor;
      if (!reached) continue;
      CHECK(op_info(call_.kind).backward != nullptr, op_info(call_.kind).name, " has no backward");
      op_info(call_.kind).backward(*this);
    }
    for (std::size_t id = 0; id < contributions_.size(); ++id) finish(static_cast<TensorId>(id));
  }

  const OpAttributes& attributes() const override { return call_.attributes; }
  TensorId input(int slot) const override { return call_.inputs.at(static_cast<std::size_t>(slot)); }
  TensorId output(int slot) const override { return call_.outputs.at(static_cast<std::size_t>(slot)); }
  const Shape& shape(TensorId tensor) const override { return program_.info(tensor).shape; }
  TensorId gradient_of_output(int slot) const override { return program_.gradient_of[index(output(slot))]; }
  bool needs_gradient(int slot) const override { return wanted_[index(input(slot))]; }

  void emit(int slot, OpKind kind, const OpAttributes& attributes, std::vector<TensorId> inputs,
            std::string formula) override {
    pass(slot, program_.add_call(kind, attributes, std::move(inputs), program_.info(input(slot)).name + ".grad",
                                 TensorKind::kGradient, Phase::kBackward, std::move(formula)));
    owned_.resize(program_.tensors.size(), false);
    owned_.back() = true;
  }
  void pass(int slot, TensorId gradient) override { contributions_[index(input(slot))].push_back(gradient); }

 private:
  static std::size_t index(TensorId id) { return static_cast<std::size_t>(id); }

  /// A gradient is wanted for parameters and for all that depends on them.
  void mark_wanted(bool input_gradients) {
    for (std::size_t id = 0; id < wanted_.size(); ++id) {
      const TensorKind kind = program_.tensors[id].kind;
      wanted_[id] = kind == TensorKind::kParameter || (input_gradients && kind == TensorKind::kInput);
    }
    for (const OpCall& call : program_.calls)
      for (const TensorId in : call.inputs)
        if (wanted_[index(in)])
          for (const TensorId out : call.outputs) wanted_[index(out)] = true;
  }

  /// All consumers of `tensor` have been seen: its gradient is the sum over their paths.
  TensorId finish(TensorId tensor) {
    std::vector<TensorId>& paths = contributions_[index(tensor)];
    if (program_.gradient_of[index(tensor)] != kNoTensor || paths.empty()) return program_.gradient_of[index(tensor)];
    const std::string name = program_.info(tensor).name + ".grad";
    TensorId sum = paths[0];
    if (paths.size() > 1) {
      for (std::size_t path = 0; path < paths.size(); ++path)
        if (index(paths[path]) < owned_.size() && owned_[index(paths[path])])
          program_.tensors[index(paths[path])].name = name + ".path" + std::to_string(path + 1);
      for (std::size_t path = 1; path < paths.size(); ++path)
        sum = program_.add_call(OpKind::kAdd, {}, {sum, paths[path]},
                                path + 1 == paths.size() ? name : name + ".sum" + std::to_string(path + 1),
                                TensorKind::kGradient, Phase::kBackward, "the paths' gradients add up: y = a + b");
    }
    // It has its name now: where an op passes it on, it stays this tensor's gradient.
    if (index(sum) < owned_.size()) owned_[index(sum)] = false;
    paths.clear();
    return program_.gradient_of[index(tensor)] = sum;
  }

  Program& program_;
  OpCall call_;  // a copy: emit() grows the list of calls
  std::vector<std::vector<TensorId>> contributions_;
  std::vector<bool> wanted_;
  std::vector<bool> owned_;  // made by emit for one input and not yet anyone's gradient, so that renaming it is right
};

}  // namespace

void append_backward(Program& program, TensorId loss, bool input_gradients) {
  program.loss = loss;
  BackwardPass(program, loss, input_gradients).run();
}

}  // namespace chainrule
